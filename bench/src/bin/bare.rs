//! The limit: a stock axum server that gives one recorded answer to every request and does nothing else.

use std::{env, io::Write as _};

use anyhow::{Context, Result};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    routing::any,
    serve::ListenerExt as _,
};
use serde_json::Value;
use tokio::net::TcpListener;

#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// Takes the file of the answer as its one argument, and prints the address that it listens on.
#[tokio::main]
async fn main() -> Result<()> {
    let file = env::args_os().nth(1).context("name the file that holds the answer")?;
    let answer = Answer::read(&serde_json::from_slice(&std::fs::read(file)?)?)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout().lock(), "{}", listener.local_addr()?)?;
    // The body is read, as every handler would, before the answer goes out.
    let handler = async |_: Bytes, answer: Answer| (answer.status, answer.headers, answer.body);
    let router = Router::new().route("/{*path}", any(move |sent: Bytes| handler(sent, answer.clone())));
    let listener = listener.tap_io(|stream| {
        // As the server under test does; without it an answer might wait for the next packet.
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

impl Answer {
    /// `{"status": 302, "headers": [["location", "…"]], "body": "…"}`
    fn read(recorded: &Value) -> Result<Self> {
        let status = recorded["status"].as_u64().and_then(|status| u16::try_from(status).ok()).context("no status")?;
        let mut headers = HeaderMap::new();
        for header in recorded["headers"].as_array().context("no headers")? {
            let (Some(name), Some(value)) = (header[0].as_str(), header[1].as_str()) else { continue };
            headers.append(name.parse::<HeaderName>()?, HeaderValue::from_str(value)?);
        }
        let body = recorded["body"].as_str().context("no body")?.to_owned().into();
        Ok(Self { status: StatusCode::from_u16(status)?, headers, body })
    }
}
