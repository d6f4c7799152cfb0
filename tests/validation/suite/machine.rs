//! A machine of the simulated world whose launches are those of a [`Lab`]: noise, attacks, layouts.

use optiloop::engine::measure::{Launched, Measure};
use optiloop::stats::attacks::{Lab, Slot};
use optiloop::stats::coin::ComparisonKind;
use optiloop::stats::pair::Side;

use super::world::{LAUNCH, Machine, reading};

/// Launches of a laboratory, on top of the world's own costs.
pub(crate) struct LabMachine(pub(crate) Lab);

impl Machine for LabMachine {
    /// What the real world does before a confirmation: it waits, and has built both sides anew. A second
    /// confirmation runs at once, on the same build.
    fn begin(&mut self, measure: &Measure) {
        if !measure.after.is_zero() {
            self.0.wait();
        }
        if measure.comparison.kind == ComparisonKind::Confirmation {
            self.0.relink();
        }
    }

    fn launch(&mut self, side: Side, slot: Option<u32>, log_cost: f64) -> Launched {
        let slot = match slot {
            Some(0) => Slot::First,
            Some(_) => Slot::Second,
            None => Slot::Discarded,
        };
        let launched = self.0.launch(side, slot);
        let scale = LAUNCH * log_cost.exp();
        // A failed launch has no cost, and `reading` makes a failure of NaN.
        reading(launched.cost.map_or(f64::NAN, |cost| scale * cost), scale * launched.wall)
    }
}
