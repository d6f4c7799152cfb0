//! May an accepted candidate land? Fresh pairs under changed conditions must say so too.
//!
//! Drift first, then the landing rule on the fresh pairs alone, then the mean against a tail that
//! medians do not see. Confirmation pairs never enter an e-process, and the order adjustment starts
//! anew: give them a [`super::target::Target`] of their own.

use serde::{Deserialize, Serialize};

use super::estimate::{Estimate, lower_bound};

/// Fresh pairs at least.
const FEWEST: usize = 20;

/// Fresh pairs of a confirmation after a test of `n` pairs.
pub fn pairs_needed(n: usize) -> usize {
    n.max(FEWEST)
}

/// Which confirmation it is: after a drift the second one decides alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attempt {
    /// Compared with the test first.
    First,
    /// Goes through the landing rule alone.
    Second,
}

/// What the confirmation is decided from.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// θ0 of the test, a coarse timer's tick included.
    pub theta0: f64,
    /// X, the policy's least effect as a reduction of cost.
    pub least_effect: f64,
    /// y' of the test's pairs.
    pub test: &'a [f64],
    /// y' of this confirmation's pairs.
    pub fresh: &'a [f64],
    /// Σ candidate / Σ base over all valid pairs of test and confirmation, see [`mean_cost_ratio`].
    pub mean_cost_ratio: f64,
    /// Which confirmation it is.
    pub attempt: Attempt,
}

/// What the confirmation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmation {
    /// It may land, as far as the statistics of the target go.
    Lands,
    /// Rejected: the effect did not come back on fresh pairs.
    DidNotConfirm,
    /// Held: the typical launch is cheaper, the mean is not by half the least effect.
    HeldTail,
    /// Test and confirmation disagree: a second confirmation of the same size must decide.
    Drifted,
}

/// Applies the rule. Too few fresh pairs for a lower bound do not confirm.
pub fn confirm(evidence: &Evidence<'_>) -> Confirmation {
    let Evidence { theta0, least_effect, test, fresh, mean_cost_ratio, attempt } = *evidence;
    let (Some(now), Some(bound)) = (Estimate::of(fresh), lower_bound(fresh)) else {
        return Confirmation::DidNotConfirm;
    };
    if let (Attempt::First, Some(before)) = (attempt, Estimate::of(test))
        && (now.log - before.log).abs() > 3.0 * now.se.hypot(before.se)
    {
        return Confirmation::Drifted;
    }
    if now.log < theta0 - now.se || bound <= 0.0 {
        return Confirmation::DidNotConfirm;
    }
    // A ratio that is no number is no proof that the mean fell.
    if mean_cost_ratio <= 1.0 - least_effect / 2.0 { Confirmation::Lands } else { Confirmation::HeldTail }
}

/// Σ candidate / Σ base of one benchmark's valid pairs (base, candidate) in any one unit; NaN without pairs.
pub fn mean_cost_ratio(costs: &[(f64, f64)]) -> f64 {
    let base: f64 = costs.iter().map(|(base, _)| base).sum();
    let candidate: f64 = costs.iter().map(|(_, candidate)| candidate).sum();
    candidate / base
}

/// The mean cost ratio of a target of several benchmarks: the weighted geometric mean of theirs.
/// `ratios` are (ratio, weight).
pub fn combined_cost_ratio(ratios: &[(f64, f64)]) -> f64 {
    let total: f64 = ratios.iter().map(|(_, weight)| weight).sum();
    let log: f64 = ratios.iter().map(|(ratio, weight)| weight * libm::log(*ratio)).sum();
    libm::exp(log / total)
}

#[cfg(test)]
mod tests {
    use super::super::pair::log_effect;
    use super::*;

    /// 20 values spread evenly about a centre, ± `half`.
    fn about(center: f64, half: f64) -> Vec<f64> {
        (0..20).map(|i| center + half * (f64::from(i) - 9.5) / 9.5).collect()
    }

    fn check(fresh: &[f64], ratio: f64, expected: Confirmation) {
        let test = about(0.105, 0.02);
        let theta0 = log_effect(0.05);
        let evidence = Evidence {
            theta0,
            least_effect: 0.05,
            test: &test,
            fresh,
            mean_cost_ratio: ratio,
            attempt: Attempt::First,
        };
        assert_eq!(confirm(&evidence), expected);
    }

    #[test]
    fn an_effect_that_comes_back_lands() {
        check(&about(0.105, 0.02), 0.9, Confirmation::Lands);
    }

    #[test]
    fn a_mean_that_fell_by_less_than_half_the_least_effect_is_held() {
        check(&about(0.105, 0.02), 0.9751, Confirmation::HeldTail);
        check(&about(0.105, 0.02), f64::NAN, Confirmation::HeldTail);
        check(&about(0.105, 0.02), 0.9749, Confirmation::Lands);
    }

    #[test]
    fn test_and_confirmation_that_disagree_are_a_drift_before_anything_else() {
        check(&about(0.0, 0.02), 0.9, Confirmation::Drifted);
        check(&about(0.3, 0.02), 0.9, Confirmation::Drifted);
    }

    #[test]
    fn the_second_confirmation_is_not_compared_with_the_test() {
        let second = |center| {
            confirm(&Evidence {
                theta0: log_effect(0.05),
                least_effect: 0.05,
                test: &[0.3; 20],
                fresh: &about(center, 0.02),
                mean_cost_ratio: 0.9,
                attempt: Attempt::Second,
            })
        };
        assert_eq!(second(0.0), Confirmation::DidNotConfirm);
        assert_eq!(second(0.1), Confirmation::Lands);
    }

    #[test]
    fn without_fresh_pairs_nothing_lands() {
        check(&[], 0.5, Confirmation::DidNotConfirm);
    }
}
