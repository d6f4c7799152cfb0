//! Reporters: what happens, as it happens, for people and programs. A file per reporter; they only format.
//!
//! Start at [`Reporter`].

pub mod json_lines;
pub mod plain;
pub mod progress;

use crate::engine::record::Entry;
use crate::model::id::RunId;
use progress::Progress;

/// Told of every record after it is journalled, and of what goes on in between.
pub trait Reporter {
    /// A record that is in the journal.
    fn entry(&mut self, run: &RunId, entry: &Entry) -> std::io::Result<()>;

    /// Something that is not journalled.
    fn progress(&mut self, progress: &Progress) -> std::io::Result<()>;
}

/// Several reporters; one that fails is dropped and does not stop the run.
#[derive(Default)]
pub struct Fanout(Vec<Box<dyn Reporter>>);

impl Fanout {
    /// Tells all of these.
    pub fn new(reporters: Vec<Box<dyn Reporter>>) -> Self {
        Self(reporters)
    }

    /// A record.
    pub fn entry(&mut self, run: &RunId, entry: &Entry) {
        self.0.retain_mut(|reporter| reporter.entry(run, entry).is_ok());
    }

    /// Progress.
    pub fn progress(&mut self, progress: &Progress) {
        self.0.retain_mut(|reporter| reporter.progress(progress).is_ok());
    }
}
