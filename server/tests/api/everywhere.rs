//! What holds for every door.

use crate::support::House;
use http::{Method, header};

#[tokio::test]
async fn machines_never_get_a_page() {
    let house = House::start().await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/avatar/",
        "/cdn/x",
        "/.well-known/nothing",
        "/mcp/a/b/c/d",
        "/jwks/",
        "/token/x",
    ] {
        let answer = house.get(path, &[("accept", "text/html")]).await;
        assert!(answer.header(header::CONTENT_TYPE).contains("json"), "{path}: {:?}", answer.headers);
        assert!(answer.status.is_client_error(), "{path}");
    }
    for (method, path) in [(Method::POST, "/v1/avatar"), (Method::DELETE, "/v1/usage"), (Method::GET, "/token")] {
        let answer = house.call(method, path, &[], "").await;
        answer.assert_status(405);
        assert!(answer.header(header::CONTENT_TYPE).contains("json"), "{path}");
        assert!(!answer.header(header::ALLOW).is_empty(), "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_a_number() {
    let house = House::start().await;
    for path in ["/healthz", "/v1/nothing", "/", "/nothing"] {
        let answer = house.get(path, &[]).await;
        assert_eq!(answer.header("x-request-id".parse().unwrap()).len(), 16, "{path}");
    }
    let given = house.get("/healthz", &[("x-request-id", "proxy-0123456789")]).await;
    assert_eq!(given.header("x-request-id".parse().unwrap()), "proxy-0123456789");
    let hostile = house.get("/healthz", &[("x-request-id", "a b\"<script>")]).await;
    assert_eq!(hostile.header("x-request-id".parse().unwrap()).len(), 16);
}

#[tokio::test]
async fn pages_cannot_be_framed_or_sniffed() {
    let house = House::start().await;
    for path in ["/", "/sign-in", "/nothing-here"] {
        let answer = house.get(path, &[]).await;
        assert!(answer.header(header::CONTENT_TYPE).starts_with("text/html"), "{path}");
        assert_eq!(answer.header(header::X_FRAME_OPTIONS), "DENY");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(answer.header(header::REFERRER_POLICY), "same-origin");
        assert!(answer.header(header::CONTENT_SECURITY_POLICY).contains("frame-ancestors 'none'"));
        assert!(!answer.header(header::STRICT_TRANSPORT_SECURITY).is_empty());
    }
    house.get("/nothing-here", &[]).await.assert_status(404);
    let local = House::start_at("http://localhost:8080").await;
    assert_eq!(local.get("/", &[]).await.header(header::STRICT_TRANSPORT_SECURITY), "");
}

#[tokio::test]
async fn no_answer_to_a_machine_is_sniffed_and_https_stays_https() {
    let (house, local) = (House::start().await, House::start_at("http://localhost:8080").await);
    for path in [
        "/healthz",
        "/v1/avatar",
        "/v1/usage",
        "/v1/openapi.json",
        "/cdn/x/128.jpg",
        "/jwks",
        "/userinfo",
        "/mcp",
        "/token",
        "/.well-known/oauth-authorization-server",
        "/.well-known/nothing",
    ] {
        let answer = house.get(path, &[]).await;
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        assert!(answer.header(header::STRICT_TRANSPORT_SECURITY).contains("max-age="), "{path}");
        assert_eq!(local.get(path, &[]).await.header(header::STRICT_TRANSPORT_SECURITY), "", "{path}");
        assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "", "{path}");
    }
}

