//! For a person at a terminal: lines that stay for what happened, one moving line for what goes on.
//!
//! Only used with a terminal on standard error; colours only where `NO_COLOR` is not set.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::record::Record;
use crate::model::verdict::Verdict;

use super::live::Live;
use super::plain::Detail;
use super::progress::Progress;
use super::{Reporter, Stamped, wording};

/// Whether colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// They may.
    Allowed,
    /// `NO_COLOR` is set.
    Refused,
}

/// The moving line.
pub struct Terminal {
    bar: ProgressBar,
    detail: Detail,
    colour: Colour,
}

impl Terminal {
    /// A reporter on standard error.
    pub fn new(detail: Detail, colour: Colour) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{spinner} {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, detail, colour }
    }

    fn paint(&self, record: &Record, line: String) -> String {
        let code = match (self.colour, record) {
            (Colour::Allowed, Record::Landed(_)) => "32",
            (Colour::Allowed, Record::Judged(judged)) => match judged.verdict {
                Verdict::Accepted => "32",
                Verdict::Held { .. } => "33",
                Verdict::Rejected { .. } => "31",
            },
            _ => return line,
        };
        format!("\u{1b}[{code}m{line}\u{1b}[0m")
    }
}

impl Reporter for Terminal {
    fn entry(&mut self, stamped: &Stamped<'_>, live: &Live) -> std::io::Result<()> {
        let record = &stamped.entry.record;
        if let Some(line) = wording::record(record) {
            self.bar.println(self.paint(record, line));
        }
        self.bar.set_message(wording::status(live));
        if matches!(record, Record::Stopped { .. }) {
            self.bar.finish_and_clear();
        }
        Ok(())
    }

    fn progress(&mut self, progress: &Progress, live: &Live) -> std::io::Result<()> {
        let stays = match progress {
            Progress::Price { .. } | Progress::Warning { .. } => true,
            Progress::Agent { .. } | Progress::Waiting { .. } => self.detail == Detail::Verbose,
            Progress::StepStarted { .. } | Progress::Pair { .. } => false,
        };
        match wording::progress(progress) {
            Some(text) if stays => self.bar.println(text),
            Some(text) if matches!(progress, Progress::Agent { .. } | Progress::Waiting { .. }) => {
                self.bar.set_message(text);
            }
            _ => self.bar.set_message(wording::status(live)),
        }
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
