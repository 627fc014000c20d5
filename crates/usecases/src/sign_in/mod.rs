//! Accounts at the door: signing up, in and out.

mod sign_out;
mod sign_up;
mod visit;
mod with_password;

pub use sign_out::sign_out;
pub use sign_up::{SignUp, SignUpError, may_sign_up, sign_up};
pub use visit::{begin_visit, visit_token};
pub use with_password::{SignIn, SignInError, sign_in};

use crate::Deps;
use domain::{
    clock::Timestamp,
    id::SessionId,
    secret::{Secret, SecretKind},
    session::{IDLE, Session},
    user::User,
};
use store::{StoreError, Transaction};

/// A fresh session; its secret is the cookie's value.
pub struct SignedIn {
    pub user: User,
    pub session: Secret,
    pub expires_at: Timestamp,
}

/// Opens a session under a new secret: none outlives a sign-in, so a planted cookie opens nothing.
async fn open_session(deps: &Deps, transaction: &Transaction, user: User) -> Result<SignedIn, StoreError> {
    let now = deps.now();
    let secret = Secret::generate(SecretKind::Session, &*deps.entropy);
    let session = Session {
        id: SessionId::generate(now, &*deps.entropy),
        user: user.id,
        created_at: now,
        expires_at: now.plus(IDLE),
    };
    store::session::insert(transaction, &session, &secret.hash()).await?;
    Ok(SignedIn { user, session: secret, expires_at: session.expires_at })
}
