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
        self.tell(|reporter, live| reporter.entry(stamped, live));
    }

    /// Tells of what is going on.
    pub fn progress(&mut self, progress: &Progress) {
        self.live.see(progress);
        self.tell(|reporter, live| reporter.progress(progress, live));
    }

    /// Tells each; one that fails is told no more, and the others hear of it.
    fn tell(&mut self, tell: impl Fn(&mut dyn Reporter, &Live) -> std::io::Result<()>) {
        let live = &self.live;
        let mut failed = Vec::new();
        self.reporters.retain_mut(|reporter| match tell(&mut **reporter, live) {
            Ok(()) => true,
            Err(error) => {
                failed.push(error);
                false
            }
        });
        for error in failed {
            let message = format!("who was told of this run cannot be told any more ({error}); it goes on");
            let warning = Progress::Warning { message };
            self.reporters.retain_mut(|reporter| reporter.progress(&warning, live).is_ok());
        }
    }
}
