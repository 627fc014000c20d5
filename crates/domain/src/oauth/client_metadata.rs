//! Client metadata (RFC 7591, section 2): what a client says of itself, read tolerantly where it does no harm and strictly
//! where an answer will be sent.

#[cfg(test)]
mod tests;

use super::{
    client::{AuthMethod, ClientKeys, Fingerprint},
    client_document::Reach,
    client_name::client_name,
    error::ErrorCode,
    jwk::KeySet,
    logo::LogoUri,
    redirect_uri::{RedirectUri, RedirectUriError},
    signing::SigningAlgorithm,
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use url::Url;

/// Most redirect URIs of one client.
pub const MOST_REDIRECT_URIS: usize = 10;

/// Metadata that may be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientMetadata {
    pub name: String,
    pub logo_uri: Option<LogoUri>,
    pub redirect_uris: Vec<RedirectUri>,
    pub auth_method: AuthMethod,
    /// Always present where `auth_method` is `private_key_jwt`; a document that offers `none` beside it has keys as well.
    pub keys: Option<ClientKeys>,
    pub identity_token_algorithm: SigningAlgorithm,
    pub may_refresh: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    #[error("the metadata must be a JSON object")]
    NotAnObject,
    #[error("a redirect URI is missing: list at least one")]
    NoRedirectUri,
    #[error("a client has at most {MOST_REDIRECT_URIS} redirect URIs")]
    TooManyRedirectUris,
    #[error(transparent)]
    RedirectUri(#[from] RedirectUriError),
    #[error("{0} has a value of the wrong type")]
    WrongType(&'static str),
    #[error("token_endpoint_auth_method must be none, client_secret_basic, client_secret_post or private_key_jwt")]
    AuthMethod,
    #[error("private_key_jwt needs the client's public keys: send either jwks or jwks_uri")]
    NoKeys,
    #[error("jwks must be a JWK set of public keys only")]
    Keys,
    #[error(
        "jwks has no key to verify a signature with: one needs kty EC with crv P-256, kty RSA with 2048 to 8192 bits, or kty OKP \
         with crv Ed25519, all its public members, and use sig and its own alg where it names them"
    )]
    NoUsableKey,
    #[error("jwks_uri must be an https URL in plain ASCII")]
    KeysUri,
    #[error("the logo must be at an https address of a public host")]
    LogoUri,
    #[error("id_token_signed_response_alg must be ES256 or RS256")]
    IdentityTokenAlgorithm,
    #[error("grant_types must include authorization_code")]
    GrantTypes,
    #[error("response_types must include code")]
    ResponseTypes,
}

impl MetadataError {
    /// The code of the error answer (RFC 7591, section 3.2.2).
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NoRedirectUri
            | Self::TooManyRedirectUris
            | Self::RedirectUri(_)
            | Self::WrongType("redirect_uris") => ErrorCode::InvalidRedirectUri,
            _ => ErrorCode::InvalidClientMetadata,
        }
    }
}

