//! Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document): which `client_id` names one, what it must
//! hold, and how long a copy of it is good for. Fetching it is no affair of this file.

use super::{
    client::AuthMethod,
    client_metadata::{ClientMetadata, MetadataError, is_secret},
    redirect_uri::RedirectUri,
};
use serde_json::{Map, Value};
use std::{fmt, time::Duration};
use url::{Host, Url};

/// In bytes. An identifier is looked up by an index, whose entries are bounded.
const LONGEST: usize = 1_000;

/// A copy is good for this long at the least: whoever forbids caching would be fetched at every click.
const FRESH_AT_LEAST: Duration = Duration::from_secs(300);
/// And at the most, whatever the server says: what it takes back has to reach us.
const FRESH_AT_MOST: Duration = Duration::from_secs(86_400);
/// Where the server says nothing.
const FRESH_BY_DEFAULT: Duration = Duration::from_secs(3_600);

/// Redirect URIs of one document that are looked at, before those that differ by a loopback port only are taken for one.
const MOST_REDIRECT_URIS_READ: usize = 100;

/// Where documents may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// On public https servers.
    Public,
    /// Also on this machine, over plain http and on any port: for stand-in servers.
    ThisMachineToo,
}

/// A `client_id` that is the address of a document, kept byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DocumentUrl {
    text: String,
    host: String,
}

/// Why a URL can't be a `client_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentUrlError {
    #[error("its client_id is no well-formed URL")]
    NotAUrl,
    #[error("its client_id must be an https URL")]
    Scheme,
    #[error("its client_id is a URL with a user name or password in it")]
    Userinfo,
    #[error("its client_id is a URL with a fragment in it")]
    Fragment,
    #[error(
        "its client_id is a URL with a query in it, and whatever a site echoes back would then speak in that site's name"
    )]
    Query,
    #[error("its client_id is a URL without a path to a document")]
    NoPath,
    #[error("its client_id must be on the standard https port")]
    Port,
    #[error("its client_id must be on a public host name")]
    Host,
    #[error("its client_id is not spelled in the plain way: lower case host, no dot segments, nothing to mend")]
    NotPlain,
    #[error("its client_id has more than {LONGEST} bytes")]
    TooLong,
}

impl DocumentUrl {
    /// None where the identifier is no URL at all: then it is looked for among the registered ones.
    pub fn parse(id: &str, reach: Reach) -> Option<Result<Self, DocumentUrlError>> {
        is_url(id).then(|| Self::parse_url(id, reach))
    }

    fn parse_url(text: &str, reach: Reach) -> Result<Self, DocumentUrlError> {
        if text.len() > LONGEST {
            return Err(DocumentUrlError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| DocumentUrlError::NotAUrl)?;
        let is_local = reach == Reach::ThisMachineToo && is_this_machine(&url);
        if url.scheme() != "https" && !(is_local && url.scheme() == "http") {
            return Err(DocumentUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(DocumentUrlError::Userinfo);
        }
        if url.fragment().is_some() {
            return Err(DocumentUrlError::Fragment);
        }
        if url.query().is_some() {
            return Err(DocumentUrlError::Query);
        }
        if url.port().is_some() && !is_local {
            return Err(DocumentUrlError::Port);
        }
        let host = match url.host() {
            Some(Host::Domain(name)) if name.contains('.') && !name.ends_with('.') => name.to_owned(),
            Some(host) if is_local => host.to_string(),
            _ => return Err(DocumentUrlError::Host),
        };
        if url.path() == "/" {
            return Err(DocumentUrlError::NoPath);
        }
        // A parser that has nothing to mend prints what it read. Two spellings of one address would be two clients.
        if url.as_str() != text {
            return Err(DocumentUrlError::NotPlain);
        }
        Ok(Self { text: text.to_owned(), host })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whose word the document is.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for DocumentUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Whether a `client_id` is meant to name a document, be it well or badly.
pub fn is_url(id: &str) -> bool {
    let starts_with = |scheme: &str| id.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    id.contains("://") || starts_with("https:") || starts_with("http:")
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Why a document is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("it is no JSON object")]
    NotAnObject,
    #[error("its client_id is not the address it was read from")]
    WrongClientId,
    #[error("it has no client_name")]
    NoName,
    #[error("it holds a client secret, which everybody can read there")]
    Secret,
    #[error("it holds a private key, which everybody can read there")]
    PrivateKey,
    #[error(
        "a client that everybody can read about can't have a shared secret: its authentication method must be none or private_key_jwt"
    )]
    AuthMethod,
    #[error(transparent)]
    Metadata(#[from] MetadataError),
}

/// Reads the document that was found at `url`. What it says of other servers' needs (grants, scopes, fields unknown here)
/// is passed over.
pub fn read(url: &DocumentUrl, body: &[u8]) -> Result<ClientMetadata, DocumentError> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
        return Err(DocumentError::NotAnObject);
    };
    if fields.get("client_id").and_then(Value::as_str) != Some(url.as_str()) {
        return Err(DocumentError::WrongClientId);
    }
    if fields.get("client_name").and_then(Value::as_str).is_none_or(|name| name.trim().is_empty()) {
        return Err(DocumentError::NoName);
    }
    let holds = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
    if holds("client_secret") || holds("client_secret_expires_at") {
        return Err(DocumentError::Secret);
    }
    let set = fields.get("jwks").and_then(|set| set.get("keys")).and_then(Value::as_array);
    if set.into_iter().flatten().any(is_secret) {
        return Err(DocumentError::PrivateKey);
    }
    let (may_be_public, may_sign) = auth_methods(&fields)?;
    join_loopback_ports(&mut fields);
    if may_sign {
        let signing = parse_as(&mut fields, AuthMethod::PrivateKeyJwt);
        // A client that offers both is public with keys: what it signs is verified, what it doesn't sign is let through.
        if may_be_public && let Ok(metadata) = signing {
            return Ok(ClientMetadata { auth_method: AuthMethod::None, ..metadata });
        }
        if !may_be_public {
            return Ok(signing?);
        }
    }
    Ok(parse_as(&mut fields, AuthMethod::None)?)
}

