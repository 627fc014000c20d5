//! A request's body: with a deadline for the whole of it, and read to its end even when nobody wanted it.

use axum::{body::Body as AxumBody, response::Response};
use bytes::Bytes;
use http::{HeaderValue, Request, Version, header};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    sync::oneshot,
    time::{Sleep, sleep, timeout},
};

#[derive(Debug, thiserror::Error)]
#[error("the request's body did not come in time")]
pub struct BodyTooSlow;

/// A body that fails when it takes longer than `limit`, counted from when it first had to be waited for. What is dropped
/// unread goes back to whoever holds the [`Leftover`].
pub struct TimedBody {
    /// Taken only on drop.
    body: Option<Incoming>,
    limit: Duration,
    /// Made only for bodies that have to be waited for.
    deadline: Option<Pin<Box<Sleep>>>,
    give_back: Option<oneshot::Sender<Incoming>>,
}

/// The rest of a body that an answer did not wait for.
pub struct Leftover {
    returned: oneshot::Receiver<Incoming>,
    /// The client asked first whether it may send (RFC 9110, section 10.1.1): reading would tell it to.
    waits_for_permission: bool,
    version: Version,
}

/// As much as is read for the connection's sake.
const MOST_LEFT: usize = 64 * 1024;
const LONGEST_WAIT: Duration = Duration::from_secs(1);

impl TimedBody {
    /// Takes the body of `request` under the deadline, and keeps a hold on what will be left of it.
    pub fn split(request: Request<Incoming>, limit: Duration) -> (Request<AxumBody>, Leftover) {
        let (give_back, returned) = oneshot::channel();
        let waits_for_permission = request.headers().contains_key(header::EXPECT);
        let leftover = Leftover { returned, waits_for_permission, version: request.version() };
        let request = request.map(|body| {
            let give_back = (!body.is_end_stream()).then_some(give_back);
            AxumBody::new(Self { body: Some(body), limit, deadline: None, give_back })
        });
        (request, leftover)
    }
}

impl Leftover {
    /// Reads what the handler left, so that the connection stays good for the next request: a client that sends head and
    /// body apart would otherwise find it closed without a word. Where too much is left the answer says that it closes.
    pub async fn settle(mut self, mut answer: Response) -> Response {
        let Ok(body) = self.returned.try_recv() else { return answer };
        let is_settled = !self.waits_for_permission && timeout(LONGEST_WAIT, read_out(body)).await.unwrap_or(false);
        if !is_settled && self.version <= Version::HTTP_11 {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

/// Whether the end came within [`MOST_LEFT`] bytes.
async fn read_out(mut body: Incoming) -> bool {
    let mut left = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        left += frame.data_ref().map_or(0, Bytes::len);
        if left > MOST_LEFT {
            return false;
        }
    }
    true
}

impl Drop for TimedBody {
    fn drop(&mut self) {
        if let (Some(give_back), Some(body)) = (self.give_back.take(), self.body.take())
            && !body.is_end_stream()
        {
            // Nobody waits for it once the connection is gone.
            drop(give_back.send(body));
        }
    }
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some(body) = self.body.as_mut() else { return Poll::Ready(None) };
        if let Poll::Ready(frame) = Pin::new(body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let limit = self.limit;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(limit)));
        match deadline.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(BodyTooSlow.into()))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}
