//! What goes on between two records; shown, never journalled.

use serde::Serialize;

use crate::engine::measure::{Launched, Measure, MeasuredPair};
use crate::engine::step::Step;
use crate::model::proposal::AgentEvent;

/// One sign of life.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "progress", rename_all = "snake_case")]
pub enum Progress {
    /// A step begins.
    Step {
        /// Its name.
        step: String,
    },
    /// A pair was run.
    Pair {
        /// Which comparison.
        comparison: String,
        /// Its index.
        pair: u32,
        /// Candidate over base by CPU time, where both were read.
        ratio: Option<f64>,
    },
    /// The agent shows something.
    Agent {
        /// What.
        event: AgentEvent,
    },
    /// Nothing can be done for a while.
    Waiting {
        /// Why.
        why: String,
    },
}

impl Progress {
    /// A step begins.
    pub fn step(step: &Step) -> Self {
        Self::Step { step: crate::engine::run::name(step) }
    }

    /// A pair was run.
    pub fn pair(measure: &Measure, pair: &MeasuredPair) -> Self {
        let ratio = match (&pair.base, &pair.candidate) {
            (Launched::Read(base), Launched::Read(candidate)) => Some(candidate.cpu / base.cpu),
            _ => None,
        };
        Self::Pair {
            comparison: format!("{:?}", measure.comparison.kind).to_lowercase(),
            pair: pair.pair,
            ratio,
        }
    }
}
