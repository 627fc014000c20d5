//! Identity tokens (OpenID Connect Core 1.0, section 3.1.3.3): who came, told to the client that redeems a code. They open
//! nothing here. A refresh brings none: nobody signed in for it.

use super::signing_keys::SigningKeyError;
use crate::{Deps, signature};
use domain::oauth::{identity_token::Identity, signing::SigningKey};

pub(super) fn issue(deps: &Deps, key: &SigningKey, identity: &Identity<'_>) -> Result<String, SigningKeyError> {
    let claims = identity.claims(&deps.settings.public_url, deps.now());
    Ok(signature::sign(key, &claims)?)
}
