//! The first record of a run: everything it is locked to.
//!
//! Not here: what happens afterwards. Start at [`Header`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::step::Source;
use crate::model::change::{EntryKind, TreePath};
use crate::model::goal::Goal;
use crate::model::id::{BenchmarkId, Digest, Revision, RunId};
use crate::model::launch::ConfinementStamp;
use crate::model::machine::Machine;
use crate::model::plan::Plan;
use crate::policy::Policy;
use crate::stats::coin::CoinKey;
use crate::stats::family::Asked;

/// What a run is locked to from its first record on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`super::FORMAT`] when it was written.
    pub format: u32,
    /// Version of optiloop.
    pub version: String,
    /// The run.
    pub run: RunId,
    /// What it is after.
    pub pursuit: Pursuit,
    /// Where it starts.
    pub original: Revision,
    /// What is optimised.
    pub target: Target,
    /// How much is wanted.
    pub goal: Option<Goal>,
    /// The rules that judge.
    pub policy: Policy,
    /// The policy once more, as an artifact: one value that is changed here afterwards can be named by it.
    #[serde(default)]
    pub locked_policy: Option<Digest>,
    /// How things are done.
    pub plan: Plan,
    /// Key of every coin; never printed before the run has ended.
    pub key: CoinKey,
    /// The stream of candidates before this run (decision.md A.7).
    pub stream: StreamState,
    /// What confinement is in force.
    pub confinement: ConfinementStamp,
    /// The machine that measures, as it was seen at the beginning.
    #[serde(default)]
    pub machine: Machine,
    /// Versions of the tools used.
    pub tools: BTreeMap<String, String>,
    /// Sentences of AGENTS.md passed to the agent as advice.
    pub advice: Vec<String>,
    /// What is not as it should be and was accepted by flag: overridden policy, uncommitted config.
    pub stamps: Vec<String>,
    /// Benchmark files of the user's work tree that the original has not, or has otherwise.
    #[serde(default)]
    pub laid_over: Vec<LaidOver>,
}

/// A benchmark file of the user's work tree, laid over both sides before every build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaidOver {
    /// Where it goes.
    pub path: TreePath,
    /// What it is.
    pub kind: EntryKind,
    /// Its bytes, an artifact.
    pub content: Digest,
}

/// Loop or single judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "pursuit", rename_all = "snake_case")]
pub enum Pursuit {
    /// Propose and judge until an end is reached.
    Loop,
    /// Judge one proposal that is handed in.
    Judge {
        /// Where it comes from: a tree or a patch.
        source: Source,
        /// Whether it lands when accepted.
        landing: JudgeLanding,
    },
    /// Compare the original with another revision by every benchmark of the target; nothing lands.
    Compare {
        /// The other side.
        candidate: Revision,
        /// What is asked of each benchmark.
        asked: Asked,
    },
    /// Find out what can be proven here: launches of the original alone, and decisions whose answer is known.
    Calibrate {
        /// No-ops that are judged.
        shams: u32,
        /// Planted changes that are judged.
        planted: u32,
        /// Cost that a planted change saves, in thousandths.
        per_mille: u32,
        /// Pairs of the original with itself, before anything is judged.
        pairs: u32,
    },
}

/// Whether an accepted proposal of `judge` lands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgeLanding {
    /// It does.
    Lands,
    /// Only the verdict is wanted.
    VerdictOnly,
}

/// What is optimised and what must not get worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// As the user named it.
    pub name: String,
    /// The benchmarks it resolved to; their log ratios are averaged.
    pub benchmarks: Vec<BenchmarkId>,
    /// Secondary benchmarks.
    pub guards: Vec<BenchmarkId>,
}

/// The stream of candidates of one (repository, target, metric, original).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamState {
    /// Candidates whose first pair was run.
    pub tried: u32,
    /// Candidates that landed.
    pub landed: u32,
}
