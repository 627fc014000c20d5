//! Client authentication by `private_key_jwt` (RFC 7523, section 2.2): a text that the client signed with its own key, for us
//! alone, and that is taken once.

use super::{
    authenticate::{AuthenticateError, find},
    keys::Age,
};
use crate::{Deps, signature};
use domain::oauth::{
    client::{Client, ClientKeys},
    client_assertion::{self, Assertion, AssertionFault},
    jwk::{Candidates, KeySet},
    jws::Compact,
};
use store::StoreError;

pub(super) async fn authenticate(deps: &Deps, sent_id: Option<&str>, text: &str) -> Result<Client, AuthenticateError> {
    let jws = Compact::parse(text).map_err(|_| AssertionFault::Malformed)?;
    let claimed = client_assertion::claimed_client(&jws).ok_or(AssertionFault::Subject)?;
    if sent_id.is_some_and(|sent| sent != claimed.0) {
        return Err(AssertionFault::Subject.into());
    }
    let client = find(deps, claimed).await?;
    // A public client with keys of its own may prove itself too: its document offers both ways.
    let keys = client.keys.as_ref().ok_or(AuthenticateError::Refused)?;
    let assertion = client_assertion::judge(&jws, &client.id, &deps.settings.public_url, deps.now())?;
    verify(deps, keys, &jws, &assertion).await?;
    spend(deps, &assertion).await?;
    Ok(client)
}

async fn verify(
    deps: &Deps,
    keys: &ClientKeys,
    jws: &Compact<'_>,
    assertion: &Assertion,
) -> Result<(), AuthenticateError> {
    let uri = match keys {
        ClientKeys::Set(set) => return Ok(is_signed_by(&KeySet::read(set), jws, assertion)?),
        ClientKeys::Uri(uri) => uri,
    };
    let copy = deps.client_keys.read(deps, uri, Age::Fresh).await?;
    let Err(fault) = is_signed_by(&copy, jws, assertion) else { return Ok(()) };
    // The client may have changed its keys since we read them.
    match deps.client_keys.read(deps, uri, Age::Newer).await {
        Ok(newer) => Ok(is_signed_by(&newer, jws, assertion)?),
        Err(_) => Err(fault.into()),
    }
}

fn is_signed_by(set: &KeySet, jws: &Compact<'_>, assertion: &Assertion) -> Result<(), AssertionFault> {
    match set.candidates(assertion.algorithm, assertion.key_id.as_deref()) {
        Candidates::UnknownKey => Err(AssertionFault::UnknownKey),
        Candidates::Keys(keys) => keys
            .iter()
            .any(|key| signature::is_genuine(key, jws.signed, &jws.signature))
            .then_some(())
            .ok_or(AssertionFault::Signature),
    }
}

/// Written down before anything is answered: of two requests with one assertion, one is refused.
async fn spend(deps: &Deps, assertion: &Assertion) -> Result<(), AuthenticateError> {
    let transaction = deps.store.begin().await?;
    store::client_assertion::spend(&transaction, &assertion.hash, assertion.expires_at).await.map_err(|error| {
        match error {
            StoreError::Conflict => AuthenticateError::Assertion(AssertionFault::Replayed),
            other => AuthenticateError::Store(other),
        }
    })?;
    Ok(transaction.commit().await?)
}
