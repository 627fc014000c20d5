//! What heads each attempt on the operator's page, through the doors: the root cause, every fault by itself, and nobody
//! else's.

use super::{
    signed_in::{read, send},
    support::{CALLBACK, House, Person, VERIFIER, authorize_path},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::json;
use std::time::Duration;
use usecases::{
    access::operator,
    client::{NewClient, add_resource_server},
};

const ATTEMPTS: &str = "/server/attempts";
const ALL: &str = "/server/attempts?show=all";

/// The row of each attempt as it reads, the latest first.
async fn rows(house: &House, operator: &Person, path: &str) -> Vec<String> {
    let html = read(house, operator, path).await.text();
    html.split("<summary>").skip(1).map(|rest| words_of(rest.split("</summary>").next().unwrap())).collect()
}

/// A piece of a page without its tags.
fn words_of(html: &str) -> String {
    let texts = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    let text = texts.collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_rows(rows: &[String], expected: &[&[&str]]) {
    assert_eq!(rows.len(), expected.len(), "{rows:#?}");
    for (row, expected) in rows.iter().zip(expected) {
        assert!(expected.iter().all(|words| row.contains(words)), "{expected:?} is not all in {row:?}");
    }
}

async fn exchange(house: &House, client: &str, code: &str, verifier: &str) -> StatusCode {
    house.clock.advance(Duration::from_secs(2));
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", verifier),
    ];
    house.post_form("/token", &[], &fields).await.status
}

#[tokio::test]
async fn a_verifier_mismatch_heads_the_attempt_however_often_the_app_tries_the_same_code_again() {
    let house = House::start().await;
    let ada = house.person().await;
    let client = house.client().await;
    let code = house.code(&ada, &client, "https://visage.example/mcp").await;
    assert_eq!(exchange(&house, &client, &code, &"x".repeat(43)).await, StatusCode::BAD_REQUEST);
    assert_eq!(exchange(&house, &client, &code, VERIFIER).await, StatusCode::BAD_REQUEST);
    let rows = rows(&house, &ada, ATTEMPTS).await;
    assert_rows(&rows, &[&["Test client", "PKCE verifier mismatch", "Ada Lovelace"]]);
}

#[tokio::test]
async fn each_fault_of_an_app_has_a_row_of_its_own() {
    let house = House::start().await;
    let ada = house.person().await;
    let client = house.client().await;
    for more in [
        ("redirect_uri", "https://elsewhere.example/callback"),
        ("code_challenge", ""),
        ("response_type", "token"),
        ("resource", "https://other.example/mcp"),
    ] {
        house.clock.advance(Duration::from_secs(5));
        house.get(&authorize_path(&client, &[more])).await;
    }
    let titles = ["Wrong resource", "A mistake in the request", "PKCE is missing", "Callback URL mismatch"];
    let expected = titles.map(|title| ["Test client", title]);
    let expected: Vec<&[&str]> = expected.iter().map(|row| row.as_slice()).collect();
    assert_rows(&rows(&house, &ada, ATTEMPTS).await, &expected);
}

#[tokio::test]
async fn a_silent_check_is_no_mistake_and_nothing_that_failed() {
    let house = House::start().await;
    let ada = house.person().await;
    let client = house.client().await;
    let silent = house.get(&authorize_path(&client, &[("prompt", "none")])).await;
    assert_eq!(silent.offered_parameter("error").as_deref(), Some("login_required"));
    assert_rows(&rows(&house, &ada, ATTEMPTS).await, &[]);
    assert_rows(&rows(&house, &ada, ALL).await, &[&["Test client", "A silent check"]]);
    let page = read(&house, &ada, ALL).await.text();
    assert!(page.contains("login_required") && !page.contains("A mistake in the request"), "{page}");
    assert!(!page.contains("Mended by"), "{page}");
}

#[tokio::test]
async fn whoever_gives_a_wrong_secret_is_an_unproven_caller_and_in_nobodys_attempt() {
    let house = House::start().await;
    let ada = house.person().await;
    let client = house.client().await;
    house.code(&ada, &client, "https://visage.example/mcp").await;
    let waiting = rows(&house, &ada, ATTEMPTS).await;
    assert_rows(&waiting, &[&["Test client", "Under way", "Ada Lovelace"]]);

    house.clock.advance(Duration::from_secs(1));
    let wrong = format!("Basic {}", STANDARD.encode(format!("{client}:vcs_wrong")));
    let fields = [("grant_type", "authorization_code"), ("code", "vac_nonsense"), ("code_verifier", VERIFIER)];
    let answer = house.post_form("/token", &[("authorization", &wrong)], &fields).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let unproven: &[&str] = &["Test client", "only claimed", "An unproven caller"];
    let told = rows(&house, &ada, ATTEMPTS).await;
    assert_rows(&told, &[unproven, &["Test client", "Under way", "Ada Lovelace"]]);
    assert!(!told[0].contains("Ada"), "{told:?}");
    let page = read(&house, &ada, ATTEMPTS).await.text();
    let steps = page.split("</details>").next().unwrap();
    assert!(steps.contains("in the name of an app") && !steps.contains("Not seen here"), "{steps}");

    // A resource server that asks about tokens is on no way to a connection.
    let files = add_resource_server(&house.deps, "Files").await.unwrap();
    for wrong in [format!("{}:wrong", files.client.id), format!("{client}:wrong")] {
        let wrong = format!("Basic {}", STANDARD.encode(wrong));
        let answer = house.post_form("/introspect", &[("authorization", &wrong)], &[("token", "vat_nonsense")]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(rows(&house, &ada, ATTEMPTS).await, told);
}

#[tokio::test]
async fn a_wrong_secret_beside_the_right_code_is_told_at_the_connection() {
    let house = House::start().await;
    let ada = house.person().await;
    let new = NewClient {
        name: "Ledger".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        is_confidential: true,
        identity_token_algorithm: None,
        logo_uri: None,
    };
    let added = usecases::client::add(&house.deps, &operator::at_command_line(), new).await.unwrap();
    let client = added.client.id.0;
    let code = house.code(&ada, &client, "https://visage.example/mcp").await;
    assert_eq!(exchange(&house, &client, &code, VERIFIER).await, StatusCode::UNAUTHORIZED);
    let told = rows(&house, &ada, ATTEMPTS).await;
    assert_rows(&told, &[&["Ledger", "The app could not prove who it is", "Ada Lovelace"]]);
}

#[tokio::test]
async fn another_apps_expired_code_is_told_at_neither_of_the_two_connections() {
    let house = House::start().await;
    let ada = house.person().await;
    let (client, other) = (house.client().await, house.client_named("Other app").await);
    let code = house.code(&ada, &client, "https://visage.example/mcp").await;
    house.clock.advance(Duration::from_secs(70));
    assert_eq!(exchange(&house, &other, &code, VERIFIER).await, StatusCode::BAD_REQUEST);
    let told = rows(&house, &ada, ATTEMPTS).await;
    assert_rows(&told, &[&["Other app", "Another app’s code"], &["Test client", "Under way", "Ada Lovelace"]]);
}

#[tokio::test]
async fn a_refused_app_leads_the_operator_to_itself_in_the_list_of_clients() {
    let house = House::start().await;
    let ada = house.person().await;
    let (client, _) = (house.client_named("Muddled app").await, house.client_named("Other app").await);
    send(&house, &ada, "/api/decide_client", &[("id", &client), ("decision", "block")]).await;
    house.get(&authorize_path(&client, &[])).await;
    let page = read(&house, &ada, ATTEMPTS).await.text();
    assert!(page.contains("Decide about this app in the list of clients"), "{page}");
    let (_, href) = page.split_once("href=\"/server/clients?").unwrap();
    let href = format!("/server/clients?{}", href.split('"').next().unwrap());
    let clients = read(&house, &ada, &href).await.text();
    assert!(clients.contains("Muddled app") && !clients.contains("Other app"), "{clients}");
    assert!(page.contains("← Clients") || page.contains("← <!>Clients"), "{page}");

    send(&house, &ada, "/api/decide_client", &[("id", &client), ("decision", "release")]).await;
    let told = rows(&house, &ada, ATTEMPTS).await;
    assert_rows(&told, &[&["Muddled app", "Allowed since"], &["Other app", "Under way"]]);
    assert!(!told[0].contains("is blocked"), "{told:?}");
    assert!(read(&house, &ada, ATTEMPTS).await.text().contains("Have the person connect again."));
}

#[tokio::test]
async fn a_wrong_address_is_not_hidden_by_whoever_connects_from_the_same_servers() {
    let house = House::start().await;
    let ada = house.person().await;
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize"});
    house.post_json("/sse", &[], &call).await;
    house.clock.advance(Duration::from_secs(5));
    house.post_json("/mcp", &[], &call).await;
    house.tokens(&ada).await;
    assert_rows(&rows(&house, &ada, ATTEMPTS).await, &[&["Wrong path"]]);
    assert_rows(&rows(&house, &ada, ALL).await, &[&["Test client", "Connected"], &["Wrong path"]]);
}

#[tokio::test]
async fn the_call_after_a_revocation_is_no_failure() {
    let house = House::start().await;
    let ada = house.person().await;
    let tokens = house.tokens(&ada).await;
    house.clock.advance(Duration::from_secs(5));
    let apps = read(&house, &ada, "/w/analytical-engines/apps").await.text();
    let id = apps.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    send(&house, &ada, "/api/revoke_app", &[("workspace", "analytical-engines"), ("id", &id)]).await.location();
    let bearer = format!("Bearer {}", tokens.access);
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let answer = house.post_json("/mcp", &[("authorization", &bearer)], &call).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_rows(&rows(&house, &ada, ATTEMPTS).await, &[]);
    assert_rows(&rows(&house, &ada, ALL).await, &[&["Test client", "Revoked"]]);
    let page = read(&house, &ada, ALL).await.text();
    assert!(page.contains("class=\"badge\">Revoked"), "{page}");
}
