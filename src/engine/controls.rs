//! Blind controls: proposals of our own whose truth is known, slipped past our own judge.
//!
//! A sham is the base against itself; a planted change lets the base do more iterations, so that the candidate
//! side costs a known part less. They go the way of every proposal (A.13 and the suite aside: the tree is the
//! base's own, tested already), are journalled, and enter neither the stream, nor the head, nor the brief. The
//! judge is not told which is which. Start at `Run::control_due`.

use crate::model::bench::WorkControl;
use crate::model::id::Iteration;
use crate::model::verdict::Verdict;

use super::gate::{Gate, Manner};
use super::measure::truly_planted;
use super::record::{Calibrated, CostFrom, Pursuit};
use super::run::Run;
use super::step::{Control, Source};

/// The saving of a planted change among the proposals of a run, in thousandths.
pub const PLANTED: u32 = 100;
/// How far whole iterations may miss the wanted saving, as a part of it.
const MISS: f64 = 0.02;

/// Controls that were judged.
#[derive(Debug, Clone, Default)]
pub(super) struct Controls {
    /// Each with whether it was taken for cheaper.
    judged: Vec<(Control, bool)>,
}

impl Controls {
    /// Takes the verdict on one.
    pub(super) fn take(&mut self, control: Control, verdict: Option<&Verdict>) {
        let taken_for_cheaper = matches!(verdict, Some(Verdict::Accepted | Verdict::Held { .. }));
        self.judged.push((control, taken_for_cheaper));
    }

    fn done(&self, like: fn(Control) -> bool) -> u32 {
        let done = self.judged.iter().filter(|(control, _)| like(*control)).count();
        u32::try_from(done).unwrap_or(u32::MAX)
    }
}

/// The saving that a planted change really makes of these benchmarks, or why none can be planted.
pub fn plantable(works: &[Calibrated], per_mille: u32) -> Result<f64, String> {
    let wanted = f64::from(per_mille) / 1000.0;
    let mut least = f64::INFINITY;
    for calibrated in works {
        let name = &calibrated.work.benchmark;
        if calibrated.control != WorkControl::Fixed {
            return Err(format!("{name} decides itself how much work a launch does"));
        }
        if calibrated.cost_from != CostFrom::Outside {
            return Err(format!("the cost of {name} is told per iteration, whatever their number"));
        }
        let planted = truly_planted(calibrated.work.iterations, per_mille);
        if (planted - wanted).abs() > MISS * wanted {
            let n = calibrated.work.iterations.0;
            return Err(format!("a launch of {name} does {n} iterations, too few for a part of them"));
        }
        least = least.min(planted);
    }
    if least.is_finite() { Ok(least) } else { Err("nothing is calibrated".to_owned()) }
}

impl Run {
    /// The control that comes before the next proposal, where the draw says so: every order of controls and
    /// proposals is equally likely.
    pub(super) fn control_due(&self) -> Option<Control> {
        let (shams, planted) = self.controls_left();
        let proposals = self.header.plan.budget.iterations.saturating_sub(self.spent.iterations);
        let all = u64::from(shams + planted) + u64::from(proposals);
        let drawn =
            self.header.key.draw("control", self.spent.iterations, self.controls_judged()) % all.max(1);
        (drawn < u64::from(shams + planted)).then(|| self.next_control()).flatten()
    }

    /// The next control, whatever else is due; `None` when all were judged.
    pub(super) fn next_control(&self) -> Option<Control> {
        let (shams, planted) = self.controls_left();
        let all = u64::from(shams + planted);
        let drawn = self.header.key.draw("which control", 0, self.controls_judged()) % all.max(1);
        let per_mille = match self.header.pursuit {
            Pursuit::Calibrate { per_mille, .. } => per_mille,
            _ => PLANTED,
        };
        match all {
            0 => None,
            _ if drawn < u64::from(shams) => Some(Control::Sham),
            _ => Some(Control::Planted { per_mille }),
        }
    }

    /// Opens the gate of a control at the level of the next candidate.
    pub(super) fn open_control(&mut self, control: Control) {
        let iteration = Iteration::control(self.controls_judged() + 1);
        let manner = Manner { alpha: self.alpha(), after_futility: self.after_futility() };
        self.gate = Some(Gate::new(iteration, self.head, Source::Control { control }, manner));
    }

    fn controls_judged(&self) -> u32 {
        u32::try_from(self.controls.judged.len()).unwrap_or(u32::MAX)
    }

    /// Shams and planted changes that are still to be judged.
    fn controls_left(&self) -> (u32, u32) {
        let (shams, planted, per_mille) = match self.header.pursuit {
            Pursuit::Loop => {
                let shams = self.header.plan.budget.shams;
                (shams, shams.div_ceil(2), PLANTED)
            }
            Pursuit::Calibrate { shams, planted, per_mille, .. } => (shams, planted, per_mille),
            Pursuit::Judge { .. } | Pursuit::Compare { .. } => (0, 0, PLANTED),
        };
        let targets = self.header.target.benchmarks.len().min(self.works.len());
        let planted = if plantable(&self.works[..targets], per_mille).is_ok() { planted } else { 0 };
        (
            shams.saturating_sub(self.controls.done(|control| control == Control::Sham)),
            planted.saturating_sub(self.controls.done(|control| control != Control::Sham)),
        )
    }
}
