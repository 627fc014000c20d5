//! What has kept connectors elsewhere from connecting, or let the wrong ones in: one test for each.

use super::support::{CALLBACK, House, authorize_path};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

const MCP: &str = "https://visage.example/mcp";

#[tokio::test]
async fn the_issuer_is_byte_for_byte_what_each_resource_names_and_ends_without_a_slash() {
    let house = House::start().await;
    let person = house.person().await;
    let issuer = house.get("/.well-known/oauth-authorization-server").await.json()["issuer"].clone();
    assert_eq!(issuer, "https://visage.example");
    for path in ["", "/mcp", "/mcp/analytical-engines"] {
        let resource = house.get(&format!("/.well-known/oauth-protected-resource{path}")).await.json();
        assert_eq!(resource["authorization_servers"], json!([issuer]), "{path}");
        // Clients compare it with the address that somebody typed.
        let expected = if path.is_empty() { MCP.to_owned() } else { format!("https://visage.example{path}") };
        assert_eq!(resource["resource"], expected);
    }
    let request = house.pending(&house.client().await, MCP).await;
    let answer = house.decide(&person, &request, "authorize").await;
    assert_eq!(answer.location_parameter("iss").as_deref(), issuer.as_str());
}

#[tokio::test]
async fn staying_connected_is_asked_for_at_no_resource() {
    let house = House::start().await;
    for path in ["/mcp", "/mcp/analytical-engines"] {
        let document = house.get(&format!("/.well-known/oauth-protected-resource{path}")).await.text();
        let challenge = house.post_json(path, &[], &json!({})).await;
        assert_eq!(challenge.status, StatusCode::UNAUTHORIZED);
        assert!(challenge.header("www-authenticate").contains("scope=\""), "{path}");
        assert!(!document.contains("offline_access"), "{document}");
        assert!(!challenge.header("www-authenticate").contains("offline_access"));
    }
}

#[tokio::test]
async fn a_restart_forgets_no_client_and_no_connection() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let code = house.code(&person, &tokens.client_id, MCP).await;
    let again = house.restarted();
    assert!(again.get(&authorize_path(&tokens.client_id, &[])).await.location().starts_with("/consent/"));
    assert_eq!(again.refresh(&tokens).await.status, StatusCode::OK);
    let answer = again.redeem(&tokens.client_id, &code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let claims = super::verifier::verify(&again, answer.json()["id_token"].as_str().unwrap(), &tokens.client_id).await;
    assert!(claims.is_ok());
}

#[tokio::test]
async fn two_refreshes_at_once_from_two_places_both_get_pairs_that_work() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let (one, other) = tokio::join!(house.refresh(&tokens), house.refresh(&tokens));
    for answer in [one, other] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let bearer = format!("Bearer {}", answer.json()["access_token"].as_str().unwrap());
        let told = house.call(Method::GET, "/userinfo", &[("authorization", &bearer)], Body::empty()).await;
        assert_eq!(told.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_token_is_good_from_the_instant_of_its_issue() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let tokens = house.connect(&person, &client, &[], "openid offline_access").await;
    let claims = super::verifier::verify(&house, tokens["id_token"].as_str().unwrap(), &client).await.unwrap();
    assert!(!claims.contains_key("nbf"));
    let tokens = super::support::Tokens {
        client_id: client,
        access: tokens["access_token"].as_str().unwrap().to_owned(),
        refresh: tokens["refresh_token"].as_str().unwrap().to_owned(),
    };
    assert_eq!(house.refresh(&tokens).await.status, StatusCode::OK);
}

