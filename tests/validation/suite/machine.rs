//! A machine of the simulated world whose launches are those of a [`Lab`]: noise, attacks, layouts.

use optiloop::engine::measure::{Launched, Measure};
use optiloop::stats::attacks::{Lab, Slot};
use optiloop::stats::coin::ComparisonKind;
use optiloop::stats::pair::Side;

use super::world::{LAUNCH, Machine, reading};

/// Launches of a laboratory, on top of the world's own costs.
pub(crate) struct LabMachine {
    lab: Lab,
    /// Iterations a launch.
    iterations: f64,
}

impl LabMachine {
    /// A machine of this laboratory.
    pub(crate) fn new(lab: Lab) -> Self {
        Self { lab, iterations: 1.0 }
    }
}

impl Machine for LabMachine {
    /// What the real world does before a confirmation: it waits, and has built both sides anew. A second
    /// confirmation runs at once, on the same build.
    fn begin(&mut self, measure: &Measure) {
        let iterations = measure
            .works
            .iter()
            .map(|work| f64::from(u32::try_from(work.iterations.0).expect("a few iterations")))
            .fold(1.0, f64::max);
        self.lab.lengthen(iterations / self.iterations);
        self.iterations = iterations;
        if !measure.after.is_zero() {
            self.lab.wait();
        }
        if measure.comparison.kind == ComparisonKind::Confirmation {
            self.lab.relink();
        }
    }

    fn launch(&mut self, side: Side, slot: Option<u32>, log_cost: f64) -> Launched {
        let slot = match slot {
            Some(0) => Slot::First,
            Some(_) => Slot::Second,
            None => Slot::Discarded,
        };
        let launched = self.lab.launch(side, slot);
        let scale = LAUNCH * self.iterations * log_cost.exp();
        // A failed launch has no cost, and `reading` makes a failure of NaN.
        reading(launched.cost.map_or(f64::NAN, |cost| scale * cost), scale * launched.wall)
    }
}
