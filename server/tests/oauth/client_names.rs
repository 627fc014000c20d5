//! Hostile client names on every page that shows them, in answers and in the audit: text that is never markup.

use super::support::{Answer, CALLBACK, House, Person, authorize_path, form};
use axum::body::Body;
use domain::oauth::client_name::client_name;
use http::{Method, StatusCode};
use serde_json::json;

const CORPUS: &str = include_str!("../../../crates/domain/tests/corpora/client_names.txt");
const RESOURCE: &str = "https://visage.example/mcp";
const CLASSES: [&str; 7] = ["xss", "template/shell", "sql", "csv", "log", "spoof", "size/encoding"];

/// The first columns of these classes, as JSON strings spell them where they can.
fn rows(classes: &[&str]) -> Vec<&'static str> {
    let rows = CORPUS.lines().filter(|line| !line.starts_with("# ")).filter_map(|line| line.split_once('\t'));
    rows.filter(|(_, rest)| classes.contains(&rest.split('\t').next().unwrap())).map(|(value, _)| value).collect()
}

/// The names that a client can send: a lone surrogate is no text.
fn names() -> Vec<String> {
    let spelled = |row: &str| {
        let escaped = row.replace('"', "\\\"").replace("\\0", "\\u0000").replace("\\x", "\\u00");
        serde_json::from_str(&format!("\"{escaped}\"")).ok()
    };
    let names: Vec<String> = rows(&CLASSES).into_iter().filter_map(spelled).collect();
    assert!(names.len() > 70, "{}", names.len());
    names
}

#[tokio::test]
async fn no_name_is_markup_on_the_consent_page() {
    let house = House::start().await;
    let person = house.person().await;
    let plain = consent(&house, &person, &house.client_named("Plain name").await).await;
    for name in names() {
        let client = house.client_named(&name).await;
        let page = consent(&house, &person, &client).await;
        assert_same_markup(&page.text(), &plain.text(), &name);
        let shown = escaped(&client_name(&name));
        assert!(page.text().contains(&shown), "the name is not on the page: {name:?}");
    }
}

#[tokio::test]
async fn no_name_is_markup_on_the_pages_before_and_after_consent() {
    let house = House::start().await;
    let person = house.person().await;
    let signing_in = async |client: &str| {
        let request = house.pending(client, RESOURCE).await;
        house.get(&format!("/sign-in?request={request}")).await.text()
    };
    let plain_client = house.client_named("Plain name").await;
    let plain = signing_in(&plain_client).await;
    house.code(&person, &plain_client, RESOURCE).await;
    let names = names();
    for name in &names {
        let client = house.client_named(name).await;
        assert_same_markup(&signing_in(&client).await, &plain, name);
        house.code(&person, &client, RESOURCE).await;
    }
    let apps =
        house.call(Method::GET, "/w/analytical-engines/apps", &[("cookie", &person.cookie)], Body::empty()).await;
    assert_eq!(apps.status, StatusCode::OK);
    let text = apps.text();
    let rows: Vec<&str> = text.split("<tr").skip(2).map(|row| row.split("</tr>").next().unwrap()).collect();
    // Names that are shown alike are one app, below a head of its own; the newest of its connections is marked.
    let kind = |row: &str| (row.split('>').next().unwrap().to_owned(), row.contains("class=\"badge\">Newest"));
    let connections = rows.iter().filter(|row| !kind(row).0.contains("group-head"));
    assert_eq!(connections.count(), names.len() + 1);
    for row in &rows {
        let first = rows.iter().find(|other| kind(other) == kind(row)).unwrap();
        assert_eq!(markup(row), markup(first), "{row}");
    }
    for name in names {
        assert!(text.contains(&escaped(&client_name(&name))), "{name:?} is not listed");
    }
}

/// mcporter repeats the name that its user gave the connector, and the guides call it by ours.
#[tokio::test]
async fn a_name_that_speaks_of_us_is_not_said_to_be_claimed_from_others() {
    let house = House::start().await;
    let person = house.person().await;
    for (name, said) in [
        ("mcporter (visage)", "Its name speaks of Visage, but the app is no part of it."),
        ("Claude for visage", "nothing proves that this app is from the makers of Claude"),
    ] {
        let page = consent(&house, &person, &house.client_named(name).await).await.text();
        assert!(page.contains(said), "{name}: {page}");
        assert!(!page.contains("makers of Visage"), "{name}");
    }
}

