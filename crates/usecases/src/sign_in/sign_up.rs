//! Making an account from the sign-up page.

use super::{SignedIn, open_session};
use crate::{
    Deps,
    user::{self, CreateUserError, NewUser},
};
use domain::{audit::Actor, settings::SignUpPolicy};
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
    Account(#[from] CreateUserError),
    #[error("accounts are made by invitation here: ask whoever runs this server")]
    NotOpen,
    #[error(transparent)]
    Store(#[from] StoreError),
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
