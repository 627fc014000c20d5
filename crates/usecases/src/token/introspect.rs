//! What an access token stands for, told to a resource server of the operator's (RFC 7662). A refresh token is nothing that a
//! resource server should ever hold: it is no more active to it than garbage.

use crate::{
    Deps,
    access::bearer::{self, BearerError},
};
use domain::{
    clock::Timestamp,
    oauth::{
        client::{AuthMethod, Client, ClientId},
        scope::ScopeSet,
    },
    principal::Subject,
    slug::Slug,
};
use store::StoreError;

/// A token that is good for its resource now.
pub struct Introspection {
    pub scopes: ScopeSet,
    pub client: ClientId,
    pub subject: Subject,
    /// The canonical URI of what the token is for (RFC 8707).
    pub resource: String,
    pub workspace: Slug,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum IntrospectError {
    #[error(
        "this client may not introspect: the operator enters resource servers with `visage client add --resource-server`"
    )]
    NotAllowed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// None for whatever is not a live access token, without a word on why.
pub async fn introspect(deps: &Deps, asking: &Client, token: &str) -> Result<Option<Introspection>, IntrospectError> {
    if !asking.may_introspect || asking.auth_method == AuthMethod::None {
        return Err(IntrospectError::NotAllowed);
    }
    let live = match bearer::live_token(deps, token).await {
        Ok(live) => live,
        Err(BearerError::NotAuthenticated | BearerError::Blocked | BearerError::WrongResource) => return Ok(None),
        Err(BearerError::Store(error)) => return Err(error.into()),
    };
    Ok(Some(Introspection {
        scopes: live.token.scopes,
        client: live.client.id,
        subject: live.grant.subject,
        resource: live.grant.resource,
        workspace: live.workspace.slug,
        issued_at: live.token.issued_at,
        expires_at: live.token.expires_at,
    }))
}
