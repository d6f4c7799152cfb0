//! A request for pairs and what came back: all serde, so that pairs can be measured on another machine.
//!
//! Not here: what the pairs mean (`comparison`). Start at [`Measure`].

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::bench::Iterations;
use crate::model::id::{BenchmarkId, Digest, Iteration, TreeId};
use crate::stats::coin::ComparisonKind;
use crate::stats::pair::{Order, Side};

/// Which comparison a pair belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonId {
    /// What it is for; part of the coins' hash.
    pub kind: ComparisonKind,
    /// The proposal, or the one whose landing is checked.
    pub iteration: Iteration,
}

impl ComparisonId {
    /// The proposal it is about; `None` where HEAD is compared with ORIGINAL.
    pub fn proposal(&self) -> Option<Iteration> {
        let of_head = matches!(self.kind, ComparisonKind::Goal | ComparisonKind::Final);
        (!of_head).then_some(self.iteration)
    }
}

/// One side of a comparison: what was built from which tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltTree {
    /// The tree.
    pub tree: TreeId,
    /// The folder of built artifacts a launch runs in, by content.
    pub artifact: Digest,
}

/// A benchmark and the work one launch of it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// The benchmark.
    pub benchmark: BenchmarkId,
    /// Iterations a launch, the same on both sides.
    pub iterations: Iterations,
    /// Launches a slot (decision.md A.2: processes under 20 ms are batched).
    pub batch: u32,
    /// Wall limit of a launch, equal for both sides.
    pub timeout: Duration,
    /// The gauge that reads the launch; `None` for time and what the benchmark tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gauge: Option<String>,
}

impl Work {
    /// The benchmark, and what is read of it where that is not time.
    pub fn label(&self) -> String {
        match &self.gauge {
            Some(gauge) => format!("{} of {}", gauge.replace('_', "-"), self.benchmark),
            None => self.benchmark.to_string(),
        }
    }
}

/// A pair that is due, its coins drawn before any data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledPair {
    /// Its index in the comparison, from 1.
    pub pair: u32,
    /// The benchmarks in the order of this round (indices into [`Measure::works`]), each with its coin.
    pub rounds: Vec<(usize, Order)>,
}

/// Conditions that differ between the test and its confirmation (decision.md A.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conditions {
    /// As calibrated.
    Plain,
    /// Fresh copies, layouts that are cycled through, base launches that are discarded in between.
    Changed {
        /// How many layouts are cycled through.
        layouts: u32,
        /// Before which launches one of the base is discarded.
        discards: Discards,
    },
}

/// Before which launches of a pair one of the base is launched and discarded, so that what ran before is
/// the same for both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discards {
    /// Before each.
    EachLaunch,
    /// Before the first, where a launch takes long.
    EachPair,
}

/// A batch of pairs to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Which comparison.
    pub comparison: ComparisonId,
    /// The base side.
    pub base: BuiltTree,
    /// The candidate side.
    pub candidate: BuiltTree,
    /// The benchmarks and their work.
    pub works: Vec<Work>,
    /// The pairs.
    pub pairs: Vec<ScheduledPair>,
    /// Under which conditions.
    pub conditions: Conditions,
    /// Wait at least this long since the last pair of the test before the first of these.
    pub after: Duration,
    /// Thousandths of its cost that the candidate saves because the base does more iterations: a control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planted: Option<u32>,
}

/// The iterations of the base beside which `iterations` of the same code cost so many thousandths less.
pub fn planted_iterations(iterations: Iterations, per_mille: u32) -> Iterations {
    let left = u64::from(1000_u32.saturating_sub(per_mille).max(1));
    Iterations((iterations.0.saturating_mul(1000) + left / 2) / left)
}

/// The saving that whole numbers of iterations really plant, as a ratio.
pub fn truly_planted(iterations: Iterations, per_mille: u32) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "iterations of a launch stay far below 2^52")]
    let ratio = iterations.0 as f64 / planted_iterations(iterations, per_mille).0.max(1) as f64;
    1.0 - ratio
}

/// One launch's readings. Every clock is kept; the instrument picks one later.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The harness's own cost per iteration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<f64>,
    /// CPU time of the tree in seconds.
    pub cpu: f64,
    /// Wall time in seconds.
    pub wall: f64,
    /// Run delay of the leader in seconds, where the system tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_delay: Option<f64>,
    /// Run delay of all threads in seconds, where sampled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_delay_threads: Option<f64>,
    /// Most threads at once, where sampled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// Peak memory in bytes, where measurable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<u64>,
    /// Involuntary switches of the tree, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switches: Option<u64>,
    /// What the gauge read, where its value is of its own kind: a count, a size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gauge: Option<f64>,
}

/// How one launch of a pair ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Launched {
    /// It gave readings (the mean of its batch).
    Read(Reading),
    /// It failed, timed out, left a process behind or yielded no value, and how.
    Failed(String),
}

/// One benchmark of one pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredPair {
    /// Pair index, from 1.
    pub pair: u32,
    /// Index into [`Measure::works`].
    pub work: usize,
    /// Its coin.
    pub order: Order,
    /// The base's launch.
    pub base: Launched,
    /// The candidate's launch.
    pub candidate: Launched,
}

/// What a [`Measure`] brought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Which comparison.
    pub comparison: ComparisonId,
    /// The first pair's index.
    pub from_pair: u32,
    /// Every pair of every benchmark, in the order run.
    pub pairs: Vec<MeasuredPair>,
    /// Launches discarded on purpose, in the order run: no evidence, but their failures count.
    pub discarded: Vec<Discarded>,
}

/// A launch that was discarded on purpose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Discarded {
    /// Whose it was.
    pub side: Side,
    /// How it ended.
    pub launched: Launched,
}

impl Measured {
    /// Whether these are the first pairs of a candidate's test: from here on it counts in the stream.
    pub fn opens_a_candidate(&self) -> bool {
        self.comparison.kind == ComparisonKind::Test && self.from_pair == 1
    }
}
