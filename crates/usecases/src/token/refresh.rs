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
    clock::Timestamp,
    connection::Mismatch,
    id::GrantId,
    oauth::{
        client::Client,
        grant::Grant,
        resource::McpResource,
        scope::ScopeSet,
        token::{RefreshToken, RefreshVerdict, decide_refresh},
    },
    secret::{Secret, SecretHash, SecretKind},
};
use serde_json::{Value, json};
use store::{Rows, token};

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
    let (now, hash) = (deps.now(), secret.hash());
    // Garbage ends here, and what is over stays over: neither takes the turn of whoever has something to write.
    let glimpsed = find(&deps.store, &hash).await?;
    let grant = store::grant::find(&deps.store, glimpsed.grant).await?;
    if let (grant, RefreshVerdict::Refuse) = judge(&deps.store, client, &glimpsed, grant, now).await? {
        return Err(over(&glimpsed, &grant, now));
    }
    let transaction = deps.store.begin().await?;
    // Nothing else of the grant is refreshed until the transaction ends.
    let grant = store::grant::lock(&transaction, glimpsed.grant).await?;
    // Read again: whoever held the lock before may have spent it.
    let presented = find(&transaction, &hash).await?;
    let (grant, verdict) = judge(&transaction, client, &presented, grant, now).await?;
    match verdict {
        RefreshVerdict::Rotate => {
            token::spend_refresh(&transaction, presented.id, now).await?;
        }
        RefreshVerdict::Sibling => {}
        RefreshVerdict::Replace => token::revoke_successors(&transaction, presented.id, now).await?,
        RefreshVerdict::Refuse => return Err(over(&presented, &grant, now)),
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
    let mut answer = issue(deps, &transaction, &grant, &family, scopes).await?;
    if let Some(asked) = &form.scope {
        answer.told = scopes.told(ScopeSet::parse(asked));
    }
    let entry = entry(client, &grant, Action::TokenRefreshed, json!({ "scopes": scopes }));
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(answer)
}

async fn find(rows: &impl Rows, hash: &SecretHash) -> Result<RefreshToken, TokenError> {
    token::find_refresh(rows, hash).await?.ok_or_else(|| not_usable(Mismatch::RefreshUnknown, None))
}

/// What becomes of a token, with its grant, if everything that it rests on still stands.
async fn judge(
    rows: &impl Rows,
    client: &Client,
    presented: &RefreshToken,
    grant: Option<Grant>,
    now: Timestamp,
) -> Result<(Grant, RefreshVerdict), TokenError> {
    // A token of another client says nothing of the grant to whoever shows it.
    let grant = grant.filter(|grant| grant.client == client.id);
    let grant = grant.ok_or_else(|| not_usable(Mismatch::RefreshUnknown, None))?;
    person_behind(rows, &grant, NOT_USABLE).await?;
    if !client.may_refresh {
        return Err(TokenError::UnauthorizedClient);
    }
    let successors = token::successors(rows, presented.id).await?;
    let family_is_live = token::family_is_live(rows, presented.family).await?;
    let verdict = decide_refresh(presented, successors, family_is_live, now);
    Ok((grant, verdict))
}

/// While its grant goes on, a family ends before its time by a replay alone.
fn over(presented: &RefreshToken, grant: &Grant, now: Timestamp) -> TokenError {
    let is_expired = now >= presented.expires_at;
    let mismatch = if is_expired { Mismatch::RefreshExpired } else { Mismatch::RefreshReplayed };
    not_usable(mismatch, Some(grant.id))
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
