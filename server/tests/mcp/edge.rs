//! Where requests may come from, and what shapes of request are mended or refused.

use crate::{
    client::{BOTH, Client, Generation},
    support::{House, slow_body},
};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn foreign_hosts_and_origins_are_refused() {
    let house = House::start().await;
    for (name, value) in [
        ("host", "evil.example"),
        ("host", "visage.example.evil.example"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://localhost:3000"),
    ] {
        for method in [Method::POST, Method::GET, Method::OPTIONS] {
            let answer = house.call(method, "/mcp", &[(name, value)], Body::empty()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
            assert_eq!(answer.json()["error"]["code"], -32600);
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
}

#[tokio::test]
async fn a_whole_url_as_the_target_names_the_host_whatever_stands_in_the_host_header() {
    let house = House::start().await;
    let own = ("host", "visage.example");
    for (target, status) in
        [("http://evil.example/mcp", StatusCode::FORBIDDEN), ("https://visage.example/mcp", StatusCode::UNAUTHORIZED)]
    {
        let answer = house.call(Method::POST, target, &[own], Body::empty()).await;
        assert_eq!(answer.status, status, "{target}");
    }
    let two = house.call(Method::POST, "/mcp", &[own, ("host", "evil.example")], Body::empty()).await;
    assert_eq!(two.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn known_pages_pass_the_preflight_and_may_read_the_challenge() {
    let house = House::start().await;
    for origin in ["https://visage.example", "https://claude.ai", "https://chatgpt.com", "http://localhost:6274"] {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,mcp-protocol-version,mcp-param-size"),
        ];
        let preflight = house.call(Method::OPTIONS, "/mcp", &headers, Body::empty()).await;
        assert!(preflight.status.is_success(), "{origin}");
        assert_eq!(preflight.header("access-control-allow-origin"), origin);
        assert!(preflight.header("access-control-allow-headers").contains("mcp-param-size"));
        let challenge = house.call(Method::POST, "/mcp", &headers[..1], Body::empty()).await;
        assert_eq!(
            (challenge.status, challenge.header("access-control-allow-origin")),
            (StatusCode::UNAUTHORIZED, origin)
        );
        for named in ["www-authenticate", "retry-after"] {
            assert!(challenge.header("access-control-expose-headers").contains(named), "{named}");
        }
    }
}

#[tokio::test]
async fn a_known_page_may_read_every_refusal() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let bearer = format!("Bearer {}", client.tokens.access);
    let token_in_address = format!("/mcp?access_token={}", client.tokens.access);
    let json_type = ("content-type", "application/json");
    for (method, path, headers, status) in [
        (Method::POST, "/mcp", vec![], StatusCode::UNAUTHORIZED),
        (Method::POST, "/mcp", vec![("authorization", "Bearer x")], StatusCode::UNAUTHORIZED),
        (Method::GET, "/mcp", vec![("authorization", bearer.as_str())], StatusCode::METHOD_NOT_ALLOWED),
        (Method::POST, "/mcp", vec![("authorization", &bearer), json_type], StatusCode::BAD_REQUEST),
        (Method::POST, "/mcp", vec![("authorization", &bearer)], StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Method::POST, &token_in_address, vec![], StatusCode::BAD_REQUEST),
        (Method::POST, "/mcp/Not_A_Slug", vec![], StatusCode::NOT_FOUND),
    ] {
        let mut headers = headers;
        headers.push(("origin", "https://claude.ai"));
        let answer = house.call(method, path, &headers, Body::from("{")).await;
        assert_eq!(answer.status, status, "{path} {headers:?}: {}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), "https://claude.ai", "{path} {headers:?}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "no cookie is ever read here");
        answer.json();
    }
}

#[tokio::test]
async fn streams_and_sessions_don_t_exist() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let bearer = format!("Bearer {}", client.tokens.access);
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let answer = house.call(method, "/mcp", &[("authorization", &bearer)], Body::empty()).await;
        assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST, OPTIONS"));
        answer.json();
    }
    let answer = client.send(Generation::Legacy, "ping", json!({})).await;
    assert_eq!(answer.header("mcp-session-id"), "");
}

async fn post(client: &Client<'_>, headers: &[(&str, &str)], body: String) -> (u16, Value) {
    let bearer = format!("Bearer {}", client.tokens.access);
    let mut all = vec![("authorization", bearer.as_str())];
    all.extend_from_slice(headers);
    let answer = client.house.call(Method::POST, "/mcp", &all, Body::from(body)).await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn what_is_no_message_is_a_json_rpc_error() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let json_type = [("content-type", "application/json")];
    for (body, status, code) in [
        ("{".to_owned(), 400, -32700),
        ("[]".to_owned(), 400, -32600),
        (r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#.to_owned(), 400, -32600),
        (r#"{"id":1,"method":"ping"}"#.to_owned(), 400, -32600),
        (r#"{"jsonrpc":"2.0","id":9223372036854775808,"method":"ping"}"#.to_owned(), 400, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#.to_owned(), 400, -32600),
        // Nothing that this door checks, and yet no message to rmcp.
        (r#"{"jsonrpc":"2.0","id":1,"result":{},"error":7}"#.to_owned(), 400, -32600),
        ("x".repeat(300_000), 413, -32600),
    ] {
        let (sent, answer) = post(&client, &json_type, body).await;
        assert_eq!((sent, &answer["error"]["code"]), (status, &json!(code)), "{answer}");
    }
    let bearer = format!("Bearer {}", client.tokens.access);
    let headers = [json_type[0], ("authorization", bearer.as_str())];
    let slow = house.call(Method::POST, "/mcp", &headers, slow_body()).await;
    assert_eq!((slow.status.as_u16(), &slow.json()["error"]["code"]), (408, &json!(-32600)), "{}", slow.text());
    let (status, answer) = post(&client, &[("content-type", "text/plain")], "{}".to_owned()).await;
    assert_eq!((status, &answer["error"]["code"]), (415, &json!(-32600)));
}

#[tokio::test]
async fn any_accept_header_will_do() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
    for accept in [None, Some("*/*"), Some("application/json"), Some("text/event-stream"), Some("text/html")] {
        let mut headers = vec![("content-type", "application/json; charset=utf-8")];
        headers.extend(accept.map(|accept| ("accept", accept)));
        let (status, answer) = post(&client, &headers, ping.clone()).await;
        assert_eq!((status, &answer["result"]), (200, &json!({})), "{accept:?}");
    }
}

#[tokio::test]
async fn misshapen_parameters_of_a_known_method_are_told_apart_from_an_unknown_method() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    for (method, params, code) in [
        ("tools/call", json!({}), -32602),
        ("tools/call", json!({"name": 7}), -32602),
        ("tools/call", json!({"name": "get_profile", "arguments": "ada"}), -32602),
        ("tools/call", json!({"name": "no_such_tool", "arguments": {}}), -32602),
        ("initialize", json!({}), -32602),
        ("nonsense", json!({}), -32601),
        ("prompts/list", json!({}), -32601),
        ("prompts/get", json!({"name": "x"}), -32601),
        ("resources/list", json!({}), -32601),
        ("resources/templates/list", json!({}), -32601),
        ("resources/read", json!({"uri": "x:y"}), -32601),
        (
            "completion/complete",
            json!({"ref": {"type": "ref/prompt", "name": "x"}, "argument": {"name": "a", "value": ""}}),
            -32601,
        ),
    ] {
        let answer = client.send(Generation::Legacy, method, params.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{method} {params}: {}", answer.text());
        let error = &answer.json()["error"];
        assert_eq!(error["code"], code, "{method} {params}: {}", answer.text());
        if code == -32601 {
            assert_eq!(error["message"], format!("Method not found: {method}"));
        }
    }
    let unknown = client.send(Generation::Stateless, "nonsense", json!({})).await;
    assert_eq!((unknown.status, &unknown.json()["error"]["code"]), (StatusCode::NOT_FOUND, &json!(-32601)));
}

#[tokio::test]
async fn versions_and_headers_that_disagree_are_refused_in_json() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let json_type = ("content-type", "application/json");
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
    let (status, answer) = post(&client, &[json_type, ("mcp-protocol-version", "1999-01-01")], ping).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(-32600)));

    let discover = |version: &str| {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        json!({"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": meta}}).to_string()
    };
    let headers = [json_type, ("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/list")];
    let (status, answer) = post(&client, &headers, discover("2026-07-28")).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(-32020)), "{answer}");
    let headers = [json_type, ("mcp-protocol-version", "2027-01-01"), ("mcp-method", "server/discover")];
    let (status, answer) = post(&client, &headers, discover("2027-01-01")).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(-32022)), "{answer}");
    assert!(answer["error"]["data"]["supported"].as_array().unwrap().contains(&json!("2026-07-28")));
}

#[tokio::test]
async fn a_notification_is_taken_in_silence() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let bearer = format!("Bearer {}", client.tokens.access);
    let message = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let answer = house.post_json("/mcp", &[("authorization", &bearer)], &message).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::ACCEPTED, 0));
    for generation in BOTH {
        client.result(generation, "tools/list", json!({})).await;
    }
}
