//! How a run stands, in a few lines: for `status`, while it is driven or after.
//!
//! Start at [`of`].

use crate::app::reporter::amounts::{counted, tokens};
use crate::engine::record::Header;
use crate::engine::words;

use super::outcome::Outcome;
use super::summary;

/// Who drives the run now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Driver {
    /// Nobody.
    None,
    /// This process, in its own words.
    Live(String),
}

/// What the journal knows of a run without reading its samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Who drives it now.
    pub driver: Driver,
    /// When its first record was written.
    pub began: jiff::Timestamp,
    /// When its latest record was written.
    pub latest: jiff::Timestamp,
}

/// The lines. Time used is not among them: it is a sum over all records, samples included, and `show` has it.
pub fn of(header: &Header, outcome: &Outcome, seen: &Seen) -> String {
    let Seen { driver, began, latest } = seen;
    let goal = header.goal.map_or_else(|| "as much as can be had".to_owned(), |goal| goal.to_string());
    let state = match (&outcome.stopped, driver) {
        (Some(reason), _) => format!("ended: {reason}"),
        (None, Driver::Live(holder)) => format!("running, driven by {holder}"),
        (None, Driver::None) => "interrupted; `optiloop resume` goes on".to_owned(),
    };
    let kept: f64 =
        outcome.attempts.iter().filter(|a| a.landed.is_some()).filter_map(|a| a.effect).map(|e| e.log).sum();
    let so_far = match (&outcome.total, outcome.kept()) {
        (Some((total, _)), _) => format!(", {} against the original", summary::with_level(total)),
        (None, 0) => String::new(),
        (None, _) => {
            let change = 100.0 * crate::stats::pair::cost_change(kept);
            format!(", about {} % by the sum of what landed", words::signed(change))
        }
    };
    let mut lines = vec![
        format!("run {}: {}, goal {goal}", header.run, header.target.name),
        state,
        format!(
            "{}: {} kept, {} rejected, {} held{so_far}",
            counted(outcome.attempts.len(), "proposal"),
            outcome.kept(),
            outcome.rejections().values().sum::<usize>(),
            outcome.held()
        ),
        format!(
            "began {}, latest record {}, {}",
            began.strftime("%Y-%m-%d %H:%M:%S"),
            latest.strftime("%H:%M:%S"),
            tokens(outcome.tokens, outcome.tokens_unknown)
        ),
    ];
    for iteration in &outcome.accepts {
        lines.push(format!("proposal {iteration} is accepted by a person and waits to be judged again"));
    }
    lines.join("\n") + "\n"
}
