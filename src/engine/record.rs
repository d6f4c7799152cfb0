//! What happened: the journal's records, each the answer to a ready step or a message from a person.
//!
//! Not here: how they are stored (`journal`) or printed (`app/reporter`). Start at [`Record`].

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::bench::WorkControl;
use crate::model::goal::Goal;
use crate::model::hotspot::Hotspot;
use crate::model::id::{BenchmarkId, CommitId, Digest, Iteration, Revision, RunId, TestId, TreeId};
use crate::model::launch::ConfinementStamp;
use crate::model::plan::Plan;
use crate::model::proposal::Turn;
use crate::model::tests::TestEnds;
use crate::model::verdict::{HoldReason, Rejection, StopReason, Verdict};
use crate::policy::Policy;
use crate::stats::coin::CoinKey;
use crate::stats::estimate::Estimate;
use crate::stats::instrument::Instrument;

use super::finding::Finding;
use super::measure::{BuiltTree, ComparisonId, Measured, Reading, Work};
use super::step::{BuildRound, Source, TestScope};

/// The version of this format; a journal with a newer one is refused.
pub const FORMAT: u32 = 1;

/// A record and how long its step took; elapsed time of a run is the sum of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Wall time of the step.
    pub took: Duration,
    /// What happened.
    pub record: Record,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// The run began, with everything it is locked to.
    Started(Box<Header>),
    /// The original was built and tested.
    Prepared(Prepared),
    /// The head was launched alone.
    Calibrated(Calibration),
    /// A profile was collected, or could not be.
    Profiled(Profiled),
    /// The agent had its turn.
    Proposed(Proposed),
    /// The proposal's tree was taken and looked at.
    Inspected(Inspected),
    /// Both sides were built.
    Built(Built),
    /// Tests ran on the candidate.
    Tested(Tested),
    /// Pairs were run.
    Measured(Measured),
    /// A comparison came to a finding.
    Found(Found),
    /// A proposal got its verdict.
    Judged(Judged),
    /// The candidate is on the run's branch.
    Landed(Landed),
    /// The proposal is kept under its ref.
    SetAside(SetAside),
    /// A person gave a hint for the next brief.
    Hinted {
        /// The line.
        text: String,
    },
    /// A person accepts a held proposal.
    AcceptAsked {
        /// Which.
        iteration: Iteration,
        /// Who, as git config names them.
        by: String,
    },
    /// The driver ended before the run did, or started again; nothing but a mark in time.
    Interrupted {
        /// By what.
        by: String,
    },
    /// The run ended.
    Stopped {
        /// Why.
        reason: StopReason,
    },
}

impl Record {
    /// The kind as one word, as the journal indexes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Started(_) => "started",
            Self::Prepared(_) => "prepared",
            Self::Calibrated(_) => "calibrated",
            Self::Profiled(_) => "profiled",
            Self::Proposed(_) => "proposed",
            Self::Inspected(_) => "inspected",
            Self::Built(_) => "built",
            Self::Tested(_) => "tested",
            Self::Measured(_) => "measured",
            Self::Found(_) => "found",
            Self::Judged(_) => "judged",
            Self::Landed(_) => "landed",
            Self::SetAside(_) => "set_aside",
            Self::Hinted { .. } => "hinted",
            Self::AcceptAsked { .. } => "accept_asked",
            Self::Interrupted { .. } => "interrupted",
            Self::Stopped { .. } => "stopped",
        }
    }
}

/// What a run is locked to from its first record on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`] when it was written.
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
    /// How things are done.
    pub plan: Plan,
    /// Key of every coin; never printed before the run has ended.
    pub key: CoinKey,
    /// The stream of candidates before this run (decision.md A.7).
    pub stream: StreamState,
    /// What confinement is in force.
    pub confinement: ConfinementStamp,
    /// Versions of the tools used.
    pub tools: BTreeMap<String, String>,
    /// Sentences of AGENTS.md passed to the agent as advice.
    pub advice: Vec<String>,
    /// What is not as it should be and was accepted by flag: overridden policy, uncommitted config.
    pub stamps: Vec<String>,
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

/// The original, built and tested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Prepared {
    /// It is sound.
    Sound {
        /// What was built.
        original: BuiltTree,
        /// Its suites, in the plan's order.
        suites: Vec<SuiteBaseline>,
    },
    /// It fails: nothing can be judged against it.
    Failed {
        /// What failed, how, and the end of its log.
        detail: String,
    },
}

