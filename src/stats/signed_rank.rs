//! The exact null distribution of Wilcoxon's signed-rank statistic T (Wilcoxon 1945), and the Walsh
//! averages whose ranks it turns into intervals (Hodges & Lehmann 1963). Zeros are kept.

use super::location::{count, median_of_sorted};

/// The Walsh averages (`v_i` + `v_j)/2`, i ≤ j, of a sample, ascending.
#[derive(Clone, Debug)]
pub struct WalshAverages {
    sorted: Vec<f64>,
    sample: usize,
}

impl WalshAverages {
    /// All n(n+1)/2 of them.
    pub fn of(values: &[f64]) -> Self {
        let mut sorted: Vec<f64> = (values.iter().enumerate())
            .flat_map(|(at, first)| values[at..].iter().map(move |second| f64::midpoint(*first, *second)))
            .collect();
        sorted.sort_unstable_by(f64::total_cmp);
        Self { sorted, sample: values.len() }
    }

    /// The Hodges–Lehmann estimate: their median. `None` of an empty sample.
    pub fn center(&self) -> Option<f64> {
        median_of_sorted(&self.sorted)
    }

    /// The averages at ranks k+1 and M−k, k the largest integer with P(T ≤ k) ≤ `tail`; `None` where
    /// the sample is too small for that tail.
    pub fn interval(&self, tail: f64) -> Option<(f64, f64)> {
        let k = largest_rank(self.sample, tail)?;
        let high = self.sorted.len().checked_sub(k + 1)?;
        Some((*self.sorted.get(k)?, *self.sorted.get(high)?))
    }
}

/// The largest k with P(T ≤ k) ≤ `tail` for a sample of `n` without an effect; `None` if even k = 0
/// has more.
pub fn largest_rank(n: usize, tail: f64) -> Option<usize> {
    let mut below = 0.0;
    let within = distribution(n).into_iter().take_while(|probability| {
        below += probability;
        below <= tail
    });
    within.count().checked_sub(1)
}

/// P(T = t) for t = 0 … n(n+1)/2: each rank joins the sum with probability one half.
fn distribution(n: usize) -> Vec<f64> {
    let mut probabilities = vec![0.0; n * (n + 1) / 2 + 1];
    probabilities[0] = 1.0;
    let mut reached = 0;
    for rank in 1..=n {
        reached += rank;
        for sum in (0..=reached).rev() {
            let joined = sum.checked_sub(rank).map_or(0.0, |without| probabilities[without]);
            probabilities[sum] = f64::midpoint(probabilities[sum], joined);
        }
    }
    probabilities
}

/// The level of the full range of a sample of `n` as an interval for its centre: 1 − 2^(1−n).
pub fn range_level(n: usize) -> f64 {
    (1.0 - libm::exp2(1.0 - count(n))).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_critical_ranks_are_those_of_the_published_tables() {
        let table = [
            (4, None),
            (5, None),
            (6, Some(0)),
            (7, Some(2)),
            (10, Some(8)),
            (20, Some(52)),
            (50, Some(434)),
        ];
        for (n, k) in table {
            assert_eq!(largest_rank(n, 0.025), k, "two-sided .05, n = {n}");
        }
        for (n, k) in [(4, None), (5, Some(0)), (8, Some(5)), (20, Some(60)), (50, Some(466))] {
            assert_eq!(largest_rank(n, 0.05), k, "one-sided .05, n = {n}");
        }
    }

    #[test]
    fn the_distribution_is_a_distribution_at_any_size_used() {
        for n in [1, 2, 20, 160, 300] {
            assert!((distribution(n).iter().sum::<f64>() - 1.0).abs() < 1e-12, "n = {n}");
        }
    }

    #[test]
    fn zeros_are_kept() {
        let walsh = WalshAverages::of(&[0.0, 0.0, 1.0]);
        assert_eq!(walsh.sorted, [0.0, 0.0, 0.0, 0.5, 0.5, 1.0]);
    }
}
