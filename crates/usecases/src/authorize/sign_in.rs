//! What an authorization request asks of the sign-in before it is answered: `prompt`, `max_age` and `login_hint` (OpenID
//! Connect Core 1.0, section 3.1.2.1).

use super::describe::{DescribeError, open_request};
use crate::{Deps, access::session::Viewer};
use domain::{
    email::Email,
    id::AuthorizationRequestId,
    oauth::{
        authorization_request::{Asked, RedirectFault},
        error::ErrorCode,
        prompt::Prompt,
    },
};
use store::StoreError;

/// For the sign-in page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInAsked {
    /// Whoever is signed in has to do it again before the request goes on.
    pub again: bool,
    /// Who the client thinks the person is.
    pub login_hint: Option<Email>,
}

/// A request that is closed asks for nothing: the consent page says what became of it.
pub async fn sign_in_asked(
    deps: &Deps,
    viewer: Option<&Viewer>,
    id: AuthorizationRequestId,
) -> Result<SignInAsked, StoreError> {
    let request = match open_request(deps, id).await {
        Ok(request) => request,
        Err(DescribeError::Store(error)) => return Err(error),
        Err(DescribeError::Gone | DescribeError::Refused(_) | DescribeError::SignInAgain) => {
            return Ok(SignInAsked::default());
        }
    };
    Ok(SignInAsked {
        again: viewer.is_some_and(|viewer| !request.takes_sign_in_of(viewer.signed_in_at, deps.now())),
        login_hint: request.asked.login_hint,
    })
}

/// Why a request that allows no page (`prompt=none`) can't be answered without one. It never can: every connection is asked for.
pub(super) fn silent_refusal(deps: &Deps, viewer: Option<&Viewer>, asked: &Asked) -> Option<RedirectFault> {
    if !asked.prompts.contains(Prompt::None) {
        return None;
    }
    let is_signed_in = viewer.is_some_and(|viewer| asked.is_recent(viewer.signed_in_at, deps.now()));
    let (code, description) = if is_signed_in {
        (ErrorCode::ConsentRequired, "every connection is asked for: leave prompt=none out")
    } else {
        (ErrorCode::LoginRequired, "the person has to sign in: leave prompt=none out")
    };
    Some(RedirectFault { code, description: description.to_owned() })
}
