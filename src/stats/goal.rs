//! Is the goal reached? HEAD against ORIGINAL, on pairs of its own, at the alpha of the k-th HEAD checked.
//!
//! Not the final number: that is run after the last decision and used for nothing else.

use serde::{Deserialize, Serialize};

use super::eprocess::{ALPHA_CAP, Claim, EProcess};
use super::estimate::Estimate;
use super::pair::{Pair, log_effect};
use super::sequential::pairs_allowed;
use super::target::Target;

/// Pairs from which on an estimate may be called one.
const ESTIMATE_FROM: usize = 20;

/// Whether the kept effects add up to the goal, within their error, so that a check is worth its pairs.
/// `kept` are the fresh estimates of the landed changes; `goal` the wanted reduction of cost.
pub fn worth_checking(goal: f64, kept: &[Estimate]) -> bool {
    let sum: f64 = kept.iter().map(|effect| effect.log).sum();
    let error = kept.iter().map(|effect| effect.se * effect.se).sum::<f64>().sqrt();
    !kept.is_empty() && sum >= log_effect(goal) - error
}

/// `α_k` = .01·6/(π²k²) of the k-th HEAD checked, k from 1: they sum to .01.
pub fn alpha(k: u32) -> f64 {
    let k = f64::from(k.max(1));
    0.01 * 6.0 / (std::f64::consts::PI * std::f64::consts::PI * k * k)
}

/// Where the proof stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoalState {
    /// Another pair is needed.
    Open,
    /// E ≥ `1/α_k`.
    Proven,
    /// The estimate is at the goal; proof is worth more pairs while budget lasts.
    Estimated,
    /// All pairs ran, and the estimate is at the goal: reached, estimate.
    EstimatedOnly,
    /// All pairs ran without reaching it: on to the next proposal.
    NotReached,
}

/// The proof of a goal by one HEAD.
#[derive(Clone, Debug)]
pub struct GoalProof {
    goal: f64,
    alpha: f64,
    target: Target,
    process: EProcess,
}

impl GoalProof {
    /// A proof that the cost fell by at least `goal` (0 < goal < 1), by the `k`-th HEAD checked.
    pub fn new(goal: f64, k: u32, target: Target) -> Self {
        let goal = log_effect(goal);
        Self { goal, alpha: alpha(k), target, process: EProcess::new(goal, Claim::Above, ALPHA_CAP) }
    }

    /// Takes a round of HEAD-against-ORIGINAL pairs, see [`Target::push`].
    pub fn push(&mut self, round: &[Option<Pair>]) -> GoalState {
        match self.target.push(round) {
            Some(y_prime) => self.process.push(y_prime),
            None => self.process.fail(),
        }
        self.state()
    }

    /// Where the proof stands. Proof counts once reached: the running maximum decides (Ville).
    pub fn state(&self) -> GoalState {
        if self.process.max_ln_e() >= -libm::log(self.alpha) {
            return GoalState::Proven;
        }
        let n = self.target.values().len();
        let at_goal = n >= ESTIMATE_FROM && self.estimate().is_some_and(|now| now.log >= self.goal);
        match (at_goal, n >= pairs_allowed(self.alpha)) {
            (true, true) => GoalState::EstimatedOnly,
            (true, false) => GoalState::Estimated,
            (false, true) => GoalState::NotReached,
            (false, false) => GoalState::Open,
        }
    }

    /// HEAD's effect on ORIGINAL by these pairs; never the number reported.
    pub fn estimate(&self) -> Option<Estimate> {
        Estimate::of(self.target.values())
    }

    /// ln E now.
    pub fn ln_e(&self) -> f64 {
        self.process.ln_e()
    }
}

#[cfg(test)]
mod tests {
    use super::super::pair::Order;
    use super::*;

    fn state_after(values: impl IntoIterator<Item = f64>) -> GoalState {
        let mut proof = GoalProof::new(0.2, 1, Target::single());
        for (at, y) in values.into_iter().enumerate() {
            let order = if at % 2 == 0 { Order::BaseFirst } else { Order::CandidateFirst };
            proof.push(&[Pair::new(order, y)]);
        }
        proof.state()
    }

    #[test]
    fn a_clear_saving_is_proven_within_ten_pairs() {
        assert_eq!(state_after([log_effect(0.3); 10]), GoalState::Proven);
    }

    #[test]
    fn a_saving_at_the_goal_is_an_estimate_from_twenty_pairs_on() {
        let wobble = |n: u32| (0..n).map(|i| log_effect(0.2) + if i % 2 == 0 { 0.0101 } else { -0.0099 });
        assert_eq!(state_after(wobble(19)), GoalState::Open);
        assert_eq!(state_after(wobble(20)), GoalState::Estimated);
        assert_eq!(state_after(wobble(70)), GoalState::EstimatedOnly);
    }

    #[test]
    fn a_saving_below_the_goal_ends_after_all_pairs() {
        assert_eq!(state_after([log_effect(0.1); 80]), GoalState::NotReached);
    }

    #[test]
    fn the_alphas_of_all_heads_sum_to_one_percent() {
        let sum: f64 = (1..100_000).map(alpha).sum();
        assert!(sum < 0.01 && sum > 0.009_99);
    }

    #[test]
    fn the_check_waits_until_kept_effects_come_near_the_goal() {
        let effect = |log| Estimate { log, low: 0.0, high: 0.0, level: 0.95, se: 0.01, n: 20 };
        assert!(!worth_checking(0.2, &[]));
        assert!(!worth_checking(0.2, &[effect(0.1)]));
        assert!(worth_checking(0.2, &[effect(0.11), effect(0.105)]));
    }
}
