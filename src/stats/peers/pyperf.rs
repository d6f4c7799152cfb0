//! pyperf `compare_to --min-speed`: Student's two-sample t at 95 % (Student 1908), then the ratio of means.
//!
//! <https://pyperf.readthedocs.io/>. One value against one value counts as significant there.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Peer;
use crate::stats::location::{count, mean, variance};

/// pyperf on this many values a side.
pub(super) struct Pyperf {
    pub(super) launches: usize,
}

impl Peer for Pyperf {
    fn name(&self) -> String {
        format!("pyperf n={}", self.launches)
    }

    fn launches(&self) -> usize {
        self.launches
    }

    fn improved(&self, base: &[f64], candidate: &[f64], least_effect: f64) -> bool {
        let (Some(before), Some(after)) = (mean(base), mean(candidate)) else { return false };
        after <= (1.0 - least_effect) * before && significant(base, candidate)
    }
}

/// Whether the pooled t is beyond its two-sided 95 % quantile; values that allow no test are
/// "significant", as there.
fn significant(first: &[f64], second: &[f64]) -> bool {
    let (n1, n2) = (count(first.len()), count(second.len()));
    let freedom = n1 + n2 - 2.0;
    let (Some(v1), Some(v2), Some(m1), Some(m2)) =
        (variance(first), variance(second), mean(first), mean(second))
    else {
        return true;
    };
    let pooled = ((n1 - 1.0) * v1 + (n2 - 1.0) * v2) / freedom;
    let t = (m1 - m2) / (pooled * (1.0 / n1 + 1.0 / n2)).sqrt();
    StudentsT::new(0.0, 1.0, freedom).map_or(true, |law| t.abs() >= law.inverse_cdf(0.975))
}
