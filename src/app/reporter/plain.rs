//! One line an event, for people, logs and CI: no colour, no bars.

use std::io::Write;

use super::Reporter;
use super::progress::Progress;
use crate::engine::record::Entry;
use crate::model::id::RunId;
use crate::model::proposal::AgentEvent;

use crate::app::report::line;

/// How often a pair is worth a line.
const EVERY: u32 = 5;

/// Writes lines to `W`.
pub struct Plain<W>(pub W);

impl<W: Write> Reporter for Plain<W> {
    fn entry(&mut self, _: &RunId, entry: &Entry) -> std::io::Result<()> {
        match line::of(&entry.record) {
            Some(text) => writeln!(self.0, "{text}"),
            None => Ok(()),
        }
    }

    fn progress(&mut self, progress: &Progress) -> std::io::Result<()> {
        match progress {
            Progress::Step { step } if step.starts_with("measure") || step.starts_with("judge") => Ok(()),
            Progress::Step { step } => writeln!(self.0, "  … {step}"),
            Progress::Pair { comparison, pair, ratio: Some(ratio) } if pair % EVERY == 0 => {
                let change = crate::engine::words::signed(100.0 * (ratio - 1.0));
                writeln!(self.0, "  … {comparison} pair {pair}: {change} % in this pair")
            }
            Progress::Agent { event: AgentEvent::Said { text } } => {
                let first: String = text.lines().next().unwrap_or_default().chars().take(120).collect();
                writeln!(self.0, "  agent: {first}")
            }
            Progress::Agent { event: AgentEvent::Warned { message } } => {
                writeln!(self.0, "  agent warns: {message}")
            }
            Progress::Waiting { why } => writeln!(self.0, "  … waiting: {why}"),
            Progress::Pair { .. } | Progress::Agent { .. } => Ok(()),
        }
    }
}
