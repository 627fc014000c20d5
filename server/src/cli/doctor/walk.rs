//! Discovery, walked as an AI client walks it: the challenge, the resource's metadata, the authorization server's metadata
//! (MCP authorization; RFC 9728, RFC 8414).

use super::findings::Findings;
use crate::cli::Fault;
use http::{HeaderMap, HeaderValue, Method, header};
use providers::operator::{Answer, OperatorClient};
use serde_json::{Value, json};
use url::Url;

pub async fn walk(url: &str, findings: &mut Findings) -> Result<(), Fault> {
    let Some(endpoint) = endpoint(url, findings)? else { return Ok(()) };
    let client = OperatorClient::new();
    let Some(metadata_url) = challenge(&client, &endpoint, findings).await? else { return Ok(()) };
    let Some(issuer) = resource(&client, &endpoint, &metadata_url, findings).await? else { return Ok(()) };
    server(&client, &issuer, findings).await
}

fn endpoint(url: &str, findings: &mut Findings) -> Result<Option<Url>, Fault> {
    let Some(endpoint) = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
        findings.fail(format_args!("{url:?} is no URL: write it as https://visage.example/mcp"))?;
        return Ok(None);
    };
    let is_local = matches!(endpoint.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if endpoint.scheme() == "http" && !is_local {
        findings.fail(
            "the URL is plain http: clients refuse to sign in over it; put a proxy with a certificate before it",
        )?;
    }
    if endpoint.path() != "/mcp" && !endpoint.path().starts_with("/mcp/") {
        findings.fail(format_args!(
            "the path is {:?}: the connector's URL ends in /mcp (or /mcp/ and a workspace)",
            endpoint.path()
        ))?;
        return Ok(None);
    }
    Ok(Some(endpoint))
}

/// A call without a token; answers with the address of the resource's metadata.
async fn challenge(client: &OperatorClient, endpoint: &Url, findings: &mut Findings) -> Result<Option<String>, Fault> {
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": { "name": "visage doctor", "version": env!("CARGO_PKG_VERSION") },
        },
    });
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
    let answer = match client.send(Method::POST, endpoint.as_str(), headers, Some(call.to_string())).await {
        Ok(answer) => answer,
        Err(error) => {
            findings.fail(format_args!("{endpoint}: {error}; check that the server runs and the name leads to it"))?;
            return Ok(None);
        }
    };
    if answer.status != 401 {
        findings.fail(format_args!(
            "{endpoint}: a call without a token must be answered with 401, not {}; something before the server answers in its place",
            answer.status.as_u16()
        ))?;
        return Ok(None);
    }
    let challenge = answer.headers.get(header::WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
    let Some(challenge) = challenge else {
        findings.fail("the 401 has no WWW-Authenticate header; a proxy before the server removes it")?;
        return Ok(None);
    };
    let Some(url) = parameter(challenge, "resource_metadata") else {
        findings.fail("the WWW-Authenticate header names no resource_metadata")?;
        return Ok(None);
    };
    findings.well(format_args!("{endpoint}: a call without a token is challenged"))?;
    Ok(Some(url.to_owned()))
}

/// The resource's metadata; answers with its issuer.
async fn resource(
    client: &OperatorClient,
    endpoint: &Url,
    metadata_url: &str,
    findings: &mut Findings,
) -> Result<Option<String>, Fault> {
    let Some(document) = document(client, metadata_url, findings).await? else { return Ok(None) };
    let resource = document["resource"].as_str().unwrap_or_default();
    findings.judge(
        resource == endpoint.as_str(),
        format_args!("resource metadata: names {resource}"),
        format_args!(
            "resource metadata: names {resource:?}, but clients were given {:?} and refuse the difference; set VISAGE_PUBLIC_URL to {}",
            endpoint.as_str(),
            endpoint.origin().ascii_serialization()
        ),
    )?;
    let issuers = document["authorization_servers"].as_array().map(Vec::as_slice).unwrap_or_default();
    match issuers {
        [issuer] => Ok(issuer.as_str().map(str::to_owned)),
        [issuer, ..] => {
            findings.warn("resource metadata: names several authorization servers; clients use the first")?;
            Ok(issuer.as_str().map(str::to_owned))
        }
        [] => {
            findings.fail("resource metadata: names no authorization server")?;
            Ok(None)
        }
    }
}

