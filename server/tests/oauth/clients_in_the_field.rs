//! The clients that exist, in the shapes in which they come: each registers or is known by its document, asks with each of
//! its addresses, and walks to a token that is let in at `/mcp`.

use super::support::{CALLBACK, CHALLENGE, House, Person, VERIFIER, form};
use axum::body::Body;
use http::{Method, StatusCode};
use providers::http::{Answer, GuardedClient, Lookup, NetworkPolicy};
use serde_json::{Value, json};

const MCP: &str = "https://visage.example/mcp";

/// No other server can be found: well-known documents are known all the same.
struct NoAddresses;

impl Lookup for NoAddresses {
    fn lookup(&self, _host: &str) -> Answer {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// A client that registers itself.
struct Registering {
    name: &'static str,
    /// What it sends to `/register`.
    metadata: Value,
    /// Where it wants to be sent back to, when it comes to that.
    asks: &'static [&'static str],
}

/// A client that is named by the address of its document.
struct Documented {
    name: &'static str,
    client_id: &'static str,
    asks: &'static [&'static str],
}

fn dynamic(name: &'static str, metadata: Value, asks: &'static [&'static str]) -> Registering {
    Registering { name, metadata, asks }
}

fn registering() -> Vec<Registering> {
    vec![
        dynamic(
            "Cursor: three addresses in one request, no application_type",
            json!({
                "client_name": "Cursor",
                "redirect_uris": [
                    "cursor://anysphere.cursor-mcp/oauth/callback",
                    "https://www.cursor.com/agents/mcp/oauth/callback",
                    "http://localhost:8787/callback",
                ],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }),
            &[
                "cursor://anysphere.cursor-mcp/oauth/callback",
                "https://www.cursor.com/agents/mcp/oauth/callback",
                "http://localhost:8787/callback",
            ],
        ),
        dynamic(
            "Claude: unknown grants and scopes, nothing for what it has not",
            json!({
                "client_name": "Claude",
                "redirect_uris": ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
                "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
                "scope": "claudeai",
                "logo_uri": null, "client_uri": null, "contacts": null, "tos_uri": "", "software_statement": null,
            }),
            &["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
        ),
        dynamic(
            "Claude Code: a loopback address with the port of that day",
            json!({
                "client_name": "Claude Code (visage)",
                "redirect_uris": ["http://localhost:54213/callback"],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }),
            &["http://localhost:54213/callback", "http://localhost:61000/callback", "http://localhost/callback"],
        ),
        dynamic(
            "ChatGPT: one address for each connector",
            json!({
                "client_name": "ChatGPT",
                "redirect_uris": [
                    "https://chatgpt.com/connector_platform_oauth_redirect",
                    "https://chatgpt.com/connector/oauth/AbC-12_x",
                    "https://chatgpt.com/backend-api/aip/connectors/links/oauth/callback",
                ],
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
            }),
            &[
                "https://chatgpt.com/connector_platform_oauth_redirect",
                "https://chatgpt.com/connector/oauth/AbC-12_x",
                "https://chatgpt.com/backend-api/aip/connectors/links/oauth/callback",
            ],
        ),
        dynamic(
            "Codex: a path behind the callback",
            json!({
                "client_name": "Codex",
                "redirect_uris": ["http://127.0.0.1:1455/callback/ab12"],
                "token_endpoint_auth_method": "none",
            }),
            &["http://127.0.0.1:1455/callback/ab12", "http://127.0.0.1:50001/callback/ab12"],
        ),
        dynamic(
            "VS Code: web, loopback and its own scheme, on a random port",
            json!({
                "client_name": "Visual Studio Code",
                "client_uri": "https://code.visualstudio.com",
                "application_type": "native",
                "redirect_uris": [
                    "https://insiders.vscode.dev/redirect",
                    "https://vscode.dev/redirect",
                    "http://localhost/",
                    "http://127.0.0.1/",
                    "http://localhost:33418/",
                    "http://127.0.0.1:33418/",
                    "vscode://vscode.mcp/oauth/callback",
                ],
                "grant_types": [
                    "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
                ],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }),
            &[
                "http://127.0.0.1:33418/",
                "http://127.0.0.1:49321/",
                "http://localhost:49321/",
                "https://vscode.dev/redirect",
                "https://insiders.vscode.dev/redirect",
                "vscode://vscode.mcp/oauth/callback",
            ],
        ),
        dynamic(
            "Windsurf: a private scheme alone",
            json!({ "client_name": "Windsurf", "redirect_uris": ["windsurf://codeium.windsurf/oauth/callback"] }),
            &["windsurf://codeium.windsurf/oauth/callback"],
        ),
        dynamic(
            "Inspector",
            json!({
                "client_name": "MCP Inspector",
                "client_uri": "https://github.com/modelcontextprotocol/inspector",
                "redirect_uris": ["http://localhost:6274/oauth/callback", "http://localhost:6274/oauth/callback/debug"],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
                "scope": "openid profile email",
            }),
            &["http://localhost:6274/oauth/callback", "http://localhost:6274/oauth/callback/debug"],
        ),
        dynamic(
            "Inspector at the command line",
            json!({ "client_name": "MCP Inspector", "redirect_uris": ["http://127.0.0.1:6276/oauth/callback"] }),
            &["http://127.0.0.1:6276/oauth/callback"],
        ),
        dynamic(
            "mcp-remote",
            json!({
                "client_name": "MCP CLI Proxy",
                "client_uri": "https://github.com/modelcontextprotocol/mcp-cli",
                "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d", "software_version": "0.1.37",
                "redirect_uris": ["http://localhost:3335/oauth/callback"],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }),
            &["http://localhost:3335/oauth/callback", "http://localhost:49150/oauth/callback"],
        ),
        dynamic(
            "Gemini CLI",
            json!({
                "client_name": "Gemini CLI MCP Client",
                "redirect_uris": ["http://localhost:7777/oauth/callback"],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
                "scope": "",
            }),
            &["http://localhost:40123/oauth/callback"],
        ),
        dynamic(
            "Antigravity and Spark",
            json!({
                "client_name": "Antigravity",
                "redirect_uris": [
                    "https://antigravity.google/oauth-callback",
                    "https://oauth-redirect.googleusercontent.com/r/visage-1815",
                ],
            }),
            &[
                "https://antigravity.google/oauth-callback",
                "https://oauth-redirect.googleusercontent.com/r/visage-1815",
            ],
        ),
        dynamic(
            "Copilot Studio and Microsoft 365",
            json!({
                "client_name": "Copilot Studio",
                "redirect_uris": [
                    "https://global.consent.azure-apim.net/redirect/cr1a2b3-5fvisage-5f0123456789abcdef",
                    "https://teams.microsoft.com/api/platform/v1.0/oAuthRedirect",
                ],
                "token_endpoint_auth_method": "none",
            }),
            &[
                "https://global.consent.azure-apim.net/redirect/cr1a2b3-5fvisage-5f0123456789abcdef",
                "https://teams.microsoft.com/api/platform/v1.0/oAuthRedirect",
            ],
        ),
        dynamic(
            "LibreChat on somebody's own host",
            json!({
                "client_name": "LibreChat MCP Client",
                "redirect_uris": ["https://chat.company.example/api/mcp/visage/oauth/callback"],
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
            }),
            &["https://chat.company.example/api/mcp/visage/oauth/callback"],
        ),
        dynamic(
            "Open WebUI: a colon in the path",
            json!({
                "client_name": "Open WebUI",
                "redirect_uris": ["https://ai.company.example/oauth/clients/mcp:visage/callback"],
            }),
            &["https://ai.company.example/oauth/clients/mcp:visage/callback"],
        ),
        dynamic(
            "n8n in the cloud and at home",
            json!({
                "client_name": "n8n",
                "redirect_uris": [
                    "https://oauth.n8n.cloud/oauth2/callback",
                    "https://n8n.company.example/rest/oauth2-credential/callback",
                ],
                "grant_types": ["authorization_code", "refresh_token"],
            }),
            &["https://oauth.n8n.cloud/oauth2/callback", "https://n8n.company.example/rest/oauth2-credential/callback"],
        ),
        dynamic(
            "Perplexity",
            json!({
                "client_name": "Perplexity",
                "redirect_uris": ["https://www.perplexity.ai/rest/connections/oauth_callback"],
            }),
            &["https://www.perplexity.ai/rest/connections/oauth_callback"],
        ),
        dynamic(
            "Grok",
            json!({ "client_name": "Grok", "redirect_uris": ["grokbot://mcp/oauth/callback"] }),
            &["grokbot://mcp/oauth/callback"],
        ),
        dynamic(
            "Goose, MCPJam: no grant types, no method, no name",
            json!({ "redirect_uris": ["http://localhost:8765/oauth/callback"] }),
            &["http://localhost:8765/oauth/callback", "http://localhost:8766/oauth/callback"],
        ),
    ]
}

const DOCUMENTED: [Documented; 8] = [
    Documented {
        name: "Claude on the web, desktop and mobile",
        client_id: "https://claude.ai/oauth/mcp-oauth-client-metadata",
        asks: &["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
    },
    Documented {
        name: "Claude Code: an address without a port stands for all",
        client_id: "https://claude.ai/oauth/claude-code-client-metadata",
        asks: &["http://localhost:54213/callback", "http://127.0.0.1:33000/callback", "http://localhost/callback"],
    },
    Documented {
        name: "ChatGPT: signs or comes without proof",
        client_id: "https://chatgpt.com/oauth/client.json",
        asks: &["https://chatgpt.com/connector_platform_oauth_redirect"],
    },
    Documented {
        name: "Codex",
        client_id: "https://chatgpt.com/oauth/codex/client.json",
        asks: &["http://127.0.0.1:1455/callback", "http://localhost:50001/callback"],
    },
    Documented {
        name: "VS Code on its own port",
        client_id: "https://vscode.dev/oauth/client-metadata.json",
        asks: &["http://127.0.0.1:33418/", "https://vscode.dev/redirect", "https://insiders.vscode.dev/redirect"],
    },
    Documented {
        name: "VS Code on a random port",
        client_id: "https://vscode.dev/oauth/client-metadata.json",
        asks: &["http://127.0.0.1:49321/", "http://localhost:49321/"],
    },
    Documented {
        name: "Zed",
        client_id: "https://zed.dev/oauth/client-metadata.json",
        asks: &["http://127.0.0.1:39001/callback"],
    },
    Documented {
        name: "OpenCode",
        client_id: "https://opencode.ai/oauth/opencode/client.json",
        asks: &["http://127.0.0.1:19876/mcp/oauth/callback"],
    },
];

#[tokio::test]
async fn every_client_that_registers_itself_walks_to_a_token_with_each_of_its_addresses() {
    let house = House::start().await;
    let person = house.person().await;
    for shape in registering() {
        let answer = house.post_json("/register", &[], &shape.metadata).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}: {}", shape.name, answer.text());
        let told = answer.json();
        assert_nothing_empty(&told, shape.name);
        assert_eq!(told["redirect_uris"], shape.metadata["redirect_uris"], "{}", shape.name);
        assert_eq!(told["token_endpoint_auth_method"], "none", "{}", shape.name);
        assert!(told.get("client_secret").is_none() && told.get("client_secret_expires_at").is_none());
        assert_eq!(told["grant_types"], json!(["authorization_code", "refresh_token"]), "{}", shape.name);
        for ask in shape.asks {
            walk(&house, &person, told["client_id"].as_str().unwrap(), ask, shape.name).await;
        }
    }
}

#[tokio::test]
async fn every_client_with_a_well_known_document_walks_to_a_token_although_it_cannot_be_fetched() {
    let house = House::start_reaching(GuardedClient::with_lookup(NetworkPolicy::Public, NoAddresses)).await;
    let person = house.person().await;
    for shape in DOCUMENTED {
        for ask in shape.asks {
            walk(&house, &person, shape.client_id, ask, shape.name).await;
        }
    }
}

#[tokio::test]
async fn identical_registrations_of_one_connector_are_one_client() {
    let house = House::start().await;
    let metadata = &registering()[1].metadata;
    let first = house.post_json("/register", &[], metadata).await.json();
    let second = house.post_json("/register", &[], metadata).await.json();
    assert_eq!(first["client_id"], second["client_id"]);
    assert!(second.get("registration_access_token").is_none());
}

#[tokio::test]
async fn a_client_that_ignores_discovery_finds_the_endpoints_at_the_root_and_needs_no_resource() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let tokens = exchange(&house, &person, &client, CALLBACK, None, "plain").await;
    assert_let_in(&house, tokens["access_token"].as_str().unwrap(), "plain").await;
}

#[tokio::test]
async fn only_a_client_that_lists_its_grants_without_refreshing_gets_no_refresh_token() {
    let house = House::start().await;
    let person = house.person().await;
    for (grants, expected) in [
        (Value::Null, true),
        (json!([]), true),
        (json!(["authorization_code", "refresh_token"]), true),
        (json!(["authorization_code"]), false),
    ] {
        let metadata = json!({"client_name": "Test", "redirect_uris": [CALLBACK], "grant_types": grants});
        let told = house.post_json("/register", &[], &metadata).await.json();
        let tokens =
            exchange(&house, &person, told["client_id"].as_str().unwrap(), CALLBACK, Some(MCP), "grants").await;
        assert_eq!(tokens.get("refresh_token").is_some(), expected, "{grants}");
        assert_nothing_empty(&tokens, "tokens");
    }
}

/// From the authorization request to the first call, and through a refresh a second later.
async fn walk(house: &House, person: &Person, client: &str, redirect_uri: &str, name: &str) {
    let tokens = exchange(house, person, client, redirect_uri, Some(MCP), name).await;
    assert_nothing_empty(&tokens, name);
    assert_eq!(tokens["scope"], "openid profile offline_access", "{name}");
    assert!(tokens["expires_in"].is_u64(), "{name}");
    assert_let_in(house, tokens["access_token"].as_str().unwrap(), name).await;
    house.clock.advance(std::time::Duration::from_secs(1));
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", client),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("resource", MCP),
    ];
    let refreshed = house.post_form("/token", &[], &fields).await;
    assert_eq!(refreshed.status, StatusCode::OK, "{name}: {}", refreshed.text());
    assert_let_in(house, refreshed.json()["access_token"].as_str().unwrap(), name).await;
}