impl ClientMetadata {
    pub fn parse(document: &Value) -> Result<Self, MetadataError> {
        let fields = document.as_object().ok_or(MetadataError::NotAnObject)?;
        let redirect_uris = strings(fields, "redirect_uris")?.ok_or(MetadataError::NoRedirectUri)?;
        if redirect_uris.is_empty() {
            return Err(MetadataError::NoRedirectUri);
        }
        if redirect_uris.len() > MOST_REDIRECT_URIS {
            return Err(MetadataError::TooManyRedirectUris);
        }
        let redirect_uris = redirect_uris.into_iter().map(RedirectUri::parse).collect::<Result<Vec<_>, _>>()?;
        let auth_method = match string(fields, "token_endpoint_auth_method")? {
            // RFC 7591 names client_secret_basic as the default; clients that leave it out are public in practice and
            // would not know what to do with a secret.
            None => AuthMethod::None,
            Some(name) => AuthMethod::from_name(name).ok_or(MetadataError::AuthMethod)?,
        };
        let keys = if auth_method == AuthMethod::PrivateKeyJwt { Some(keys(fields)?) } else { None };
        let identity_token_algorithm = match string(fields, "id_token_signed_response_alg")? {
            // OpenID Connect names RS256 as the default, and the libraries of servers with a secret or keys of their own hold to
            // that. Apps on people's devices look at the token's header, if they look at all.
            None if auth_method != AuthMethod::None => SigningAlgorithm::Rs256,
            None => SigningAlgorithm::Es256,
            Some(name) => SigningAlgorithm::from_name(name)
                .filter(|algorithm| SigningAlgorithm::OF_IDENTITY_TOKENS.contains(algorithm))
                .ok_or(MetadataError::IdentityTokenAlgorithm)?,
        };
        let grant_types = strings(fields, "grant_types")?;
        let lists = |grant: &str| grant_types.as_ref().is_none_or(|types| types.is_empty() || types.contains(&grant));
        if !lists("authorization_code") {
            return Err(MetadataError::GrantTypes);
        }
        if strings(fields, "response_types")?.is_some_and(|types| !types.is_empty() && !types.contains(&"code")) {
            return Err(MetadataError::ResponseTypes);
        }
        let name = client_name(string(fields, "client_name")?.unwrap_or_default());
        // Of a picture that can't be had nothing is lost but the picture.
        let logo_uri = fields.get("logo_uri").and_then(Value::as_str);
        let logo_uri = logo_uri.and_then(|uri| LogoUri::parse(uri, Reach::Public));
        let may_refresh = lists("refresh_token");
        Ok(Self { name, logo_uri, redirect_uris, auth_method, keys, identity_token_algorithm, may_refresh })
    }

    /// By which an identical registration is recognised, whatever port of the loopback address the app listens at this time.
    /// Only public clients have one: two holders of one secret would be one too many.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        (self.auth_method == AuthMethod::None).then(|| {
            let redirect_uris: Vec<_> = self.redirect_uris.iter().map(RedirectUri::without_loopback_port).collect();
            let algorithm = self.identity_token_algorithm.as_str();
            let mut told = vec![json!(self.name), json!(redirect_uris), json!(self.may_refresh), json!(algorithm)];
            // Nothing where there is none: so it was before logos were kept.
            told.extend(self.logo_uri.as_ref().map(|logo| json!(logo)));
            Fingerprint(Sha256::digest(Value::from(told).to_string()).into())
        })
    }
}

/// The keys of a client that signs its assertions. Whoever sends a private one has shown it to us: such a set is refused.
fn keys(fields: &Map<String, Value>) -> Result<ClientKeys, MetadataError> {
    let set = fields.get("jwks").filter(|set| !set.is_null());
    match (set, string(fields, "jwks_uri")?) {
        (Some(set), None) => {
            let keys = set.get("keys").and_then(Value::as_array).ok_or(MetadataError::Keys)?;
            if keys.is_empty() || !keys.iter().all(|key| key.is_object() && !is_secret(key)) {
                return Err(MetadataError::Keys);
            }
            if KeySet::read(set).is_empty() {
                return Err(MetadataError::NoUsableKey);
            }
            Ok(ClientKeys::Set(set.clone()))
        }
        (None, Some(uri)) => match Url::parse(uri) {
            // The parser mends what it reads, but the text itself is kept: a NUL would be no text to PostgreSQL.
            Ok(url) if url.scheme() == "https" && url.has_host() && uri.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(ClientKeys::Uri(uri.to_owned()))
            }
            _ => Err(MetadataError::KeysUri),
        },
        (None, None) | (Some(_), Some(_)) => Err(MetadataError::NoKeys),
    }
}

/// Whether a JWK holds what only its owner may know: the private half of a pair, or a key that both sides share.
pub(super) fn is_secret(key: &Value) -> bool {
    key.get("d").is_some() || key.get("k").is_some()
}

/// A field that is absent, null or a text. An empty text counts as absent.
fn string<'a>(fields: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, MetadataError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err(MetadataError::WrongType(name)),
    }
}

fn strings<'a>(fields: &'a Map<String, Value>, name: &'static str) -> Result<Option<Vec<&'a str>>, MetadataError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(values)) => values
            .iter()
            .map(|value| value.as_str().ok_or(MetadataError::WrongType(name)))
            .collect::<Result<_, _>>()
            .map(Some),
        Some(_) => Err(MetadataError::WrongType(name)),
    }
}
