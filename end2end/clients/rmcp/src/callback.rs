//! The loopback address to which the browser is sent back.

use anyhow::{Context, Result};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const PAGE: &str = "<!doctype html><html lang=\"en\"><title>Back at the client</title><h1>Back at the client</h1>";

pub struct Callback {
    listener: TcpListener,
    pub url: String,
}

impl Callback {
    /// Listens on a free port.
    pub async fn listen() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://127.0.0.1:{}/callback", listener.local_addr()?.port());
        Ok(Self { listener, url })
    }

    /// The whole URL of the next answer.
    pub async fn next(&self) -> Result<String> {
        loop {
            let (mut connection, _) = self.listener.accept().await?;
            let mut head = [0; 8192];
            // Browsers open connections in advance and may leave them silent; this one speaks at once when it is used.
            let length = connection.read(&mut head).await?;
            let Some(target) = target(&head[..length]) else { continue };
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{PAGE}",
                PAGE.len()
            );
            connection.write_all(answer.as_bytes()).await?;
            if let Some(query) = target.strip_prefix("/callback?") {
                return Ok(format!("{}?{query}", self.url));
            }
        }
    }
}

fn target(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    head.strip_prefix("GET ")?.split(' ').next().map(str::to_owned)
}

/// The value of a parameter of an answer, as it stands there.
pub fn parameter<'a>(url: &'a str, name: &str) -> Result<&'a str> {
    let (_, query) = url.split_once('?').context("the answer has no parameters")?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value).with_context(|| format!("{name} is missing: {url}"))
}
