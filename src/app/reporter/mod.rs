//! Who is told what happens while it happens: each record as it is journalled, and progress in between.
//!
//! Reporters only format: what they show is worked out in [`live`]. One that fails is dropped with a warning;
//! it never ends a run. Start at [`Fanout`].

pub mod amounts;
mod fanout;
pub mod json_lines;
pub mod live;
pub mod plain;
pub mod progress;
pub mod terminal;
pub mod wording;

use serde::Serialize;

use crate::engine::record::Entry;
use crate::journal::Seq;
use crate::model::id::RunId;

pub use fanout::Fanout;
use live::Live;
use progress::Progress;

/// A record as the journal has it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Stamped<'a> {
    /// Its number.
    pub seq: Seq,
    /// When it was appended.
    pub at: jiff::Timestamp,
    /// The run.
    pub run: &'a RunId,
    /// What happened and how long it took.
    #[serde(flatten)]
    pub entry: &'a Entry,
}

/// One way to show what happens.
pub trait Reporter {
    /// A record is in the journal; `live` has taken it already.
    fn entry(&mut self, stamped: &Stamped<'_>, live: &Live) -> std::io::Result<()>;

    /// Something is going on that is no record; `live` has taken it already.
    fn progress(&mut self, progress: &Progress, live: &Live) -> std::io::Result<()>;
}
