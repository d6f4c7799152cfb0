//! What was found out about the original and the head: built, tested, calibrated, profiled.
//!
//! Not here: anything about a proposal, but for its profile. Start at [`Prepared`], then [`Calibration`].

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::engine::measure::{BuiltTree, Reading, Work};
use crate::model::bench::WorkControl;
use crate::model::hotspot::Hotspot;
use crate::model::id::{Digest, Iteration, TestId};
use crate::model::tests::TestEnds;
use crate::stats::instrument::Instrument;
use crate::stats::location::median;
use crate::stats::pair::is_value;

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
        /// What could not be watched, and why.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
    },
    /// A benchmark fails on the original, or prints nothing usable.
    Failed {
        /// Which, what it printed, and what to do.
        detail: String,
    },
}

/// A least share of a cost is never all of it.
const LARGEST_SHARE: f64 = 0.99;

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
    /// Resolution τ of the cost in its own unit, as the readings show it; 0 where they show none.
    #[serde(default)]
    pub resolution: f64,
    /// Raw readings of launches of about half the iterations: what does not grow with the work is told by both.
    #[serde(default)]
    pub at_fewer: Vec<Reading>,
    /// Iterations of those.
    #[serde(default)]
    pub fewer: u64,
    /// Changes of the cost below this, in its own unit, are none (A.11).
    #[serde(default)]
    pub floor: f64,
}

impl Calibrated {
    /// One tick of the cost relative to the cost, τ/m: the boundary of a test lies that much further (A.9).
    pub fn tick(&self) -> f64 {
        let share = self.resolution / self.cost;
        if is_value(share) { share } else { 0.0 }
    }

    /// Wall time of a slot in seconds.
    pub fn slot_seconds(&self) -> f64 {
        let walls: Vec<f64> = self.readings.iter().map(|reading| reading.wall).collect();
        median(&walls).map_or(self.cost, |wall| wall * f64::from(self.work.batch.max(1)))
    }

    /// Cost of one iteration in nanoseconds, or in the metric's unit where the harness tells another.
    pub fn cost_per_iteration(&self) -> f64 {
        if matches!(self.cost_from, CostFrom::Told | CostFrom::Peak | CostFrom::Size) {
            return self.cost;
        }
        #[expect(clippy::cast_precision_loss, reason = "iterations of a launch stay far below 2^52")]
        let iterations = self.work.iterations.0.max(1) as f64;
        let unit = if self.cost_from == CostFrom::Counter { 1.0 } else { 1e9 };
        unit * self.cost / iterations
    }

    /// The least share of the cost that is a change, whatever the policy's least effect.
    pub fn least_share(&self) -> f64 {
        let share = self.floor / self.cost;
        if is_value(share) { share.min(LARGEST_SHARE) } else { 0.0 }
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
    /// CPU time, not as an instrument for wall time but as what is meant.
    Cpu,
    /// Peak memory.
    Peak,
    /// A gauge that counts (A.10).
    Counter,
    /// The size of what was built.
    Size,
}

impl CostFrom {
    /// Whether the same code gives the same number: three launches a side may decide (A.10).
    pub fn counts(self) -> bool {
        matches!(self, Self::Counter | Self::Size)
    }
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
        /// Iterations done while it was recorded.
        #[serde(default)]
        iterations: u64,
        /// The part of that change which the edited files do not explain, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unexplained: Option<String>,
    },
    /// None could be collected, and why; `measure first` is then not enforced.
    NotCollected {
        /// Why, and what would help.
        reason: String,
    },
}
