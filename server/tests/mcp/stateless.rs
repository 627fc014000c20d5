//! What 2026-07-28 asks of each request, now that no handshake goes before it: headers that repeat the body, metadata that tells
//! who speaks, and what each fault is called.

use crate::{
    client::{BOTH, Client, Generation},
    support::House,
};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

const CURRENT: Option<&str> = Some("2026-07-28");

/// `Mcp-Protocol-Version`, `Mcp-Method`, `Mcp-Name`.
type Headers<'a> = [Option<&'a str>; 3];

const GOOD: Headers = [CURRENT, Some("tools/call"), Some("get_profile")];

fn metadata() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}

fn call(metadata: &Value) -> Value {
    let params = json!({"name": "get_profile", "arguments": {"username": "ada-lovelace"}, "_meta": metadata});
    json!({"jsonrpc": "2.0", "id": "call-7", "method": "tools/call", "params": params})
}

async fn send(client: &Client<'_>, headers: Headers<'_>, message: &Value) -> (StatusCode, Value) {
    let bearer = format!("Bearer {}", client.tokens.access);
    let mut all = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
    let names = ["mcp-protocol-version", "mcp-method", "mcp-name"];
    all.extend(names.into_iter().zip(headers).filter_map(|(name, value)| Some((name, value?))));
    let answer = client.house.call(Method::POST, "/mcp", &all, Body::from(message.to_string())).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_header_that_is_missing_or_contradicts_the_body_is_a_mismatch() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let [version, method, name] = GOOD;
    for headers in [
        [None, method, name],
        [Some("2025-11-25"), method, name],
        [version, None, name],
        [version, Some("tools/list"), name],
        [version, Some("Tools/Call"), name],
        [version, method, None],
        [version, method, Some("get_profile_avatar")],
        [version, method, Some("GET_PROFILE")],
        // "get_profile_avatar", and nothing that could be decoded.
        [version, method, Some("=?base64?Z2V0X3Byb2ZpbGVfYXZhdGFy?=")],
        [version, method, Some("=?base64?%%%?=")],
    ] {
        let (status, answer) = send(&client, headers, &call(&metadata())).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (StatusCode::BAD_REQUEST, &json!(-32020)),
            "{headers:?}: {answer}"
        );
        assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!("call-7")), "{headers:?}");
    }
}

#[tokio::test]
async fn a_header_in_base64_is_decoded_before_it_is_compared() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let [version, method, plain] = GOOD;
    for name in [plain, Some("=?base64?Z2V0X3Byb2ZpbGU=?=")] {
        let (status, answer) = send(&client, [version, method, name], &call(&metadata())).await;
        assert_eq!((status, &answer["result"]["isError"]), (StatusCode::OK, &json!(false)), "{name:?}: {answer}");
    }
}

#[tokio::test]
async fn metadata_that_is_missing_or_misshapen_is_an_invalid_parameter() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let version = "io.modelcontextprotocol/protocolVersion";
    let capabilities = "io.modelcontextprotocol/clientCapabilities";
    for metadata in [
        Value::Null,
        json!({}),
        json!({version: "2026-07-28"}),
        json!({capabilities: {}}),
        json!({version: "2026-07-28", capabilities: "all of them"}),
        json!({version: 20_260_728, capabilities: {}}),
    ] {
        let (status, answer) = send(&client, GOOD, &call(&metadata)).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (StatusCode::BAD_REQUEST, &json!(-32602)),
            "{metadata}: {answer}"
        );
        assert_eq!(answer["id"], "call-7", "{metadata}");
    }
}

#[tokio::test]
async fn a_version_that_is_not_spoken_is_answered_with_those_that_are() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let mut later = metadata();
    later["io.modelcontextprotocol/protocolVersion"] = "2099-01-01".into();
    let headers = [Some("2099-01-01"), GOOD[1], GOOD[2]];
    let (status, answer) = send(&client, headers, &call(&later)).await;
    assert_eq!((status, &answer["error"]["code"]), (StatusCode::BAD_REQUEST, &json!(-32022)), "{answer}");
    assert_eq!(answer["error"]["data"]["requested"], "2099-01-01");
    assert_eq!(answer["error"]["data"]["supported"], json!(["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"]));
}

