//! `POST /token`.

use super::support::{CALLBACK, House, Tokens, VERIFIER, masked, slow_body};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;

const RESOURCE: &str = "https://visage.example/mcp";

#[tokio::test]
async fn a_code_becomes_tokens_that_are_never_stored_on_the_way() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let code = house.code(&person, &client, RESOURCE).await;
    let answer = house.redeem(&client, &code).await;
    assert_eq!(
        (answer.status, answer.header("cache-control"), answer.header("pragma")),
        (StatusCode::OK, "no-store", "no-cache")
    );
    let masks = [("/access_token", "[access]"), ("/refresh_token", "[refresh]"), ("/id_token", "[identity]")];
    let body = masked(answer.json(), &masks);
    insta::assert_json_snapshot!(body, @r#"
    {
      "access_token": "[access]",
      "expires_in": 86340,
      "id_token": "[identity]",
      "refresh_token": "[refresh]",
      "scope": "openid profile offline_access",
      "token_type": "Bearer"
    }
    "#);
    assert!(answer.json()["access_token"].as_str().unwrap().starts_with("vat_"));
    assert!(answer.json()["refresh_token"].as_str().unwrap().starts_with("vrt_"));
}

#[tokio::test]
async fn a_code_is_redeemed_only_once() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let code = house.code(&person, &client, RESOURCE).await;
    let first = house.redeem(&client, &code).await.json();
    assert_eq!(house.redeem(&client, &code).await.oauth_error(), "400 invalid_grant");
    let refresh = first["refresh_token"].as_str().unwrap().to_owned();
    let tokens = Tokens { client_id: client, access: String::new(), refresh };
    assert_eq!(house.refresh(&tokens).await.oauth_error(), "400 invalid_grant");
}

#[tokio::test]
async fn a_code_that_does_not_fit_is_no_grant() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let other = house.client_named("Other").await;
    for (field, value, error) in [
        ("client_id", other.as_str(), "400 invalid_grant"),
        ("redirect_uri", "https://client.example/other", "400 invalid_grant"),
        ("code_verifier", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "400 invalid_grant"),
        ("code", "vac_nonsense", "400 invalid_grant"),
        ("resource", "https://other.example/mcp", "400 invalid_target"),
        ("code_verifier", "short", "400 invalid_request"),
        ("code_verifier", "", "400 invalid_request"),
        ("code", "", "400 invalid_request"),
        ("grant_type", "", "400 invalid_request"),
        ("grant_type", "password", "400 unsupported_grant_type"),
        ("client_id", "", "401 invalid_client"),
        ("client_id", "client_unknown", "401 invalid_client"),
    ] {
        let code = house.code(&person, &client, RESOURCE).await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", client.as_str()),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("resource", RESOURCE),
        ];
        for pair in &mut fields {
            if pair.0 == field {
                pair.1 = value;
            }
        }
        assert_eq!(house.post_form("/token", &[], &fields).await.oauth_error(), error, "{field}={value}");
    }
}

#[tokio::test]
async fn an_old_code_is_no_grant() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let code = house.code(&person, &client, RESOURCE).await;
    house.clock.advance(Duration::from_secs(60));
    assert_eq!(house.redeem(&client, &code).await.oauth_error(), "400 invalid_grant");
}

#[tokio::test]
async fn only_a_form_without_repeats_is_read() {
    let house = House::start().await;
    let client = house.client().await;
    let json = json!({"grant_type": "authorization_code", "client_id": client});
    let answer = house.post_json("/token", &[], &json).await;
    assert_eq!(answer.oauth_error(), "400 invalid_request");
    assert!(answer.text().contains("application/x-www-form-urlencoded"));
    let twice = [("grant_type", "refresh_token"), ("client_id", client.as_str()), ("client_id", client.as_str())];
    assert_eq!(house.post_form("/token", &[], &twice).await.oauth_error(), "400 invalid_request");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = house.call(Method::POST, "/token", &form, Body::from("x=".to_owned() + &"y".repeat(20_000))).await;
    assert_eq!(answer.oauth_error(), "413 invalid_request");
}

