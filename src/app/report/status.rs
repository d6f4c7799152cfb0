//! How a run stands, in a few lines: for `status`, while it is driven or after.
//!
//! Start at [`of`].

use crate::app::reporter::amounts::{counted, minutes, tokens};
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

/// The lines.
pub fn of(header: &Header, outcome: &Outcome, driver: &Driver) -> String {
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
            "used {} of {} and {}",
            minutes(outcome.time),
            minutes(header.plan.budget.time),
            tokens(outcome.tokens, outcome.tokens_unknown)
        ),
    ];
    for iteration in &outcome.accepts {
        lines.push(format!("proposal {iteration} is accepted by a person and waits to be judged again"));
    }
    lines.join("\n") + "\n"
}
