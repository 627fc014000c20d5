//! The only mint. Nothing else makes a code or a token.

use crate::{Deps, access::session::Viewer, client};
use domain::{
    clock::Timestamp,
    id::{FamilyId, GrantId, TokenId},
    oauth::{
        authorization_request::Asked,
        grant::Grant,
        scope::{Scope, ScopeSet},
        token::{RefreshToken, refresh_expiry, told_lifetime},
    },
    secret::{Secret, SecretKind},
};
use std::time::Duration;
use store::{
    StoreError, Transaction,
    authorization_code::{self, AuthorizationCode},
    token::{self, AccessToken},
};

/// What the token endpoint answers (RFC 6749, section 5.1).
pub struct TokenAnswer {
    pub access_token: Secret,
    pub expires_in: Duration,
    pub refresh_token: Option<Secret>,
    /// What the access token opens.
    pub scopes: ScopeSet,
    /// `scope`, as far as the client asked for it.
    pub told: ScopeSet,
    /// What it rests on.
    pub grant: GrantId,
    /// `id_token`, beside the first access token.
    pub identity_token: Option<String>,
}

/// Tokens that descend from one code.
pub(crate) struct Family {
    pub id: FamilyId,
    pub created_at: Timestamp,
    /// The refresh token that is exchanged for the next pair, if it isn't the first.
    pub parent: Option<TokenId>,
}

impl Family {
    pub(crate) fn begin(deps: &Deps) -> Self {
        let now = deps.now();
        Self { id: FamilyId::generate(now, &*deps.entropy), created_at: now, parent: None }
    }
}

/// A code for a grant that was just approved.
pub(crate) async fn issue_code(
    deps: &Deps,
    transaction: &Transaction,
    grant: &Grant,
    asked: &Asked,
    viewer: &Viewer,
) -> Result<Secret, StoreError> {
    let secret = Secret::generate(SecretKind::AuthorizationCode, &*deps.entropy);
    let code = AuthorizationCode {
        grant: grant.id,
        client: grant.client.clone(),
        redirect_uri: asked.redirect_uri.to_string(),
        code_challenge: asked.code_challenge.clone(),
        resource: grant.resource.clone(),
        nonce: asked.nonce.clone(),
        signed_in_at: Some(viewer.signed_in_at),
        expires_at: deps.now().plus(deps.settings.lifetimes.authorization_code),
    };
    authorization_code::insert(transaction, &secret.hash(), &code).await?;
    Ok(secret)
}

/// An access token and, where the person allowed staying connected, a refresh token.
pub(crate) async fn issue(
    deps: &Deps,
    transaction: &Transaction,
    grant: &Grant,
    family: &Family,
    scopes: ScopeSet,
) -> Result<TokenAnswer, StoreError> {
    let now = deps.now();
    let lifetimes = &deps.settings.lifetimes;
    let refresh = if grant.scopes.contains(Scope::OfflineAccess) {
        let secret = Secret::generate(SecretKind::RefreshToken, &*deps.entropy);
        let token = RefreshToken {
            id: TokenId::generate(now, &*deps.entropy),
            grant: grant.id,
            family: family.id,
            family_created_at: family.created_at,
            issued_at: now,
            expires_at: refresh_expiry(lifetimes, family.created_at, now),
            spent_at: None,
            revoked_at: None,
        };
        token::insert_refresh(transaction, &token, &secret.hash(), family.parent).await?;
        Some((token.id, secret))
    } else {
        None
    };
    let access_token = Secret::generate(SecretKind::AccessToken, &*deps.entropy);
    let token = AccessToken {
        id: TokenId::generate(now, &*deps.entropy),
        grant: grant.id,
        family: family.id,
        refresh: refresh.as_ref().map(|(id, _)| *id),
        scopes,
        issued_at: now,
        expires_at: now.plus(lifetimes.access_token),
        first_used_at: None,
        revoked_at: None,
    };
    token::insert_access(transaction, &token, &access_token.hash(), family.parent).await?;
    client::seen(deps, transaction, &grant.client).await?;
    let refresh_token = refresh.map(|(_, secret)| secret);
    Ok(TokenAnswer {
        access_token,
        expires_in: told_lifetime(lifetimes),
        refresh_token,
        scopes,
        told: scopes.told(grant.asked),
        grant: grant.id,
        identity_token: None,
    })
}
