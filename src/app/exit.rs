//! Exit codes: how a run or a judgement ended, as one number that scripts can rely on.
//!
//! Pure over what a report knows; the numbers are documented in the README. Start at [`Exit`]; [`of_run`] maps how it ended.

use crate::model::verdict::{Rejection, StopReason, Verdict};

/// The exit codes; numbers never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// The goal is reached (proven, or by estimate, which is said), or something was kept without a goal;
    /// `judge`: improved. Any other command: done.
    Success = 0,
    /// Changes were kept, the goal is not reached.
    GoalNotReached = 1,
    /// What was asked for makes no sense.
    Usage = 2,
    /// Nothing was kept; `judge`: unchanged or rejected, the reason is in the result.
    NothingKept = 3,
    /// The original does not build, or fails its tests or its benchmark.
    OriginalFails = 4,
    /// Too noisy to tell, inconclusive.
    Inconclusive = 5,
    /// Policy or config cannot be used.
    Config = 6,
    /// The agent failed.
    AgentFailed = 7,
    /// The repository is of a kind, or in a state, that does not work.
    Repository = 8,
    /// The machine, the store, or a second run.
    Environment = 9,
    /// A regression was proven.
    Regression = 10,
    /// Really faster, but a person must decide.
    Held = 11,
    /// Waiting for a proposal.
    Waiting = 12,
    /// Evidence does not verify.
    NotVerified = 13,
    /// A bug of ours.
    Bug = 70,
    /// Interrupted; `resume` goes on.
    Interrupted = 130,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// What the exit code of a run depends on.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// Why it ended; `None` while it has not.
    pub stop: Option<&'a StopReason>,
    /// Whether it had a goal.
    pub goal: GoalGiven,
    /// Proposals that landed.
    pub kept: usize,
    /// Proposals that wait for a person.
    pub held: usize,
    /// Proposals no decision was possible about.
    pub inconclusive: usize,
    /// The verdict on the one proposal of `judge`.
    pub judged: Option<&'a Verdict>,
}

/// Whether a run has a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoalGiven {
    /// It has.
    Yes,
    /// It goes on until nothing more is gained.
    No,
}

/// The exit code of a run or a judgement.
pub fn of_run(ending: &Ending<'_>) -> Exit {
    let Ending { stop, goal, kept, held, inconclusive, judged } = *ending;
    match stop {
        None => Exit::Interrupted,
        Some(StopReason::GoalReached | StopReason::GoalEstimated | StopReason::Calibrated) => Exit::Success,
        Some(StopReason::Judged) => judged.map_or(Exit::Bug, of_verdict),
        Some(_) if kept > 0 && goal == GoalGiven::Yes => Exit::GoalNotReached,
        Some(_) if kept > 0 => Exit::Success,
        Some(StopReason::OriginalFails { .. }) => Exit::OriginalFails,
        Some(StopReason::AgentFailed { .. }) => Exit::AgentFailed,
        Some(StopReason::Environment { .. }) => Exit::Environment,
        Some(_) if held > 0 => Exit::Held,
        Some(StopReason::TooNoisy { .. }) => Exit::Inconclusive,
        Some(_) if inconclusive > 0 => Exit::Inconclusive,
        Some(
            StopReason::Budget { .. }
            | StopReason::Patience { .. }
            | StopReason::NothingMore
            | StopReason::Compared
            | StopReason::CandidateFails { .. }
            | StopReason::NoActionableHotspot,
        ) => Exit::NothingKept,
    }
}

/// The exit code of one verdict.
pub fn of_verdict(verdict: &Verdict) -> Exit {
    match verdict {
        Verdict::Accepted => Exit::Success,
        Verdict::Held { .. } => Exit::Held,
        Verdict::Rejected { reason: Rejection::Regressed } => Exit::Regression,
        Verdict::Rejected { reason: Rejection::Inconclusive { .. } } => Exit::Inconclusive,
        Verdict::Rejected { .. } => Exit::NothingKept,
    }
}

#[cfg(test)]
mod tests;
