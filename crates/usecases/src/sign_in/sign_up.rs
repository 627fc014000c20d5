//! Making an account from the sign-up page.

use super::{SignedIn, open_session};
use crate::{
    Deps,
    pace::TooFast,
    user::{self, CreateUserError, NewUser},
};
use domain::{audit::Actor, settings::SignUpPolicy};
use std::net::IpAddr;
use store::StoreError;

/// What the form holds, as typed.
pub struct SignUp {
    pub name: String,
    pub email: String,
    pub password: String,
    /// The caller's address, where it is known.
    pub from: Option<IpAddr>,
}

#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    #[error(transparent)]
    Account(#[from] CreateUserError),
    #[error("accounts are made by invitation here: ask whoever runs this server")]
    NotOpen,
    #[error(transparent)]
    Haste(#[from] TooFast),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn sign_up(deps: &Deps, form: SignUp) -> Result<SignedIn, SignUpError> {
    if !may_sign_up(deps).await? {
        return Err(SignUpError::NotOpen);
    }
    if let Some(from) = form.from {
        deps.pace.sign_up(from)?;
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
