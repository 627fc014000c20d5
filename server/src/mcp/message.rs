//! The message in a POST: read, checked to be one JSON-RPC message, and handed on in the form rmcp insists on.

use super::error::{Fault, INVALID_REQUEST, PARSE_ERROR};
use crate::body::{self, BodyFault};
use axum::extract::Request;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;
use std::{collections::HashSet, fmt};

/// The largest message, in bytes. Arguments here are a name and a number; the rest is room for clients' metadata.
pub const LARGEST: usize = 256 * 1024;

/// rmcp refuses what the specification only recommends (`Accept` with both types), and answers text to what is no message:
/// the former is mended, the latter refused here.
pub async fn normalise(request: Request) -> Result<http::Request<Bytes>, Fault> {
    let (mut parts, body) = request.into_parts();
    if !is_json(&parts.headers) {
        let message = "send the message as application/json";
        return Err(fault(StatusCode::UNSUPPORTED_MEDIA_TYPE, INVALID_REQUEST, Value::Null, message));
    }
    let body = body::read(body, LARGEST).await.map_err(|refused| {
        let message = match refused {
            BodyFault::TooLarge => "the message is larger than 256 KB",
            BodyFault::TooSlow => "the message did not come in time",
            BodyFault::Broken => "the message broke off",
        };
        fault(refused.status(), INVALID_REQUEST, Value::Null, message)
    })?;
    check(&body)?;
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
    Ok(http::Request::from_parts(parts, body))
}

fn check(body: &[u8]) -> Result<(), Fault> {
    let refuse = |id, message| fault(StatusCode::BAD_REQUEST, INVALID_REQUEST, id, message);
    let message: Value = serde_json::from_slice(body)
        .map_err(|_| fault(StatusCode::BAD_REQUEST, PARSE_ERROR, Value::Null, "the message is not well-formed JSON"))?;
    let fields = match &message {
        Value::Object(fields) => fields,
        Value::Array(_) => return Err(refuse(Value::Null, "batches are not supported: send one message a request")),
        _ => return Err(refuse(Value::Null, "a message is a JSON object")),
    };
    if serde_json::from_slice::<Distinct>(body).is_err() {
        return Err(refuse(Value::Null, "a field of the message was sent more than once"));
    }
    let id = match fields.get("id") {
        None => Value::Null,
        Some(Value::String(id)) => Value::String(id.clone()),
        // Clients count from nought; beyond 64 bits with a sign no two programs agree on a number.
        Some(Value::Number(id)) if id.is_i64() => Value::Number(id.clone()),
        Some(_) => return Err(refuse(Value::Null, "an id is a string or a whole number")),
    };
    if fields.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(refuse(id, "jsonrpc must be \"2.0\""));
    }
    match fields.get("method") {
        Some(Value::String(_)) => Ok(()),
        // An answer to a request that this server never sends.
        None if fields.contains_key("result") || fields.contains_key("error") => Ok(()),
        _ => Err(refuse(id, "method is missing")),
    }
}

/// An object whose fields came once each: of a field that came twice one reader believes the first, another the last.
struct Distinct;

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self)
    }
}

impl<'de> Visitor<'de> for Distinct {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some((name, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a field came twice"));
            }
        }
        Ok(self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

fn fault(status: StatusCode, code: i32, id: Value, message: &'static str) -> Fault {
    Fault { status, code, id, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_single_message_is_refused() {
        for (body, code) in [
            ("{", PARSE_ERROR),
            ("", PARSE_ERROR),
            ("[]", INVALID_REQUEST),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, INVALID_REQUEST),
            ("7", INVALID_REQUEST),
            (r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1,"method":7}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":9223372036854775808,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1,"method":"ping","m\u0065thod":"tools/list"}"#, INVALID_REQUEST),
        ] {
            assert_eq!(check(body.as_bytes()).map_err(|fault| fault.code), Err(code), "{body}");
        }
    }

    #[test]
    fn requests_notifications_and_answers_pass() {
        for body in [
            r#"{"jsonrpc":"2.0","id":"a","method":"ping"}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
            r#"{"jsonrpc":"2.0","id":9223372036854775807,"method":"ping","params":{"method":"ping"}}"#,
        ] {
            assert_eq!(check(body.as_bytes()), Ok(()), "{body}");
        }
    }
}
