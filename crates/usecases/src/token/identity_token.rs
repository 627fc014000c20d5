//! Identity tokens (OpenID Connect Core 1.0, section 3.1.3.3): who came, told to the client that redeems a code. They open
//! nothing here. A refresh brings none: nobody signed in for it.

use super::{TokenAnswer, signing_keys::SigningKeyError};
use crate::{Deps, signature};
use domain::{
    oauth::{client::Client, identity_token::Identity, scope::Scope, signing::SigningKey},
    user::User,
};
use store::authorization_code::AuthorizationCode;

/// None where the person did not grant `openid`.
pub(super) fn issue(
    deps: &Deps,
    key: &SigningKey,
    (client, user): (&Client, &User),
    code: &AuthorizationCode,
    answer: &TokenAnswer,
) -> Result<Option<String>, SigningKeyError> {
    if !answer.scopes.contains(Scope::OpenId) {
        return Ok(None);
    }
    let identity = Identity {
        client: &client.id,
        user,
        scopes: answer.scopes,
        signed_in_at: code.signed_in_at,
        nonce: code.nonce.as_deref(),
        access_token: &answer.access_token,
    };
    let claims = identity.claims(&deps.settings.public_url, deps.now());
    Ok(Some(signature::sign(key, &claims)?))
}