/// How a suite ran on the original.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuiteBaseline {
    /// The suite by name.
    pub suite: String,
    /// Ids and ends of the second run; empty where the suite tells none.
    pub ends: TestEnds,
    /// Ids whose end differed between the two runs: reported, not judged.
    pub quarantined: Vec<TestId>,
    /// Wall time of one run.
    pub took: Duration,
    /// Whether it passes in the benchmarked build mode as well; `None` where there is no such mode.
    pub benchmarked_mode: Option<bool>,
}

/// What launches of the head alone showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Calibration {
    /// It can be measured.
    Ready {
        /// Target benchmarks first, then guards.
        benchmarks: Vec<Calibrated>,
        /// Smallest reduction of cost with 80 % power at the present alpha and budget, as a ratio.
        smallest_provable: f64,
    },
    /// A benchmark fails on the original, or prints nothing usable.
    Failed {
        /// Which, what it printed, and what to do.
        detail: String,
    },
}

/// One calibrated benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibrated {
    /// The work of a launch.
    pub work: Work,
    /// Who controls the work.
    pub control: WorkControl,
    /// Raw readings.
    pub readings: Vec<Reading>,
    /// Whether the cost is read from outside or told by the harness.
    pub cost_from: CostFrom,
    /// How it is read from outside.
    pub instrument: Instrument,
    /// Why that one, in words.
    pub reason: String,
    /// Median cost of a launch by the instrument, in seconds (or the metric's unit).
    pub cost: f64,
    /// Robust standard deviation of the log cost of a launch.
    pub noise: f64,
    /// Share of a launch that does not grow with the iterations.
    pub fixed_share: Option<f64>,
}

impl Calibrated {
    /// Cost of one iteration, in seconds.
    pub fn cost_per_iteration(&self) -> f64 {
        if self.cost_from == CostFrom::Told {
            return self.cost;
        }
        #[expect(clippy::cast_precision_loss, reason = "iterations of a launch stay far below 2^52")]
        let iterations = self.work.iterations.0.max(1) as f64;
        self.cost / iterations
    }
}

/// Whose number the cost of a launch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostFrom {
    /// Ours: an instrument outside the candidate's reach.
    Outside,
    /// The harness's own value per iteration, where the work is adaptive or the fixed part too large.
    Told,
}

/// A profile of a tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profiled {
    /// Of which proposal; `None` for the original.
    pub iteration: Option<Iteration>,
    /// What came of it.
    pub outcome: ProfileOutcome,
}

/// What came of collecting a profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ProfileOutcome {
    /// Hotspots were found.
    Read {
        /// The collector.
        collector: String,
        /// The event that was really recorded.
        event: String,
        /// Samples.
        samples: u64,
        /// The raw profile.
        artifact: Digest,
        /// By cumulative share, largest first.
        hotspots: Vec<Hotspot>,
        /// What the change against the last profile says, one line each.
        notes: Vec<String>,
    },
    /// None could be collected, and why; `measure first` is then not enforced.
    NotCollected {
        /// Why, and what would help.
        reason: String,
    },
}

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

/// A comparison's finding with the numbers it was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Which comparison.
    pub comparison: ComparisonId,
    /// The finding.
    pub finding: Finding,
}

/// A proposal's verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Which proposal.
    pub iteration: Iteration,
    /// The verdict.
    pub verdict: Verdict,
    /// The effect that is reported, from the freshest pairs there are; `None` where none were run.
    pub effect: Option<Estimate>,
    /// Findings beside the verdict: guards, clocks, what was not checked.
    pub notes: Vec<String>,
}

/// The evidence a landing carries into its commit message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Landing {
    /// The run.
    pub run: RunId,
    /// The proposal.
    pub iteration: Iteration,
    /// The agent's hypothesis, first line of the message where there is one.
    pub hypothesis: String,
    /// The agent as co-author.
    pub agent: String,
    /// The target.
    pub target: String,
    /// The effect from fresh pairs.
    pub effect: Estimate,
    /// How it was read.
    pub instrument: String,
    /// Trailer lines beside these: confinement, alpha, what was not checked, overrides.
    pub stamps: Vec<(String, String)>,
    /// The person who accepted a held proposal.
    pub accepted_by: Option<String>,
}

/// A landing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Landed {
    /// Which proposal.
    pub iteration: Iteration,
    /// The new head.
    pub head: Revision,
}

/// A proposal kept aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetAside {
    /// Which proposal.
    pub iteration: Iteration,
    /// Its commit, where there is one.
    pub commit: Option<CommitId>,
}