#[tokio::test]
async fn faults_too_may_be_read_from_any_origin_and_never_with_cookies() {
    let house = House::start().await;
    let origin = [("origin", "https://app.example")];
    let form = [("origin", "https://app.example"), ("content-type", "application/x-www-form-urlencoded")];
    for (path, method, headers) in [
        ("/token", Method::POST, &form[..]),
        ("/revoke", Method::POST, &form[..]),
        ("/introspect", Method::POST, &form[..]),
        ("/register", Method::POST, &origin[..]),
        ("/token", Method::GET, &origin[..]),
        ("/userinfo", Method::GET, &origin[..]),
        ("/.well-known/nothing", Method::GET, &origin[..]),
    ] {
        let answer = house.call(method, path, headers, Body::empty()).await;
        assert!(answer.status.is_client_error(), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
        assert!(answer.header("access-control-expose-headers").contains("www-authenticate"), "{path}");
        assert!(answer.json()["error"].is_string(), "{path}");
    }
    for path in ["/authorize", "/authorize/decision", "/sign-in"] {
        let answer = house.call(Method::GET, path, &origin, Body::empty()).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

#[tokio::test]
async fn no_challenge_is_weaker_or_of_another_shape_than_s256_makes_it() {
    let house = House::start().await;
    let client = house.client().await;
    let (short, long) = ("a".repeat(42), "a".repeat(129));
    for (name, value) in [
        ("code_challenge", short.as_str()),
        ("code_challenge", long.as_str()),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
        ("code_challenge_method", "s256"),
        ("code_challenge_method", "S512"),
        ("code_challenge_method", ""),
    ] {
        let refused = house.get(&authorize_path(&client, &[(name, value)])).await;
        assert_eq!(refused.offered_parameter("error").as_deref(), Some("invalid_request"), "{name}={value}");
    }
}

#[tokio::test]
async fn revoking_an_access_token_ends_it_alone() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let revoking = [
        ("token", tokens.access.as_str()),
        ("token_type_hint", "refresh_token"),
        ("client_id", tokens.client_id.as_str()),
    ];
    assert_eq!(house.post_form("/revoke", &[], &revoking).await.status, StatusCode::OK);
    let bearer = format!("Bearer {}", tokens.access);
    let refused = house.call(Method::GET, "/userinfo", &[("authorization", &bearer)], Body::empty()).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.refresh(&tokens).await.status, StatusCode::OK);
}

#[tokio::test]
async fn grants_without_a_person_are_neither_offered_nor_registered() {
    let house = House::start().await;
    let client = house.client().await;
    for grant in [
        "client_credentials",
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ] {
        let asked = [("grant_type", grant), ("client_id", client.as_str())];
        assert_eq!(house.post_form("/token", &[], &asked).await.oauth_error(), "400 unsupported_grant_type", "{grant}");
        let alone = json!({"redirect_uris": [CALLBACK], "grant_types": [grant]});
        let refused = house.post_json("/register", &[], &alone).await;
        assert_eq!(refused.oauth_error(), "400 invalid_client_metadata", "{grant}");
        let among = json!({"redirect_uris": [CALLBACK], "grant_types": ["authorization_code", grant]});
        let told = house.post_json("/register", &[], &among).await.json();
        assert_eq!(told["grant_types"], json!(["authorization_code"]), "{grant}");
    }
}

#[tokio::test]
async fn what_a_registration_says_beyond_what_is_known_changes_nothing() {
    let house = House::start().await;
    let plain = json!({"client_name": "Test", "redirect_uris": [CALLBACK]});
    let expected = house.post_json("/register", &[], &plain).await.json();
    for (field, value) in [
        ("software_statement", json!("eyJhbGciOiJub25lIn0.e30.")),
        ("application_type", json!("native")),
        ("application_type", json!("web")),
        ("application_type", json!("toaster")),
        ("scope", json!("claudeai admin *")),
        ("contacts", json!(["a@b.example"])),
        ("client_id", json!("https://claude.ai/oauth/mcp-oauth-client-metadata")),
        ("client_secret", json!("chosen")),
        ("require_pushed_authorization_requests", json!(true)),
        ("nested", json!({"a": [{"b": null}]})),
    ] {
        let mut metadata = plain.clone();
        metadata[field] = value;
        let told = house.post_json("/register", &[], &metadata).await.json();
        let same = |name: &str| (told.get(name).cloned(), expected.get(name).cloned());
        for name in ["client_id", "redirect_uris", "scope", "token_endpoint_auth_method", "client_secret"] {
            let (told, expected) = same(name);
            assert_eq!(told, expected, "{field}: {name}");
        }
    }
}

#[tokio::test]
async fn a_registration_has_its_limits() {
    let house = House::start().await;
    let addresses = |count: usize| -> Vec<String> { (0..count).map(|n| format!("{CALLBACK}/{n}")).collect() };
    for (count, status) in [(10, StatusCode::CREATED), (11, StatusCode::BAD_REQUEST)] {
        let answer = house.post_json("/register", &[], &json!({"redirect_uris": addresses(count)})).await;
        assert_eq!(answer.status, status, "{count}");
    }
    let named = json!({"client_name": "n".repeat(5_000), "redirect_uris": [CALLBACK]});
    let told = house.post_json("/register", &[], &named).await.json();
    assert!(told["client_name"].as_str().unwrap().chars().count() <= 80);
    let deep = format!("{{\"redirect_uris\":{}{}}}", "[".repeat(4_000), "]".repeat(4_000));
    let headers = [("content-type", "application/json")];
    let refused = house.call(Method::POST, "/register", &headers, Body::from(deep)).await;
    assert_eq!(refused.oauth_error(), "400 invalid_client_metadata");
}

#[tokio::test]
async fn a_client_that_is_gone_is_told_so_that_it_registers_again() {
    let house = House::start().await;
    let gone = "client_00000000000000000000000000000000";
    for fields in [
        vec![("grant_type", "refresh_token"), ("refresh_token", "vrt_x"), ("client_id", gone)],
        vec![("grant_type", "authorization_code"), ("code", "vac_x"), ("code_verifier", "x"), ("client_id", gone)],
        vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", "vrt_x"),
            ("client_id", gone),
            ("client_secret", "vcs_x"),
        ],
    ] {
        assert_eq!(house.post_form("/token", &[], &fields).await.oauth_error(), "401 invalid_client");
    }
    let page = house.get(&authorize_path(gone, &[])).await;
    assert_eq!((page.status, page.header("location")), (StatusCode::BAD_REQUEST, ""));
    assert!(page.text().contains("Remove the connector in the app and add it again"), "{}", page.text());
}

#[tokio::test]
async fn no_answer_for_machines_holds_null_or_is_kept() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let code = house.code(&person, &client, MCP).await;
    let tokens = house.redeem(&client, &code).await;
    let refused = house.redeem(&client, &code).await;
    let metadata = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_post"});
    let registered = house.post_json("/register", &[], &metadata).await;
    for answer in [tokens, refused, registered] {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(answer.json().as_object().unwrap().values().all(|value| *value != Value::Null && *value != ""));
    }
}

#[tokio::test]
async fn a_slash_too_many_is_an_answer_in_json_and_never_a_page() {
    let house = House::start().await;
    for path in ["/token/", "/register/", "/revoke/", "/introspect/", "/userinfo/", "/jwks/"] {
        for method in [Method::GET, Method::POST] {
            let answer = house.call(method, path, &[("accept", "*/*")], Body::empty()).await;
            assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
            assert!(answer.header("content-type").starts_with("application/json"), "{path}: {}", answer.text());
        }
    }
}
