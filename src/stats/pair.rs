//! One pair: a launch of each side, in an order the coin decided, as a log cost ratio.
//!
//! What is no value (NaN, infinite, zero, negative) never becomes a [`Pair`]; the caller reports it
//! as a failed pair instead, because silently dropping it would favour whoever failed.

use serde::{Deserialize, Serialize};

/// Who is launched first in a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Base, then candidate (AB).
    BaseFirst,
    /// Candidate, then base (BA).
    CandidateFirst,
}

impl Order {
    /// o of the order adjustment: +1 if base ran first, else −1.
    pub fn sign(self) -> f64 {
        match self {
            Self::BaseFirst => 1.0,
            Self::CandidateFirst => -1.0,
        }
    }
}

/// The two sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// What the candidate is compared with.
    Base,
    /// The proposal.
    Candidate,
}

/// A valid pair: its order and y = ln(base / candidate), positive when the candidate is cheaper.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pair {
    order: Order,
    y: f64,
}

impl Pair {
    /// The pair with this log ratio; `None` if it is not finite.
    pub fn new(order: Order, y: f64) -> Option<Self> {
        y.is_finite().then_some(Self { order, y })
    }

    /// The pair of two measured costs in any one unit; `None` if either is no value.
    pub fn of_costs(order: Order, base: f64, candidate: f64) -> Option<Self> {
        if !is_value(base) || !is_value(candidate) {
            return None;
        }
        Self::new(order, libm::log(base / candidate))
    }

    /// Who ran first.
    pub fn order(self) -> Order {
        self.order
    }

    /// ln(base / candidate).
    pub fn y(self) -> f64 {
        self.y
    }
}

/// Whether a measured cost counts as a value: finite and above zero.
pub fn is_value(cost: f64) -> bool {
    cost.is_finite() && cost > 0.0
}

/// θ of an improvement x = reduction of cost: −ln(1 − x). Negative x is a slowdown.
pub fn log_effect(improvement: f64) -> f64 {
    -libm::log1p(-improvement)
}

/// The change of cost, as a ratio minus one, that a log effect stands for: exp(−θ) − 1; minus is cheaper.
pub fn cost_change(log_effect: f64) -> f64 {
    libm::expm1(-log_effect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_value_makes_no_pair() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -1.0] {
            assert_eq!(Pair::of_costs(Order::BaseFirst, bad, 1.0), None, "base {bad}");
            assert_eq!(Pair::of_costs(Order::BaseFirst, 1.0, bad), None, "candidate {bad}");
        }
        assert_eq!(Pair::of_costs(Order::BaseFirst, f64::MAX, f64::MIN_POSITIVE), None);
    }

    #[test]
    fn a_cheaper_candidate_is_a_positive_log_effect_and_a_negative_change() {
        let pair = Pair::of_costs(Order::CandidateFirst, 1.0, 0.95).expect("both are values");
        assert!((pair.y() - log_effect(0.05)).abs() < 1e-12);
        assert!((cost_change(pair.y()) + 0.05).abs() < 1e-12);
    }
}
