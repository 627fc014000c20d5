//! Exchanging a code (OAuth 2.1, section 4.1.3): consumed first, judged afterwards, so that it is used at most once.

use super::{
    TokenAnswer, TokenError, identity_token,
    issue::{Family, issue},
    signing_keys,
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
        pkce::CodeVerifier,
        resource::{InvalidTarget, McpResource},
    },
    secret::{Secret, SecretKind},
    user::User,
};
use serde_json::json;
use store::{
    StoreError, Transaction,
    authorization_code::{self, AuthorizationCode, Consumed},
    token,
};

/// The form, as sent.
#[derive(Clone)]
pub struct RedeemCode {
    pub code: String,
    pub redirect_uri: Option<String>,
    pub code_verifier: String,
    pub resource: Option<String>,
}

/// Told where what the code was issued for does not stand any more.
const OVER: &str = "the access was revoked";

const fn not_usable(mismatch: Mismatch, grant: Option<GrantId>) -> TokenError {
    TokenError::invalid_grant("the code is unknown, expired or spent", mismatch, grant)
}

pub async fn redeem_code(deps: &Deps, client: &Client, form: RedeemCode) -> Result<TokenAnswer, TokenError> {
    let verifier = CodeVerifier::parse(&form.code_verifier)
        .map_err(|_| TokenError::InvalidRequest("code_verifier is missing or misshapen"))?;
    let secret = Secret::parse_as(SecretKind::AuthorizationCode, &form.code)
        .map_err(|_| not_usable(Mismatch::CodeUnknown, None))?;
    // Before the transaction: where it is the first one, it has to be made, and that takes its time.
    let key = signing_keys::current(deps, client.identity_token_algorithm).await?;
    let transaction = deps.store.begin().await?;
    let code = match authorization_code::consume(&transaction, &secret.hash(), deps.now()).await? {
        Consumed::Fresh(code) => code,
        Consumed::Spent(code) => {
            // A second request in which all is right (OAuth 2.1, section 4.1.3): there are two holders of one code and its
            // verifier, and whoever has the tokens may be the wrong one. Who merely saw the code go by can't end a connection.
            check_binding(deps, client, &code, &form, &verifier)?;
            // One that brought no tokens has nobody who holds them: its first request was at fault, and this is the second try.
            if token::last_issued_at(&transaction, code.grant).await?.is_some() {
                end_grant(deps, &transaction, client, &code).await?;
                transaction.commit().await?;
            }
            return Err(not_usable(Mismatch::CodeSpent, Some(code.grant)));
        }
        Consumed::Unknown => return Err(not_usable(Mismatch::CodeUnknown, None)),
    };
    let (grant, user) = match judge(deps, &transaction, client, &code, &form, &verifier).await {
        Ok(judged) => judged,
        Err(fault) => {
            // The code stays spent, whatever was wrong with the request.
            transaction.commit().await?;
            return Err(fault);
        }
    };
    let mut answer = issue(deps, &transaction, &grant, &Family::begin(deps), grant.scopes).await?;
    answer.identity_token = identity_token::issue(deps, &key, (client, &user), &code, &answer)?;
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
) -> Result<(Grant, User), TokenError> {
    if deps.now() >= code.expires_at {
        return Err(not_usable(Mismatch::CodeExpired, Some(code.grant)));
    }
    check_binding(deps, client, code, form, verifier)?;
    let grant = store::grant::find(transaction, code.grant).await?;
    let grant = grant.ok_or_else(|| TokenError::invalid_grant(OVER, Mismatch::Revoked, Some(code.grant)))?;
    let user = person_behind(transaction, &grant, OVER).await?;
    Ok((grant, user))
}

/// Whether the request is the one for which the code was issued: client, callback, verifier and resource.
fn check_binding(
    deps: &Deps,
    client: &Client,
    code: &AuthorizationCode,
    form: &RedeemCode,
    verifier: &CodeVerifier,
) -> Result<(), TokenError> {
    if code.client != client.id {
        return Err(not_usable(Mismatch::CodeOfAnotherClient, None));
    }
    // Clients of OAuth 2.1 leave it out, since the verifier binds the code; what is sent has to be right (section 10.1).
    if let Some(sent) = form.redirect_uri.as_deref().filter(|sent| *sent != code.redirect_uri) {
        let mismatch = Mismatch::callback_url_changed(sent, &code.redirect_uri);
        let told = "redirect_uri is not the one of the authorization request";
        return Err(TokenError::invalid_grant(told, mismatch, Some(code.grant)));
    }
    if !code.code_challenge.is_met_by(verifier) {
        let told = "code_verifier does not match the code_challenge";
        return Err(TokenError::invalid_grant(told, Mismatch::Verifier, Some(code.grant)));
    }
    match form.resource.as_deref() {
        Some(sent) => check_resource(deps, sent, &code.resource, code.grant),
        None => Ok(()),
    }
}

/// The `resource` of a token request must be the one that was granted, in any of its spellings (RFC 8707, section 2.2).
pub(super) fn check_resource(deps: &Deps, sent: &str, granted: &str, grant: GrantId) -> Result<(), TokenError> {
    let public_url = &deps.settings.public_url;
    match McpResource::parse(public_url, sent) {
        Ok(resource) if resource.uri(public_url) == granted => Ok(()),
        Ok(_) => {
            let target = InvalidTarget { sent: sent.to_owned(), expected: granted.to_owned() };
            Err(TokenError::InvalidTarget(target, grant))
        }
        Err(target) => Err(TokenError::InvalidTarget(target, grant)),
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
            detail: json!({ "client": client.id, "name": client.name }),
        };
        audit::record_and_tell(deps, transaction, entry, grant.subject.user()).await?;
    }
    Ok(())
}
