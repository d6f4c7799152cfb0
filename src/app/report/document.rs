//! A report as data: what `report --format json` prints, and all that the templates of the others get.
//!
//! `schema/report.schema.json` is made of these types. Effects are changes of cost in percent: minus is cheaper.
//! Not here: how it is put together (`compose`), how it looks (`templates/`). Start at [`Document`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// The version of this format: fields may be added, those that are there stay.
pub const FORMAT: u32 = 1;

/// The report of a run or a judgement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Document {
    /// Version of this format.
    pub format: u32,
    /// Version of optiloop that drove the run.
    pub optiloop: String,
    /// The run.
    pub run: String,
    /// What the run was after.
    pub kind: Kind,
    /// When it began (RFC 3339).
    pub began: Option<String>,
    /// What is optimised, as it was named.
    pub target: String,
    /// The benchmarks it resolved to.
    pub benchmarks: Vec<String>,
    /// Benchmarks that must not get worse.
    pub guards: Vec<String>,
    /// The wanted change.
    pub goal: Option<String>,
    /// The goal as percent of the original's cost, where it is relative.
    pub goal_cost: Option<f64>,
    /// The commit it began at.
    pub original: String,
    /// The branch with what was kept.
    pub branch: Option<String>,
    /// The exit code.
    pub exit: u8,
    /// Why it ended; nothing while it has not.
    pub ended: Option<String>,
    /// What got cheaper and by how much, what was kept and rejected, what was not checked, what it cost.
    pub opening: String,
    /// The command that recomputes all of it.
    pub check: String,
    /// What else is to be said, in paragraphs.
    pub paragraphs: Vec<String>,
    /// What to do now, a line each.
    pub next: Vec<String>,
    /// HEAD against the original, measured after all decisions.
    pub total: Option<Effect>,
    /// Proposals in numbers.
    pub counts: Counts,
    /// What was not checked.
    pub not_checked: Vec<String>,
    /// What it cost.
    pub spent: Spent,
    /// Proposals in order.
    pub proposals: Vec<Proposal>,
    /// Every benchmark of two revisions, what is worst first.
    pub members: Vec<Member>,
    /// The cost of HEAD after each proposal.
    pub course: Vec<Point>,
    /// Comparisons of HEAD, or the other revision, with the original.
    pub comparisons: Vec<Comparison>,
    /// The project's tests.
    pub suites: Vec<Suite>,
    /// How the head is measured, by benchmark.
    pub calibrated: Vec<Calibrated>,
    /// The smallest saving that could be proven, in percent.
    pub smallest_provable: f64,
    /// How candidates were confined.
    pub confined: String,
    /// Versions of tools.
    pub tools: BTreeMap<String, String>,
    /// The rules that judged.
    pub policy: Vec<Rule>,
    /// What was not as it should be and was accepted.
    pub stamps: Vec<String>,
}

/// What the run was after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Proposals of an agent.
    Run,
    /// One change that was handed in.
    Judge,
    /// Every benchmark of two revisions.
    Compare,
    /// What can be proven here.
    Calibrate,
}

/// A change of cost in percent, with its interval; minus is cheaper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Effect {
    /// The estimate.
    pub change: f64,
    /// The interval's lower end, the larger saving.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Level of the interval in percent.
    pub level: f64,
    /// Pairs it is made from.
    pub pairs: usize,
}

/// Proposals in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// All.
    pub proposals: usize,
    /// Landed.
    pub kept: usize,
    /// Rejected.
    pub rejected: usize,
    /// Waiting for a person.
    pub held: usize,
    /// Rejections by their reason.
    pub reasons: BTreeMap<String, usize>,
}

/// What it cost.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Spent {
    /// Time of all steps.
    pub minutes: f64,
    /// Turns of an agent.
    pub turns: u32,
    /// Tokens that were told.
    pub tokens: u64,
    /// Turns whose tokens are not known, or only as a lower bound.
    pub turns_unknown: u32,
    /// Pairs of launches.
    pub pairs: usize,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Proposal {
    /// Its number.
    pub number: u32,
    /// What became of it.
    pub state: State,
    /// The verdict in a word or two.
    pub verdict: String,
    /// Why, where it did not land.
    pub reasons: Vec<String>,
    /// The effect that is reported.
    pub effect: Option<Effect>,
    /// The agent's words.
    pub hypothesis: String,
    /// Name and version of the agent.
    pub agent: Option<String>,
    /// The saving the agent predicted, in percent.
    pub predicted: Option<f64>,
    /// Changed files.
    pub files: u32,
    /// Added lines.
    pub added: u32,
    /// Removed lines.
    pub removed: u32,
    /// Tests and benchmarks it adds.
    pub additions: Vec<String>,
    /// What the comparisons found.
    pub findings: Vec<String>,
    /// Findings beside the verdict.
    pub notes: Vec<String>,
    /// Pairs run for it.
    pub pairs: usize,
    /// Time spent on it.
    pub minutes: f64,
    /// The commit it landed as.
    pub landed: Option<String>,
    /// Its comparisons with their samples.
    pub comparisons: Vec<Comparison>,
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It landed.
    Kept,
    /// It was accepted and did not land.
    Accepted,
    /// A person must decide.
    Held,
    /// Rejected.
    Rejected,
    /// Not judged yet.
    Open,
}

/// One benchmark of two revisions.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Member {
    /// The benchmark.
    pub benchmark: String,
    /// What was found in a word or two.
    pub finding: String,
    /// The effect.
    pub effect: Option<Effect>,
    /// How its last failed launch failed.
    pub failed: Option<String>,
}

/// The run after one proposal.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// The proposal.
    pub proposal: u32,
    /// What became of it.
    pub state: State,
    /// The verdict in a word or two.
    pub verdict: String,
    /// Cost of HEAD after it in percent of the original's, by the effects of what landed; not measured as a whole.
    pub head: f64,
    /// Cost of the proposal itself in percent of the original's, with the interval of its own comparison.
    pub candidate: Option<Cost>,
}

/// A cost in percent of another, with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Cost {
    /// The estimate.
    pub cost: f64,
    /// The interval's lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// A series of pairs of one benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// What it was for.
    pub purpose: String,
    /// The benchmark.
    pub benchmark: String,
    /// How a launch was read.
    pub instrument: String,
    /// The unit of the costs.
    pub unit: String,
    /// The effect of these pairs, where it is that of this benchmark alone.
    pub effect: Option<Effect>,
    /// The pairs.
    pub pairs: Vec<Pair>,
}

/// One pair.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Pair {
    /// Its index, from 1.
    pub pair: u32,
    /// Whether the base was launched first.
    pub base_first: bool,
    /// The base's cost; nothing where the launch failed.
    pub base: Option<f64>,
    /// The candidate's cost.
    pub candidate: Option<f64>,
    /// The change in percent.
    pub change: Option<f64>,
}

/// A test suite on the original.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// Tests it names; none where it tells no ids.
    pub tests: usize,
    /// Tests that ended differently in two runs: they count neither for nor against a proposal.
    pub quarantined: Vec<String>,
    /// Seconds of one run.
    pub seconds: f64,
}

/// How a benchmark is measured.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Calibrated {
    /// The benchmark.
    pub benchmark: String,
    /// How a launch is read, and why so.
    pub instrument: String,
    /// Wall time of a launch in milliseconds.
    pub launch_ms: f64,
    /// Iterations of a launch.
    pub iterations: u64,
    /// Noise of a launch in percent.
    pub noise: f64,
}

/// One value of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rule {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Where it comes from.
    pub origin: String,
}