#[tokio::test]
async fn every_result_says_that_it_is_whole_and_who_gave_it_and_older_clients_hear_nothing_of_that() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let found = json!({"name": "get_profile", "arguments": {"username": "ada-lovelace"}});
    let refused = json!({"name": "get_profile", "arguments": {}});
    for (method, params) in [("tools/list", json!({})), ("tools/call", found), ("tools/call", refused)] {
        let result = client.result(Generation::Stateless, method, params.clone()).await;
        assert_eq!(result["resultType"], "complete", "{method}");
        assert_eq!(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "visage", "{method}");
        let result = client.result(Generation::Legacy, method, params).await;
        assert!(result.get("resultType").is_none() && result.get("_meta").is_none(), "{method}: {result}");
    }
}

#[tokio::test]
async fn what_was_not_declared_does_not_exist_in_either_era() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    for method in [
        "prompts/list",
        "prompts/get",
        "resources/list",
        "resources/templates/list",
        "resources/read",
        "resources/subscribe",
        "resources/unsubscribe",
        "completion/complete",
        "logging/setLevel",
        "subscriptions/listen",
        "tasks/get",
        "tasks/update",
        "tasks/cancel",
        // What only servers ask of clients.
        "roots/list",
        "sampling/createMessage",
        "elicitation/create",
    ] {
        let params = json!({
            "name": "x:y", "uri": "x:y", "level": "debug", "taskId": "x:y", "notifications": {},
            "ref": {"type": "ref/prompt", "name": "x"}, "argument": {"name": "a", "value": ""},
        });
        for (generation, status) in BOTH.into_iter().zip([StatusCode::OK, StatusCode::NOT_FOUND]) {
            let answer = client.send(generation, method, params.clone()).await;
            assert_eq!(
                (answer.status, &answer.json()["error"]["code"]),
                (status, &json!(-32601)),
                "{method}, {generation:?}: {}",
                answer.text()
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_cursor_is_an_invalid_parameter() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    for generation in BOTH {
        let answer = client.send(generation, "tools/list", json!({"cursor": "of somebody else's making"})).await;
        assert_eq!(answer.json()["error"]["code"], -32602, "{generation:?}: {}", answer.text());
        for first_page in [json!({}), json!({"cursor": null}), json!({"cursor": ""})] {
            let listed = client.result(generation, "tools/list", first_page).await;
            assert!(listed.get("nextCursor").is_none());
        }
    }
}

#[tokio::test]
async fn an_id_comes_back_as_it_was_sent() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    for id in [json!("a"), json!(""), json!("7"), json!(0), json!(-1), json!(9_007_199_254_740_991_i64)] {
        let mut good = call(&metadata());
        let mut bad = call(&Value::Null);
        for message in [&mut good, &mut bad] {
            message["id"] = id.clone();
            let (_, answer) = send(&client, GOOD, message).await;
            assert_eq!(answer["id"], id, "{answer}");
        }
    }
}

#[tokio::test]
async fn sessions_and_streams_of_older_revisions_are_neither_needed_nor_given() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let bearer = format!("Bearer {}", client.tokens.access);
    let legacy = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let mut current = call(&metadata());
    // A client that may be told of progress asks for a stream.
    current["params"]["_meta"]["progressToken"] = "p".into();
    for (message, headers) in [(&legacy, [None; 3]), (&current, GOOD)] {
        let mut all = vec![
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("accept", "text/event-stream"),
            ("mcp-session-id", "1868a90c-long-gone"),
            ("last-event-id", "42"),
        ];
        let names = ["mcp-protocol-version", "mcp-method", "mcp-name"];
        all.extend(names.into_iter().zip(headers).filter_map(|(name, value)| Some((name, value?))));
        let answer = house.call(Method::POST, "/mcp", &all, Body::from(message.to_string())).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
        assert_eq!(answer.header("mcp-session-id"), "");
        assert!(answer.json()["result"].is_object());
    }
}

#[tokio::test]
async fn without_a_version_header_a_request_is_of_an_older_revision() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let (status, answer) = send(&client, [None; 3], &message).await;
    assert_eq!(status, StatusCode::OK);
    assert!(answer["result"]["tools"].is_array() && answer["result"].get("resultType").is_none(), "{answer}");
}

#[tokio::test]
async fn an_answer_to_a_question_that_was_never_asked_is_refused() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    for message in [
        json!({"jsonrpc": "2.0", "id": 1, "result": {"roots": []}}),
        json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -1, "message": "no"}}),
    ] {
        for headers in [[None; 3], [CURRENT, None, None]] {
            let (status, answer) = send(&client, headers, &message).await;
            assert_eq!((status, &answer["error"]["code"]), (StatusCode::BAD_REQUEST, &json!(-32600)), "{answer}");
        }
    }
}
