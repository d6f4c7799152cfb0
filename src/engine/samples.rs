//! The costs of each pair as the comparison took them: for reports, which show what decided.
//!
//! Nothing is decided here. Start at [`Run::samples`].

use crate::model::id::BenchmarkId;
use crate::stats::coin::ComparisonKind;
use crate::stats::pair::Order;

use super::comparison::Comparison;
use super::measure::ComparisonId;
use super::record::Calibrated;
use super::run::Run;

/// One benchmark of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Work and instrument as the comparison read it: of a candidate that needs several cores not the head's.
    pub calibrated: Calibrated,
    /// Whether the costs are wall time, whatever the instrument is.
    pub clock: Clock,
    /// Its pairs in order.
    pub pairs: Vec<Sample>,
}

/// Which number of a launch is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The one that decides.
    Instrument,
    /// Wall time.
    Wall,
}

/// One pair of one benchmark; `None` where the launch gave no value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Its index in the comparison, from 1.
    pub pair: u32,
    /// Who was launched first.
    pub order: Order,
    /// The base's cost.
    pub base: Option<f64>,
    /// The candidate's cost.
    pub candidate: Option<f64>,
}

impl Samples {
    /// The benchmark.
    pub fn benchmark(&self) -> &BenchmarkId {
        &self.calibrated.work.benchmark
    }
}

impl Run {
    /// The pairs so far of a comparison that is open, or was the last of its kind; one list a benchmark.
    pub fn samples(&self, id: ComparisonId) -> Vec<Samples> {
        let comparison = match id.kind {
            ComparisonKind::Goal => self.goal.as_ref(),
            ComparisonKind::Final => self.last_number.as_ref(),
            ComparisonKind::Noise => self.noise.as_ref(),
            ComparisonKind::Family => self.two_sides.comparison.as_ref(),
            kind => self.gate.as_ref().and_then(|gate| gate.comparison(kind)),
        };
        let clock = if id.kind == ComparisonKind::WallGuard { Clock::Wall } else { Clock::Instrument };
        comparison.map(|comparison| of(comparison, clock)).unwrap_or_default()
    }
}

fn of(comparison: &Comparison, clock: Clock) -> Vec<Samples> {
    let works = comparison.setting().works.iter().enumerate();
    let samples = |(at, calibrated): (usize, &Calibrated)| {
        let pairs = comparison.pairs().iter().filter(|pair| pair.work == at);
        let pairs = pairs.map(|pair| {
            let [base, candidate] = [&pair.base, &pair.candidate].map(|launched| {
                let costs = Comparison::costs_of(launched, calibrated)?;
                Some(if clock == Clock::Wall { costs.1 } else { costs.0 })
            });
            Sample { pair: pair.pair, order: pair.order, base, candidate }
        });
        Samples { calibrated: calibrated.clone(), clock, pairs: pairs.collect() }
    };
    works.map(samples).collect()
}
