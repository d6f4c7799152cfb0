//! What a verdict will cost here, told before the first token is spent.
//!
//! Start at [`of`].

use crate::engine::landing::instrument;
use crate::engine::record::{Calibrated, Header};
use crate::stats::lond::LARGEST_ALPHA;
use crate::stats::sequential::pairs_allowed;

use super::outcome::Outcome;

/// Pairs a typical verdict takes (decision.md part B, G7 and G8).
const TYPICAL_PAIRS: f64 = 12.0;

/// Launch time, noise, smallest provable change, minutes a verdict, caps, and what goes to whom.
pub fn of(header: &Header, outcome: &Outcome) -> String {
    let slot: f64 = outcome.calibrated.iter().map(Calibrated::slot_seconds).sum();
    let tests: f64 = outcome.suites.iter().map(|suite| suite.took.as_secs_f64()).sum();
    let minutes = |pairs: f64| (2.0 * pairs * slot + tests) / 60.0;
    let most = f64::from(u32::try_from(pairs_allowed(LARGEST_ALPHA)).unwrap_or(u32::MAX));
    let wait = header.policy.confirm_delay.value;
    let mut lines = Vec::new();
    for calibrated in &outcome.calibrated {
        lines.push(format!(
            "{}: {:.1} ms a launch of {} iterations by {}, noise {:.1} %",
            calibrated.work.benchmark,
            1000.0 * calibrated.slot_seconds() / f64::from(calibrated.work.batch.max(1)),
            calibrated.work.iterations.0,
            instrument(calibrated),
            100.0 * calibrated.noise
        ));
    }
    lines.push(format!("smallest change provable here: {:.1} %", 100.0 * outcome.smallest_provable));
    lines.push(format!(
        "a verdict: about {:.1} minutes with the tests, at most {:.1}; then {wait} before the confirmation of an improvement",
        minutes(TYPICAL_PAIRS),
        minutes(most)
    ));
    let budget = &header.plan.budget;
    lines.push(format!(
        "caps: {} proposals, {} minutes, {} tokens, {} proposals without a landing",
        budget.iterations,
        budget.time.as_secs() / 60,
        budget.tokens,
        budget.patience
    ));
    if let Some(agent) = &header.plan.agent {
        lines.push(format!(
            "to the agent ({}): the brief, the code of this repository at {}, and what it asks for in its workspace",
            agent.transport,
            header.original.commit.short()
        ));
    }
    lines.join("\n")
}
