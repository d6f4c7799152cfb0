//! Two clocks: the harness's own number against the outside one (design.md, "Two clocks").
//!
//! With fixed work they must tell the same saving; a benchmark that tells its own good news is held.

use crate::stats::estimate::Estimate;
use crate::stats::pair::Pair;
use crate::stats::target::Target;

use super::comparison::Comparison;
use super::measure::{Launched, MeasuredPair, Reading};
use super::reading::accounting;
use super::record::CostFrom;
use super::words;

/// Whether inside and outside tell the same story.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Agreement {
    /// They do.
    Agree,
    /// They do not.
    Disagree {
        /// Both, with intervals.
        detail: String,
    },
    /// There is one clock only.
    NotPossible {
        /// Why.
        why: String,
    },
}

/// Compares the savings that both clocks tell over the test's pairs, benchmark by benchmark.
pub(super) fn compare(test: &Comparison) -> Agreement {
    for (at, calibrated) in test.setting().works.iter().enumerate() {
        if !calibrated.control.is_fixed() {
            return Agreement::NotPossible { why: "the harness chooses its own work".to_owned() };
        }
        if !matches!(calibrated.cost_from, CostFrom::Outside | CostFrom::Told) {
            return Agreement::NotPossible { why: "the goal is not about time".to_owned() };
        }
        let told = estimate(test.pairs(), at, |reading| reading.told);
        let outside = estimate(test.pairs(), at, |reading| match calibrated.cost_from {
            CostFrom::Outside => crate::stats::instrument::read(calibrated.instrument, &accounting(reading)),
            _ => Some(reading.wall),
        });
        let (Some(told), Some(outside)) = (told, outside) else {
            return Agreement::NotPossible { why: "the harness tells no number of its own".to_owned() };
        };
        if disagree(&told, &outside) {
            let name = &calibrated.work.benchmark;
            let detail =
                format!("{name}: told {}, from outside {}", words::effect(&told), words::effect(&outside));
            return Agreement::Disagree { detail };
        }
    }
    Agreement::Agree
}

/// The outside saving must lie between half and twice the told one, as far as both intervals allow it.
fn disagree(told: &Estimate, outside: &Estimate) -> bool {
    let ends = [told.low / 2.0, told.low * 2.0, told.high / 2.0, told.high * 2.0];
    let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    outside.high < low || outside.low > high
}

/// The effect by one clock; `None` unless every pair of this benchmark tells it on both sides.
fn estimate(pairs: &[MeasuredPair], work: usize, read: impl Fn(&Reading) -> Option<f64>) -> Option<Estimate> {
    let mut series = Target::single();
    for pair in pairs.iter().filter(|pair| pair.work == work) {
        let (Launched::Read(base), Launched::Read(candidate)) = (&pair.base, &pair.candidate) else {
            continue;
        };
        series.push(&[Some(Pair::of_costs(pair.order, read(base)?, read(candidate)?)?)]);
    }
    Estimate::of(series.values())
}