fn parse_as(fields: &mut Map<String, Value>, method: AuthMethod) -> Result<ClientMetadata, MetadataError> {
    fields.insert("token_endpoint_auth_method".to_owned(), method.as_str().into());
    let document = Value::Object(std::mem::take(fields));
    let metadata = ClientMetadata::parse(&document);
    if let Value::Object(taken) = document {
        *fields = taken;
    }
    metadata
}

/// Whether the client may come without any proof, and whether it may sign. Documents name one method, or a list of them
/// under the name that belongs to a server's metadata, or both.
fn auth_methods(fields: &Map<String, Value>) -> Result<(bool, bool), DocumentError> {
    let one = fields.get("token_endpoint_auth_method").and_then(Value::as_str);
    let listed = fields.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let listed = listed.into_iter().flatten().filter_map(Value::as_str);
    let named: Vec<&str> = one.into_iter().chain(listed).filter(|name| !name.is_empty()).collect();
    let names = |method: AuthMethod| named.contains(&method.as_str());
    let (may_be_public, may_sign) = (named.is_empty() || names(AuthMethod::None), names(AuthMethod::PrivateKeyJwt));
    let may_as_told = one.is_none_or(|one| {
        one != "client_secret_jwt" && !AuthMethod::from_name(one).is_some_and(AuthMethod::has_secret)
    });
    if may_as_told && (may_be_public || may_sign) {
        Ok((may_be_public, may_sign))
    } else {
        Err(DocumentError::AuthMethod)
    }
}

/// Some documents list a dozen ports of one loopback address, where one entry stands for all.
fn join_loopback_ports(fields: &mut Map<String, Value>) {
    let Some(Value::Array(listed)) = fields.get_mut("redirect_uris") else { return };
    let mut kept: Vec<RedirectUri> = Vec::new();
    listed.truncate(MOST_REDIRECT_URIS_READ);
    listed.retain(|value| match value.as_str().map(|text| (text, RedirectUri::parse(text))) {
        Some((text, Ok(uri))) => {
            let is_new = !kept.iter().any(|kept| kept.matches(text));
            if is_new {
                kept.push(uri);
            }
            is_new
        }
        // Refused below, with its reason.
        _ => true,
    });
}

