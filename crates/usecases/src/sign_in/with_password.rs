//! Signing in with a password, slower after each failure from the same network.

use super::{SignedIn, open_session};
use crate::{
    Deps,
    audit::{self, Entry},
    pace::TooFast,
    passwords::HashingError,
};
use domain::{
    audit::{Action, Actor},
    email::Email,
    secret::{Secret, SecretKind},
    session::{guessing_network, sign_in_delay},
};
use serde_json::json;
use std::{net::IpAddr, time::Duration};
use store::{StoreError, sign_in_attempt::Guesser};

pub struct SignIn {
    pub email: String,
    pub password: String,
    /// The session cookie that the browser sent along, which ends here.
    pub replaces: Option<String>,
    /// The caller's address, where it is known.
    pub from: Option<IpAddr>,
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown address, wrong password, disabled account: all the same to a stranger.
    #[error("that email address and password don't belong together")]
    Refused,
    #[error("too many wrong passwords: try again in {}", seconds(*retry_after))]
    TooFast { retry_after: Duration },
    #[error(transparent)]
    Haste(#[from] TooFast),
    #[error(transparent)]
    Hashing(#[from] HashingError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// `1 second`, `30 seconds`; never none.
fn seconds(wait: Duration) -> String {
    match wait.as_secs() {
        0 | 1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}

pub async fn sign_in(deps: &Deps, form: SignIn) -> Result<SignedIn, SignInError> {
    let email: Email = form.email.parse().map_err(|_| SignInError::Refused)?;
    if let Some(from) = form.from {
        deps.pace.sign_in(from)?;
    }
    deps.passwords.expect_room()?;
    let guesser = Guesser { email: &email, network: form.from.map(guessing_network) };
    count_attempt(deps, guesser).await?;
    let known = store::user::find_by_email(&deps.store, &email).await?;
    let is_right = deps.passwords.verify(&form.password, known.as_ref().map(|(_, phc)| phc.clone())).await?;
    let transaction = deps.store.begin().await?;
    // Read again: what was right a moment ago is not, once there is a new password.
    let user = match known.filter(|_| is_right) {
        Some((user, phc)) => store::user::hold_with_password(&transaction, user.id, &phc).await?,
        None => None,
    };
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
        let entry = Entry {
            workspace: None,
            actor: Actor::Anonymous,
            action: Action::SignInRefused,
            target: "sign-in".to_owned(),
            detail: json!({}),
        };
        audit::record(deps, &transaction, entry).await?;
        transaction.commit().await?;
        return Err(SignInError::Refused);
    };
    store::sign_in_attempt::clear(&transaction, guesser).await?;
    if let Some(old) = form.replaces.and_then(|cookie| Secret::parse_as(SecretKind::Session, &cookie).ok())
        && let Some((session, _)) = store::session::find_by_hash(&transaction, &old.hash()).await?
    {
        store::session::delete(&transaction, session.id).await?;
    }
    let entry = Entry {
        workspace: None,
        actor: Actor::User(user.id),
        action: Action::SignedIn,
        target: user.id.to_string(),
        detail: json!({}),
    };
    audit::record(deps, &transaction, entry).await?;
    let signed_in = open_session(deps, &transaction, user).await?;
    transaction.commit().await?;
    Ok(signed_in)
}

/// Every attempt counts as a failure until it has succeeded, so that guesses sent side by side don't slip by the delay.
async fn count_attempt(deps: &Deps, guesser: Guesser<'_>) -> Result<(), SignInError> {
    let now = deps.now();
    let transaction = deps.store.begin().await?;
    if let Some(attempts) = store::sign_in_attempt::find(&transaction, guesser).await? {
        let allowed_at = attempts.last_at.plus(sign_in_delay(attempts.failures));
        let retry_after = now.until(allowed_at);
        if !retry_after.is_zero() {
            return Err(SignInError::TooFast { retry_after });
        }
    }
    store::sign_in_attempt::record_failure(&transaction, guesser, now).await?;
    Ok(transaction.commit().await?)
}
