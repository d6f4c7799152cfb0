//! The only place that asks what time it is.
//!
//! Elapsed time of a run is a sum of journalled durations, never an `Instant`; this module only stamps.
#![expect(clippy::disallowed_methods, reason = "this is the sanctioned place for the clock")]

use std::time::{Duration, Instant};

/// Now, in UTC.
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// A running stop watch on the monotonic clock.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since it was started.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
