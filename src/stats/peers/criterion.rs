//! criterion.rs: a pooled bootstrap of Welch's t, and a bootstrap interval of the mean ratio beyond the noise threshold.
//!
//! <https://bheisler.github.io/criterion.rs/book/analysis.html>. Adapted to one value a launch, with
//! the least effect as noise threshold and 600 resamples. Its draws are seeded from the data, so that
//! the same launches give the same answer.

use super::Peer;
use crate::stats::location::{count, mean, variance};
use crate::stats::noise::Draws;

const RESAMPLES: usize = 600;

/// criterion on this many launches a side.
pub(super) struct Criterion {
    pub(super) launches: usize,
}

impl Peer for Criterion {
    fn name(&self) -> String {
        format!("criterion n={}", self.launches)
    }

    fn launches(&self) -> usize {
        self.launches
    }

    fn improved(&self, base: &[f64], candidate: &[f64], least_effect: f64) -> bool {
        let mut draws = Draws::new(fingerprint(base) ^ fingerprint(candidate).rotate_left(1));
        let Some(t) = welch(candidate, base) else { return false };
        let mut ratios: Vec<f64> = (0..RESAMPLES)
            .filter_map(|_| {
                Some(
                    mean(&resample(candidate, candidate.len(), &mut draws))?
                        / mean(&resample(base, base.len(), &mut draws))?,
                )
            })
            .collect();
        ratios.sort_unstable_by(f64::total_cmp);
        // The upper end of the 95 % percentile interval; the lower one is below it.
        let beyond = ratios.get(RESAMPLES * 975 / 1000).is_some_and(|upper| *upper < 1.0 - least_effect);
        beyond && p_value(t, base, candidate, &mut draws) < 0.05
    }
}

/// Twice the smaller tail of t among resamples of the pooled launches.
fn p_value(t: f64, base: &[f64], candidate: &[f64], draws: &mut Draws) -> f64 {
    let pooled = [base, candidate].concat();
    let below = (0..RESAMPLES)
        .filter(|_| {
            let first = resample(&pooled, candidate.len(), draws);
            let second = resample(&pooled, base.len(), draws);
            welch(&first, &second).is_some_and(|drawn| drawn < t)
        })
        .count();
    2.0 * count(below.min(RESAMPLES - below)) / count(RESAMPLES)
}

fn welch(first: &[f64], second: &[f64]) -> Option<f64> {
    let error = variance(first)? / count(first.len()) + variance(second)? / count(second.len());
    Some((mean(first)? - mean(second)?) / error.sqrt())
}

fn resample(values: &[f64], size: usize, draws: &mut Draws) -> Vec<f64> {
    (0..size).filter_map(|_| values.get(draws.position(values.len())).copied()).collect()
}

/// FNV-1a over the bits of the values.
fn fingerprint(values: &[f64]) -> u64 {
    values
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, value| (hash ^ value.to_bits()).wrapping_mul(0x0100_0000_01b3))
}
