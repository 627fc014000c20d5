//! The one guarded client: everything fetched from an address that a stranger chose goes through here, and so can reach only
//! public https servers, for a bounded time and a bounded number of bytes.

mod error;
mod lookup;
mod target;

use crate::exchange::{self, Answer as Answered, Call};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use std::{sync::Arc, time::Duration};
use url::Url;

pub use error::FetchError;
pub(crate) use lookup::PlainLookup;
pub use lookup::{Answer, Lookup, SystemLookup};

/// Which addresses may be fetched from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkPolicy {
    /// https on port 443 of public DNS names whose every address is public.
    Public,
    /// Also this machine itself, on any port and over plain http, under any name. For tests and stand-in servers.
    AllowLoopback,
}

/// How much one fetch may take, all redirects together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// Of the body, as sent.
    pub max_bytes: usize,
    /// From the first look-up of the name to the last byte.
    pub timeout: Duration,
}

/// An answer of any status; redirects never come as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub status: StatusCode,
    pub content_type: Option<String>,
    /// `Cache-Control`, as sent.
    pub cache_control: Option<String>,
    pub body: Bytes,
}

/// Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct GuardedClient {
    policy: NetworkPolicy,
    /// `None` when TLS cannot be set up at all; the house still starts, and only fetching is refused.
    client: Option<reqwest::Client>,
}

impl GuardedClient {
    pub fn new(policy: NetworkPolicy) -> Self {
        Self::with_lookup(policy, SystemLookup)
    }

    /// A client that asks `lookup` instead of the operating system. What it answers is vetted all the same.
    pub fn with_lookup(policy: NetworkPolicy, lookup: impl Lookup) -> Self {
        let lookup: Arc<dyn Lookup> = Arc::new(lookup);
        Self { policy, client: build(policy, &lookup) }
    }

    /// Fetches a URL with GET. A redirect is [`FetchError::Redirect`].
    ///
    /// # Errors
    /// [`FetchError`]: the URL or its addresses are refused, a limit is reached, or the server cannot be reached.
    pub async fn fetch(&self, url: &str, limits: FetchLimits) -> Result<Fetched, FetchError> {
        self.fetch_following(url, limits, 0).await
    }

    /// Like [`Self::fetch`], following up to `redirects` redirects. Each hop is vetted like the first, and https never becomes http.
    ///
    /// # Errors
    /// As [`Self::fetch`], and [`FetchError::TooManyRedirects`].
    pub async fn fetch_following(&self, url: &str, limits: FetchLimits, redirects: u8) -> Result<Fetched, FetchError> {
        self.send(url, limits, redirects, "*/*").await
    }

    /// Fetches a JSON document: an answer of status 200 that says it is JSON. No redirect is followed.
    ///
    /// # Errors
    /// As [`Self::fetch`], [`FetchError::Status`] and [`FetchError::NotJson`].
    pub async fn fetch_json(&self, url: &str, limits: FetchLimits) -> Result<Fetched, FetchError> {
        let fetched = self.send(url, limits, 0, "application/json").await?;
        if fetched.status != StatusCode::OK {
            return Err(FetchError::Status(fetched.status.as_u16()));
        }
        if !fetched.content_type.as_deref().is_some_and(is_json) {
            return Err(FetchError::NotJson);
        }
        Ok(fetched)
    }

    /// Sends one call and takes whatever answers. The address is vetted as for [`Self::fetch`]; a redirect comes as it is.
    ///
    /// # Errors
    /// [`FetchError`]: the URL or its addresses are refused, or the server cannot be reached in time.
    pub async fn exchange(&self, call: Call, timeout: Duration) -> Result<Answered, FetchError> {
        let url = target::vet(&call.url, self.policy)?;
        let client = self.client.as_ref().ok_or(FetchError::NoTls)?;
        let answered = Box::pin(exchange::send(client, url, call));
        tokio::time::timeout(timeout, answered).await.map_err(|_| FetchError::TimedOut)?
    }

    /// Whether this machine itself may be fetched from.
    pub fn reaches_this_machine(&self) -> bool {
        self.policy == NetworkPolicy::AllowLoopback
    }

    async fn send(
        &self,
        url: &str,
        limits: FetchLimits,
        redirects: u8,
        accept: &'static str,
    ) -> Result<Fetched, FetchError> {
        let url = target::vet(url, self.policy)?;
        let fetched = Box::pin(self.follow(url, limits.max_bytes, redirects, accept));
        tokio::time::timeout(limits.timeout, fetched).await.map_err(|_| FetchError::TimedOut)?
    }

    async fn follow(
        &self,
        mut url: Url,
        max_bytes: usize,
        redirects: u8,
        accept: &'static str,
    ) -> Result<Fetched, FetchError> {
        let client = self.client.as_ref().ok_or(FetchError::NoTls)?;
        let mut followed = 0;
        loop {
            let request = client.get(url.clone()).header(header::ACCEPT, accept);
            let answer = request.send().await.map_err(|error| exchange::cause(&error))?;
            if !is_redirect(answer.status()) {
                return read(answer, max_bytes).await;
            }
            if followed == redirects {
                return Err(if redirects == 0 { FetchError::Redirect } else { FetchError::TooManyRedirects });
            }
            followed += 1;
            let next = next_hop(&url, answer.headers())?;
            url = target::vet(&next, self.policy)?;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the guarded client that all others are to use")]
fn build(policy: NetworkPolicy, lookup: &Arc<dyn Lookup>) -> Option<reqwest::Client> {
    // The first one in the process wins, and any is as good: an error only says that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let builder = || {
        reqwest::Client::builder()
            .user_agent(concat!("visage/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers.clone())
            .dns_resolver(lookup::VettedLookup { lookup: Arc::clone(lookup), policy })
            .https_only(policy == NetworkPolicy::Public)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(2)
            .pool_idle_timeout(Duration::from_secs(30))
    };
    match builder().build() {
        Ok(client) => Some(client),
        Err(error) => {
            // Without any authority the guard still guards, and every https server counts as unproven.
            tracing::warn!(error = %error, "Found no certificate authorities: nothing can be fetched over https");
            builder().tls_certs_only([]).build().ok()
        }
    }
}

/// `application/json`, or a type that is built on it (RFC 6839, section 3.1).
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn next_hop(url: &Url, headers: &HeaderMap) -> Result<String, FetchError> {
    let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).ok_or(FetchError::Redirect)?;
    if location.contains('\\') {
        return Err(FetchError::NotAUrl);
    }
    let next = url.join(location).map_err(|_| FetchError::NotAUrl)?;
    if url.scheme() == "https" && next.scheme() != "https" {
        return Err(FetchError::Scheme);
    }
    Ok(next.into())
}

async fn read(mut answer: reqwest::Response, max_bytes: usize) -> Result<Fetched, FetchError> {
    let too_large = FetchError::TooLarge { limit: max_bytes };
    let headers = answer.headers();
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(FetchError::Compressed);
    }
    if answer.content_length().is_some_and(|length| length > max_bytes as u64) {
        return Err(too_large);
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (content_type, cache_control) = (text(header::CONTENT_TYPE), text(header::CACHE_CONTROL));
    let status = answer.status();
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| FetchError::Interrupted)? {
        if chunk.len() > max_bytes - body.len() {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Fetched { status, content_type, cache_control, body: body.freeze() })
}
