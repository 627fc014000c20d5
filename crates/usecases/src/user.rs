//! Accounts, made at the sign-up page or the command line.

use crate::{
    Deps,
    audit::{self, Entry},
    grant::{self, NEW_PASSWORD},
    passwords::HashingError,
};
use domain::{
    audit::{Action, Actor},
    email::{Email, InvalidEmail},
    id::UserId,
    password::{self, WeakPassword},
    role::Role,
    user::{self, MissingName, User},
    workspace::Workspace,
};
use serde_json::json;
use store::{StoreError, Transaction};

/// What somebody typed.
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub password: String,
}

#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    #[error(transparent)]
    Name(#[from] MissingName),
    #[error(transparent)]
    Email(#[from] InvalidEmail),
    #[error(transparent)]
    Password(#[from] WeakPassword),
    #[error("there is an account with this address already")]
    Taken,
    #[error(transparent)]
    Hashing(#[from] HashingError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, thiserror::Error)]
pub enum SwitchUserError {
    #[error(transparent)]
    Email(#[from] InvalidEmail),
    #[error("there is no account with this address: `visage user list` shows all")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    #[error(transparent)]
    Email(#[from] InvalidEmail),
    #[error("there is no account with this address: `visage user list` shows all")]
    NotFound,
    #[error(transparent)]
    Password(#[from] WeakPassword),
    #[error(transparent)]
    Hashing(#[from] HashingError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn create(deps: &Deps, new: NewUser, actor: Actor) -> Result<User, CreateUserError> {
    let prepared = prepare(deps, new).await?;
    let transaction = deps.store.begin().await?;
    let user = insert(deps, &transaction, prepared, |_| actor).await?;
    transaction.commit().await?;
    Ok(user)
}

pub async fn list(deps: &Deps) -> Result<Vec<User>, StoreError> {
    store::user::list(&deps.store).await
}

/// Closes an account: its sessions end and its tokens are refused from the next request on.
pub async fn disable(deps: &Deps, email: &str) -> Result<User, SwitchUserError> {
    let email: Email = email.parse()?;
    let transaction = deps.store.begin().await?;
    let (user, _) = store::user::find_by_email(&transaction, &email).await?.ok_or(SwitchUserError::NotFound)?;
    if store::user::disable(&transaction, user.id, deps.now()).await? {
        store::session::delete_all_of(&transaction, user.id).await?;
        record(deps, &transaction, Actor::Operator, Action::UserDisabled, &user).await?;
    }
    transaction.commit().await?;
    Ok(user)
}

/// What nobody looks after once an account is closed or no longer runs the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftAlone {
    /// Those of the person's own in which no owner can sign in.
    pub workspaces: Vec<Workspace>,
    /// Whether the server has no operator who can sign in.
    pub server: bool,
}

/// What is left alone now. Closing an account may be urgent, so it is never refused, but whoever does it is told.
pub async fn left_alone(deps: &Deps, user: &User) -> Result<LeftAlone, StoreError> {
    let mut left = LeftAlone { server: !list(deps).await?.iter().any(User::is_operator), ..LeftAlone::default() };
    for (workspace, role) in store::workspace::list_for_user(&deps.store, user.id).await? {
        let members = store::membership::list(&deps.store, workspace.id).await?;
        let is_owned =
            members.iter().any(|(member, membership)| membership.role == Role::Owner && member.disabled_at.is_none());
        if role == Role::Owner && !is_owned {
            left.workspaces.push(workspace);
        }
    }
    Ok(left)
}

/// Opens a closed account again. Connections that were not revoked in the meantime work again too.
pub async fn enable(deps: &Deps, email: &str) -> Result<User, SwitchUserError> {
    let email: Email = email.parse()?;
    let transaction = deps.store.begin().await?;
    let (user, _) = store::user::find_by_email(&transaction, &email).await?.ok_or(SwitchUserError::NotFound)?;
    if store::user::enable(&transaction, user.id).await? {
        record(deps, &transaction, Actor::Operator, Action::UserEnabled, &user).await?;
    }
    transaction.commit().await?;
    Ok(user)
}

/// Makes somebody an operator of the server, and tells whether they were none before.
pub async fn name_operator(deps: &Deps, email: &str) -> Result<(User, bool), SwitchUserError> {
    let email: Email = email.parse()?;
    let transaction = deps.store.begin().await?;
    let (user, _) = store::user::find_by_email(&transaction, &email).await?.ok_or(SwitchUserError::NotFound)?;
    let is_new = store::user::name_operator(&transaction, user.id, deps.now()).await?;
    if is_new {
        record(deps, &transaction, Actor::Operator, Action::OperatorNamed, &user).await?;
    }
    transaction.commit().await?;
    Ok((user, is_new))
}

/// Takes the server out of somebody's hands, effective on their next request, and tells whether it was in them.
pub async fn dismiss_operator(deps: &Deps, email: &str) -> Result<(User, bool), SwitchUserError> {
    let email: Email = email.parse()?;
    let transaction = deps.store.begin().await?;
    let (user, _) = store::user::find_by_email(&transaction, &email).await?.ok_or(SwitchUserError::NotFound)?;
    let was_one = store::user::dismiss_operator(&transaction, user.id).await?;
    if was_one {
        record(deps, &transaction, Actor::Operator, Action::OperatorDismissed, &user).await?;
    }
    transaction.commit().await?;
    Ok((user, was_one))
}

/// What becomes of a person's connections when they get a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connections {
    /// Somebody else may have had the old one, and may have connected apps with it.
    End,
    /// They merely forgot it.
    Keep,
}

/// What a new password did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordChanged {
    pub user: User,
    /// How many connections ended.
    pub ended: usize,
}

/// A new password. Whoever is signed in with the old one has to sign in again, and what was connected with it ends, codes on
/// their way included.
pub async fn change_password(
    deps: &Deps,
    email: &str,
    new: &str,
    connections: Connections,
) -> Result<PasswordChanged, ChangePasswordError> {
    let email: Email = email.parse()?;
    let known = store::user::find_by_email(&deps.store, &email).await?;
    let (user, _) = known.ok_or(ChangePasswordError::NotFound)?;
    password::check(new, email.as_str())?;
    let phc = deps.passwords.hash(new, &*deps.entropy).await?;
    let transaction = deps.store.begin().await?;
    store::user::set_password(&transaction, user.id, &phc).await?;
    store::session::delete_all_of(&transaction, user.id).await?;
    record(deps, &transaction, Actor::Operator, Action::PasswordChanged, &user).await?;
    let ended = match connections {
        Connections::End => end_connections(deps, &transaction, &user).await?,
        Connections::Keep => 0,
    };
    transaction.commit().await?;
    Ok(PasswordChanged { user, ended })
}

/// After the sessions: whoever is about to make a connection holds theirs until it is made. What never came to a token ends
/// uncounted.
async fn end_connections(deps: &Deps, transaction: &Transaction, user: &User) -> Result<usize, StoreError> {
    let mut ended = 0;
    for grant in store::grant::list_live_of_user(transaction, user.id).await? {
        let because = json!({ "because": NEW_PASSWORD });
        let has_ended = grant::end(deps, transaction, &grant, Actor::Operator, because).await?;
        ended += usize::from(has_ended && store::grant::was_connected(transaction, grant.id).await?);
    }
    Ok(ended)
}

/// An account that passed every rule, its password hashed; not yet a row.
pub(crate) struct Prepared {
    email: Email,
    name: String,
    phc: String,
}

/// Everything slow about a new account, so that no transaction waits for it.
pub(crate) async fn prepare(deps: &Deps, new: NewUser) -> Result<Prepared, CreateUserError> {
    let name = user::person_name(&new.name)?;
    let email: Email = new.email.parse()?;
    password::check(&new.password, email.as_str())?;
    let phc = deps.passwords.hash(&new.password, &*deps.entropy).await?;
    Ok(Prepared { email, name, phc })
}

pub(crate) async fn insert(
    deps: &Deps,
    transaction: &Transaction,
    prepared: Prepared,
    actor: impl FnOnce(&User) -> Actor,
) -> Result<User, CreateUserError> {
    let now = deps.now();
    let is_first = is_first(transaction).await?;
    let user = User {
        id: UserId::generate(now, &*deps.entropy),
        email: prepared.email,
        name: prepared.name,
        created_at: now,
        disabled_at: None,
        operator_since: is_first.then_some(now),
    };
    store::user::insert(transaction, &user, &prepared.phc).await.map_err(|error| match error {
        StoreError::Conflict => CreateUserError::Taken,
        other => CreateUserError::Store(other),
    })?;
    record(deps, transaction, actor(&user), Action::UserCreated, &user).await?;
    if is_first {
        record(deps, transaction, Actor::System, Action::OperatorNamed, &user).await?;
    }
    Ok(user)
}

/// Whoever has the first account set the server up, and runs it. Of two who come at once one is first.
async fn is_first(transaction: &Transaction) -> Result<bool, StoreError> {
    if store::user::count(transaction).await? > 0 {
        return Ok(false);
    }
    store::user::hold(transaction).await?;
    Ok(store::user::count(transaction).await? == 0)
}

async fn record(
    deps: &Deps,
    transaction: &Transaction,
    actor: Actor,
    action: Action,
    user: &User,
) -> Result<(), StoreError> {
    let entry = Entry { workspace: None, actor, action, target: user.id.to_string(), detail: json!({}) };
    audit::record(deps, transaction, entry).await
}
