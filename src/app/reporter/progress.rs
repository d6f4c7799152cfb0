//! What goes on between two records: shown, never journalled, never evidence.
//!
//! Start at [`Progress`].

use serde::Serialize;

use crate::engine::measure::{ComparisonId, Measure, MeasuredPair};
use crate::engine::step::{BuildRound, Step, TestScope};
use crate::model::id::{BenchmarkId, Iteration};
use crate::model::proposal::AgentEvent;
use crate::stats::coin::ComparisonKind;

use super::wording;

/// One thing that goes on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "progress", rename_all = "snake_case")]
pub enum Progress {
    /// A step begins.
    StepStarted {
        /// What it does, in words.
        step: String,
        /// The proposal it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        iteration: Option<Iteration>,
    },
    /// A benchmark of a pair has run on both sides.
    Pair {
        /// The comparison it belongs to.
        comparison: ComparisonId,
        /// How many benchmarks a pair has.
        benchmarks: usize,
        /// The one that has run.
        benchmark: BenchmarkId,
        /// What was measured.
        #[serde(flatten)]
        pair: Box<MeasuredPair>,
    },
    /// The agent does something.
    Agent {
        /// What.
        event: AgentEvent,
    },
    /// Nothing is done on purpose.
    Waiting {
        /// For what.
        why: String,
    },
    /// What a verdict will cost here, before the first token is spent.
    Price {
        /// In words, as printed.
        text: String,
    },
    /// Something that does not end the run but should be known.
    Warning {
        /// What.
        message: String,
    },
}

impl Progress {
    /// A step that begins.
    pub fn step(step: &Step) -> Self {
        let (words, iteration) = match step {
            Step::Prepare { .. } => ("preparing the original", None),
            Step::Calibrate { .. } => ("calibrating", None),
            Step::Profile { iteration, .. } => ("profiling", *iteration),
            Step::Propose { iteration, .. } => ("waiting for the agent's proposal", Some(*iteration)),
            Step::Inspect { iteration, .. } => ("inspecting the proposal", Some(*iteration)),
            Step::Build { iteration, round: BuildRound::First, .. } => ("building", Some(*iteration)),
            Step::Build { iteration, round: BuildRound::Fresh, .. } => ("building afresh", Some(*iteration)),
            Step::Test { iteration, scope: TestScope::Near, .. } => {
                ("tests near the change", Some(*iteration))
            }
            Step::Test { iteration, scope: TestScope::Full, .. } => {
                ("running the full suite", Some(*iteration))
            }
            Step::Test { iteration, scope: TestScope::BenchmarkedMode, .. } => {
                ("running the full suite in the benchmarked build mode", Some(*iteration))
            }
            Step::Measure(measure) => return Self::measuring(measure.comparison),
            Step::Judge(_) => ("judging", None),
            Step::Land { iteration, .. } => ("landing", Some(*iteration)),
            Step::SetAside { iteration, .. } => ("setting aside", Some(*iteration)),
            Step::Stop(_) => ("stopping", None),
        };
        Self::StepStarted { step: words.to_owned(), iteration }
    }

    /// A batch of pairs that begins; goal and final number are about HEAD, not about a proposal.
    fn measuring(ComparisonId { kind, iteration }: ComparisonId) -> Self {
        let about_head = matches!(kind, ComparisonKind::Goal | ComparisonKind::Final);
        let iteration = (!about_head).then_some(iteration);
        Self::StepStarted { step: format!("measuring the {}", wording::kind(kind)), iteration }
    }

    /// A pair of a batch that has run.
    pub fn pair(measure: &Measure, pair: &MeasuredPair) -> Self {
        let benchmark = measure.works.get(pair.work).map(|work| work.benchmark.clone());
        Self::Pair {
            comparison: measure.comparison,
            benchmarks: measure.works.len(),
            benchmark: benchmark.unwrap_or_else(|| BenchmarkId::new("unknown")),
            pair: Box::new(pair.clone()),
        }
    }
}
