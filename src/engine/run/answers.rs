//! Which record answers which step, and what a step is called in messages.

use crate::engine::record::Record;
use crate::engine::step::{Question, Step};

/// Whether the record is an answer to the step.
pub(super) fn answers(step: &Step, record: &Record) -> bool {
    match (step, record) {
        (Step::Prepare { .. }, Record::Prepared(_))
        | (Step::Calibrate { .. }, Record::Calibrated(_))
        | (Step::Stop(_), Record::Stopped { .. }) => true,
        (Step::Profile { iteration, .. }, Record::Profiled(profiled)) => *iteration == profiled.iteration,
        (Step::Propose { iteration, .. }, Record::Proposed(proposed)) => *iteration == proposed.iteration,
        (Step::Inspect { iteration, .. }, Record::Inspected(inspected)) => *iteration == inspected.iteration,
        (Step::Build { iteration, round, .. }, Record::Built(built)) => {
            (*iteration, *round) == (built.iteration, built.round)
        }
        (Step::Test { iteration, tree, scope, .. }, Record::Tested(tested)) => {
            (*iteration, *tree, *scope) == (tested.iteration, tested.tree, tested.scope)
        }
        (Step::Measure(measure), Record::Measured(measured)) => {
            measure.comparison == measured.comparison
                && measure.pairs.first().map(|pair| pair.pair) == Some(measured.from_pair)
        }
        (Step::Judge(Question::Comparison { comparison }), Record::Found(found)) => {
            *comparison == found.comparison
        }
        (Step::Judge(Question::Proposal { iteration }), Record::Judged(judged)) => {
            *iteration == judged.iteration
        }
        (Step::Land { iteration, .. }, Record::Landed(landed)) => *iteration == landed.iteration,
        (Step::SetAside { iteration, .. }, Record::SetAside(aside)) => *iteration == aside.iteration,
        _ => false,
    }
}

/// The step by name, for messages.
pub(super) fn name(step: &Step) -> String {
    match step {
        Step::Prepare { .. } => "prepare".to_owned(),
        Step::Calibrate { .. } => "calibrate".to_owned(),
        Step::Profile { .. } => "profile".to_owned(),
        Step::Propose { iteration, .. } => format!("propose {iteration}"),
        Step::Inspect { iteration, .. } => format!("inspect {iteration}"),
        Step::Build { iteration, .. } => format!("build {iteration}"),
        Step::Test { iteration, .. } => format!("test {iteration}"),
        Step::Measure(measure) => {
            format!("measure {:?} of {}", measure.comparison.kind, measure.comparison.iteration)
        }
        Step::Judge(question) => format!("judge {question:?}"),
        Step::Land { iteration, .. } => format!("land {iteration}"),
        Step::SetAside { iteration, .. } => format!("set aside {iteration}"),
        Step::Stop(reason) => format!("stop {reason:?}"),
    }
}
