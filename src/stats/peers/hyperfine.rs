//! hyperfine: prints the ratio of means of 10 runs a command; here read as "improved" when the ratio says so.
//!
//! <https://github.com/sharkdp/hyperfine>. It warns of outliers and decides nothing.

use super::Peer;
use crate::stats::location::mean;

/// hyperfine on this many runs a command.
pub(super) struct Hyperfine {
    pub(super) launches: usize,
}

impl Peer for Hyperfine {
    fn name(&self) -> String {
        format!("hyperfine mean n={}", self.launches)
    }

    fn launches(&self) -> usize {
        self.launches
    }

    fn improved(&self, base: &[f64], candidate: &[f64], least_effect: f64) -> bool {
        mean(base).zip(mean(candidate)).is_some_and(|(before, after)| after <= (1.0 - least_effect) * before)
    }
}
