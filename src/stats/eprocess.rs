//! The e-process: evidence against "the log effect is at most the boundary", valid at any stopping time.
//!
//! A bet on the sign of z = d·(y' − s), fair at the boundary because of the coin, sized by a mixture
//! of 42 experts that learns depth and scale from earlier pairs (Ville 1939; betting after
//! Waudby-Smith & Ramdas 2023, mixtures after Robbins 1970). P(sup E ≥ 1/α) ≤ α at the boundary and
//! below it, since the bet is odd in z and non-decreasing in |z|.
//!
//! An [`EProcess`] never restarts; a restart is a new test and is charged as one.

use super::location::count;

/// Cap of the bet of every claim that bears alpha.
pub const ALPHA_CAP: f64 = 0.8;
/// Cap of the bet for futility, which spends time and no alpha.
pub const FUTILITY_CAP: f64 = 0.87;

const DEPTHS: [f64; 7] = [0.02, 0.04, 0.06, 0.09, 0.15, 0.30, 0.60];
const DEPTH_WEIGHTS: [f64; 7] = [1.0, 2.0, 2.0, 1.5, 1.0, 0.5, 0.2];
const SCALES: [f64; 6] = [0.005, 0.01, 0.02, 0.04, 0.08, 0.16];
const EXPERTS: usize = DEPTHS.len() * SCALES.len();

/// Which side of the boundary a process gathers evidence for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// θ > s.
    Above,
    /// θ < s.
    Below,
}

/// One e-process: E starts at 1 and is kept as its logarithm.
#[derive(Clone, Debug)]
pub struct EProcess {
    boundary: f64,
    claim: Claim,
    cap: f64,
    /// Normalised: their exponentials sum to 1.
    ln_weights: [f64; EXPERTS],
    ln_e: f64,
    max_ln_e: f64,
}

impl EProcess {
    /// A process against boundary `s`, betting at most `cap` of its wealth (0 < cap < 1).
    pub fn new(boundary: f64, claim: Claim, cap: f64) -> Self {
        let total: f64 = DEPTH_WEIGHTS.iter().sum::<f64>() * count(SCALES.len());
        let ln_weights =
            std::array::from_fn(|expert| libm::log(DEPTH_WEIGHTS[expert / SCALES.len()] / total));
        Self { boundary, claim, cap, ln_weights, ln_e: 0.0, max_ln_e: 0.0 }
    }

    /// Takes y' of the next valid pair, which must be finite.
    pub fn push(&mut self, y_prime: f64) {
        let z = match self.claim {
            Claim::Above => y_prime - self.boundary,
            Claim::Below => self.boundary - y_prime,
        };
        if z != 0.0 {
            let bet = self.bet(z.abs());
            self.ln_e += libm::log1p(if z > 0.0 { bet } else { -bet });
            self.max_ln_e = self.max_ln_e.max(self.ln_e);
        }
        self.learn(z);
    }

    /// A failed pair: costs as much as the worst bet would, and teaches nothing.
    pub fn fail(&mut self) {
        self.ln_e += libm::log1p(-self.cap);
    }

    /// ln E now.
    pub fn ln_e(&self) -> f64 {
        self.ln_e
    }

    /// The largest ln E so far, for display; at least 0.
    pub fn max_ln_e(&self) -> f64 {
        self.max_ln_e
    }

    /// The share of wealth bet on a pair at this distance from the boundary.
    pub fn bet(&self, distance: f64) -> f64 {
        let mixture: f64 = experts()
            .zip(&self.ln_weights)
            .map(|((depth, scale), ln_weight)| {
                libm::exp(*ln_weight) * libm::tanh(distance.min(depth) / scale)
            })
            .sum();
        mixture.min(self.cap)
    }

    /// Reweighs the experts by the t₃ density of z about each one's depth, normalised by log-sum-exp.
    fn learn(&mut self, z: f64) {
        for ((depth, scale), ln_weight) in experts().zip(&mut self.ln_weights) {
            let u = (z - depth) / scale;
            *ln_weight -= 2.0 * libm::log1p(u * u / 3.0) + libm::log(scale);
        }
        let top = self.ln_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = self.ln_weights.iter().map(|ln_weight| libm::exp(ln_weight - top)).sum();
        let ln_sum = top + libm::log(sum);
        self.ln_weights.iter_mut().for_each(|ln_weight| *ln_weight -= ln_sum);
    }
}

/// Every (depth, scale), scales running fastest.
fn experts() -> impl Iterator<Item = (f64, f64)> {
    DEPTHS.iter().flat_map(|depth| SCALES.iter().map(move |scale| (*depth, *scale)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(values: &[f64]) -> EProcess {
        let mut process = EProcess::new(0.05, Claim::Above, ALPHA_CAP);
        for value in values {
            process.push(*value);
        }
        process
    }

    #[test]
    fn a_failed_pair_costs_a_factor_of_one_minus_the_cap_and_nothing_else() {
        let (mut failed, untouched) = (after(&[0.1, 0.2]), after(&[0.1, 0.2]));
        failed.fail();
        assert!((failed.ln_e() - untouched.ln_e() - 0.2_f64.ln()).abs() < 1e-12);
        assert!((failed.bet(0.1) - untouched.bet(0.1)).abs() < f64::EPSILON);
    }

    #[test]
    fn a_tie_with_the_boundary_leaves_e_where_it_was() {
        assert!(after(&[0.05, 0.05]).ln_e().abs() < f64::EPSILON);
    }

    #[test]
    fn the_running_maximum_outlives_a_fall() {
        let process = after(&[0.2, 0.2, -0.3]);
        assert!(process.max_ln_e() > process.ln_e());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_bet_never_decreases_with_distance(
            past in prop::collection::vec(-1.0..1.0_f64, 0..30),
            near in 0.0..1.0_f64,
            step in 0.0..1.0_f64,
        ) {
            let process = after(&past);
            let (small, large) = (process.bet(near), process.bet(near + step));
            prop_assert!(small <= large + 1e-15 && small >= 0.0 && large <= ALPHA_CAP);
        }

        #[test]
        fn no_finite_value_breaks_the_weights(past in prop::collection::vec(-1e300..1e300_f64, 1..20)) {
            prop_assert!(after(&past).bet(0.1).is_finite());
        }
    }
}
