//! Deterministic counters: instructions, allocations, bytes, sizes, from three launches a side with fixed seeds.
//!
//! A gain in instructions is never a gain in time: it screens, breaks ties, or is the metric the
//! user asked for.

use serde::{Deserialize, Serialize};

use super::location::median;
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

/// Compares the counts of both sides with the least effect X. Fewer than three launches a side, or a
/// count that is no value, is not deterministic.
pub fn compare(base: &[f64], candidate: &[f64], least_effect: f64) -> CounterFinding {
    let (Some((before, base_spread)), Some((after, spread))) = (center(base), center(candidate)) else {
        return CounterFinding::NotDeterministic;
    };
    let spread = spread.max(base_spread);
    if spread > LARGEST_SPREAD {
        return CounterFinding::NotDeterministic;
    }
    let change = CounterGain { gain: 1.0 - after / before, spread };
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

    #[test]
    fn a_gain_must_exceed_the_least_effect_by_twice_the_spread() {
        let base = [1_000_000.0, 1_000_500.0, 1_000_200.0];
        let scaled = |factor: f64| base.map(|counted| counted * factor);
        assert!(matches!(compare(&base, &scaled(0.94), 0.05), CounterFinding::Improved(_)));
        assert!(matches!(compare(&base, &scaled(0.9495), 0.05), CounterFinding::Unchanged(_)));
        assert!(matches!(compare(&base, &scaled(1.0), 0.05), CounterFinding::Unchanged(_)));
        assert!(matches!(compare(&base, &scaled(1.01), 0.05), CounterFinding::Regressed(_)));
    }

    #[test]
    fn a_counter_that_varies_or_is_missing_needs_pairs() {
        let steady = [100.0; 3];
        for other in [&[100.0, 100.2, 100.0][..], &[100.0, 100.0], &[0.0; 3], &[f64::NAN; 3]] {
            assert_eq!(compare(&steady, other, 0.05), CounterFinding::NotDeterministic, "{other:?}");
        }
    }
}
