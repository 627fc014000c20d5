//! Making an account from the sign-up page.

use super::{SignedIn, open_session};
use crate::{
    Deps,
    passwords::HashingFailed,
    user::{self, NewUser},
};
use domain::{audit::Actor, email::InvalidEmail, password::WeakPassword, settings::SignUpPolicy, user::MissingName};
use store::StoreError;

/// What the form holds, as typed.
pub struct SignUp {
    pub name: String,
    pub email: String,
    pub password: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    #[error(transparent)]
    Name(#[from] MissingName),
    #[error(transparent)]
    Email(#[from] InvalidEmail),
    #[error(transparent)]
    Password(#[from] WeakPassword),
    #[error("there is an account with this address already: sign in instead")]
    Taken,
    #[error("accounts are made by invitation here: ask whoever runs this server")]
    NotOpen,
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<user::CreateUserError> for SignUpError {
    fn from(error: user::CreateUserError) -> Self {
        match error {
            user::CreateUserError::Name(error) => Self::Name(error),
            user::CreateUserError::Email(error) => Self::Email(error),
            user::CreateUserError::Password(error) => Self::Password(error),
            user::CreateUserError::Taken => Self::Taken,
            user::CreateUserError::Hashing(error) => Self::Hashing(error),
            user::CreateUserError::Store(error) => Self::Store(error),
        }
    }
}

pub async fn sign_up(deps: &Deps, form: SignUp) -> Result<SignedIn, SignUpError> {
    if !may_sign_up(deps).await? {
        return Err(SignUpError::NotOpen);
    }
    let new = NewUser { email: form.email, name: form.name, password: form.password };
    let prepared = user::prepare(deps, new).await?;
    let transaction = deps.store.begin().await?;
    if deps.settings.sign_up == SignUpPolicy::Invite {
        // Asked again with the door held: of two strangers racing for the first account one gets it.
        store::user::hold(&transaction).await?;
        if store::user::count(&transaction).await? > 0 {
            return Err(SignUpError::NotOpen);
        }
    }
    let user = user::insert(deps, &transaction, prepared, |user| Actor::User(user.id)).await?;
    let signed_in = open_session(deps, &transaction, user).await?;
    transaction.commit().await?;
    Ok(signed_in)
}

/// Whether a stranger may make an account now.
pub async fn may_sign_up(deps: &Deps) -> Result<bool, StoreError> {
    Ok(match deps.settings.sign_up {
        SignUpPolicy::Open => true,
        SignUpPolicy::Closed => false,
        SignUpPolicy::Invite => store::user::count(&deps.store).await? == 0,
    })
}
