//! A client looks after its own registration (RFC 7592): reads it, replaces it, or takes it back.

use super::{
    logo,
    record::{Event, record},
    register::Registered,
};
use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    oauth::{
        client::{Client, ClientId},
        client_metadata::{ClientMetadata, MetadataError},
        client_policy::{Effect, Policy, PolicyRule, RuleSubject},
    },
    secret::{Secret, SecretKind},
};
use serde_json::{Value, json};
use store::{StoreError, Transaction};

#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// No such client, or not its token: which of the two is not told (RFC 7592, section 2).
    #[error("the registration access token is unknown, or its client is gone or shared: register again")]
    NotAuthenticated,
    /// `client_id` or `client_secret` of an update are not those of the client (RFC 7592, section 2.2).
    #[error("{0} is not the registered one: send back what the registration answered")]
    Mismatch(&'static str),
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn read(deps: &Deps, id: &ClientId, token: &str) -> Result<Registered, ManageError> {
    let client = store::client::find(&deps.store, id).await?;
    let (client, token) = authenticated(client, token)?;
    Ok(Registered { client, secret: None, registration_token: Some(token) })
}

/// Replaces the whole of the metadata: what `document` leaves out is gone (RFC 7592, section 2.2).
pub async fn update(deps: &Deps, id: &ClientId, token: &str, document: &Value) -> Result<Registered, ManageError> {
    let transaction = deps.store.begin().await?;
    // Before the client, as whoever changes the policy locks them.
    let mut policy = store::client_policy::hold(&transaction).await?;
    let client = store::client::find_locked(&transaction, id).await?;
    let (mut client, token) = authenticated(client, token)?;
    check_identity(&client, document)?;
    let metadata = ClientMetadata::parse(document)?;
    if metadata.name != client.name || metadata.redirect_uris != client.redirect_uris {
        take_approval_back(deps, &transaction, &mut policy, &client).await?;
    }
    let mut told = None;
    if metadata.auth_method.has_secret() {
        if client.secret_hash.is_none() {
            let secret = Secret::generate(SecretKind::ClientSecret, &*deps.entropy);
            client.secret_hash = Some(secret.hash());
            told = Some(secret);
        }
    } else {
        client.secret_hash = None;
    }
    // What it is now, others may have been before: whoever registers that is never taken for this one.
    client.fingerprint = None;
    client.describe(metadata);
    client.last_seen_at = Some(deps.now());
    client.standing = policy.standing(&client);
    store::client::update(&transaction, &client).await?;
    let detail = json!({ "name": client.name, "redirect_uris": client.redirect_uris, "logo_uri": client.logo_uri });
    let event =
        Event { client: &client, actor: Actor::Client(client.id.to_string()), action: Action::ClientUpdated, detail };
    record(deps, &transaction, event).await?;
    transaction.commit().await?;
    logo::want(deps, &client);
    Ok(Registered { client, secret: told, registration_token: Some(token) })
}

/// The operator approved what the client said of itself then. What it says now is judged by the other rules.
async fn take_approval_back(
    deps: &Deps,
    transaction: &Transaction,
    policy: &mut Policy,
    client: &Client,
) -> Result<(), StoreError> {
    let subject = RuleSubject::Client(client.id.clone());
    let is_approval = |rule: &PolicyRule| rule.effect == Effect::Allow && rule.subject == subject;
    let Some(place) = policy.rules.iter().position(is_approval) else { return Ok(()) };
    let rule = policy.rules.remove(place);
    store::client_policy::delete(transaction, rule.id).await?;
    let detail = json!({ "effect": rule.effect.as_str(), "registration_changed": true });
    let actor = Actor::Client(client.id.to_string());
    let event = Event { client, actor, action: Action::PolicyRuleRemoved, detail };
    record(deps, transaction, event).await
}

/// Ends the client, with every grant that it holds: each one's workspace is told.
pub async fn delete(deps: &Deps, id: &ClientId, token: &str) -> Result<(), ManageError> {
    let transaction = deps.store.begin().await?;
    authenticated(store::client::find(&transaction, id).await?, token)?;
    // The grants before their client, as a refresh locks them: the other way round, both would wait for each other.
    store::grant::lock_of_client(&transaction, id).await?;
    let client = store::client::find_locked(&transaction, id).await?;
    let (client, _) = authenticated(client, token)?;
    let actor = Actor::Client(client.id.to_string());
    for (grant, workspace) in store::grant::list_live_of_client(&transaction, id).await? {
        let entry = Entry {
            workspace: Some(workspace),
            actor: actor.clone(),
            action: Action::GrantRevoked,
            target: grant.to_string(),
            detail: json!({ "client": client.id, "by": "client" }),
        };
        audit::record(deps, &transaction, entry).await?;
    }
    store::client::delete(&transaction, &client.id).await?;
    let detail = json!({ "name": client.name });
    let event = Event { client: &client, actor, action: Action::ClientDeleted, detail };
    record(deps, &transaction, event).await?;
    Ok(transaction.commit().await?)
}

fn authenticated(client: Option<Client>, token: &str) -> Result<(Client, Secret), ManageError> {
    let token = Secret::parse_as(SecretKind::RegistrationToken, token).map_err(|_| ManageError::NotAuthenticated)?;
    let is_its_own = |client: &Client| {
        !client.is_blocked() && client.registration_token_hash.is_some_and(|hash| hash.matches(&token))
    };
    let client = client.filter(is_its_own).ok_or(ManageError::NotAuthenticated)?;
    Ok((client, token))
}

fn check_identity(client: &Client, document: &Value) -> Result<(), ManageError> {
    if document.get("client_id").and_then(Value::as_str) != Some(client.id.0.as_str()) {
        return Err(ManageError::Mismatch("client_id"));
    }
    let Some(sent) = document.get("client_secret").and_then(Value::as_str) else { return Ok(()) };
    let is_right = client
        .secret_hash
        .is_some_and(|hash| Secret::parse_as(SecretKind::ClientSecret, sent).is_ok_and(|secret| hash.matches(&secret)));
    if is_right { Ok(()) } else { Err(ManageError::Mismatch("client_secret")) }
}
