//! What a comparison found, with the numbers it was made from, so that `verify` can make it again.
//!
//! Not a verdict: `judge` makes that from findings and policy. Start at [`Finding`].

use serde::{Deserialize, Serialize};

use crate::model::id::BenchmarkId;
use crate::stats::confirmation::Confirmation;
use crate::stats::estimate::Estimate;
use crate::stats::failures::Failures;
use crate::stats::family::Standing;
use crate::stats::goal::GoalState;
use crate::stats::guard::{GuardState, WallState};
use crate::stats::sequential::{Decision, Reading};

/// One finding, by the kind of comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// The sequential test of a candidate (decision.md A.5).
    Test {
        /// Improved, regressed, unchanged or inconclusive, and by which rule.
        decision: Decision,
        /// The alpha it was tested at.
        alpha: f64,
        /// The processes when it was decided.
        reading: Reading,
        /// The effect of the test's own pairs; the number that decides is never the number reported.
        estimate: Option<Estimate>,
        /// Candidate over base, means.
        mean_cost_ratio: f64,
    },
    /// Fresh pairs under changed conditions (A.6).
    Confirmation {
        /// What they say.
        outcome: Confirmation,
        /// The effect that is reported.
        estimate: Option<Estimate>,
        /// Candidate over base, means over test and confirmation.
        mean_cost_ratio: f64,
    },
    /// Wall time while another instrument decides (A.9).
    Wall {
        /// Where it stands.
        state: WallState,
        /// The effect on wall time.
        estimate: Option<Estimate>,
    },
    /// Secondary benchmarks (A.8).
    Guards {
        /// Each guard's state and effect, in the target's order.
        guards: Vec<(GuardState, Option<Estimate>)>,
    },
    /// HEAD against ORIGINAL, towards the goal (A.6).
    Goal {
        /// Where the proof stands.
        state: GoalState,
        /// ln E now.
        ln_e: f64,
        /// The effect by these pairs.
        estimate: Option<Estimate>,
    },
    /// HEAD against ORIGINAL, the number that is reported.
    Final {
        /// The effect.
        estimate: Option<Estimate>,
        /// HEAD over ORIGINAL, means.
        mean_cost_ratio: f64,
    },
    /// Every benchmark of two builds.
    Family {
        /// Each in the order of the calibration.
        members: Vec<MemberFinding>,
    },
    /// Launches that were owed after a failure of the candidate (A.3) ran without another.
    Owed,
    /// Launches failed too often for any finding.
    Failed {
        /// Whose fault it is.
        failures: Failures,
        /// What the last failure was.
        detail: String,
    },
}

/// One benchmark of a family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberFinding {
    /// The benchmark.
    pub benchmark: BenchmarkId,
    /// Where it stands.
    pub standing: Standing,
    /// Its effect; `None` without a valid pair.
    pub estimate: Option<Estimate>,
    /// ln E for "it got dearer".
    pub ln_regressed: f64,
    /// The largest ln E for "it stayed within the margin".
    pub ln_clean: f64,
    /// How its last failed launch failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}
