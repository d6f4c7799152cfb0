//! The alpha of each candidate in an endless stream: e-LOND (Xu & Ramdas 2024).
//!
//! Controls the expected share of landed changes below the least effect at q, 10 % unless policy says less. The stream
//! (repository, target, metric, original) and its counts live in the journal, so a nightly job
//! cannot rerun until green. An alpha is fixed before the candidate's first pair and kept.

use serde::{Deserialize, Serialize};

/// The largest alpha ever given, and the one of a single patch.
pub const LARGEST_ALPHA: f64 = 0.01;

/// Where a stream stands before a candidate's first pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// Candidates whose first pair was run before this one.
    pub tested: u32,
    /// Those of them that landed before this one's first pair; never others, that would void the promise.
    pub landed: u32,
}

impl Stream {
    /// `α_t` = min(.01, `q·γ_t·(R+1)`) of the next candidate, t = tested + 1; `q` is the promised
    /// false-discovery rate.
    pub fn alpha(self, q: f64) -> f64 {
        let t = f64::from(self.tested) + 1.0;
        LARGEST_ALPHA.min(q * gamma(t) * (f64::from(self.landed) + 1.0))
    }
}

/// `γ_t` = 1/(2.2·(t+1)·ln²(t+1)), which sums to less than 1.
fn gamma(t: f64) -> f64 {
    let ln = libm::log(t + 1.0);
    1.0 / (2.2 * (t + 1.0) * ln * ln)
}

#[cfg(test)]
mod tests {
    use super::super::sequential::pairs_allowed;
    use super::*;

    #[test]
    fn alpha_starts_at_its_cap_falls_without_landings_and_rises_with_them() {
        let alpha = |tested, landed| Stream { tested, landed }.alpha(0.1);
        assert!((alpha(0, 0) - 0.01).abs() < f64::EPSILON);
        assert!(alpha(9, 0) < 0.01 && alpha(49, 0) < alpha(9, 0));
        assert!(alpha(49, 3) > alpha(49, 0));
    }

    #[test]
    fn gamma_sums_to_less_than_one() {
        // The tail beyond 1e6 is 1/(2.2 · ln 1e6) ≈ .033.
        let head: f64 = (1..1_000_000).map(|t| gamma(f64::from(t))).sum();
        assert!(head + 1.0 / (2.2 * 1e6_f64.ln()) < 1.0, "{head}");
    }

    #[test]
    fn pairs_grow_with_the_evidence_wanted() {
        let pairs = |tested| pairs_allowed(Stream { tested, landed: 0 }.alpha(0.1));
        assert_eq!([pairs(0), pairs(9), pairs(49)], [60, 94, 127]);
    }
}