/// How long a copy is good for, as the answer's `Cache-Control` asks and within our bounds.
pub fn fresh_for(cache_control: Option<&str>) -> Duration {
    let directives = || cache_control.unwrap_or_default().split(',').map(str::trim);
    let is = |name: &str| directives().any(|directive| directive.eq_ignore_ascii_case(name));
    if is("no-store") || is("no-cache") {
        return FRESH_AT_LEAST;
    }
    let max_age = directives().find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        let is_max_age = name.trim().eq_ignore_ascii_case("max-age");
        if is_max_age { value.trim().trim_matches('"').parse::<u64>().ok() } else { None }
    });
    max_age.map_or(FRESH_BY_DEFAULT, Duration::from_secs).clamp(FRESH_AT_LEAST, FRESH_AT_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::client::ClientKeys;
    use serde_json::json;

    const URL: &str = "https://app.example.com/client.json";

    fn url() -> DocumentUrl {
        DocumentUrl::parse(URL, Reach::Public).unwrap().unwrap()
    }

    /// A good document with `changes` made to it; null takes a field away.
    fn read_with(changes: &Value) -> Result<ClientMetadata, DocumentError> {
        let mut document = json!({
            "client_id": URL,
            "client_name": "App",
            "redirect_uris": ["https://app.example.com/callback"],
        });
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        document.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        read(&url(), document.to_string().as_bytes())
    }

    #[test]
    fn an_identifier_that_is_no_url_is_none_of_ours() {
        for id in ["client_0123", "", "nobody", "é", "urn:example:app"] {
            assert_eq!(DocumentUrl::parse(id, Reach::Public), None, "{id}");
        }
    }

    #[test]
    fn a_document_lies_at_a_plain_https_address_with_a_path() {
        for good in [URL, "https://app.example.com/a/b-c_d~e/client", "https://xn--bcher-kva.example/c.json"] {
            assert_eq!(
                DocumentUrl::parse(good, Reach::Public).unwrap().map(|url| url.to_string()),
                Ok(good.to_owned())
            );
        }
        assert_eq!(url().host(), "app.example.com");
        for (bad, reason) in [
            ("http://app.example.com/c.json", DocumentUrlError::Scheme),
            ("ftp://app.example.com/c.json", DocumentUrlError::Scheme),
            ("https://", DocumentUrlError::NotAUrl),
            ("https://user@app.example.com/c.json", DocumentUrlError::Userinfo),
            ("https://app.example.com/c.json#x", DocumentUrlError::Fragment),
            ("https://app.example.com/c.json?x", DocumentUrlError::Query),
            ("https://app.example.com:8443/c.json", DocumentUrlError::Port),
            ("https://app.example.com/", DocumentUrlError::NoPath),
            ("https://app.example.com", DocumentUrlError::NoPath),
            ("https://app.example.com:443/c.json", DocumentUrlError::NotPlain),
            ("https://APP.example.com/c.json", DocumentUrlError::NotPlain),
            ("HTTPS://app.example.com/c.json", DocumentUrlError::NotPlain),
            ("https:app.example.com/c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com\\c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com/a/../c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com/a/%2e%2e/c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com/./c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com/c\t.json", DocumentUrlError::NotPlain),
            (" https://app.example.com/c.json", DocumentUrlError::NotPlain),
            ("https://bücher.example/c.json", DocumentUrlError::NotPlain),
            ("https://intranet/c.json", DocumentUrlError::Host),
            ("https://app.example.com./c.json", DocumentUrlError::Host),
            ("https://10.0.0.1/c.json", DocumentUrlError::Host),
            ("https://[::1]/c.json", DocumentUrlError::Host),
            ("http://127.0.0.1:8080/c.json", DocumentUrlError::Scheme),
        ] {
            assert_eq!(DocumentUrl::parse(bad, Reach::Public), Some(Err(reason)), "{bad}");
        }
        let long = format!("https://app.example.com/{}", "x".repeat(LONGEST));
        assert_eq!(DocumentUrl::parse(&long, Reach::Public), Some(Err(DocumentUrlError::TooLong)));
    }

    #[test]
    fn a_stand_in_on_this_machine_is_let_through_only_where_it_is_asked_for() {
        let local = "http://127.0.0.1:8080/c.json";
        assert!(DocumentUrl::parse(local, Reach::ThisMachineToo).unwrap().is_ok());
        for other in ["http://app.example.com/c.json", "http://10.0.0.1/c.json", "https://app.example.com:1/c.json"] {
            assert!(DocumentUrl::parse(other, Reach::ThisMachineToo).unwrap().is_err(), "{other}");
        }
    }

    #[test]
    fn a_document_speaks_for_its_own_address_and_keeps_no_secret() {
        assert!(read_with(&json!({})).is_ok_and(|metadata| metadata.name == "App" && metadata.may_refresh));
        for (changes, reason) in [
            (json!({"client_id": "https://app.example.com/other.json"}), DocumentError::WrongClientId),
            (json!({"client_id": null}), DocumentError::WrongClientId),
            (json!({"client_name": null}), DocumentError::NoName),
            (json!({"client_name": "  "}), DocumentError::NoName),
            (json!({"client_secret": "s"}), DocumentError::Secret),
            (json!({"client_secret_expires_at": 0}), DocumentError::Secret),
            (json!({"jwks": {"keys": [{"kty": "EC"}, {"kty": "EC", "d": "x"}]}}), DocumentError::PrivateKey),
            (json!({"jwks": {"keys": [{"kty": "oct", "k": "x"}]}}), DocumentError::PrivateKey),
            (json!({"token_endpoint_auth_method": "client_secret_basic"}), DocumentError::AuthMethod),
            (json!({"token_endpoint_auth_method": "client_secret_jwt"}), DocumentError::AuthMethod),
            (json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]}), DocumentError::AuthMethod),
            (json!({"redirect_uris": null}), MetadataError::NoRedirectUri.into()),
            (json!({"redirect_uris": []}), MetadataError::NoRedirectUri.into()),
            (json!({"token_endpoint_auth_method": "private_key_jwt"}), MetadataError::NoKeys.into()),
        ] {
            assert_eq!(read_with(&changes), Err(reason), "{changes}");
        }
        assert!(matches!(
            read_with(&json!({"redirect_uris": ["http://app.example.com/cb"]})),
            Err(DocumentError::Metadata(MetadataError::RedirectUri(_)))
        ));
        for body in ["", "[]", "null", "{", "<html>"] {
            assert_eq!(read(&url(), body.as_bytes()), Err(DocumentError::NotAnObject), "{body}");
        }
    }

    #[test]
    fn what_concerns_other_servers_is_passed_over() {
        let metadata = read_with(&json!({
            "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
            "application_type": "native",
            "scope": "claudeai",
            "logo_uri": "https://app.example.com/logo.svg",
            "token_endpoint_auth_methods_supported": ["none", "magic"],
        }));
        assert!(metadata.is_ok_and(|metadata| metadata.auth_method == AuthMethod::None && metadata.keys.is_none()));
    }

    #[test]
    fn a_client_that_may_sign_keeps_its_keys_even_where_it_need_not() {
        let keys = "https://app.example.com/keys.json";
        let kept = Some(ClientKeys::Uri(keys.to_owned()));
        let both = read_with(&json!({
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
            "jwks_uri": keys,
        }))
        .unwrap();
        assert_eq!((both.auth_method, both.keys), (AuthMethod::None, kept.clone()));
        let signs = read_with(&json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": keys})).unwrap();
        assert_eq!((signs.auth_method, signs.keys), (AuthMethod::PrivateKeyJwt, kept));
        let without =
            read_with(&json!({"token_endpoint_auth_methods_supported": ["none", "private_key_jwt"]})).unwrap();
        assert_eq!((without.auth_method, without.keys), (AuthMethod::None, None));
    }

    #[test]
    fn a_dozen_ports_of_one_loopback_address_are_one() {
        let ports = (13_316..13_336).flat_map(|port| {
            ["127.0.0.1", "localhost"].map(|host| Value::from(format!("http://{host}:{port}/callback")))
        });
        let metadata = read_with(&json!({"redirect_uris": ports.collect::<Vec<_>>()})).unwrap();
        assert_eq!(metadata.redirect_uris.len(), 2);
    }

    #[test]
    fn a_copy_lasts_between_five_minutes_and_a_day() {
        for (cache_control, seconds) in [
            (None, 3_600),
            (Some(""), 3_600),
            (Some("public, max-age=7200"), 7_200),
            (Some("Max-Age=\"7200\""), 7_200),
            (Some("max-age=1"), 300),
            (Some("max-age=31536000, immutable"), 86_400),
            (Some("max-age=99999999999999999999"), 3_600),
            (Some("max-age=7200, no-cache"), 300),
            (Some("no-store"), 300),
            (Some("s-maxage=60"), 3_600),
        ] {
            assert_eq!(fresh_for(cache_control), Duration::from_secs(seconds), "{cache_control:?}");
        }
    }
}
