//! Whether what tokens rest on still stands: the grant, its person's account, and their place in its workspace.

use super::TokenError;
use domain::{connection::Mismatch, oauth::grant::Grant, user::User};
use store::Rows;

/// The person behind a grant. `told` is all that the client learns where something fell.
pub(super) async fn person_behind(rows: &impl Rows, grant: &Grant, told: &'static str) -> Result<User, TokenError> {
    let over = |mismatch| TokenError::invalid_grant(told, mismatch, Some(grant.id));
    let user = grant.subject.user().filter(|_| grant.is_live()).ok_or_else(|| over(Mismatch::Revoked))?;
    let person = store::user::find(rows, user).await?.filter(|person| person.disabled_at.is_none());
    let person = person.ok_or_else(|| over(Mismatch::AccountDisabled))?;
    let membership = store::membership::find(rows, grant.workspace, user).await?;
    membership.map(|_| person).ok_or_else(|| over(Mismatch::NotAMember { workspace: None }))
}
