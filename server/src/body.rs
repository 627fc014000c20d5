//! A request's whole body in memory, and what is wrong when it can't be had.

use crate::accept::BodyTooSlow;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::StatusCode;
use http_body_util::LengthLimitError;
use std::{error::Error, iter};

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    #[error("did not come in time")]
    TooSlow,
    #[error("is too large")]
    TooLarge,
    #[error("broke off")]
    Broken,
}

impl BodyFault {
    /// RFC 9110, sections 15.5.9, 15.5.14 and 15.5.1.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

/// Reads `body`, which may have `most` bytes.
///
/// # Errors
/// [`BodyFault`], which names what went wrong.
pub async fn read(body: Body, most: usize) -> Result<Bytes, BodyFault> {
    to_bytes(body, most).await.map_err(|error| fault(&error))
}

/// The cause is wrapped by every layer that the body passed through.
fn fault(error: &axum::Error) -> BodyFault {
    let mut causes = iter::successors(error.source(), |&cause| cause.source());
    causes
        .find_map(|cause| {
            if cause.is::<BodyTooSlow>() {
                Some(BodyFault::TooSlow)
            } else {
                cause.is::<LengthLimitError>().then_some(BodyFault::TooLarge)
            }
        })
        .unwrap_or(BodyFault::Broken)
}

#[cfg(test)]
mod tests {
    use super::{BodyFault, read};
    use crate::accept::BodyTooSlow;
    use axum::{BoxError, body::Body};
    use bytes::Bytes;
    use futures::stream;
    use std::io;

    fn failing(error: impl Into<BoxError>) -> Body {
        let chunks: [Result<Bytes, BoxError>; 2] = [Ok(Bytes::from_static(b"abc")), Err(error.into())];
        // Wrapped once more, as a layer does.
        Body::new(Body::from_stream(stream::iter(chunks)))
    }

    #[tokio::test]
    async fn what_went_wrong_is_told_by_its_name() {
        assert_eq!(read(Body::from("abc"), 3).await, Ok(Bytes::from_static(b"abc")));
        assert_eq!(read(Body::from("abcd"), 3).await, Err(BodyFault::TooLarge));
        assert_eq!(read(failing(BodyTooSlow), 10).await, Err(BodyFault::TooSlow));
        let broken = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(read(failing(broken), 10).await, Err(BodyFault::Broken));
    }
}
