//! Who belongs to a workspace and as what, changed at the command line. A workspace always keeps an owner.

use crate::{
    Deps,
    audit::{self, Entry},
    grant::{self, LEFT},
};
use domain::{
    audit::{Action, Actor},
    email::{Email, InvalidEmail},
    role::Role,
    user::User,
    workspace::{Membership, Workspace},
};
use serde_json::{Value, json};
use store::{StoreError, Transaction};

/// What became of somebody who was to have a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// They are new in the workspace.
    New,
    /// They were something else there before.
    Changed { from: Role },
    /// They were just that already; nothing was written.
    Already,
}

#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    #[error(transparent)]
    Email(#[from] InvalidEmail),
    #[error("there is no account with the address {0}: make one with `visage user create` first")]
    NoAccount(Email),
    #[error("{email} does not belong to {slug}: `visage workspace member {slug}` shows who does")]
    NotAMember { email: Email, slug: String },
    #[error("{0} is the only owner who can sign in: make somebody else an owner first")]
    LastOwner(Email),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The members of a workspace, by name.
pub async fn members(deps: &Deps, workspace: &Workspace) -> Result<Vec<(User, Role)>, StoreError> {
    let members = store::membership::list(&deps.store, workspace.id).await?;
    Ok(members.into_iter().map(|(user, membership)| (user, membership.role)).collect())
}

/// Adds a person to a workspace, or changes what they are there.
pub async fn set_member(
    deps: &Deps,
    workspace: &Workspace,
    email: &str,
    role: Role,
) -> Result<(User, Added), MemberError> {
    let transaction = begin(deps, workspace).await?;
    let user = account(&transaction, email).await?;
    let added = match store::membership::find(&transaction, workspace.id, user.id).await? {
        None => {
            let membership = Membership { user: user.id, workspace: workspace.id, role, created_at: deps.now() };
            store::membership::insert(&transaction, &membership).await?;
            record(deps, &transaction, workspace, Action::MemberAdded, &user, json!({ "role": role })).await?;
            Added::New
        }
        Some(member) if member.role == role => Added::Already,
        Some(member) => {
            keep_an_owner(&transaction, workspace, &user, member.role).await?;
            store::membership::set_role(&transaction, workspace.id, user.id, role).await?;
            let detail = json!({ "from": member.role, "to": role });
            record(deps, &transaction, workspace, Action::MemberRoleChanged, &user, detail).await?;
            Added::Changed { from: member.role }
        }
    };
    transaction.commit().await?;
    Ok((user, added))
}

/// Ends a membership and the connections that the person made to the workspace, effective on the next request. Coming
/// back later brings none of them back.
pub async fn remove_member(deps: &Deps, workspace: &Workspace, email: &str) -> Result<User, MemberError> {
    let transaction = begin(deps, workspace).await?;
    let user = account(&transaction, email).await?;
    let Some(member) = store::membership::find(&transaction, workspace.id, user.id).await? else {
        return Err(MemberError::NotAMember { email: user.email, slug: workspace.slug.to_string() });
    };
    keep_an_owner(&transaction, workspace, &user, member.role).await?;
    store::membership::delete(&transaction, workspace.id, user.id).await?;
    record(deps, &transaction, workspace, Action::MemberRemoved, &user, json!({ "role": member.role })).await?;
    for grant in store::grant::list_live_of_user(&transaction, user.id).await? {
        if grant.workspace == workspace.id {
            let because = json!({ "because": LEFT });
            grant::end(deps, &transaction, &grant, Actor::Operator, because).await?;
        }
    }
    transaction.commit().await?;
    Ok(user)
}

/// One change of a workspace's members at a time, so that two owners can't remove each other at the same moment.
async fn begin(deps: &Deps, workspace: &Workspace) -> Result<Transaction, StoreError> {
    let transaction = deps.store.begin().await?;
    store::membership::hold(&transaction, workspace.id).await?;
    Ok(transaction)
}

async fn account(transaction: &Transaction, email: &str) -> Result<User, MemberError> {
    let email: Email = email.parse()?;
    match store::user::find_by_email(transaction, &email).await? {
        Some((user, _)) => Ok(user),
        None => Err(MemberError::NoAccount(email)),
    }
}

/// Refuses to take the ownership from the last owner. One whose account is disabled can't look after the workspace.
async fn keep_an_owner(
    transaction: &Transaction,
    workspace: &Workspace,
    user: &User,
    role: Role,
) -> Result<(), MemberError> {
    if role != Role::Owner {
        return Ok(());
    }
    let members = store::membership::list(transaction, workspace.id).await?;
    let is_owned_by_another = members.iter().any(|(other, membership)| {
        other.id != user.id && membership.role == Role::Owner && other.disabled_at.is_none()
    });
    if is_owned_by_another { Ok(()) } else { Err(MemberError::LastOwner(user.email.clone())) }
}

async fn record(
    deps: &Deps,
    transaction: &Transaction,
    workspace: &Workspace,
    action: Action,
    user: &User,
    detail: Value,
) -> Result<(), StoreError> {
    let target = user.id.to_string();
    let entry = Entry { workspace: Some(workspace.id), actor: Actor::Operator, action, target, detail };
    audit::record(deps, transaction, entry).await
}
