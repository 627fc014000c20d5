//! A connection that fails when the other side takes nothing of an answer, or leaves the head of its next request half
//! sent, for too long: neither may hold its place for ever.

use super::{Limits, phase::Phase};
use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

pub struct StallGuard<S> {
    stream: S,
    limit: Duration,
    /// Runs while a write waits.
    waiting: Option<Pin<Box<Sleep>>>,
    heads: HeadClock,
}

impl<S> StallGuard<S> {
    pub const fn new(stream: S, limits: Limits, phase: Arc<Phase>) -> Self {
        let heads = HeadClock { limit: limits.head, phase, running: None };
        Self { stream, limit: limits.stall, waiting: None, heads }
    }

    fn count(&self, written: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = written {
            self.heads.phase.wrote(*bytes);
        }
    }

    fn guard<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = None;
            return written;
        }
        let limit = self.limit;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(limit)));
        match waiting.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Runs from the first byte of a head until its request is there. A connection that only idles between two requests has the
/// longer time that the protocol gives it.
struct HeadClock {
    limit: Duration,
    phase: Arc<Phase>,
    /// With the number of requests before it.
    running: Option<(usize, Pin<Box<Sleep>>)>,
}

impl HeadClock {
    fn start(&mut self) {
        let before = self.phase.requests();
        let is_running = self.running.as_ref().is_some_and(|(of, _)| *of == before);
        if self.phase.awaits_head() && !is_running {
            self.running = Some((before, Box::pin(sleep(self.limit))));
        }
    }

    fn has_run_out(&mut self, context: &mut Context<'_>) -> bool {
        let requests = self.phase.requests();
        match &mut self.running {
            Some((before, clock)) if *before == requests => clock.as_mut().poll(context).is_ready(),
            _ => false,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for StallGuard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        match read {
            Poll::Ready(Ok(())) if buffer.filled().len() > before => self.heads.start(),
            Poll::Pending if self.heads.has_run_out(context) => {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            _ => {}
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for StallGuard<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.count(&written);
        self.guard(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.count(&written);
        self.guard(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.guard(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.stream).poll_shutdown(context);
        self.guard(context, closed)
    }
}
