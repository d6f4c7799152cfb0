//! Runs and records as lists: for `log`.
//!
//! Start at [`runs`] and [`records`].

use crate::app::reporter::wording;
use crate::engine::record::{Entry, Header, Pursuit};
use crate::stats::family::Asked;

use super::outcome::Outcome;
use super::summary;

/// One run of the list.
#[derive(Debug, Clone)]
pub struct Row {
    /// When it began.
    pub began: jiff::Timestamp,
    /// What it is locked to.
    pub header: Header,
    /// What it came to.
    pub outcome: Outcome,
}

/// One line a run, newest last.
pub fn runs(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let Row { began, header, outcome } = row;
        let what = match header.pursuit {
            Pursuit::Loop => "run",
            Pursuit::Judge { .. } => "judge",
            Pursuit::Compare { asked: Asked::Regressions, .. } => "gate",
            Pursuit::Compare { asked: Asked::Both, .. } => "compare",
            Pursuit::Calibrate { .. } => "calibrate",
        };
        let came_to = match (&outcome.total, outcome.attempts.last()) {
            (Some((total, _)), _) => summary::with_level(total),
            (None, Some(attempt)) if what == "judge" => {
                format!("{}, {}", summary::verdict(attempt), summary::effect(attempt))
            }
            _ if !outcome.members.is_empty() => super::family::counts(&outcome.members),
            _ => "no total".to_owned(),
        };
        let ended = outcome.stopped.as_ref().map_or_else(|| "not ended".to_owned(), ToString::to_string);
        let kept = match header.pursuit {
            Pursuit::Loop | Pursuit::Judge { .. } => {
                format!("{} kept of {}  ", outcome.kept(), outcome.attempts.len())
            }
            Pursuit::Compare { .. } | Pursuit::Calibrate { .. } => String::new(),
        };
        format!(
            "{}  {}  {what:5}  {}  {kept}{came_to}  {ended}\n",
            header.run,
            began.strftime("%Y-%m-%d %H:%M"),
            header.target.name,
        )
    };
    rows.iter().map(line).collect()
}

/// One line a record of a run that says something to a person, with its number and time.
pub fn records(entries: &[(i64, jiff::Timestamp, Entry)]) -> String {
    let line = |(seq, at, entry): &(i64, jiff::Timestamp, Entry)| {
        let text = wording::record(&entry.record)?;
        Some(format!("{seq:>6}  {}  {:>8.1}s  {text}\n", at.strftime("%H:%M:%S"), entry.took.as_secs_f64()))
    };
    entries.iter().filter_map(line).collect()
}
