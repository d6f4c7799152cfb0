//! What may be reported: the Hodges–Lehmann estimate of a log effect with its exact interval.
//!
//! Not a decision: the number that decides is never the number reported.

use serde::{Deserialize, Serialize};

use super::location::hl_standard_error;
use super::pair::cost_change;
use super::signed_rank::{WalshAverages, range_level};

/// Level of the intervals reported.
const LEVEL: f64 = 0.95;
/// Pairs below which no 95 % signed-rank interval exists.
const FEWEST: usize = 6;

/// A log effect with its interval; positive is cheaper.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Hodges–Lehmann estimate of θ.
    pub log: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Level of the interval: .95, or 1 − 2^(1−n) of the range below 6 pairs.
    pub level: f64,
    /// Standard error, 1.05·1.4826·MAD/√n.
    pub se: f64,
    /// Pairs.
    pub n: usize,
}

/// The same as a change of cost in percent: minus is cheaper, `low` ≤ `change` ≤ `high`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PercentChange {
    /// The estimate.
    pub change: f64,
    /// The interval's end with the smaller number, the larger saving.
    pub low: f64,
    /// The other end.
    pub high: f64,
}

impl Estimate {
    /// The estimate of adjusted pairs y'; `None` without pairs.
    pub fn of(y_primes: &[f64]) -> Option<Self> {
        let walsh = WalshAverages::of(y_primes);
        let log = walsh.center()?;
        let n = y_primes.len();
        let exact = if n < FEWEST { None } else { walsh.interval((1.0 - LEVEL) / 2.0) };
        let (low, high, level) = if let Some((low, high)) = exact {
            (low, high, LEVEL)
        } else {
            let low = y_primes.iter().copied().fold(f64::INFINITY, f64::min);
            let high = y_primes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (low, high, range_level(n))
        };
        Some(Self { log, low, high, level, se: hl_standard_error(y_primes), n })
    }

    /// As a change of cost.
    pub fn percent(&self) -> PercentChange {
        PercentChange {
            change: 100.0 * cost_change(self.log),
            low: 100.0 * cost_change(self.high),
            high: 100.0 * cost_change(self.low),
        }
    }
}

/// The one-sided 95 % signed-rank lower bound of θ; `None` below 5 pairs.
pub fn lower_bound(y_primes: &[f64]) -> Option<f64> {
    WalshAverages::of(y_primes).interval(1.0 - LEVEL).map(|(low, _)| low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(n: u32) -> Vec<f64> {
        (0..n).map(|i| 0.1 + f64::from(i) * 0.001).collect()
    }

    #[test]
    fn below_six_pairs_the_range_is_printed_with_its_own_level() {
        let estimate = Estimate::of(&ramp(5)).unwrap();
        assert!((estimate.level - 0.9375).abs() < 1e-12);
        assert!((estimate.low - 0.1).abs() < 1e-12 && (estimate.high - 0.104).abs() < 1e-12);
        assert!(Estimate::of(&[0.1]).unwrap().level.abs() < f64::EPSILON);
    }

    #[test]
    fn from_six_pairs_on_the_interval_is_exact_at_ninety_five_percent() {
        let estimate = Estimate::of(&ramp(6)).unwrap();
        assert!((estimate.level - 0.95).abs() < f64::EPSILON);
        assert!(estimate.low <= estimate.log && estimate.log <= estimate.high);
    }

    #[test]
    fn in_percent_minus_is_cheaper_and_the_ends_are_in_order() {
        let percent = Estimate::of(&ramp(20)).unwrap().percent();
        assert!(percent.low < percent.change && percent.change < percent.high && percent.high < 0.0);
        assert!((percent.change - 100.0 * ((-0.1095_f64).exp() - 1.0)).abs() < 1e-9);
    }

    #[test]
    fn the_one_sided_bound_of_twenty_pairs_is_the_sixty_first_walsh_average() {
        let values = ramp(20);
        let mut walsh: Vec<f64> = (0..20)
            .flat_map(|i| (i..20).map(move |j| (i, j)))
            .map(|(i, j)| f64::midpoint(values[i], values[j]))
            .collect();
        walsh.sort_by(f64::total_cmp);
        assert!((lower_bound(&values).unwrap() - walsh[60]).abs() < 1e-15);
    }
}
