//! The clients that exist, in the shapes in which they come: each registers or is known by its document, asks with each of
//! its addresses, and walks to a token that is let in at `/mcp`.

mod shapes;

use super::support::{CALLBACK, CHALLENGE, House, Person, VERIFIER, form};
use axum::body::Body;
use domain::oauth::{
    client::ClientId,
    client_policy::{Effect, RuleSubject},
};
use http::{Method, StatusCode};
use providers::http::{Answer, GuardedClient, Lookup, NetworkPolicy};
use serde_json::{Value, json};
use shapes::{DOCUMENTED, registering};

const MCP: &str = "https://visage.example/mcp";

/// No other server can be found: well-known documents are known all the same.
struct NoAddresses;

impl Lookup for NoAddresses {
    fn lookup(&self, _host: &str) -> Answer {
        Box::pin(async { Ok(Vec::new()) })
    }
}

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

/// mcporter and the Gemini CLI listen at another port for every sign-in, and register that one each time.
#[tokio::test]
async fn a_client_that_registers_another_port_each_time_stays_the_client_that_was_approved() {
    let house = House::start().await;
    let person = house.person().await;
    let operator = usecases::access::operator::at_command_line();
    usecases::client_policy::set_default(&house.deps, &operator, Effect::Ask).await.unwrap();
    let mut ids = Vec::new();
    let mut refresh = None;
    for port in [40_001, 40_002] {
        let redirect_uri = format!("http://127.0.0.1:{port}/callback");
        let metadata = json!({"client_name": "mcporter (visage)", "redirect_uris": [redirect_uri]});
        let told = house.post_json("/register", &[], &metadata).await.json();
        assert_eq!(told["redirect_uris"], json!([redirect_uri]));
        let id = told["client_id"].as_str().unwrap().to_owned();
        if ids.is_empty() {
            let about = RuleSubject::Client(ClientId(id.clone()));
            usecases::client_policy::add_rule(&house.deps, &operator, about, Effect::Allow).await.unwrap();
        }
        let tokens = exchange(&house, &person, &id, &redirect_uri, Some(MCP), "mcporter").await;
        assert_let_in(&house, tokens["access_token"].as_str().unwrap(), "mcporter").await;
        refresh.get_or_insert(tokens["refresh_token"].as_str().unwrap().to_owned());
        ids.push(id);
    }
    assert_eq!(ids[0], ids[1]);
    let fields =
        [("grant_type", "refresh_token"), ("client_id", ids[1].as_str()), ("refresh_token", &refresh.unwrap())];
    assert_eq!(house.post_form("/token", &[], &fields).await.status, StatusCode::OK);
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
    assert_eq!(tokens["scope"], "openid profile", "{name}");
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
