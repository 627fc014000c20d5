//! The keys that identity tokens are signed with: made when one is first signed with or asked for, replaced by the operator,
//! published from before they sign until the last token that they signed has expired.

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
        signing::{PUBLISHED_AFTER_RETIREMENT, PUBLISHED_BEFORE_USE, PrivateKey, SigningAlgorithm, SigningKey},
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

/// The key that a token is signed with now. The first of its algorithm is made here, one at a time: looking for RSA's primes
/// keeps a processor busy. Of two programs that make it at once, one succeeds and both use that one.
pub(super) async fn current(deps: &Deps, algorithm: SigningAlgorithm) -> Result<SigningKey, SigningKeyError> {
    if let Some(key) = find_current(deps, algorithm).await? {
        return Ok(key);
    }
    let _turn = deps.key_making.lock().await;
    if let Some(key) = find_current(deps, algorithm).await? {
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

async fn find_current(deps: &Deps, algorithm: SigningAlgorithm) -> Result<Option<SigningKey>, StoreError> {
    // The one that will be retired first: its successors are not known everywhere yet.
    let keys = store::signing_key::list_unretired(&deps.store, algorithm, deps.now()).await?;
    Ok(keys.into_iter().min_by_key(|key| (key.retired_at.is_none(), key.retired_at)))
}

/// The JWK set (RFC 7517, section 5) that tokens are verified with: current keys, and retired ones for as long as a token of
/// theirs may live.
pub async fn key_set(deps: &Deps) -> Result<Value, SigningKeyError> {
    // Of every algorithm from the start: whoever keeps a copy of a set without one could not verify its first token.
    for algorithm in SigningAlgorithm::OF_IDENTITY_TOKENS {
        current(deps, algorithm).await?;
    }
    let now = deps.now();
    let keys = store::signing_key::list(&deps.store).await?;
    let published: Vec<Value> = keys.iter().filter(|key| key.is_published(now)).map(SigningKey::to_jwk).collect();
    Ok(json!({ "keys": published }))
}

/// Why keys are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// In good time: the new key is published at once, and signs once every client has had the time to see it. What the old one
    /// signed verifies until it expires.
    Planned,
    /// Somebody else may hold the old keys: they are forgotten, and what they signed verifies no more.
    Leaked,
}

/// A new key, and what becomes of the one before it.
#[derive(Clone, PartialEq, Eq)]
pub struct Rotated {
    pub key: SigningKey,
    pub signs_from: Timestamp,
    /// None where nothing verifies with an older one: there was none, or it leaked.
    pub replaced: Option<Replaced>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    pub id: String,
    pub verifies_until: Timestamp,
}

/// Makes new keys current, RS256 only where there is one already. Returns the new ones. Of a planned rotation there may be none,
/// where somebody else rotates at the same time.
pub async fn rotate(deps: &Deps, rotation: Rotation) -> Result<Vec<Rotated>, SigningKeyError> {
    let mut rotated = Vec::new();
    for algorithm in SigningAlgorithm::OF_IDENTITY_TOKENS {
        let old = store::signing_key::find_current(&deps.store, algorithm).await?;
        if old.is_none() && algorithm != SigningAlgorithm::Es256 {
            continue;
        }
        rotated.extend(replace(deps, algorithm, old, rotation).await?);
    }
    Ok(rotated)
}

async fn replace(
    deps: &Deps,
    algorithm: SigningAlgorithm,
    old: Option<SigningKey>,
    rotation: Rotation,
) -> Result<Option<Rotated>, SigningKeyError> {
    let now = deps.now();
    let retired_at = now.plus(PUBLISHED_BEFORE_USE);
    let made = key(signature::make(deps, algorithm).await?, algorithm, now);
    let transaction = loop {
        let transaction = deps.store.begin().await?;
        match (rotation, &old) {
            (Rotation::Planned, Some(old)) => {
                if !store::signing_key::retire(&transaction, &old.id, retired_at).await? {
                    return Ok(None);
                }
            }
            (Rotation::Planned, None) => {}
            (Rotation::Leaked, _) => store::signing_key::delete_all(&transaction, algorithm).await?,
        }
        match (store::signing_key::insert(&transaction, &made).await, rotation) {
            (Ok(()), _) => break transaction,
            (Err(StoreError::Conflict), Rotation::Planned) => return Ok(None),
            // Another key became current meanwhile. That leaves the leaked one on file: again, with that one.
            (Err(StoreError::Conflict), Rotation::Leaked) => {}
            (Err(error), _) => return Err(error.into()),
        }
    };
    let entry = Entry {
        workspace: None,
        actor: Actor::Operator,
        action: Action::SigningKeyRotated,
        target: made.id.clone(),
        detail: json!({
            "algorithm": algorithm.as_str(),
            "retired": old.as_ref().map(|old| old.id.as_str()),
            "leaked": rotation == Rotation::Leaked,
        }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    let replaced = old
        .filter(|_| rotation == Rotation::Planned)
        .map(|old| Replaced { id: old.id, verifies_until: retired_at.plus(PUBLISHED_AFTER_RETIREMENT) });
    let signs_from = if replaced.is_some() { retired_at } else { now };
    Ok(Some(Rotated { key: made, signs_from, replaced }))
}

fn key((public, private): (PublicKey, PrivateKey), algorithm: SigningAlgorithm, now: Timestamp) -> SigningKey {
    SigningKey { id: public.thumbprint(), algorithm, public, private, created_at: now, retired_at: None }
}
