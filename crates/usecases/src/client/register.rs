//! How a client becomes known: by registering itself (RFC 7591) or by the operator's hand.

use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    oauth::{
        client::{Client, ClientId, Registration, Standing},
        client_metadata::{ClientMetadata, MetadataError},
        signing::SigningAlgorithm,
    },
    secret::{Secret, SecretKind},
};
use serde_json::{Value, json};
use store::StoreError;

/// A client and, where it has one, its secret: told this once.
pub struct Registered {
    pub client: Client,
    pub secret: Option<Secret>,
}

#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Dynamic registration: `document` is the request's JSON body.
pub async fn register(deps: &Deps, document: &Value) -> Result<Registered, RegisterError> {
    let metadata = ClientMetadata::parse(document)?;
    Ok(insert(deps, metadata, Registration::Dynamic, Actor::Anonymous).await?)
}

/// Entered by the operator: public, trusted to be what its name says.
pub async fn add(deps: &Deps, name: &str, redirect_uris: &[String]) -> Result<Registered, RegisterError> {
    let metadata = ClientMetadata::parse(&json!({ "client_name": name, "redirect_uris": redirect_uris }))?;
    Ok(insert(deps, metadata, Registration::PreRegistered, Actor::Operator).await?)
}

async fn insert(
    deps: &Deps,
    metadata: ClientMetadata,
    registration: Registration,
    actor: Actor,
) -> Result<Registered, StoreError> {
    let now = deps.now();
    let mut random = [0; 16];
    deps.entropy.fill(&mut random);
    let secret = metadata.auth_method.has_secret().then(|| Secret::generate(SecretKind::ClientSecret, &*deps.entropy));
    let client = Client {
        id: ClientId(random.iter().fold("client_".to_owned(), |id, byte| format!("{id}{byte:02x}"))),
        name: metadata.name,
        redirect_uris: metadata.redirect_uris,
        auth_method: metadata.auth_method,
        secret_hash: secret.as_ref().map(Secret::hash),
        keys: None,
        identity_token_algorithm: SigningAlgorithm::Es256,
        may_refresh: metadata.may_refresh,
        may_introspect: false,
        registration,
        registration_token_hash: None,
        fingerprint: None,
        document: None,
        standing: Standing::Allowed,
        created_at: now,
        last_seen_at: None,
    };
    let transaction = deps.store.begin().await?;
    store::client::insert(&transaction, &client).await?;
    let entry = Entry {
        workspace: None,
        actor,
        action: Action::ClientRegistered,
        target: client.id.to_string(),
        detail: json!({ "name": client.name, "redirect_uris": client.redirect_uris, "registration": registration.as_str() }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(Registered { client, secret })
}
