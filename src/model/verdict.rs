//! How a proposal and a run end.

use serde::{Deserialize, Serialize};

use super::change::TreePath;
use super::id::TestId;

/// How a proposal ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Really faster; it lands.
    Accepted,
    /// It does not land, for this reason.
    Rejected {
        /// The typed reason.
        reason: Rejection,
    },
    /// Really faster, but a person must decide, for these reasons.
    Held {
        /// Why it is not for the machine to decide; never empty.
        reasons: Vec<HoldReason>,
    },
}

/// Why a proposal is rejected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rejection {
    /// The tree is the base's.
    NothingChanged,
    /// It does not apply to the base (a patch handed in).
    DoesNotApply {
        /// What could not be applied and where.
        detail: String,
    },
    /// It edits what must not be touched.
    ProtectedPath {
        /// The path.
        path: TreePath,
        /// The glob that protects it and where that stands.
        rule: String,
    },
    /// It holds a repository of its own.
    NestedRepository {
        /// Where.
        path: TreePath,
    },
    /// It changes a path whose content goes through a filter.
    FilteredPath {
        /// The path.
        path: TreePath,
    },
    /// It adds or moves a submodule.
    Gitlink {
        /// The path.
        path: TreePath,
    },
    /// It edits what stands in a submodule.
    InSubmodule {
        /// The path.
        path: TreePath,
    },
    /// It links to outside the tree.
    LinkOut {
        /// The link.
        path: TreePath,
        /// Where it points.
        to: String,
    },
    /// It is larger than policy allows.
    TooLarge {
        /// What was counted, how much, and the limit.
        detail: String,
    },
    /// It adds or edits a file that tools run by themselves.
    AutoExecuted {
        /// The path.
        path: TreePath,
        /// Which tool runs it, and when.
        why: String,
    },
    /// It changes how the code is built.
    BuildFlags {
        /// The path.
        path: TreePath,
        /// The key, line or directive that changed.
        what: String,
    },
    /// It changes dependencies and policy blocks that.
    Dependencies {
        /// The path.
        path: TreePath,
        /// The key or line that changed.
        what: String,
    },
    /// It has a path no other system can hold (newline, control characters, `.git` inside).
    BadPath {
        /// The path.
        path: TreePath,
    },
    /// Policy blocks edits of existing tests.
    TestsEdited {
        /// The first such path.
        path: TreePath,
    },
    /// It does not build.
    BuildFailed {
        /// How the build ended and the end of its output.
        detail: String,
    },
    /// The built program is the same machine code (A.13).
    SameCode,
    /// Tests that pass on the base fail.
    TestsFailed {
        /// The failing tests, where the suite tells ids.
        tests: Vec<TestId>,
        /// How the suite ended.
        detail: String,
    },
    /// Tests that ran on the base are gone.
    TestsMissing {
        /// Which.
        tests: Vec<TestId>,
    },
    /// A launch failed twice, or left processes behind.
    Broken {
        /// What happened.
        detail: String,
    },
    /// It runs on several cores where the base does not, and policy blocks that.
    Parallelism {
        /// What the launches showed.
        detail: String,
    },
    /// The least effect was disproved.
    Unchanged,
    /// A slowdown was proven.
    Regressed,
    /// The budget or the noise allowed no decision.
    Inconclusive {
        /// Which, and what would help.
        detail: String,
    },
    /// The fresh measurement did not bear the finding out.
    DidNotConfirm {
        /// What was measured.
        detail: String,
    },
}

impl Rejection {
    /// The kind as one word with underscores, as it stands in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NothingChanged => "nothing_changed",
            Self::DoesNotApply { .. } => "does_not_apply",
            Self::ProtectedPath { .. } => "protected_path",
            Self::NestedRepository { .. } => "nested_repository",
            Self::FilteredPath { .. } => "filtered_path",
            Self::Gitlink { .. } => "gitlink",
            Self::InSubmodule { .. } => "in_submodule",
            Self::LinkOut { .. } => "link_out",
            Self::TooLarge { .. } => "too_large",
            Self::AutoExecuted { .. } => "auto_executed",
            Self::BuildFlags { .. } => "build_flags",
            Self::Dependencies { .. } => "dependencies",
            Self::BadPath { .. } => "bad_path",
            Self::TestsEdited { .. } => "tests_edited",
            Self::BuildFailed { .. } => "build_failed",
            Self::SameCode => "same_code",
            Self::TestsFailed { .. } => "tests_failed",
            Self::TestsMissing { .. } => "tests_missing",
            Self::Broken { .. } => "broken",
            Self::Parallelism { .. } => "parallelism",
            Self::Unchanged => "unchanged",
            Self::Regressed => "regressed",
            Self::Inconclusive { .. } => "inconclusive",
            Self::DidNotConfirm { .. } => "did_not_confirm",
        }
    }
}

/// Why a really faster proposal waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HoldReason {
    /// It edits or deletes existing tests.
    TestsEdited {
        /// Paths, and the base's tests that fail on it.
        detail: String,
    },
    /// It does not build without tests or benchmarks it adds.
    NeedsAdditions {
        /// Which.
        detail: String,
    },
    /// The mean got worse than the typical launch says.
    Tail {
        /// Mean cost ratio, candidate over base.
        mean_ratio: f64,
    },
    /// A guard got worse.
    TradeOff {
        /// The guard and its interval.
        detail: String,
    },
    /// Guards could not be shown clean and policy wants them so.
    GuardsUnproven {
        /// Which.
        detail: String,
    },
    /// Wall time may have got worse while the instrument got better.
    WallUnproven {
        /// What was measured.
        detail: String,
    },
    /// Inside and outside clocks disagree.
    ClocksDisagree {
        /// Both, with intervals.
        detail: String,
    },
    /// It trades CPU time for wall time by running in parallel, and policy wants a person to see it.
    Parallelism {
        /// What was seen.
        detail: String,
    },
    /// It changes dependencies and policy holds those.
    Dependencies {
        /// The paths.
        detail: String,
    },
    /// It changes how the code is built and policy holds that.
    BuildFlags {
        /// The paths and what changed in them.
        detail: String,
    },
}

/// Why a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stop", rename_all = "snake_case")]
pub enum StopReason {
    /// The goal is proven.
    GoalReached,
    /// The goal is reached by estimate; budget ended before it was proven.
    GoalEstimated,
    /// A budget ran out.
    Budget {
        /// Which: `iterations`, `time`, `tokens`.
        which: String,
    },
    /// So many iterations went by without a landing.
    Patience {
        /// How many.
        iterations: u32,
    },
    /// The agent has no further proposal.
    NothingMore,
    /// No frame of the user's code could give the least effect, or all were dropped.
    NoActionableHotspot,
    /// The original does not build, or fails its tests or its benchmark.
    OriginalFails {
        /// What and how.
        detail: String,
    },
    /// The original is too noisy for the policy.
    TooNoisy {
        /// What was measured and what would help.
        detail: String,
    },
    /// The agent failed.
    AgentFailed {
        /// How.
        detail: String,
    },
    /// The base failed during a comparison: the machine or the workspace is not sound.
    Environment {
        /// What happened.
        detail: String,
    },
    /// `judge`: the one proposal has its verdict.
    Judged,
    /// `compare` and `gate`: every benchmark has its finding.
    Compared,
    /// `compare` and `gate`: the other side does not build.
    CandidateFails {
        /// What and how.
        detail: String,
    },
    /// `calibrate`: all that was asked for was tried.
    Calibrated,
}
