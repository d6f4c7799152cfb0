//! One line an event to standard error, without colour or cursor movement: for logs and pipes.

use std::io::Write;

use super::live::Live;
use super::progress::Progress;
use super::{Reporter, Stamped, wording};

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Verdicts and ends.
    Quiet,
    /// Every step.
    Normal,
    /// What the agent does, and every pair.
    Verbose,
}

/// Writes lines.
pub struct Plain<W> {
    out: W,
    detail: Detail,
    /// The step that was told last: batches of one comparison are one line.
    step: Option<String>,
}

impl<W: Write> Plain<W> {
    /// A reporter that writes to `out`.
    pub fn new(out: W, detail: Detail) -> Self {
        Self { out, detail, step: None }
    }

    fn line(&mut self, line: Option<String>) -> std::io::Result<()> {
        match line {
            Some(line) => {
                writeln!(self.out, "{line}")?;
                self.out.flush()
            }
            None => Ok(()),
        }
    }
}

impl<W: Write> Reporter for Plain<W> {
    fn entry(&mut self, stamped: &Stamped<'_>, _live: &Live) -> std::io::Result<()> {
        use crate::engine::record::Record;
        let record = &stamped.entry.record;
        let ends = matches!(record, Record::Judged(_) | Record::Landed(_) | Record::Stopped { .. });
        if self.detail == Detail::Quiet && !ends {
            return Ok(());
        }
        self.line(wording::record(record))
    }

    fn progress(&mut self, progress: &Progress, live: &Live) -> std::io::Result<()> {
        let text = match (progress, self.detail) {
            (Progress::Warning { .. }, _) => wording::progress(progress),
            (_, Detail::Quiet) | (Progress::Agent { .. } | Progress::Pair { .. }, Detail::Normal) => None,
            (Progress::Pair { .. }, Detail::Verbose) => Some(wording::status(live)),
            (Progress::StepStarted { .. }, _) => {
                let told = wording::progress(progress).filter(|line| self.step.as_ref() != Some(line));
                self.step = told.clone().or(self.step.take());
                told
            }
            _ => wording::progress(progress),
        };
        self.line(text)
    }
}
