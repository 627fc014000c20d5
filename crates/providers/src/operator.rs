//! A client for addresses that the operator typed: it may reach this machine and the private network, because whoever
//! runs the server may too. Nothing that a stranger chose goes through here.

use crate::http::FetchError;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode};
use std::time::Duration;

/// What every call says of who it is, before a version.
pub const USER_AGENT_PREFIX: &str = "visage-doctor/";

const TIMEOUT: Duration = Duration::from_secs(15);
const MOST_BYTES: usize = 1 << 20;

/// An answer of any status; redirects come as they are.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Debug, Clone)]
pub struct OperatorClient(Option<reqwest::Client>);

impl OperatorClient {
    #[expect(clippy::disallowed_methods, reason = "the operator's own addresses need no guard")]
    pub fn new() -> Self {
        // The first one in the process wins, and any is as good: an error only says that there is one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("visage-doctor/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .timeout(TIMEOUT)
        };
        // Plain http needs no certificates.
        Self(builder().build().or_else(|_| builder().tls_certs_only([]).build()).ok())
    }

    /// Sends one request; `body` goes with the content type among `headers`.
    ///
    /// # Errors
    /// [`FetchError`]: the URL is none, the server can't be reached, or its answer is too long.
    pub async fn send(
        &self,
        method: Method,
        url: &str,
        headers: HeaderMap,
        body: Option<String>,
    ) -> Result<Answer, FetchError> {
        let url = url::Url::parse(url).map_err(|_| FetchError::NotAUrl)?;
        let client = self.0.as_ref().ok_or(FetchError::NoTls)?;
        let mut request = client.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.body(body);
        }
        let mut answer = request.send().await.map_err(|error| fault(&error))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| FetchError::Interrupted)? {
            if chunk.len() > MOST_BYTES - body.len() {
                return Err(FetchError::TooLarge { limit: MOST_BYTES });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body: body.freeze() })
    }
}

impl Default for OperatorClient {
    fn default() -> Self {
        Self::new()
    }
}

fn fault(error: &reqwest::Error) -> FetchError {
    if error.is_timeout() { FetchError::TimedOut } else { FetchError::Unreachable }
}
