//! Where a connection stands between its requests, told by the service and by the stream beneath it, and read by whoever
//! watches over its time.

use http::Version;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// As many bytes as an answer that still moves takes with it between two looks, which what the protocol sends by itself
/// (pings, settings) never reaches.
const MOVES: usize = 16 * 1024;

#[derive(Debug, Default)]
pub struct Phase {
    asked: AtomicUsize,
    answered: AtomicUsize,
    /// Bytes.
    written: AtomicUsize,
    is_http1: AtomicBool,
}

/// A request in flight, until it is dropped: a client may take one back before it is answered.
pub struct InFlight(Arc<Phase>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.answered.fetch_add(1, Ordering::Relaxed);
    }
}

/// How far a connection was at some time.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    asked: usize,
    written: usize,
}

impl Phase {
    pub fn request(self: &Arc<Self>, version: Version) -> InFlight {
        self.is_http1.store(version <= Version::HTTP_11, Ordering::Relaxed);
        self.asked.fetch_add(1, Ordering::Relaxed);
        InFlight(Arc::clone(self))
    }

    pub fn wrote(&self, bytes: usize) {
        self.written.fetch_add(bytes, Ordering::Relaxed);
    }

    pub fn mark(&self) -> Mark {
        Mark { asked: self.requests(), written: self.written.load(Ordering::Relaxed) }
    }

    /// Whether nothing was asked and no answer moved since `before`, and nothing is being worked on.
    pub fn has_idled_since(&self, before: Mark) -> bool {
        let now = self.mark();
        now.asked == before.asked
            && now.asked == self.answered.load(Ordering::Relaxed)
            && now.written.wrapping_sub(before.written) < MOVES
    }

    pub fn has_asked(&self) -> bool {
        self.requests() > 0
    }

    /// Requests so far.
    pub fn requests(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// Whether whatever comes now begins another request's head. Only HTTP/1 has heads that can be half there: HTTP/2 sends
    /// frames at any time, and has a timer of its own.
    pub fn awaits_head(&self) -> bool {
        self.is_http1.load(Ordering::Relaxed) && self.requests() == self.answered.load(Ordering::Relaxed)
    }
}
