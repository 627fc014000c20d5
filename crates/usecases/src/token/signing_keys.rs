//! The keys that identity tokens are signed with: made when one is needed first, replaced by the operator, published until the
//! last token that they signed has expired.

use crate::{
    Deps,
    audit::{self, Entry},
    signature::{self, BrokenKey},
};
use domain::{
    audit::{Action, Actor},
    clock::Timestamp,
    oauth::{
        jwk::PublicKey,
        signing::{PrivateKey, SigningAlgorithm, SigningKey},
    },
};
use serde_json::{Value, json};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    #[error(transparent)]
    Key(#[from] BrokenKey),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The key that a token is signed with now. The first of its algorithm is made here; of two programs that make it at once, one
/// succeeds and both use that one.
pub(super) async fn current(deps: &Deps, algorithm: SigningAlgorithm) -> Result<SigningKey, SigningKeyError> {
    if let Some(key) = store::signing_key::find_current(&deps.store, algorithm).await? {
        return Ok(key);
    }
    let made = key(signature::make(deps, algorithm).await?, algorithm, deps.now());
    let transaction = deps.store.begin().await?;
    match store::signing_key::insert(&transaction, &made).await {
        Ok(()) => {}
        Err(StoreError::Conflict) => {
            drop(transaction);
            let theirs = store::signing_key::find_current(&deps.store, algorithm).await?;
            return theirs.ok_or(SigningKeyError::Store(StoreError::Conflict));
        }
        Err(error) => return Err(error.into()),
    }
    let entry = Entry {
        workspace: None,
        actor: Actor::System,
        action: Action::SigningKeyMade,
        target: made.id.clone(),
        detail: json!({ "algorithm": algorithm.as_str() }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(made)
}

/// The JWK set (RFC 7517, section 5) that tokens are verified with: current keys, and retired ones for as long as a token of
/// theirs may live.
pub async fn key_set(deps: &Deps) -> Result<Value, SigningKeyError> {
    // An empty set would tell a client that nothing can be verified here.
    current(deps, SigningAlgorithm::Es256).await?;
    let now = deps.now();
    let keys = store::signing_key::list(&deps.store).await?;
    let published: Vec<Value> = keys.iter().filter(|key| key.is_published(now)).map(SigningKey::to_jwk).collect();
    Ok(json!({ "keys": published }))
}

/// Retires every current key and makes new ones current, RS256 only where it was ever needed. Returns the new ones; none
/// where somebody else rotates at the same time.
pub async fn rotate(deps: &Deps) -> Result<Vec<SigningKey>, SigningKeyError> {
    let mut rotated = Vec::new();
    for algorithm in SigningAlgorithm::OF_IDENTITY_TOKENS {
        let old = store::signing_key::find_current(&deps.store, algorithm).await?;
        if old.is_none() && algorithm != SigningAlgorithm::Es256 {
            continue;
        }
        rotated.extend(replace(deps, algorithm, old).await?);
    }
    Ok(rotated)
}

async fn replace(
    deps: &Deps,
    algorithm: SigningAlgorithm,
    old: Option<SigningKey>,
) -> Result<Option<SigningKey>, SigningKeyError> {
    let now = deps.now();
    let made = key(signature::make(deps, algorithm).await?, algorithm, now);
    let transaction = deps.store.begin().await?;
    if let Some(old) = &old
        && !store::signing_key::retire(&transaction, &old.id, now).await?
    {
        return Ok(None);
    }
    match store::signing_key::insert(&transaction, &made).await {
        Ok(()) => {}
        Err(StoreError::Conflict) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let entry = Entry {
        workspace: None,
        actor: Actor::Operator,
        action: Action::SigningKeyRotated,
        target: made.id.clone(),
        detail: json!({ "algorithm": algorithm.as_str(), "retired": old.map(|old| old.id) }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(Some(made))
}

fn key((public, private): (PublicKey, PrivateKey), algorithm: SigningAlgorithm, now: Timestamp) -> SigningKey {
    SigningKey { id: public.thumbprint(), algorithm, public, private, created_at: now, retired_at: None }
}
