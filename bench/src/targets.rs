//! What is measured: for each target the requests, and what must be told to them.

use anyhow::Result;
use serde_json::json;

use crate::{
    connect::Connecting,
    house::{House, PEOPLE, Tenant, username},
    load::Caller,
    wire::{Answer, Connection, Request},
};

/// A kind of request whose speed is a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Redirect,
    NotModified,
    Initials,
    ToolCall,
    StatelessToolCall,
    Refresh,
    Consent,
}

pub const ALL: [Target; 7] = [
    Target::Redirect,
    Target::NotModified,
    Target::Initials,
    Target::ToolCall,
    Target::StatelessToolCall,
    Target::Refresh,
    Target::Consent,
];

impl Target {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Redirect => "avatar: 302, metered",
            Self::NotModified => "avatar: 304, not metered",
            Self::Initials => "avatar: initials, metered",
            Self::ToolCall => "mcp 2025-11-25: get_profile, metered",
            Self::StatelessToolCall => "mcp 2026-07-28: get_profile, metered",
            Self::Refresh => "token: refresh with rotation",
            Self::Consent => "consent page",
        }
    }

    /// Whether each call counts against the month.
    pub const fn is_metered(self) -> bool {
        matches!(self, Self::Redirect | Self::Initials | Self::ToolCall | Self::StatelessToolCall)
    }

    /// One caller for each connection.
    pub async fn callers(self, house: &House, tenant: &Tenant, connections: usize) -> Result<Vec<Caller>> {
        let key = &tenant.publishable_key;
        let face = |username: &str, headers: &[(&str, &str)]| {
            Request::get(&format!("/v1/avatar?key={key}&username={username}&size=128"), headers)
        };
        let people = || (0..PEOPLE).map(username);
        let same = |requests, status, words| vec![Caller { requests, status, words, follow_up: None }; connections];
        Ok(match self {
            Self::Redirect => same(people().map(|person| face(&person, &[])).collect(), 302, ""),
            Self::NotModified => {
                let mut connection = Connection::open(house.address).await?;
                // Everybody has the same photo, and so the same tag.
                let tag = connection.exchange(&face(&username(0), &[])).await?;
                let tag = tag.header("etag").to_owned();
                same(people().map(|person| face(&person, &[("if-none-match", &tag)])).collect(), 304, "")
            }
            Self::Initials => {
                let strangers = (0..PEOPLE).map(|number| face(&format!("jane-stranger-{number}"), &[]));
                same(strangers.collect(), 200, "<svg")
            }
            Self::ToolCall | Self::StatelessToolCall => {
                let token = Connecting::begin(house, tenant).await?.tokens().await?.access;
                let call = |person: String| tool_call(&token, &person, self == Self::StatelessToolCall);
                same(people().map(call).collect(), 200, "\"isError\":false")
            }
            Self::Refresh => {
                let mut connecting = Connecting::begin(house, tenant).await?;
                let mut callers = Vec::with_capacity(connections);
                for _ in 0..connections {
                    let token = connecting.tokens().await?.refresh;
                    let request = refresh(&connecting.client_id, &token);
                    let words = "\"refresh_token\"";
                    callers.push(Caller {
                        requests: vec![request],
                        status: 200,
                        words,
                        follow_up: Some(refresh_again),
                    });
                }
                callers
            }
            Self::Consent => {
                let mut connecting = Connecting::begin(house, tenant).await?;
                let page = connecting.pending().await?;
                same(vec![Request::get(&page, &[("cookie", &connecting.cookie)])], 200, "</html>")
            }
        })
    }
}

fn tool_call(token: &str, username: &str, is_stateless: bool) -> Request {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("authorization", bearer.as_str()), ("accept", "application/json, text/event-stream")];
    let mut params = json!({"name": "get_profile", "arguments": {"username": username}});
    if is_stateless {
        headers.extend([
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "get_profile"),
        ]);
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
        });
    } else {
        headers.push(("mcp-protocol-version", "2025-11-25"));
    }
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
    Request::post_json("/mcp", &headers, &message)
}

/// The token comes last, where [`refresh_again`] finds it.
fn refresh(client_id: &str, token: &str) -> Request {
    let fields = [("grant_type", "refresh_token"), ("client_id", client_id), ("refresh_token", token)];
    Request::post_form("/token", &[], &fields)
}

/// The same request with the token that replaces the one in it. All tokens are of one length.
fn refresh_again(request: &Request, answer: &Answer) -> Option<Request> {
    let text = answer.text();
    let token = text.split_once("\"refresh_token\":\"")?.1.split_once('"')?.0;
    let mut bytes = request.0.to_vec();
    let from = bytes.len().checked_sub(token.len())?;
    if bytes.get(from.checked_sub(1)?) != Some(&b'=') {
        return None;
    }
    bytes[from..].copy_from_slice(token.as_bytes());
    Some(Request(bytes.into()))
}

#[cfg(test)]
mod tests {
    use super::{refresh, tool_call};

    #[test]
    fn a_request_says_how_long_its_body_is() {
        for request in [refresh("client", "vrt_abc"), tool_call("vat_abc", "person-1", true)] {
            let text = String::from_utf8(request.0.to_vec()).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
        }
    }
}
