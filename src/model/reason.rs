//! Reasons in words: what a person or the next brief reads of a rejection, a hold, a stop, a failure.
//!
//! The types are in [`super::verdict`] and [`super::proposal`]; lower-case fragments without a full stop.

use std::fmt::{Display, Formatter, Result};

use super::id::TestId;
use super::proposal::AgentFailure;
use super::verdict::{HoldReason, Rejection, StopReason};

/// Tests that are listed by name before the rest is counted.
const LISTED: usize = 5;

fn listed(tests: &[TestId]) -> String {
    let names: Vec<&str> = tests.iter().take(LISTED).map(TestId::as_str).collect();
    match tests.len() {
        0 => "the suite".to_owned(),
        n if n > LISTED => format!("{} and {} more", names.join(", "), n - LISTED),
        _ => names.join(", "),
    }
}

impl Display for Rejection {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::NothingChanged => f.write_str("nothing changed"),
            Self::DoesNotApply { detail } => write!(f, "does not apply: {detail}"),
            Self::ProtectedPath { path, rule } => write!(f, "edits a protected path: {path} ({rule})"),
            Self::NestedRepository { path } => write!(f, "holds a repository of its own: {path}"),
            Self::FilteredPath { path } => {
                write!(f, "changes a path whose content goes through a filter: {path}")
            }
            Self::Gitlink { path } => write!(f, "adds or moves a submodule: {path}"),
            Self::InSubmodule { path } => {
                write!(f, "edits a file of a submodule, which is another repository's: {path}")
            }
            Self::LinkOut { path, to } => write!(f, "links to outside the tree: {path} to {to}"),
            Self::TooLarge { detail } => write!(f, "too large: {detail}"),
            Self::AutoExecuted { path, why } => {
                write!(f, "touches a file that runs by itself: {path} ({why})")
            }
            Self::BuildFlags { path, what } => write!(f, "changes how the code is built: {path} ({what})"),
            Self::Dependencies { path, what } => write!(f, "changes dependencies: {path} ({what})"),
            Self::BadPath { path } => write!(f, "has a path that is not allowed: {path}"),
            Self::TestsEdited { path } => write!(f, "edits existing tests: {path}"),
            Self::BuildFailed { detail } => write!(f, "does not build: {detail}"),
            Self::SameCode => f.write_str("builds to the same machine code"),
            Self::TestsFailed { tests, detail } => write!(f, "breaks {}: {detail}", listed(tests)),
            Self::TestsMissing { tests } => write!(f, "tests are gone: {}", listed(tests)),
            Self::Broken { detail } => write!(f, "launches fail: {detail}"),
            Self::Parallelism { detail } => write!(f, "runs differently on the cores: {detail}"),
            Self::Unchanged => f.write_str("no gain: the least effect is disproved"),
            Self::Regressed => f.write_str("slower: a regression is proven"),
            Self::Inconclusive { detail } => write!(f, "inconclusive: {detail}"),
            Self::DidNotConfirm { detail } => write!(f, "did not confirm: {detail}"),
        }
    }
}

impl Display for HoldReason {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::TestsEdited { detail } => write!(f, "edits existing tests: {detail}"),
            Self::NeedsAdditions { detail } => write!(f, "needs the tests or benchmarks it adds: {detail}"),
            Self::Tail { mean_ratio } => {
                write!(f, "the typical launch is cheaper, but the mean cost ratio is {mean_ratio:.3}")
            }
            Self::TradeOff { detail } => write!(f, "a guard got worse: {detail}"),
            Self::GuardsUnproven { detail } => write!(f, "a guard is unproven: {detail}"),
            Self::WallUnproven { detail } => write!(f, "wall time is not shown to be as good: {detail}"),
            Self::ClocksDisagree { detail } => write!(f, "inside and outside clocks disagree: {detail}"),
            Self::Parallelism { detail } => write!(f, "runs differently on the cores: {detail}"),
            Self::Dependencies { detail } => write!(f, "changes dependencies: {detail}"),
            Self::BuildFlags { detail } => write!(f, "changes how the code is built: {detail}"),
        }
    }
}

impl Display for StopReason {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::GoalReached => f.write_str("goal reached, proven"),
            Self::GoalEstimated => f.write_str("goal reached, estimate"),
            Self::Budget { which } => write!(f, "budget of {which} used up"),
            Self::Patience { iterations } => write!(f, "{iterations} proposals in a row without a landing"),
            Self::NothingMore => f.write_str("the agent has no further proposal"),
            Self::NoActionableHotspot => f.write_str("no actionable hotspot"),
            Self::OriginalFails { detail } => write!(f, "the original fails: {detail}"),
            Self::TooNoisy { detail } => write!(f, "too noisy: {detail}"),
            Self::AgentFailed { detail } => write!(f, "the agent failed: {detail}"),
            Self::Environment { detail } => write!(f, "the environment is not sound: {detail}"),
            Self::Judged => f.write_str("judged"),
            Self::Compared => f.write_str("every benchmark is compared"),
            Self::CandidateFails { detail } => write!(f, "the other side fails: {detail}"),
            Self::Calibrated => f.write_str("calibrated"),
        }
    }
}

impl Display for AgentFailure {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::NotInstalled { looked_for } => write!(f, "{looked_for} is not installed"),
            Self::Unsupported { version } => write!(f, "version {version} is not supported"),
            Self::Auth { message } => write!(f, "credentials were refused: {message}"),
            Self::Quota { message } => write!(f, "the quota is used up: {message}"),
            Self::Transient { message } => write!(f, "the service is not reachable now: {message}"),
            Self::TimedOut { limit } => write!(f, "the {limit} limit was reached"),
            Self::Cancelled => f.write_str("interrupted"),
            Self::Broken { message } => write!(f, "no usable answer: {message}"),
        }
    }
}
