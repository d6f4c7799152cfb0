//! Tells all reporters, and drops those that fail: a closed pipe must not end a run.

use super::live::Live;
use super::progress::Progress;
use super::{Reporter, Stamped};

/// Tells all reporters.
#[derive(Default)]
pub struct Fanout {
    reporters: Vec<Box<dyn Reporter>>,
    live: Live,
}

impl Fanout {
    /// A fanout to these.
    pub fn new(reporters: Vec<Box<dyn Reporter>>) -> Self {
        Self { reporters, live: Live::default() }
    }

    /// Tells of a record that is in the journal.
    pub fn entry(&mut self, stamped: &Stamped<'_>) {
        self.live.take(stamped.entry);
        let live = &self.live;
        keep_working(&mut self.reporters, |reporter| reporter.entry(stamped, live));
    }

    /// Tells of what is going on.
    pub fn progress(&mut self, progress: &Progress) {
        self.live.see(progress);
        let live = &self.live;
        keep_working(&mut self.reporters, |reporter| reporter.progress(progress, live));
    }
}

fn keep_working(
    reporters: &mut Vec<Box<dyn Reporter>>,
    mut tell: impl FnMut(&mut dyn Reporter) -> std::io::Result<()>,
) {
    reporters.retain_mut(|reporter| match tell(&mut **reporter) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "a reporter failed and is dropped; the run goes on");
            false
        }
    });
}
