//! The smallest change that could be proven here: the one with 80 % power at the present alpha and
//! `n_max`, by simulation on the calibration pairs. Near θ0 + g for the first candidate, above it later.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::location::{count, mean, median};
use super::pair::{Order, Pair, cost_change};
use super::sequential::{Finding, Look, Rule, SequentialTest};

/// The share of accepted tests that makes a change provable.
const POWER: f64 = 0.8;
/// Simulated tests per effect tried: a standard error of 2.5 points at 80 %.
const TRIALS: u32 = 250;
/// Effects are searched up to this log effect (−78 % cost) and to this precision.
const LARGEST: f64 = 1.5;
const PRECISION: f64 = 0.002;

/// The smallest reduction of cost, as a share, with 80 % power under this rule; `None` if nothing up
/// to −78 % has it, or without pairs. `y_primes` are A/A pairs; their noise is used centred and with
/// random sign, `seed` makes the answer repeatable.
pub fn smallest_provable(y_primes: &[f64], rule: Rule, seed: u64) -> Option<f64> {
    let center = median(y_primes)?;
    let noise: Vec<f64> = y_primes.iter().map(|y| y - center).collect();
    let powerful = |effect: f64| power(&noise, rule, effect, seed) >= POWER;
    let (mut low, mut high) = (rule.theta0, rule.theta0 + 0.05);
    while !powerful(high) {
        low = high;
        high = rule.theta0 + 2.0 * (high - rule.theta0);
        if high > LARGEST {
            return None;
        }
    }
    while high - low > PRECISION {
        let middle = f64::midpoint(low, high);
        if powerful(middle) { high = middle } else { low = middle }
    }
    Some(-cost_change(high))
}

/// The share of simulated tests that accept a true log effect; the same draws for every effect.
fn power(noise: &[f64], rule: Rule, effect: f64, seed: u64) -> f64 {
    let accepted = (0..TRIALS).filter(|trial| accepted_after(noise, rule, effect, (seed, *trial)).is_some());
    count(accepted.count()) / f64::from(TRIALS)
}

/// The mean number of pairs of simulated tests that accept a true log effect; `None` if fewer than 80 % do.
pub fn pairs_to_prove(y_primes: &[f64], rule: Rule, effect: f64, seed: u64) -> Option<f64> {
    let center = median(y_primes)?;
    let noise: Vec<f64> = y_primes.iter().map(|y| y - center).collect();
    let accepted = (0..TRIALS).filter_map(|trial| accepted_after(&noise, rule, effect, (seed, trial)));
    let pairs: Vec<f64> = accepted.map(count).collect();
    let share = count(pairs.len()) / f64::from(TRIALS);
    mean(&pairs).filter(|_| share >= POWER)
}

/// The pairs after which one simulated test accepts, if it does.
fn accepted_after(noise: &[f64], rule: Rule, effect: f64, (seed, trial): (u64, u32)) -> Option<usize> {
    let mut draws = ChaCha8Rng::seed_from_u64(seed ^ (u64::from(trial) << 32));
    let mut test = SequentialTest::new(rule);
    loop {
        match test.push(draw(noise, effect, &mut draws)?) {
            Look::Continue => {}
            Look::Decided(decision) => {
                return (decision.finding == Finding::Improved).then_some(decision.n);
            }
        }
    }
}

fn draw(noise: &[f64], effect: f64, draws: &mut ChaCha8Rng) -> Option<Pair> {
    let bits = draws.next_u64();
    let at = usize::try_from((bits >> 32) % noise.len() as u64).ok()?;
    let sign = if bits & 1 == 0 { 1.0 } else { -1.0 };
    let order = if bits & 2 == 0 { Order::BaseFirst } else { Order::CandidateFirst };
    Pair::new(order, effect + sign * noise.get(at)?)
}

#[cfg(test)]
mod tests {
    use super::super::pair::log_effect;
    use super::*;

    fn noise(half: f64) -> Vec<f64> {
        (0..21).map(|i| half * (f64::from(i) - 10.0) / 10.0).collect()
    }

    #[test]
    fn the_smallest_provable_change_grows_with_noise_and_stays_above_the_least_effect() {
        let rule = Rule::new(log_effect(0.05), 0.01);
        let quiet = smallest_provable(&noise(0.02), rule, 1).unwrap();
        let loud = smallest_provable(&noise(0.15), rule, 1).unwrap();
        assert!(quiet > 0.05 && quiet < 0.08, "{quiet}");
        assert!(loud > quiet && loud < 0.2, "{loud}");
        assert_eq!(smallest_provable(&[], rule, 1), None);
    }
}
