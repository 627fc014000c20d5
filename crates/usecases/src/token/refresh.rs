//! Exchanging a refresh token (OAuth 2.1, section 4.3): rotated at each use, forgiving towards clients that lost an answer
//! or refresh from two places, unforgiving towards copies.

use super::{
    TokenAnswer, TokenError,
    issue::{Family, issue},
    standing::person_behind,
};
use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    connection::Mismatch,
    id::GrantId,
    oauth::{
        client::Client,
        grant::Grant,
        resource::McpResource,
        scope::ScopeSet,
        token::{RefreshToken, RefreshVerdict, decide_refresh},
    },
    secret::{Secret, SecretKind},
};
use serde_json::{Value, json};
use store::{Transaction, token};

/// The form, as sent.
pub struct Refresh {
    pub refresh_token: String,
    pub scope: Option<String>,
    pub resource: Option<String>,
}

const NOT_USABLE: &str = "the refresh token is unknown, expired, spent or revoked";

const fn not_usable(mismatch: Mismatch, grant: Option<GrantId>) -> TokenError {
    TokenError::invalid_grant(NOT_USABLE, mismatch, grant)
}

/// A fault of the request (another resource, no scope of its own) spends nothing; a replay is one whatever else was wrong.
/// A token of another client, of a revoked grant or of somebody who left is refused and ends nothing.
pub async fn refresh(deps: &Deps, client: &Client, form: Refresh) -> Result<TokenAnswer, TokenError> {
    let secret = Secret::parse_as(SecretKind::RefreshToken, &form.refresh_token)
        .map_err(|_| not_usable(Mismatch::RefreshUnknown, None))?;
    // Garbage ends here: it never takes the turn of whoever has something to write.
    if token::find_refresh(&deps.store, &secret.hash()).await?.is_none() {
        return Err(not_usable(Mismatch::RefreshUnknown, None));
    }
    let transaction = deps.store.begin().await?;
    let (presented, grant) = hold_still(&transaction, &secret, client).await?;
    if !client.may_refresh {
        return Err(TokenError::UnauthorizedClient);
    }
    let now = deps.now();
    let successors = token::successors(&transaction, presented.id).await?;
    let family_is_live = token::family_is_live(&transaction, presented.family).await?;
    match decide_refresh(&presented, successors, family_is_live, now) {
        RefreshVerdict::Rotate => {
            token::spend_refresh(&transaction, presented.id, now).await?;
        }
        RefreshVerdict::Sibling => {}
        RefreshVerdict::Replace => token::revoke_successors(&transaction, presented.id, now).await?,
        RefreshVerdict::Refuse => {
            // While its grant goes on, a family ends before its time by a replay alone.
            let is_expired = now >= presented.expires_at;
            let mismatch = if is_expired { Mismatch::RefreshExpired } else { Mismatch::RefreshReplayed };
            return Err(not_usable(mismatch, Some(grant.id)));
        }
        RefreshVerdict::Replay => {
            token::revoke_family(&transaction, presented.family, now).await?;
            let entry =
                entry(client, &grant, Action::RefreshReplayed, json!({ "client": client.id, "name": client.name }));
            audit::record_and_tell(deps, &transaction, entry, grant.subject.user()).await?;
            transaction.commit().await?;
            return Err(not_usable(Mismatch::RefreshReplayed, Some(grant.id)));
        }
    }
    // A fault here drops the transaction, and with it what was just written.
    McpResource::check(&deps.settings.public_url, form.resource.as_deref(), &grant.resource)
        .map_err(|target| TokenError::InvalidTarget(target, grant.id))?;
    let scopes = narrow(grant.scopes, form.scope.as_deref())?;
    let family = Family { id: presented.family, created_at: presented.family_created_at, parent: Some(presented.id) };
    let answer = issue(deps, &transaction, &grant, &family, scopes).await?;
    let entry = entry(client, &grant, Action::TokenRefreshed, json!({ "scopes": scopes }));
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(answer)
}

/// The token and its grant, locked: nothing else of the grant is refreshed until the transaction ends.
async fn hold_still(
    transaction: &Transaction,
    secret: &Secret,
    client: &Client,
) -> Result<(RefreshToken, Grant), TokenError> {
    let hash = secret.hash();
    let unknown = || not_usable(Mismatch::RefreshUnknown, None);
    let glimpsed = token::find_refresh(transaction, &hash).await?.ok_or_else(unknown)?;
    let grant = live_grant(transaction, client, &glimpsed).await?;
    // Read again: whoever held the lock before may have spent it.
    let presented = token::find_refresh(transaction, &hash).await?.ok_or_else(unknown)?;
    Ok((presented, grant))
}

/// The grant behind a token, if everything it rests on still stands.
async fn live_grant(transaction: &Transaction, client: &Client, presented: &RefreshToken) -> Result<Grant, TokenError> {
    let grant = store::grant::lock(transaction, presented.grant).await?;
    // A token of another client says nothing of the grant to whoever shows it.
    let grant = grant.filter(|grant| grant.client == client.id);
    let grant = grant.ok_or_else(|| not_usable(Mismatch::RefreshUnknown, None))?;
    person_behind(transaction, &grant, NOT_USABLE).await?;
    Ok(grant)
}

/// A refresh may narrow the scopes and never widen them (RFC 6749, section 6).
fn narrow(granted: ScopeSet, asked: Option<&str>) -> Result<ScopeSet, TokenError> {
    let Some(asked) = asked.filter(|asked| !asked.trim().is_empty()) else { return Ok(granted) };
    let narrowed = granted.intersection(ScopeSet::parse(asked));
    if narrowed.is_empty() { Err(TokenError::InvalidScope) } else { Ok(narrowed) }
}

fn entry(client: &Client, grant: &Grant, action: Action, detail: Value) -> Entry {
    Entry {
        workspace: Some(grant.workspace),
        actor: Actor::Client(client.id.to_string()),
        action,
        target: grant.id.to_string(),
        detail,
    }
}
