//! Where a connection stands between its requests, told by the service and read by the stream beneath it.

use http::Version;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

#[derive(Debug, Default)]
pub struct Phase {
    asked: AtomicUsize,
    answered: AtomicUsize,
    is_http1: AtomicBool,
}

impl Phase {
    pub fn request(&self, version: Version) {
        self.is_http1.store(version <= Version::HTTP_11, Ordering::Relaxed);
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    pub fn answer(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
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
