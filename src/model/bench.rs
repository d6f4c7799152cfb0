//! What a harness is told and what it tells: benchmarks, work, values.

use serde::{Deserialize, Serialize};

use super::id::BenchmarkId;

/// Iterations a launch does; the same on both sides of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Iterations(pub u64);

/// Who decides how much work a launch does (decision.md A.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkControl {
    /// We do, by a number on the command line or in the environment.
    Fixed,
    /// One launch is the work, always the same.
    Once,
    /// The harness does; its own per-iteration value is the only valid one.
    Adaptive,
}

impl WorkControl {
    /// Whether outside clocks are valid: both sides do the same work.
    pub fn is_fixed(self) -> bool {
        self != Self::Adaptive
    }
}

/// What one launch said about one benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The benchmark.
    pub benchmark: BenchmarkId,
    /// The harness's own cost per iteration, in nanoseconds or the metric's unit; `None` where it tells none.
    pub value: Option<f64>,
    /// Iterations the harness says it did.
    pub iterations: Option<u64>,
}

/// How a launch's cost is to be read, as the user asks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instrument {
    /// The one with least noise that qualifies, asked again for each candidate.
    #[default]
    Auto,
    /// CPU time of the process tree.
    Cpu,
    /// Wall time less the time the process waited for a core.
    WallMinusRunDelay,
    /// Wall time.
    Wall,
}

impl Instrument {
    /// The one of this word, as config and flags have it.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "cpu" => Some(Self::Cpu),
            "wall" => Some(Self::Wall),
            "wall-minus-run-delay" => Some(Self::WallMinusRunDelay),
            _ => None,
        }
    }
}
