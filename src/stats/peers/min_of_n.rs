//! The folk rule "take the best of N": compares the minima of both sides.

use super::Peer;

/// Best of this many launches a side.
pub(super) struct MinOfN {
    pub(super) launches: usize,
}

impl Peer for MinOfN {
    fn name(&self) -> String {
        format!("min of {}", self.launches)
    }

    fn launches(&self) -> usize {
        self.launches
    }

    fn improved(&self, base: &[f64], candidate: &[f64], least_effect: f64) -> bool {
        let least = |costs: &[f64]| costs.iter().copied().reduce(f64::min);
        least(base)
            .zip(least(candidate))
            .is_some_and(|(before, after)| after <= (1.0 - least_effect) * before)
    }
}
