//! The acts a run asks of the world, each resumable and idempotent.
//!
//! Start at [`Step`]; the answer to each is a [`super::record::Record`].

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::bench::Iterations;
use crate::model::id::{BenchmarkId, CommitId, Digest, Iteration, Revision, TreeId};
use crate::model::verdict::{StopReason, Verdict};

use super::brief::Brief;
use super::measure::{BuiltTree, ComparisonId, Measure};
use super::record::{Landing, SuiteBaseline};

/// One act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Set up the base workspace, build the original, run its tests twice.
    Prepare {
        /// The original.
        original: Revision,
    },
    /// Launch the head alone: choose iterations, instrument, noise.
    Calibrate {
        /// What is launched.
        subject: BuiltTree,
        /// The benchmarks.
        benchmarks: Vec<BenchmarkId>,
        /// The alpha of the next candidate, for the smallest change that it could prove.
        alpha: f64,
    },
    /// Collect a profile.
    Profile {
        /// What is profiled.
        subject: BuiltTree,
        /// Of which proposal; `None` for the original.
        iteration: Option<Iteration>,
        /// The benchmark that is run meanwhile.
        benchmark: BenchmarkId,
        /// With how much work a launch is measured.
        iterations: Iterations,
        /// How long such a launch takes; a profile may need a longer one.
        launch: Duration,
        /// The profile it is compared with.
        before: Option<ProfiledBefore>,
    },
    /// Ask the agent for a proposal.
    Propose {
        /// Its number.
        iteration: Iteration,
        /// The revision it starts from.
        base: Revision,
        /// What the agent is told.
        brief: Box<Brief>,
    },
    /// Take the proposal's tree and look at what it changed.
    Inspect {
        /// Its number.
        iteration: Iteration,
        /// The revision it is compared with.
        base: Revision,
        /// Where it comes from.
        source: Source,
    },
    /// Build base and candidate.
    Build {
        /// Its number.
        iteration: Iteration,
        /// The base.
        base: Revision,
        /// The candidate.
        candidate: Revision,
        /// Which build.
        round: BuildRound,
        /// The candidate with the tests and benchmarks it adds, where it adds some: does it build with them only?
        whole: Option<TreeId>,
    },
    /// Run tests on the candidate.
    Test {
        /// Its number.
        iteration: Iteration,
        /// The tree they run on.
        tree: TreeId,
        /// Which tests.
        scope: TestScope,
        /// The changed files, relative to the project root.
        changed: Vec<PathBuf>,
        /// How the suites ran on the original, in the plan's order.
        baselines: Vec<SuiteBaseline>,
    },
    /// Run pairs.
    Measure(Box<Measure>),
    /// Draw a conclusion from the evidence; pure.
    Judge(Question),
    /// Put the candidate on the run's branch.
    Land {
        /// Its number.
        iteration: Iteration,
        /// The head it lands on.
        head: Revision,
        /// The tree that was tested and measured.
        candidate: Revision,
        /// The evidence for the commit message.
        landing: Box<Landing>,
    },
    /// Keep a rejected or held proposal under its ref.
    SetAside {
        /// Its number.
        iteration: Iteration,
        /// What was made of it; `None` where there was no tree to keep.
        candidate: Option<Revision>,
        /// How it ended.
        verdict: Verdict,
    },
    /// End the run.
    Stop(StopReason),
}

/// Where a proposal's tree comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Source {
    /// The agent's workspace.
    Agent,
    /// A patch the agent handed over instead of editing.
    Patch {
        /// Its bytes.
        artifact: Digest,
    },
    /// A tree handed to `judge`, already in the store.
    Given {
        /// The tree.
        tree: TreeId,
    },
    /// A held proposal a person accepts, merged onto the head.
    Held {
        /// Its number.
        iteration: Iteration,
        /// The base it was made on.
        base: CommitId,
        /// Its commit.
        candidate: CommitId,
        /// Its tree with the tests and benchmarks it adds, where it does not build without them: a person
        /// takes them as well.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whole: Option<TreeId>,
    },
    /// Nobody's: the base against itself, to see what our own judge makes of it.
    Control {
        /// What the truth is.
        control: Control,
    },
}

/// A proposal of our own whose true effect is known. It goes the way of every other, but lands nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "control", rename_all = "snake_case")]
pub enum Control {
    /// No change at all.
    Sham,
    /// The base side does more iterations, so that the candidate costs that much less.
    Planted {
        /// The saving in thousandths.
        per_mille: u32,
    },
}

/// An earlier profile and what it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfiledBefore {
    /// The raw profile.
    pub artifact: Digest,
    /// The collector that took it.
    pub collector: String,
    /// Iterations done while it was recorded.
    pub iterations: Iterations,
    /// The tree it was taken of, or one that runs alike.
    pub tree: TreeId,
}

/// Which build of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuildRound {
    /// The first, in the persistent workspaces.
    First,
    /// A fresh one of both sides for the confirmation, from the base's outputs.
    Fresh,
}

/// Which tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestScope {
    /// Those near the change: a cheap first look that can only reject.
    Near,
    /// The project's whole command.
    Full,
    /// The same in the benchmarked build mode, where the original passes it.
    BenchmarkedMode,
}

/// What is to be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "snake_case")]
pub enum Question {
    /// What a comparison found.
    Comparison {
        /// Which.
        comparison: ComparisonId,
    },
    /// How the proposal ends.
    Proposal {
        /// Which.
        iteration: Iteration,
    },
}
