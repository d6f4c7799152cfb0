//! What became of one proposal on its way: proposed, inspected, built, tested.
//!
//! Not here: its pairs (`engine::measure`) and its verdict. Start at [`Proposed`].

use serde::{Deserialize, Serialize};

use crate::engine::measure::BuiltTree;
use crate::engine::step::{BuildRound, Source, TestScope};
use crate::model::change::TreePath;
use crate::model::id::{Digest, Iteration, Revision, TestId, TreeId};
use crate::model::proposal::Turn;
use crate::model::verdict::{HoldReason, Rejection};

/// An agent's turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposed {
    /// Its number.
    pub iteration: Iteration,
    /// What it said and used.
    pub turn: Turn,
    /// Raw output of the agent, stored before use.
    pub raw: Option<Digest>,
    /// A patch it handed over instead of editing its workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<Digest>,
}

/// A proposal's tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspected {
    /// Its number.
    pub iteration: Iteration,
    /// Where it came from.
    pub source: Source,
    /// The commit made of it; `None` where none could be made.
    pub candidate: Option<Revision>,
    /// The diff against the base, as text.
    pub diff: Option<Digest>,
    /// Files, added and removed lines.
    pub size: ChangeSize,
    /// Typed reasons against it; empty is fine.
    pub rejections: Vec<Rejection>,
    /// Typed reasons why a person must look.
    pub holds: Vec<HoldReason>,
    /// Tests and benchmarks it adds, split off.
    pub additions: Vec<String>,
    /// What it changes besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<TreePath>,
    /// Its tree with the additions, where there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<TreeId>,
}

/// How large a change is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSize {
    /// Changed paths.
    pub files: u32,
    /// Added lines.
    pub added: u32,
    /// Removed lines.
    pub removed: u32,
}

/// Both sides built.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Built {
    /// Its number.
    pub iteration: Iteration,
    /// Which build.
    pub round: BuildRound,
    /// What came of it.
    pub outcome: BuildOutcome,
}

/// What came of a build.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum BuildOutcome {
    /// Both stand.
    Ready {
        /// The base.
        base: BuiltTree,
        /// The candidate.
        candidate: BuiltTree,
        /// Whether every loaded section is equal but for build ids (A.13); `None` where it was not compared.
        same_code: Option<bool>,
    },
    /// The candidate does not build.
    CandidateFailed {
        /// How, and the end of its output.
        detail: String,
    },
    /// The candidate builds only together with tests or benchmarks that it adds.
    NeedsAdditions {
        /// Which.
        detail: String,
    },
    /// The base does not build any more: the machine or the workspace is not sound.
    BaseFailed {
        /// How.
        detail: String,
    },
}

/// Tests on the candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// Its number.
    pub iteration: Iteration,
    /// The tree they ran on.
    pub tree: TreeId,
    /// Which tests.
    pub scope: TestScope,
    /// What came of it.
    pub outcome: TestOutcome,
    /// The log.
    pub log: Option<Digest>,
}

/// What came of the tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum TestOutcome {
    /// All that passes on the base passes.
    Passed {
        /// How many ids were seen; 0 where the suite tells none.
        ids: u32,
    },
    /// Something failed.
    Failed {
        /// Failing ids, where told.
        tests: Vec<TestId>,
        /// How it ended and the end of its output.
        detail: String,
    },
    /// Ids of the base are gone.
    Missing {
        /// Which.
        tests: Vec<TestId>,
    },
}
