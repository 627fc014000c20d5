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
        client::Client, grant::Grant, identity_token::Identity, pkce::CodeVerifier, resource::McpResource,
        scope::Scope, signing::SigningKey,
    },
    secret::{Secret, SecretHash, SecretKind},
    user::User,
};
use serde_json::json;
use store::{
    StoreError, Transaction,
    authorization_code::{self, AuthorizationCode, Consumed, Found},
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
    let redemption = Redemption { deps, client, form: &form, verifier, code: secret.hash() };
    // Garbage ends here, and so does a replay that changes nothing: neither takes the turn of whoever has something to write.
    let found = authorization_code::find(&deps.store, &redemption.code).await?;
    let found = found.ok_or_else(|| not_usable(Mismatch::CodeUnknown, None))?;
    if found.is_spent && !redemption.ends_something(&found.code).await? {
        return Err(not_usable(Mismatch::CodeSpent, Some(found.code.grant)));
    }
    // Before the transaction: where it is the first one, it has to be made, and that takes its time.
    let key = redemption.key(&found).await?;
    let transaction = deps.store.begin().await?;
    let code = match authorization_code::consume(&transaction, &redemption.code, deps.now()).await? {
        Consumed::Fresh(code) => code,
        Consumed::Spent(code) => {
            // A second request in which all is right (OAuth 2.1, section 4.1.3): there are two holders of one code and its
            // verifier, and whoever has the tokens may be the wrong one. Who merely saw the code go by can't end a connection.
            redemption.check_binding(&code)?;
            // One that brought no tokens has nobody who holds them: its first request was at fault, and this is the second try.
            if token::last_issued_at(&transaction, code.grant).await?.is_some() {
                redemption.end_grant(&transaction, code.grant).await?;
                transaction.commit().await?;
            }
            return Err(not_usable(Mismatch::CodeSpent, Some(code.grant)));
        }
        Consumed::Unknown => return Err(not_usable(Mismatch::CodeUnknown, None)),
    };
    let (grant, user) = match redemption.judge(&transaction, &code).await {
        Ok(judged) => judged,
        Err(fault) => {
            // The code stays spent, whatever was wrong with the request.
            transaction.commit().await?;
            return Err(fault);
        }
    };
    let mut answer = issue(deps, &transaction, &grant, &Family::begin(deps), grant.scopes).await?;
    store::grant::mark_connected(&transaction, grant.id, deps.now()).await?;
    if let Some(key) = key {
        let identity = Identity {
            client: &client.id,
            user: &user,
            scopes: answer.scopes,
            signed_in_at: code.signed_in_at,
            nonce: code.nonce.as_deref(),
            access_token: &answer.access_token,
        };
        answer.identity_token = Some(identity_token::issue(deps, &key, &identity)?);
    }
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

/// A token request that is well-formed.
struct Redemption<'a> {
    deps: &'a Deps,
    client: &'a Client,
    form: &'a RedeemCode,
    verifier: CodeVerifier,
    code: SecretHash,
}

impl Redemption<'_> {
    /// Whether the replay of a code ends a connection: one that it brought tokens, and that goes on.
    async fn ends_something(&self, code: &AuthorizationCode) -> Result<bool, TokenError> {
        self.check_binding(code)?;
        let store = &self.deps.store;
        let goes_on = store::grant::find(store, code.grant).await?.is_some_and(|grant| grant.is_live());
        Ok(goes_on && token::last_issued_at(store, code.grant).await?.is_some())
    }

    /// For the identity token, where the code brings one: none where the person did not grant `openid`. Whoever has no code of
    /// its own is refused afterwards, and makes us make nothing.
    async fn key(&self, found: &Found) -> Result<Option<SigningKey>, TokenError> {
        if found.is_spent || self.check_binding(&found.code).is_err() {
            return Ok(None);
        }
        let grant = store::grant::find(&self.deps.store, found.code.grant).await?;
        if grant.is_some_and(|grant| grant.is_live() && grant.scopes.contains(Scope::OpenId)) {
            Ok(Some(signing_keys::current(self.deps, self.client.identity_token_algorithm).await?))
        } else {
            Ok(None)
        }
    }

    async fn judge(&self, transaction: &Transaction, code: &AuthorizationCode) -> Result<(Grant, User), TokenError> {
        // First, so that nobody is told of a connection that is not theirs, nor the diary of that one of them.
        self.check_client(code)?;
        if self.deps.now() >= code.expires_at {
            return Err(not_usable(Mismatch::CodeExpired, Some(code.grant)));
        }
        self.check_binding(code)?;
        let grant = store::grant::find(transaction, code.grant).await?;
        let grant = grant.ok_or_else(|| TokenError::invalid_grant(OVER, Mismatch::Revoked, Some(code.grant)))?;
        let user = person_behind(transaction, &grant, OVER).await?;
        Ok((grant, user))
    }

    fn check_client(&self, code: &AuthorizationCode) -> Result<(), TokenError> {
        if code.client == self.client.id { Ok(()) } else { Err(not_usable(Mismatch::CodeOfAnotherClient, None)) }
    }

    /// Whether the request is the one for which the code was issued: client, callback, verifier and resource.
    fn check_binding(&self, code: &AuthorizationCode) -> Result<(), TokenError> {
        self.check_client(code)?;
        let fault = |told, mismatch| Err(TokenError::invalid_grant(told, mismatch, Some(code.grant)));
        // Clients of OAuth 2.1 leave it out, since the verifier binds the code; what is sent has to be right (section 10.1).
        if let Some(sent) = self.form.redirect_uri.as_deref().filter(|sent| *sent != code.redirect_uri) {
            let mismatch = Mismatch::callback_url_changed(sent, &code.redirect_uri);
            return fault("redirect_uri is not the one of the authorization request", mismatch);
        }
        if !code.code_challenge.is_met_by(&self.verifier) {
            return fault("code_verifier does not match the code_challenge", Mismatch::Verifier);
        }
        McpResource::check(&self.deps.settings.public_url, self.form.resource.as_deref(), &code.resource)
            .map_err(|target| TokenError::InvalidTarget(target, code.grant))
    }

    async fn end_grant(&self, transaction: &Transaction, grant: GrantId) -> Result<(), StoreError> {
        let Some(grant) = store::grant::find(transaction, grant).await? else { return Ok(()) };
        if store::grant::revoke(transaction, grant.id, self.deps.now()).await? {
            let entry = Entry {
                workspace: Some(grant.workspace),
                actor: Actor::Client(self.client.id.to_string()),
                action: Action::CodeReplayed,
                target: grant.id.to_string(),
                detail: json!({ "client": self.client.id, "name": self.client.name }),
            };
            audit::record_and_tell(self.deps, transaction, entry, grant.subject.user()).await?;
        }
        Ok(())
    }
}
