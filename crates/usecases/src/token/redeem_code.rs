//! Exchanging a code (OAuth 2.1, section 4.1.3): consumed first, judged afterwards, so that it is used at most once.

use super::{
    TokenAnswer, TokenError,
    issue::{Family, issue},
};
use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    oauth::{client::Client, grant::Grant, pkce::CodeVerifier, resource::McpResource},
    secret::{Secret, SecretKind},
};
use serde_json::json;
use store::{
    StoreError, Transaction,
    authorization_code::{self, AuthorizationCode, Consumed},
};

/// The form, as sent.
#[derive(Clone)]
pub struct RedeemCode {
    pub code: String,
    pub redirect_uri: Option<String>,
    pub code_verifier: String,
    pub resource: Option<String>,
}

const NOT_USABLE: TokenError = TokenError::InvalidGrant("the code is unknown, expired or spent");

pub async fn redeem_code(deps: &Deps, client: &Client, form: RedeemCode) -> Result<TokenAnswer, TokenError> {
    let verifier = CodeVerifier::parse(&form.code_verifier)
        .map_err(|_| TokenError::InvalidRequest("code_verifier is missing or misshapen"))?;
    let secret = Secret::parse_as(SecretKind::AuthorizationCode, &form.code).map_err(|_| NOT_USABLE)?;
    let transaction = deps.store.begin().await?;
    let code = match authorization_code::consume(&transaction, &secret.hash(), deps.now()).await? {
        Consumed::Fresh(code) => code,
        Consumed::Spent(code) => {
            // Two holders of one code: whoever has the tokens may be the wrong one (RFC 9700, section 4.5).
            end_grant(deps, &transaction, client, &code).await?;
            transaction.commit().await?;
            return Err(NOT_USABLE);
        }
        Consumed::Unknown => return Err(NOT_USABLE),
    };
    let grant = match judge(deps, &transaction, client, &code, &form, &verifier).await {
        Ok(grant) => grant,
        Err(fault) => {
            // The code stays spent, whatever was wrong with the request.
            transaction.commit().await?;
            return Err(fault);
        }
    };
    let answer = issue(deps, &transaction, &grant, &Family::begin(deps), grant.scopes).await?;
    let entry = Entry {
        workspace: Some(grant.workspace),
        actor: Actor::Client(client.id.to_string()),
        action: Action::TokenIssued,
        target: grant.id.to_string(),
        detail: json!({ "scopes": answer.scopes }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(answer)
}

async fn judge(
    deps: &Deps,
    transaction: &Transaction,
    client: &Client,
    code: &AuthorizationCode,
    form: &RedeemCode,
    verifier: &CodeVerifier,
) -> Result<Grant, TokenError> {
    if deps.now() >= code.expires_at || code.client != client.id {
        return Err(NOT_USABLE);
    }
    let redirect_uri_fits = match form.redirect_uri.as_deref() {
        Some(sent) => sent == code.redirect_uri,
        None => !code.redirect_uri_was_sent,
    };
    if !redirect_uri_fits {
        return Err(TokenError::InvalidGrant("redirect_uri is not the one of the authorization request"));
    }
    if !code.code_challenge.is_met_by(verifier) {
        return Err(TokenError::InvalidGrant("code_verifier does not match the code_challenge"));
    }
    if let Some(sent) = form.resource.as_deref() {
        check_resource(deps, sent, &code.resource)?;
    }
    let grant = store::grant::find(transaction, code.grant).await?.filter(Grant::is_live);
    grant.ok_or(TokenError::InvalidGrant("the access was revoked"))
}

/// The `resource` of a token request must be the one that was granted, in any of its spellings (RFC 8707, section 2.2).
pub(super) fn check_resource(deps: &Deps, sent: &str, granted: &str) -> Result<(), TokenError> {
    let public_url = &deps.settings.public_url;
    if McpResource::parse(public_url, sent)?.uri(public_url) == granted {
        Ok(())
    } else {
        Err(TokenError::InvalidTarget(domain::oauth::resource::InvalidTarget {
            sent: sent.to_owned(),
            expected: granted.to_owned(),
        }))
    }
}

async fn end_grant(
    deps: &Deps,
    transaction: &Transaction,
    client: &Client,
    code: &AuthorizationCode,
) -> Result<(), StoreError> {
    let Some(grant) = store::grant::find(transaction, code.grant).await? else { return Ok(()) };
    if store::grant::revoke(transaction, grant.id, deps.now()).await? {
        let entry = Entry {
            workspace: Some(grant.workspace),
            actor: Actor::Client(client.id.to_string()),
            action: Action::CodeReplayed,
            target: grant.id.to_string(),
            detail: json!({ "client": grant.client }),
        };
        audit::record(deps, transaction, entry).await?;
    }
    Ok(())
}