#[tokio::test]
async fn no_parameter_is_markup_on_a_fault_page() {
    let house = House::start().await;
    let client = house.client().await;
    let page = async |parameter: &str, value: &str| {
        let page = house.get(&authorize_path(&client, &[(parameter, value)])).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        page.text()
    };
    let mut known = markup(&page("client_id", "nobody").await);
    known.extend(markup(&page("redirect_uri", "https://elsewhere.example/").await));
    known.extend(markup(&page("state", "a\0b").await));
    for name in names() {
        let twice = format!("{}&{}", authorize_path(&client, &[]), form(&[(&name, "1"), (&name, "2")]));
        let pages = [
            page("client_id", &format!("{name}x")).await,
            page("redirect_uri", &format!("{name}x")).await,
            house.get(&twice).await.text(),
        ];
        for page in pages {
            assert_harmless(&page, &name);
            let foreign: Vec<_> = markup(&page).into_iter().filter(|tag| !known.contains(tag)).collect();
            assert!(foreign.is_empty(), "{name:?} is markup: {foreign:?}");
        }
    }
}

#[tokio::test]
async fn answers_and_audit_hold_the_name_as_it_is_shown() {
    let house = House::start().await;
    for name in names() {
        let answer =
            house.post_json("/register", &[], &json!({"client_name": name, "redirect_uris": [CALLBACK]})).await;
        let told = answer.json()["client_name"].as_str().unwrap().to_owned();
        assert_eq!(told, client_name(&name));
        assert!(!answer.text().contains(char::is_control), "{name:?}");
        let id = answer.json()["client_id"].as_str().unwrap().to_owned();
        let kept = store::client::find(&house.deps.store, &domain::oauth::client::ClientId(id)).await.unwrap().unwrap();
        assert_eq!(kept.name, told);
    }
}

#[tokio::test]
async fn a_name_of_another_shape_is_refused_and_never_our_fault() {
    let house = House::start().await;
    for value in rows(&["json-value"]).into_iter().chain(["\"\\ud800\"", "\"\\udc00x\""]) {
        let body = format!("{{\"client_name\":{value},\"redirect_uris\":[\"{CALLBACK}\"]}}");
        let headers = [("content-type", "application/json")];
        let answer = house.call(Method::POST, "/register", &headers, Body::from(body)).await;
        match answer.status {
            // Of two names the last one counts.
            StatusCode::CREATED => assert_eq!(answer.json()["client_name"], "b"),
            _ => assert_eq!(answer.oauth_error(), "400 invalid_client_metadata", "{value}"),
        }
    }
}

#[tokio::test]
async fn addresses_that_a_client_claims_are_never_shown_nor_loaded() {
    let house = House::start().await;
    let person = house.person().await;
    let plain = consent(&house, &person, &house.client_named("Plain name").await).await;
    for uri in rows(&["uri"]) {
        let metadata = json!({
            "client_name": "Plain name", "redirect_uris": [CALLBACK],
            "logo_uri": uri, "client_uri": uri, "policy_uri": uri, "tos_uri": uri,
        });
        let answer = house.post_json("/register", &[], &metadata).await;
        if answer.status != StatusCode::CREATED {
            assert!(matches!(
                answer.oauth_error().as_str(),
                "400 invalid_client_metadata" | "413 invalid_client_metadata"
            ));
            continue;
        }
        let page = consent(&house, &person, answer.json()["client_id"].as_str().unwrap()).await.text();
        assert_same_markup(&page, &plain.text(), uri);
        assert!(!page.contains("evil.example") && !page.contains(uri), "{uri}");
    }
}

async fn consent(house: &House, person: &Person, client: &str) -> Answer {
    let request = house.pending(client, RESOURCE).await;
    let page = format!("/consent/{request}");
    let answer = house.call(Method::GET, &page, &[("cookie", &person.cookie)], Body::empty()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer
}

/// Elements and attributes are the same ones in the same order: the name added none and took none away.
#[track_caller]
fn assert_same_markup(page: &str, plain: &str, name: &str) {
    assert_eq!(markup(page), markup(plain), "{name:?} is markup");
    assert_harmless(page, name);
}

#[track_caller]
fn assert_harmless(page: &str, name: &str) {
    let is_markup = name.contains(['<', '>']) && name.len() > 3;
    assert!(!is_markup || !page.contains(name), "{name:?} stands unescaped");
    assert!(!page.contains(|character: char| character.is_control() && character != '\n'), "{name:?}");
    for turning in ['\u{202A}', '\u{202B}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}'] {
        assert!(!page.contains(turning), "{name:?}");
    }
}

/// Every tag of a page without the values of its attributes.
fn markup(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut tag: Option<String> = None;
    let mut is_quoted = false;
    for character in page.chars() {
        match (&mut tag, character) {
            (None, '<') => tag = Some(String::new()),
            (None, _) => {}
            (Some(open), '>') if !is_quoted => {
                tags.push(std::mem::take(open));
                tag = None;
            }
            (Some(_), '"') => is_quoted = !is_quoted,
            (Some(_), _) if is_quoted => {}
            (Some(open), character) => open.push(character),
        }
    }
    tags
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The scanner itself: what it takes for markup, and what not.
#[test]
fn markup_is_told_from_text() {
    assert_eq!(markup("<a href=\"x>y\">1 &lt;b> 2</a>"), ["a href=", "/a"]);
    assert_ne!(markup("<p>a</p>"), markup("<p><b>a</p>"));
}
