//! One call and its answer as it comes, whatever it is: for looking at a server, not for using it.

use crate::http::FetchError;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, Method, StatusCode};
use std::error::Error;
use url::Url;

/// Documents of OAuth have a tenth of this. Of a longer answer the beginning is kept.
const MOST_BYTES: usize = 64 * 1024;

#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub url: String,
    pub headers: HeaderMap,
    pub body: Option<String>,
}

/// An answer of any status; redirects come as they are.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// A header's text; empty where there is none that can be read.
    pub fn header(&self, name: &HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Sends `call` to `url`, which has been judged already.
pub(crate) async fn send(client: &reqwest::Client, url: Url, call: Call) -> Result<Answer, FetchError> {
    let mut request = client.request(call.method, url).headers(call.headers);
    if let Some(body) = call.body {
        request = request.body(body);
    }
    let mut answer = request.send().await.map_err(|error| cause(&error))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| FetchError::Interrupted)? {
        let room = MOST_BYTES - body.len();
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if body.len() >= MOST_BYTES {
            break;
        }
    }
    Ok(Answer { status, headers, body: body.freeze() })
}

/// Finds our own refusal, or a certificate's, below the client's wrapping; anything else is the network's.
pub(crate) fn cause(error: &reqwest::Error) -> FetchError {
    if error.is_timeout() {
        return FetchError::TimedOut;
    }
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(refusal) = inner.downcast_ref::<FetchError>() {
            return refusal.clone();
        }
        if is_of_a_certificate(inner) {
            return FetchError::Certificate;
        }
        source = inner.source();
    }
    FetchError::Unreachable
}

fn is_of_a_certificate(error: &(dyn Error + 'static)) -> bool {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return matches!(tls, rustls::Error::InvalidCertificate(_));
    }
    // An error of input and output is not the source of what it carries, but holds it, and may hold another one.
    let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    held.is_some_and(|held| is_of_a_certificate(held))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn a_refused_certificate_is_found_however_deep_it_is_wrapped() {
        let refused = || rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        assert!(is_of_a_certificate(&refused()));
        assert!(is_of_a_certificate(&io::Error::other(refused())));
        assert!(is_of_a_certificate(&io::Error::other(io::Error::new(io::ErrorKind::InvalidData, refused()))));
        assert!(!is_of_a_certificate(&io::Error::other(rustls::Error::HandshakeNotComplete)));
    }
}
