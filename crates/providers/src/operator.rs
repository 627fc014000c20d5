//! A client for addresses that the operator typed: it may reach this machine and the private network, because whoever
//! runs the server may too. Nothing that a stranger chose goes through here.

use crate::{
    exchange::{self, Answer, Call},
    http::{FetchError, PlainLookup},
};
use std::time::Duration;
use url::Url;

const TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Debug, Clone)]
pub struct OperatorClient(Option<reqwest::Client>);

impl OperatorClient {
    #[expect(clippy::disallowed_methods, reason = "the operator's own addresses need no guard")]
    pub fn new() -> Self {
        // The first one in the process wins, and any is as good: an error only says that there is one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .dns_resolver(PlainLookup)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .timeout(TIMEOUT)
        };
        // Plain http needs no certificates.
        Self(builder().build().or_else(|_| builder().tls_certs_only([]).build()).ok())
    }

    /// Sends one call.
    ///
    /// # Errors
    /// [`FetchError`]: the URL is none, or the server can't be reached.
    pub async fn send(&self, call: Call) -> Result<Answer, FetchError> {
        let url = Url::parse(&call.url).map_err(|_| FetchError::NotAUrl)?;
        let client = self.0.as_ref().ok_or(FetchError::NoTls)?;
        exchange::send(client, url, call).await
    }
}

impl Default for OperatorClient {
    fn default() -> Self {
        Self::new()
    }
}
