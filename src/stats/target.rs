//! The target of a comparison: one benchmark or the weighted geometric mean of several.
//!
//! Each benchmark of a round has its own coin and its own order adjustment; y' of the target is the
//! weighted mean of theirs and is shifted no more. A failed launch of one benchmark fails the round
//! for the target and that benchmark only. Test, confirmation, goal and final number all collect
//! their pairs in a fresh [`Target`].

use super::adjustment::Adjusted;
use super::pair::Pair;

/// The rounds of one comparison, adjusted.
#[derive(Clone, Debug)]
pub struct Target {
    benchmarks: Vec<Adjusted>,
    /// Sum to 1.
    weights: Vec<f64>,
    values: Vec<f64>,
}

impl Target {
    /// A target of a single benchmark.
    pub fn single() -> Self {
        Self { benchmarks: vec![Adjusted::new()], weights: vec![1.0], values: Vec::new() }
    }

    /// A target of several benchmarks; `None` unless there is one and all weights are above zero.
    pub fn weighted(weights: &[f64]) -> Option<Self> {
        let total: f64 = weights.iter().sum();
        let fit = !weights.is_empty() && total.is_finite() && weights.iter().all(|weight| *weight > 0.0);
        fit.then(|| Self {
            benchmarks: vec![Adjusted::new(); weights.len()],
            weights: weights.iter().map(|weight| weight / total).collect(),
            values: Vec::new(),
        })
    }

    /// Takes a round, one slot a benchmark in the order of the weights, `None` where a launch failed;
    /// a missing slot is a failed one. Returns y' of the target, `None` if the round failed.
    pub fn push(&mut self, round: &[Option<Pair>]) -> Option<f64> {
        let shifted: Vec<Option<f64>> = (self.benchmarks.iter_mut().enumerate())
            .map(|(at, benchmark)| round.get(at).copied().flatten().map(|pair| benchmark.push(pair)))
            .collect();
        let terms: Option<Vec<f64>> =
            shifted.iter().zip(&self.weights).map(|(value, weight)| value.map(|y| y * weight)).collect();
        let value = terms?.iter().sum();
        self.values.push(value);
        Some(value)
    }

    /// y' of the target, one a valid round.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The series of one benchmark of the target, for its own guard.
    pub fn benchmark(&self, at: usize) -> Option<&Adjusted> {
        self.benchmarks.get(at)
    }

    /// Whether each benchmark has run in each order.
    pub fn saw_both_orders(&self) -> bool {
        self.benchmarks.iter().all(Adjusted::saw_both_orders)
    }
}

#[cfg(test)]
mod tests {
    use super::super::pair::Order;
    use super::*;

    fn pair(y: f64) -> Option<Pair> {
        Pair::new(Order::BaseFirst, y)
    }

    #[test]
    fn the_target_is_the_weighted_mean_of_its_benchmarks() {
        let mut target = Target::weighted(&[3.0, 1.0]).unwrap();
        assert!((target.push(&[pair(0.2), pair(-0.2)]).unwrap() - 0.1).abs() < 1e-15);
    }

    #[test]
    fn a_failed_benchmark_fails_the_round_for_the_target_and_itself_only() {
        let mut target = Target::weighted(&[1.0, 1.0]).unwrap();
        assert_eq!(target.push(&[pair(0.2), None]), None);
        assert_eq!(target.values().len(), 0);
        assert_eq!(target.benchmark(0).unwrap().values(), [0.2]);
        assert_eq!(target.benchmark(1).unwrap().values().len(), 0);
    }

    #[test]
    fn weights_that_weigh_nothing_make_no_target() {
        for weights in [&[][..], &[0.0], &[1.0, -1.0], &[f64::NAN], &[f64::INFINITY]] {
            assert!(Target::weighted(weights).is_none(), "{weights:?}");
        }
    }
}
