//! Deterministic counters: instructions, allocations, bytes, sizes, from three launches a side with fixed seeds.
//!
//! A gain in instructions is never a gain in time: it screens, breaks ties, or is the metric the
//! user asked for.

use serde::{Deserialize, Serialize};

use super::location::{mean, median};
use super::pair::is_value;

/// Launches a side.
pub const LAUNCHES: usize = 3;
/// The largest relative spread, (max − min)/median, of a counter that counts as deterministic.
const LARGEST_SPREAD: f64 = 0.001;

/// What the counters of both sides say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CounterFinding {
    /// gain − 2·spread ≥ X.
    Improved(CounterGain),
    /// The counter is deterministic and the gain too small.
    Unchanged(CounterGain),
    /// The counter is deterministic and grew by more than twice its spread.
    Regressed(CounterGain),
    /// The counter varies from launch to launch: it needs pairs and an e-process.
    NotDeterministic,
}

/// The reduction of a counter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CounterGain {
    /// 1 − candidate/base of the medians; negative is growth.
    pub gain: f64,
    /// The larger relative spread of the two sides.
    pub spread: f64,
}

/// Compares the counts of both sides with the least effect X, the pairs (base, candidate) of each benchmark; of several
/// the geometric mean of their ratios and the largest spread. Fewer than three launches a side, or a count that is no
/// value, is not deterministic.
pub fn compare(benchmarks: &[Vec<(f64, f64)>], least_effect: f64) -> CounterFinding {
    let (mut logs, mut spread) = (Vec::new(), 0.0_f64);
    for pairs in benchmarks {
        let (base, candidate): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let (Some((before, base_spread)), Some((after, own_spread))) = (center(&base), center(&candidate))
        else {
            return CounterFinding::NotDeterministic;
        };
        spread = spread.max(own_spread).max(base_spread);
        logs.push(libm::log(after / before));
    }
    let Some(log) = mean(&logs).filter(|_| spread <= LARGEST_SPREAD) else {
        return CounterFinding::NotDeterministic;
    };
    let change = CounterGain { gain: 1.0 - libm::exp(log), spread };
    if change.gain - 2.0 * spread >= least_effect {
        CounterFinding::Improved(change)
    } else if change.gain + 2.0 * spread < 0.0 {
        CounterFinding::Regressed(change)
    } else {
        CounterFinding::Unchanged(change)
    }
}

/// Median and relative spread of one side.
fn center(counts: &[f64]) -> Option<(f64, f64)> {
    if counts.len() < LAUNCHES || !counts.iter().all(|counted| is_value(*counted)) {
        return None;
    }
    let middle = median(counts)?;
    let high = counts.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let low = counts.iter().copied().fold(f64::INFINITY, f64::min);
    Some((middle, (high - low) / middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(base: &[f64], candidate: &[f64]) -> Vec<(f64, f64)> {
        base.iter().copied().zip(candidate.iter().copied()).collect()
    }

    #[test]
    fn a_gain_must_exceed_the_least_effect_by_twice_the_spread() {
        let base = [1_000_000.0, 1_000_500.0, 1_000_200.0];
        let scaled = |factor: f64| base.map(|counted| counted * factor);
        let found = |factor: f64| compare(&[pairs(&base, &scaled(factor))], 0.05);
        assert!(matches!(found(0.94), CounterFinding::Improved(_)));
        assert!(matches!(found(0.9495), CounterFinding::Unchanged(_)));
        assert!(matches!(found(1.0), CounterFinding::Unchanged(_)));
        assert!(matches!(found(1.01), CounterFinding::Regressed(_)));
    }

    #[test]
    fn a_counter_that_varies_or_is_missing_needs_pairs() {
        let steady = [100.0; 3];
        for other in [&[100.0, 100.2, 100.0][..], &[100.0, 100.0], &[0.0; 3], &[f64::NAN; 3]] {
            let found = compare(&[pairs(&steady, other)], 0.05);
            assert_eq!(found, CounterFinding::NotDeterministic, "{other:?}");
        }
        assert_eq!(compare(&[], 0.05), CounterFinding::NotDeterministic);
    }

    #[test]
    fn several_benchmarks_count_by_the_mean_of_their_ratios() {
        let at = |count: f64| pairs(&[100.0; 3], &[count; 3]);
        assert!(matches!(compare(&[at(90.0), at(100.0)], 0.05), CounterFinding::Improved(_)));
        assert!(matches!(compare(&[at(92.0), at(100.0)], 0.05), CounterFinding::Unchanged(_)));
    }
}