/// A browser keeps no `__Host-` cookie of a site without https; on the developer's own machine there is none.
#[tokio::test]
async fn cookies_claim_https_only_where_there_is_https() {
    for (public_url, name, is_secure) in
        [("https://visage.example", "__Host-visage_visit=", true), ("http://localhost:8080", "visage_visit=", false)]
    {
        let house = House::start_at(public_url).await;
        let cookie = house.get("/sign-in", &[]).await.header(header::SET_COOKIE).to_owned();
        assert!(cookie.starts_with(name), "{cookie}");
        assert_eq!(cookie.contains("Secure"), is_secure, "{cookie}");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let house = House::start().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    for path in ["/authorize/decision", "/sign-in", "/api/anything"] {
        let answer = house.call(Method::POST, path, &[form, ("sec-fetch-site", "cross-site")], "a=b").await;
        answer.assert_status(403);
        let answer = house.call(Method::POST, path, &[form, ("origin", "https://evil.example")], "a=b").await;
        answer.assert_status(403);
    }
    // Machines in browsers call from anywhere.
    let answer = house.call(Method::POST, "/token", &[form, ("origin", "https://inspector.example")], "a=b").await;
    assert_ne!(answer.status, 403);
}

#[tokio::test]
async fn nothing_depends_on_the_host_header() {
    let house = House::start().await;
    for path in [
        "/",
        "/sign-in",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource/mcp",
        "/v1/openapi.json",
    ] {
        let answer = house.get(path, &[("host", "evil.example"), ("x-forwarded-host", "evil.example")]).await;
        assert!(!answer.text().contains("evil.example"), "{path}");
        assert!(answer.headers.values().all(|value| !value.as_bytes().windows(12).any(|part| part == b"evil.example")));
    }
}

#[tokio::test]
async fn health_is_told_in_json() {
    let house = House::start().await;
    house.get("/healthz", &[]).await.assert_status(200);
    house.get("/readyz", &[]).await.assert_status(200);
    house.deps.store.clone().close().await;
    house.get("/healthz", &[]).await.assert_status(200);
    house.get("/readyz", &[]).await.assert_problem(503);
}

#[tokio::test]
async fn a_fault_of_ours_is_mute_and_numbered() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    house.deps.store.clone().close().await;
    let path = format!("/v1/avatar?key={key}&username=ada-lovelace");
    let told = house.get(&path, &[("accept", "application/json")]).await;
    told.assert_problem(500);
    assert_eq!(told.json()["request_id"], told.header("x-request-id".parse().unwrap()));
    assert!(!told.text().contains("database"), "{}", told.text());
    house.get(&path, &[]).await.assert_status(500).assert_initials("AL");
}

#[tokio::test]
async fn what_names_no_path_is_refused_before_any_page() {
    let house = House::start().await;
    for (method, target, status) in
        [(Method::CONNECT, "a:1", 405), (Method::GET, "a:1", 400), (Method::OPTIONS, "*", 400)]
    {
        let answer = house.call(method, target, &[], "").await;
        answer.assert_status(status);
        assert!(answer.header(header::CONTENT_TYPE).starts_with("text/html"), "{:?}", answer.headers);
        assert_eq!(answer.header(header::ALLOW).is_empty(), status != 405);
    }
    let answer = house.call(Method::CONNECT, "/token", &[], "").await;
    assert_eq!(
        (answer.assert_status(405).json()["error"].as_str(), answer.header(header::ALLOW)),
        (Some("invalid_request"), "GET, HEAD, POST")
    );
}

#[tokio::test]
async fn a_form_of_a_page_that_is_too_large_is_told_by_a_page() {
    let house = House::start().await;
    let page = house.get("/sign-in", &[]).await;
    let (cookie, _) = page.header(header::SET_COOKIE).split_once(';').unwrap();
    let (_, rest) = page.text().split_once("name=\"form_token\" value=\"").unwrap();
    let form = format!("form_token={}&email=ada%40example.com&password=", rest.split('"').next().unwrap());
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin"), ("cookie", cookie)];
    let large = format!("{form}{}", "x".repeat(300 * 1024));
    for headers in [&headers[..2], &headers] {
        let answer = house.call(Method::POST, "/api/sign_in", headers, &large).await;
        answer.assert_status(413);
        assert!(answer.header(header::CONTENT_TYPE).starts_with("text/html"), "{:?}", answer.headers);
        assert!(answer.text().contains("too large"), "{}", answer.text());
    }
    // What fits comes through whole.
    let fits = format!("{form}correct+horse+battery+1815");
    let answer = house.call(Method::POST, "/api/sign_in", &headers, &fits).await;
    assert!(answer.status.is_redirection() || answer.status.is_success(), "{}", answer.text());
    assert!(answer.header(header::SET_COOKIE).starts_with("__Host-visage_session=vss_"), "{:?}", answer.headers);
}
