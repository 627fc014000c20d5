//! How a client becomes known: by registering itself (RFC 7591) or by the operator's hand.

use super::{
    logo,
    record::{Event, record, record_new},
    resolve::reach,
};
use crate::{Deps, access::operator::Operator, client_policy};
use domain::{
    audit::{Action, Actor},
    oauth::{
        client::{AuthMethod, Client, ClientId, Registration},
        client_metadata::{ClientMetadata, MetadataError},
        logo::LogoUri,
        signing::SigningAlgorithm,
    },
    secret::{Secret, SecretKind},
    text,
};
use serde_json::{Value, json};
use store::{StoreError, Transaction};

/// A client, and what it is told this once.
pub struct Registered {
    pub client: Client,
    pub secret: Option<Secret>,
    /// What it manages its registration with (RFC 7592); none where the registration is shared.
    pub registration_token: Option<Secret>,
}

#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Dynamic registration: `document` is the request's JSON body. Hosted clients register anew for every person, so a public
/// client that comes with the very same metadata is the one that is there already.
pub async fn register(deps: &Deps, document: &Value) -> Result<Registered, RegisterError> {
    let metadata = ClientMetadata::parse(document)?;
    let mut new = made(deps, metadata, Registration::Dynamic);
    let transaction = deps.store.begin().await?;
    let registered = loop {
        if let Some(fingerprint) = &new.client.fingerprint
            && let Some(client) = store::client::find_identical(&transaction, fingerprint).await?
        {
            let mut known = recognise(deps, &transaction, client).await?;
            // As it was sent: a client whose port is another one today looks for it in the answer.
            known.client.redirect_uris = new.client.redirect_uris;
            break known;
        }
        new.client.standing = client_policy::standing(&transaction, &new.client).await?;
        if store::client::insert_unless_identical(&transaction, &new.client).await? {
            record_new(deps, &transaction, &new.client, Actor::Anonymous).await?;
            break new;
        }
        // Somebody was faster, and is found now; unless that client has already become another one.
    };
    transaction.commit().await?;
    logo::want(deps, &registered.client);
    Ok(registered)
}

/// An app that an operator enters.
pub struct NewClient {
    pub name: String,
    pub redirect_uris: Vec<String>,
    /// Whether it can keep a secret: a server of its own, no program on people's devices.
    pub is_confidential: bool,
    /// What its identity tokens are signed with, where its library insists on one.
    pub identity_token_algorithm: Option<SigningAlgorithm>,
    /// The address of its logo.
    pub logo_uri: Option<String>,
}

/// Entered by an operator: trusted to be what its name says. Its secret is told this once.
pub async fn add(deps: &Deps, operator: &Operator, new: NewClient) -> Result<Registered, RegisterError> {
    let auth_method = if new.is_confidential { AuthMethod::ClientSecretBasic } else { AuthMethod::None };
    let mut metadata = ClientMetadata::parse(&json!({
        "client_name": new.name,
        "redirect_uris": new.redirect_uris,
        "token_endpoint_auth_method": auth_method.as_str(),
        "id_token_signed_response_alg": new.identity_token_algorithm.map(SigningAlgorithm::as_str),
    }))?;
    // An operator is told of an address that will not do.
    let read_logo = |uri: String| LogoUri::parse(&uri, reach(deps)).ok_or(MetadataError::LogoUri);
    metadata.logo_uri = new.logo_uri.map(read_logo).transpose()?;
    let transaction = deps.store.begin().await?;
    let registered = insert(deps, &transaction, metadata, Registration::PreRegistered, operator.actor()).await?;
    transaction.commit().await?;
    logo::want(deps, &registered.client);
    Ok(registered)
}

/// Entered by the operator: a resource server, which asks what tokens stand for (RFC 7662) and is never authorized itself. Its
/// secret is told this once.
pub async fn add_resource_server(deps: &Deps, name: &str) -> Result<Registered, StoreError> {
    let metadata = ClientMetadata {
        name: text::one_line(name, 80),
        logo_uri: None,
        redirect_uris: Vec::new(),
        auth_method: AuthMethod::ClientSecretBasic,
        keys: None,
        identity_token_algorithm: SigningAlgorithm::Es256,
        may_refresh: false,
    };
    let transaction = deps.store.begin().await?;
    let mut registered = insert(deps, &transaction, metadata, Registration::PreRegistered, Actor::Operator).await?;
    registered.client.may_introspect = true;
    store::client::update(&transaction, &registered.client).await?;
    let detail = json!({ "may_introspect": true });
    let event = Event { client: &registered.client, actor: Actor::Operator, action: Action::ClientUpdated, detail };
    record(deps, &transaction, event).await?;
    transaction.commit().await?;
    Ok(registered)
}

/// From here on the registration is shared, and whoever was first can't change it under the others any more.
async fn recognise(deps: &Deps, transaction: &Transaction, mut client: Client) -> Result<Registered, StoreError> {
    client.last_seen_at = Some(deps.now());
    if client.registration_token_hash.take().is_some() {
        let detail = json!({ "shared": true });
        let event = Event { client: &client, actor: Actor::Anonymous, action: Action::ClientUpdated, detail };
        record(deps, transaction, event).await?;
    }
    store::client::update(transaction, &client).await?;
    Ok(Registered { client, secret: None, registration_token: None })
}

async fn insert(
    deps: &Deps,
    transaction: &Transaction,
    metadata: ClientMetadata,
    registration: Registration,
    actor: Actor,
) -> Result<Registered, StoreError> {
    let mut new = made(deps, metadata, registration);
    new.client.standing = client_policy::standing(transaction, &new.client).await?;
    store::client::insert(transaction, &new.client).await?;
    record_new(deps, transaction, &new.client, actor).await?;
    Ok(new)
}

/// A client that is not written down yet.
fn made(deps: &Deps, metadata: ClientMetadata, registration: Registration) -> Registered {
    let mut random = [0; 16];
    deps.entropy.fill(&mut random);
    let secret = metadata.auth_method.has_secret().then(|| Secret::generate(SecretKind::ClientSecret, &*deps.entropy));
    let is_dynamic = registration == Registration::Dynamic;
    let registration_token = is_dynamic.then(|| Secret::generate(SecretKind::RegistrationToken, &*deps.entropy));
    let id = ClientId(random.iter().fold("client_".to_owned(), |id, byte| format!("{id}{byte:02x}")));
    let fingerprint = if is_dynamic { metadata.fingerprint() } else { None };
    let mut client = Client::new(id, metadata, registration, deps.now());
    client.fingerprint = fingerprint;
    client.secret_hash = secret.as_ref().map(Secret::hash);
    client.registration_token_hash = registration_token.as_ref().map(Secret::hash);
    Registered { client, secret, registration_token }
}