/// Asks with a scope of the client's own making, has the person say yes, and redeems the code at the very address.
async fn exchange(
    house: &House,
    person: &Person,
    client: &str,
    redirect_uri: &str,
    resource: Option<&str>,
    name: &str,
) -> Value {
    let mut asked = vec![
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", redirect_uri),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "s t&te"),
        ("scope", "claudeai openid profile"),
    ];
    asked.extend(resource.map(|resource| ("resource", resource)));
    let consent = house.get(&format!("/authorize?{}", form(&asked))).await;
    assert_eq!(consent.status, StatusCode::SEE_OTHER, "{name}: {redirect_uri}: {}", consent.text());
    let location = consent.location();
    let request = location.strip_prefix("/consent/").unwrap_or_else(|| panic!("{name}: {location}"));
    let answer = house.decide(person, request, "authorize").await;
    assert!(answer.location().starts_with(&format!("{redirect_uri}?code=")), "{name}: {}", answer.location());
    assert_eq!(answer.location_parameter("state").as_deref(), Some("s t&te"), "{name}");
    assert_eq!(answer.location_parameter("iss").as_deref(), Some("https://visage.example"), "{name}");
    let code = answer.location_parameter("code").unwrap();
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", code.as_str()),
        ("redirect_uri", redirect_uri),
        ("code_verifier", VERIFIER),
    ];
    fields.extend(resource.map(|resource| ("resource", resource)));
    let answer = house.post_form("/token", &[], &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
    answer.json()
}

async fn assert_let_in(house: &House, token: &str, name: &str) {
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
    ];
    let answer = house.call(Method::POST, "/mcp", &headers, Body::from(ping)).await;
    assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
}

/// Clients choke on `null` and on empty texts where a field could be left out.
#[track_caller]
fn assert_nothing_empty(value: &Value, name: &str) {
    match value {
        Value::Null => panic!("{name}: null"),
        Value::String(text) => assert!(!text.is_empty(), "{name}: an empty text"),
        Value::Array(items) => items.iter().for_each(|item| assert_nothing_empty(item, name)),
        Value::Object(fields) => fields.values().for_each(|field| assert_nothing_empty(field, name)),
        Value::Bool(_) | Value::Number(_) => {}
    }
}