async fn server(client: &OperatorClient, issuer: &str, findings: &mut Findings) -> Result<(), Fault> {
    let url = format!("{issuer}/.well-known/oauth-authorization-server");
    let Some(document) = document(client, &url, findings).await? else { return Ok(()) };
    let named = document["issuer"].as_str().unwrap_or_default();
    findings.judge(
        named == issuer,
        format_args!("server metadata: the issuer is {issuer}"),
        format_args!("server metadata: the issuer is {named:?}, but the resource names {issuer:?}; they must be equal byte for byte"),
    )?;
    for name in ["authorization_endpoint", "token_endpoint", "registration_endpoint"] {
        let address = document[name].as_str().unwrap_or_default();
        findings.judge(
            address.starts_with(&format!("{issuer}/")),
            format_args!("server metadata: {name} is {address}"),
            format_args!("server metadata: {name} is {address:?}, which is not below the issuer"),
        )?;
    }
    for (name, wanted, why) in [
        ("code_challenge_methods_supported", "S256", "clients refuse to go on without PKCE"),
        ("response_types_supported", "code", "clients ask for a code"),
        ("grant_types_supported", "authorization_code", "clients trade a code for a token"),
        ("grant_types_supported", "refresh_token", "connections would end after a day"),
        ("token_endpoint_auth_methods_supported", "none", "most clients hold no secret"),
    ] {
        findings.judge(
            lists(&document[name], wanted),
            format_args!("server metadata: {name} has {wanted}"),
            format_args!("server metadata: {name} lacks {wanted}: {why}"),
        )?;
    }
    if document["authorization_response_iss_parameter_supported"] != Value::Bool(true) {
        findings.warn("server metadata: does not promise the iss parameter, which newer clients check")?;
    }
    endpoints_answer(client, &document, findings).await
}

/// Whether the endpoints are there, each by what it must refuse.
async fn endpoints_answer(client: &OperatorClient, document: &Value, findings: &mut Findings) -> Result<(), Fault> {
    for (name, content_type) in
        [("token_endpoint", "application/x-www-form-urlencoded"), ("registration_endpoint", "application/json")]
    {
        let Some(url) = document[name].as_str() else { continue };
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        let body = if name == "registration_endpoint" { "{}" } else { "grant_type=none" };
        match client.send(Method::POST, url, headers, Some(body.to_owned())).await {
            Ok(answer) => {
                let is_told = matches!(answer.status.as_u16(), 400 | 401) && json(&answer)["error"].is_string();
                findings.judge(
                    is_told,
                    format_args!("{url}: refuses nonsense in JSON"),
                    format_args!(
                        "{url}: answered {} and no OAuth error; something before the server answers in its place",
                        answer.status.as_u16()
                    ),
                )?;
            }
            Err(error) => findings.fail(format_args!("{url}: {error}"))?,
        }
    }
    Ok(())
}

async fn document(client: &OperatorClient, url: &str, findings: &mut Findings) -> Result<Option<Value>, Fault> {
    let answer = match client.send(Method::GET, url, HeaderMap::new(), None).await {
        Ok(answer) => answer,
        Err(error) => {
            findings.fail(format_args!("{url}: {error}"))?;
            return Ok(None);
        }
    };
    let document = json(&answer);
    let is_well = findings.judge(
        answer.status == 200 && document.is_object(),
        format_args!("{url}: found"),
        format_args!("{url}: must be a JSON object with status 200, but the status is {}", answer.status.as_u16()),
    )?;
    Ok(is_well.then_some(document))
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
}

fn lists(value: &Value, wanted: &str) -> bool {
    value.as_array().is_some_and(|values| values.iter().any(|value| value == wanted))
}

/// A quoted parameter of a challenge (RFC 9110, section 11.2).
fn parameter<'a>(challenge: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = challenge.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn the_metadata_is_found_in_the_challenge() {
        let challenge = r#"Bearer resource_metadata="https://visage.example/.well-known/x", scope="openid""#;
        assert_eq!(parameter(challenge, "resource_metadata"), Some("https://visage.example/.well-known/x"));
        assert_eq!(parameter(challenge, "error"), None);
    }
}
