//! Exit codes: a pure function of how a run ended. The numbers are documented in the README.

use crate::engine::record::Pursuit;
use crate::model::verdict::{Rejection, StopReason, Verdict};

use super::report::summary::Outcome;

/// The code a finished run ends the program with.
pub fn code(pursuit: &Pursuit, has_goal: Goal, outcome: &Outcome) -> u8 {
    match &outcome.stopped {
        None => 130,
        Some(StopReason::OriginalFails { .. }) => 4,
        Some(StopReason::TooNoisy { .. }) => 5,
        Some(StopReason::AgentFailed { .. }) => 7,
        Some(StopReason::Environment { .. }) => 9,
        Some(_) if matches!(pursuit, Pursuit::Judge { .. }) => judged(outcome),
        Some(StopReason::GoalReached | StopReason::GoalEstimated) => 0,
        Some(_) if outcome.kept > 0 => u8::from(has_goal == Goal::Wanted),
        Some(_) if outcome.held > 0 => 11,
        Some(_) if is_inconclusive(outcome) => 5,
        Some(_) => 3,
    }
}

/// Whether a goal was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// It was.
    Wanted,
    /// As much as can be had.
    None,
}

fn judged(outcome: &Outcome) -> u8 {
    match outcome.verdicts.last().map(|(_, verdict, _)| verdict) {
        Some(Verdict::Accepted) => 0,
        Some(Verdict::Held { .. }) => 11,
        Some(Verdict::Rejected { reason: Rejection::Regressed }) => 10,
        Some(Verdict::Rejected { reason: Rejection::Inconclusive { .. } }) => 5,
        _ => 3,
    }
}

/// Whether the last that was tried could not be decided, and nothing was found out besides.
fn is_inconclusive(outcome: &Outcome) -> bool {
    let inconclusive =
        |verdict: &Verdict| matches!(verdict, Verdict::Rejected { reason: Rejection::Inconclusive { .. } });
    outcome.verdicts.iter().any(|(_, verdict, _)| inconclusive(verdict))
}