#[tokio::test]
async fn a_confidential_client_proves_itself_in_one_way() {
    let house = House::start().await;
    let person = house.person().await;
    let metadata = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_basic"});
    let registered = house.post_json("/register", &[], &metadata).await.json();
    let client = registered["client_id"].as_str().unwrap();
    let secret = registered["client_secret"].as_str().unwrap();
    let basic = format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
    let wrong = format!("Basic {}", STANDARD.encode(format!("{client}:vcs_wrong")));

    let code = house.code(&person, client, RESOURCE).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let answer = house.post_form("/token", &[("authorization", &wrong)], &fields).await;
    assert_eq!(answer.oauth_error(), "401 invalid_client");
    assert!(answer.header("www-authenticate").starts_with("Basic "));

    let with_id = [&fields[..], &[("client_id", client)]].concat();
    let answer = house.post_form("/token", &[], &with_id).await;
    assert_eq!((answer.oauth_error().as_str(), answer.header("www-authenticate")), ("401 invalid_client", ""));

    let with_both = [&with_id[..], &[("client_secret", secret)]].concat();
    let answer = house.post_form("/token", &[("authorization", &basic)], &with_both).await;
    assert_eq!(answer.oauth_error(), "400 invalid_request");

    let answer = house.post_form("/token", &[("authorization", &basic)], &with_id).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn a_refresh_token_rotates_and_forgives_a_lost_answer() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let first = house.refresh(&tokens).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    assert_ne!(first.json()["refresh_token"], tokens.refresh.as_str());
    let sibling = house.refresh(&tokens).await;
    assert_eq!(sibling.status, StatusCode::OK, "{}", sibling.text());
    assert_ne!(sibling.json()["refresh_token"], first.json()["refresh_token"]);
}

#[tokio::test]
async fn a_refresh_token_that_comes_back_late_ends_its_family() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let second = house.refresh(&tokens).await.json();
    let second = Tokens {
        client_id: tokens.client_id.clone(),
        access: String::new(),
        refresh: second["refresh_token"].as_str().unwrap().to_owned(),
    };
    let third = house.refresh(&second).await.json();
    house.clock.advance(Duration::from_secs(61));
    assert_eq!(house.refresh(&tokens).await.oauth_error(), "400 invalid_grant");
    let third = Tokens { refresh: third["refresh_token"].as_str().unwrap().to_owned(), ..second };
    assert_eq!(house.refresh(&third).await.oauth_error(), "400 invalid_grant");
}

#[tokio::test]
async fn a_refresh_narrows_and_never_widens() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let with_scope = |scope: &'static str| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", tokens.client_id.as_str()),
            ("refresh_token", tokens.refresh.as_str()),
            ("scope", scope),
        ];
        let house = &house;
        async move { house.post_form("/token", &[], &fields).await }
    };
    assert_eq!(with_scope("email").await.oauth_error(), "400 invalid_scope");
    assert_eq!(with_scope("openid email").await.json()["scope"], "openid");
}

#[tokio::test]
async fn a_form_is_judged_before_any_parameter_is_looked_up() {
    let house = House::start().await;
    let form_type = [("content-type", "application/x-www-form-urlencoded")];
    let many: String = (0..101).map(|number| format!("p{number}=&")).collect();
    for (body, words) in [
        (many, "more than 100 parameters"),
        ("grant_type=refresh_token&client_id=a&refresh_token=a%00b".to_owned(), "NUL"),
        ("grant_type=authorization_code&client_id=%00".to_owned(), "NUL"),
        ("a=1&b=2&a=3".to_owned(), "the parameter a was sent more than once"),
    ] {
        let answer = house.call(Method::POST, "/token", &form_type, Body::from(body)).await;
        assert_eq!(answer.oauth_error(), "400 invalid_request", "{words}");
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    let slow = house.call(Method::POST, "/token", &form_type, slow_body()).await;
    assert_eq!(slow.oauth_error(), "408 invalid_request");
    let large = house.call(Method::POST, "/token", &form_type, Body::from("a=".repeat(10_000))).await;
    assert_eq!(large.oauth_error(), "413 invalid_request");
}

/// Libraries take a scope in the answer that they did not ask for as a sign that the answer is not theirs.
#[tokio::test]
async fn a_client_that_did_not_ask_to_stay_connected_is_not_told_so_and_refreshes_all_the_same() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let everything = "openid profile email offline_access";
    for (asked, told) in [
        ("openid profile email", "openid profile email"),
        // Every connection has `openid`, and says so.
        ("profile", "openid profile"),
        (everything, everything),
        ("", everything),
        ("claudeai", everything),
    ] {
        let answer = house.connect(&person, &client, &[("scope", asked)], everything).await;
        assert_eq!(answer["scope"], told, "{asked:?}");
        let bearer = format!("Bearer {}", answer["access_token"].as_str().unwrap());
        let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
        assert_eq!(house.post_json("/mcp", &[("authorization", &bearer)], &ping).await.status, StatusCode::OK);
        let refresh = answer["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", refresh)];
        let refreshed = house.post_form("/token", &[], &fields).await.json();
        assert_eq!(refreshed["scope"], told, "{asked:?}");
        // Whoever names scopes with a refresh is told of those.
        let refresh = refreshed["refresh_token"].as_str().unwrap();
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", &client),
            ("refresh_token", refresh),
            ("scope", "openid offline_access"),
        ];
        let narrowed = house.post_form("/token", &[], &fields).await.json();
        assert_eq!(narrowed["scope"], "openid offline_access", "{asked:?}");
    }
}
