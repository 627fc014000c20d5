//! Client metadata (RFC 7591, section 2): what a client says of itself, read tolerantly where it does no harm and strictly
//! where an answer will be sent.

use super::{
    client::AuthMethod,
    error::ErrorCode,
    redirect_uri::{RedirectUri, RedirectUriError},
};
use crate::text;
use serde_json::{Map, Value};

/// Most redirect URIs of one client.
pub const MOST_REDIRECT_URIS: usize = 10;

/// Metadata that may be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientMetadata {
    pub name: String,
    pub redirect_uris: Vec<RedirectUri>,
    pub auth_method: AuthMethod,
    pub may_refresh: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    #[error("the metadata must be a JSON object")]
    NotAnObject,
    #[error("redirect_uris is missing: list at least one")]
    NoRedirectUri,
    #[error("redirect_uris has more than {MOST_REDIRECT_URIS} entries")]
    TooManyRedirectUris,
    #[error("redirect_uris: {0}")]
    RedirectUri(#[from] RedirectUriError),
    #[error("{0} has a value of the wrong type")]
    WrongType(&'static str),
    #[error("token_endpoint_auth_method must be none, client_secret_basic or client_secret_post")]
    AuthMethod,
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
        let grant_types = strings(fields, "grant_types")?;
        let lists = |grant: &str| grant_types.as_ref().is_none_or(|types| types.is_empty() || types.contains(&grant));
        if !lists("authorization_code") {
            return Err(MetadataError::GrantTypes);
        }
        if strings(fields, "response_types")?.is_some_and(|types| !types.is_empty() && !types.contains(&"code")) {
            return Err(MetadataError::ResponseTypes);
        }
        let name = text::one_line(string(fields, "client_name")?.unwrap_or_default(), 80);
        let may_refresh = lists("refresh_token");
        Ok(Self {
            name: if name.is_empty() { "Unnamed app".to_owned() } else { name },
            redirect_uris,
            auth_method,
            may_refresh,
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn three_uris_of_three_kinds_register_in_one_request() {
        let metadata = ClientMetadata::parse(&json!({
            "client_name": "Cursor",
            "redirect_uris": ["cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback", "http://localhost:8787/callback"],
            "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "scope": "claudeai",
        }));
        assert!(metadata.is_ok_and(|metadata| metadata.redirect_uris.len() == 3 && metadata.may_refresh));
    }

    #[test]
    fn each_fault_has_its_code() {
        for (document, code) in [
            (json!([]), ErrorCode::InvalidClientMetadata),
            (json!({}), ErrorCode::InvalidRedirectUri),
            (json!({"redirect_uris": []}), ErrorCode::InvalidRedirectUri),
            (json!({"redirect_uris": "https://x.example/"}), ErrorCode::InvalidRedirectUri),
            (json!({"redirect_uris": ["http://x.example/"]}), ErrorCode::InvalidRedirectUri),
            (
                json!({"redirect_uris": ["https://x.example/"], "grant_types": ["client_credentials"]}),
                ErrorCode::InvalidClientMetadata,
            ),
            (
                json!({"redirect_uris": ["https://x.example/"], "token_endpoint_auth_method": "magic"}),
                ErrorCode::InvalidClientMetadata,
            ),
            (json!({"redirect_uris": ["https://x.example/"], "client_name": 7}), ErrorCode::InvalidClientMetadata),
        ] {
            assert_eq!(ClientMetadata::parse(&document).map_err(|error| error.code()), Err(code), "{document}");
        }
    }
}
