//! Go's benchstat: a two-sided Mann–Whitney U test at .05 (Mann & Whitney 1947), then the ratio of medians.
//!
//! <https://pkg.go.dev/golang.org/x/perf/cmd/benchstat>. Exact up to 50 launches a side without ties
//! and up to 25 with them, else the normal approximation with tie and continuity correction.

use statrs::distribution::{ContinuousCDF, Normal};

use super::Peer;
use crate::stats::location::{count, median};

/// Level of the test.
const ALPHA: f64 = 0.05;
const EXACT_UP_TO: usize = 50;
const EXACT_WITH_TIES_UP_TO: usize = 25;

/// benchstat on this many launches a side.
pub(super) struct Benchstat {
    pub(super) launches: usize,
}

impl Peer for Benchstat {
    fn name(&self) -> String {
        format!("benchstat n={}", self.launches)
    }

    fn launches(&self) -> usize {
        self.launches
    }

    fn improved(&self, base: &[f64], candidate: &[f64], least_effect: f64) -> bool {
        let (Some(before), Some(after)) = (median(base), median(candidate)) else { return false };
        after <= (1.0 - least_effect) * before && p_value(base, candidate) <= ALPHA
    }
}

/// The two-sided p-value of the U test; 1 for a side without values.
fn p_value(first: &[f64], second: &[f64]) -> f64 {
    let (n1, n2) = (first.len(), second.len());
    if n1 == 0 || n2 == 0 {
        return 1.0;
    }
    let ranks = Ranks::of(first, second);
    // Twice U of the first sample, twice the smaller U.
    let twice_u = ranks.first_sum_twice - n1 * (n1 + 1);
    let smaller = twice_u.min(2 * n1 * n2 - twice_u);
    let largest = n1.max(n2);
    let below = if ranks.tied_cubes == 0.0 && largest <= EXACT_UP_TO {
        untied_tail(n1, n2, smaller / 2)
    } else if largest <= EXACT_WITH_TIES_UP_TO {
        tied_tail(&ranks.doubled, n1, smaller + n1 * (n1 + 1))
    } else {
        normal_tail(n1, n2, count(smaller) / 2.0, ranks.tied_cubes)
    };
    (2.0 * below).min(1.0)
}

/// Midranks of the pooled sample, doubled so that they are whole.
struct Ranks {
    doubled: Vec<usize>,
    first_sum_twice: usize,
    /// Σ (t³ − t) over groups of t equal values.
    tied_cubes: f64,
}

impl Ranks {
    fn of(first: &[f64], second: &[f64]) -> Self {
        let mut pooled: Vec<(f64, bool)> = first.iter().map(|value| (*value, true)).collect();
        pooled.extend(second.iter().map(|value| (*value, false)));
        pooled.sort_by(|left, right| left.0.total_cmp(&right.0));
        let mut ranks = Self { doubled: Vec::new(), first_sum_twice: 0, tied_cubes: 0.0 };
        for group in pooled.chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq()) {
            let twice_rank = 2 * ranks.doubled.len() + group.len() + 1;
            ranks.first_sum_twice += twice_rank * group.iter().filter(|(_, of_first)| *of_first).count();
            ranks.doubled.extend(group.iter().map(|_| twice_rank));
            let size = count(group.len());
            ranks.tied_cubes += size * size * size - size;
        }
        ranks
    }
}

/// P(U ≤ u) without ties: coefficients of the Gaussian binomial, exact in integers.
fn untied_tail(n1: usize, n2: usize, u: usize) -> f64 {
    let mut ways = vec![0_i128; n1 * n2 + 1];
    ways[0] = 1;
    for i in 1..=n1 {
        let factor = n2 + i;
        for at in (factor..ways.len()).rev() {
            ways[at] -= ways[at - factor];
        }
        for at in i..ways.len() {
            ways[at] += ways[at - i];
        }
    }
    let real = |part: &[i128]| part.iter().map(|ways| real(*ways)).sum::<f64>();
    real(&ways[..=u.min(n1 * n2)]) / real(&ways)
}

fn real(ways: i128) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a p-value needs no more than a float's digits")]
    let real = ways as f64;
    real
}

/// P(twice the rank sum of n1 of these ranks ≤ limit), all choices equally likely.
fn tied_tail(twice_ranks: &[usize], n1: usize, limit: usize) -> f64 {
    let total: usize = twice_ranks.iter().sum();
    let mut ways = vec![vec![0.0; total + 1]; n1 + 1];
    ways[0][0] = 1.0;
    for rank in twice_ranks {
        for chosen in (1..=n1).rev() {
            for sum in (*rank..=total).rev() {
                let joined = ways[chosen - 1][sum - rank];
                ways[chosen][sum] += joined;
            }
        }
    }
    let all: f64 = ways[n1].iter().sum();
    ways[n1][..=limit.min(total)].iter().sum::<f64>() / all
}

/// The normal approximation of P(U ≤ u), u at most the mean.
fn normal_tail(n1: usize, n2: usize, u: f64, tied_cubes: f64) -> f64 {
    let (first, second) = (count(n1), count(n2));
    let n = first + second;
    let variance = first * second / 12.0 * (n + 1.0 - tied_cubes / (n * (n - 1.0)));
    if variance <= 0.0 {
        return 0.5;
    }
    let z = (u - first * second / 2.0 + 0.5).min(0.0) / variance.sqrt();
    Normal::standard().cdf(z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_p_value_is_that_of_the_published_tables() {
        let first = [1.0, 2.0, 3.0, 4.0];
        let above = first.map(|value| value + 10.0);
        // 2/C(8,4): four launches a side are the fewest that can be significant.
        assert!((p_value(&first, &above) - 2.0 / 70.0).abs() < 1e-12);
        assert!((p_value(&first[..3], &above[..3]) - 0.1).abs() < 1e-12);
        assert!((p_value(&first, &first) - 1.0).abs() < 1e-12);
        assert!((p_value(&[5.0; 30], &[5.0; 30]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn exact_tied_and_normal_tails_agree_where_they_meet() {
        let twice: Vec<usize> = (1..=40).map(|rank| 2 * rank).collect();
        let (n1, u) = (20, 130);
        let untied = untied_tail(n1, 20, u);
        let tied = tied_tail(&twice, n1, 2 * u + n1 * (n1 + 1));
        assert!((untied - tied).abs() < 1e-12, "{untied} {tied}");
        assert!((untied - normal_tail(n1, 20, 130.0, 0.0)).abs() < 0.002);
    }

    #[test]
    fn fifty_a_side_stays_exact() {
        assert!((untied_tail(50, 50, 2500) - 1.0).abs() < 1e-12);
        assert!((untied_tail(50, 50, 1249) - 0.5).abs() < 0.002);
    }
}
