//! Guards: secondary benchmarks and resources that must not get worse, and wall time where another
//! instrument decides.
//!
//! Each guard proves one of two claims, `clean` within the margin or `regressed` at all, and then
//! gets no more rounds. What follows (held, rejected, unproven) is policy's. Start at [`GuardFamily`].

use serde::{Deserialize, Serialize};

use super::adjustment::Adjusted;
use super::eprocess::{ALPHA_CAP, Claim, EProcess};
use super::estimate::Estimate;
use super::location::{count, median};
use super::pair::Pair;
use super::target::Target;

/// Evidence that a guard stayed within its margin: 1/.05.
const CLEAN_AT: f64 = 20.0;
/// The family's false-alarm rate.
const FAMILY_ALPHA: f64 = 0.05;
/// The margin by which wall time may grow while another instrument decides.
const WALL_MARGIN: f64 = 0.05;
/// Pairs within which wall time must be proven clean.
pub const WALL_PAIRS: usize = 60;

/// What is known about a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GuardState {
    /// Neither claim is proven.
    Unproven,
    /// Cost grew by less than the margin.
    Clean,
    /// Cost grew.
    Regressed,
}

/// What growth of a guard's cost is tolerated, as shares of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The margin to stay within: .03 is 3 % more cost.
    pub margin: f64,
    /// Growth below this is none (a MiB of memory, A.11).
    pub floor: f64,
}

/// One guard.
#[derive(Clone, Debug)]
pub struct Guard {
    series: Adjusted,
    clean: EProcess,
    regressed: EProcess,
    regressed_at: f64,
    state: GuardState,
}

impl Guard {
    fn new(Bounds { margin, floor }: Bounds, family: usize) -> Self {
        Self {
            series: Adjusted::new(),
            clean: EProcess::new(-libm::log1p(margin.max(floor)), Claim::Above, ALPHA_CAP),
            regressed: EProcess::new(-libm::log1p(floor), Claim::Below, ALPHA_CAP),
            regressed_at: libm::log(count(family) / FAMILY_ALPHA),
            state: GuardState::Unproven,
        }
    }

    /// Takes the next pair, `None` for a failed one. Once decided, nothing enters.
    fn push(&mut self, pair: Option<Pair>) -> GuardState {
        if self.state != GuardState::Unproven {
            return self.state;
        }
        let Some(pair) = pair else {
            self.clean.fail();
            return self.state;
        };
        let y_prime = self.series.push(pair);
        self.clean.push(y_prime);
        self.regressed.push(y_prime);
        let slower = median(self.series.values()).is_some_and(|median| median < 0.0);
        if self.regressed.ln_e() >= self.regressed_at && slower {
            self.state = GuardState::Regressed;
        } else if self.clean.ln_e() >= libm::log(CLEAN_AT) {
            self.state = GuardState::Clean;
        }
        self.state
    }

    /// What is known.
    pub fn state(&self) -> GuardState {
        self.state
    }

    /// The guard's effect with its interval; `None` without pairs.
    pub fn estimate(&self) -> Option<Estimate> {
        Estimate::of(self.series.values())
    }

    /// Evidence missing to the nearer of the two claims.
    fn distance(&self) -> f64 {
        (libm::log(CLEAN_AT) - self.clean.ln_e()).min(self.regressed_at - self.regressed.ln_e())
    }
}

/// The guards of one candidate; their false alarms are bounded together (Bonferroni).
#[derive(Clone, Debug)]
pub struct GuardFamily {
    guards: Vec<Guard>,
}

impl GuardFamily {
    /// As many guards as there are margins, in the caller's order.
    pub fn new(margins: &[f64]) -> Self {
        Self::bounded(
            &margins.iter().map(|margin| Bounds { margin: *margin, floor: 0.0 }).collect::<Vec<_>>(),
        )
    }

    /// The same for costs of which the least changes are none.
    pub fn bounded(bounds: &[Bounds]) -> Self {
        Self { guards: bounds.iter().map(|own| Guard::new(*own, bounds.len())).collect() }
    }

    /// Takes a pair of the guard at this position, `None` for a failed one; `None` if there is no such guard.
    pub fn push(&mut self, at: usize, pair: Option<Pair>) -> Option<GuardState> {
        self.guards.get_mut(at).map(|guard| guard.push(pair))
    }

    /// The guard that gets the next round: the undecided one farthest from a claim; `None` when all are decided.
    pub fn next(&self) -> Option<usize> {
        let undecided =
            self.guards.iter().enumerate().filter(|(_, guard)| guard.state == GuardState::Unproven);
        // Of equals the first: max_by would take the last.
        undecided
            .rev()
            .max_by(|(_, left), (_, right)| left.distance().total_cmp(&right.distance()))
            .map(|(at, _)| at)
    }

    /// The guards in the caller's order.
    pub fn guards(&self) -> &[Guard] {
        &self.guards
    }
}

/// Wall time as a guard of a candidate measured by another instrument: fed from the first pair of
/// the test on, then with pairs run in the wait; never with the confirmation's.
#[derive(Clone, Debug)]
pub struct WallGuard {
    /// Made at the first round: the target's benchmarks, equally weighted.
    series: Option<Target>,
    clean: EProcess,
    pairs: usize,
}

/// Where the wall guard stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WallState {
    /// More pairs are needed.
    Open,
    /// Wall time grew by less than 5 %.
    Clean,
    /// 60 pairs did not prove it: held.
    Held,
}

impl WallGuard {
    /// A guard without pairs.
    pub fn new() -> Self {
        let boundary = -libm::log1p(WALL_MARGIN);
        Self { series: None, clean: EProcess::new(boundary, Claim::Above, ALPHA_CAP), pairs: 0 }
    }

    /// Takes the wall values of the next round of the target, one slot a benchmark, `None` for a failed one.
    /// Once decided, nothing enters.
    pub fn push(&mut self, round: &[Option<Pair>]) -> WallState {
        if self.state() == WallState::Open {
            let series = self.series.get_or_insert_with(|| {
                Target::weighted(&vec![1.0; round.len()]).unwrap_or_else(Target::single)
            });
            match series.push(round) {
                Some(y_prime) => {
                    self.clean.push(y_prime);
                    self.pairs += 1;
                }
                None => self.clean.fail(),
            }
        }
        self.state()
    }

    /// Where it stands.
    pub fn state(&self) -> WallState {
        if self.clean.max_ln_e() >= libm::log(CLEAN_AT) {
            WallState::Clean
        } else if self.pairs >= WALL_PAIRS {
            WallState::Held
        } else {
            WallState::Open
        }
    }

    /// The effect on wall time; `None` without pairs.
    pub fn estimate(&self) -> Option<Estimate> {
        Estimate::of(self.series.as_ref().map_or(&[], Target::values))
    }
}

impl Default for WallGuard {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::super::pair::Order;
    use super::*;

    fn pair(at: usize, y: f64) -> Option<Pair> {
        Pair::new(if at.is_multiple_of(2) { Order::BaseFirst } else { Order::CandidateFirst }, y)
    }

    /// The states of guards whose every pair has these log effects, after at most 60 rounds by `next`.
    fn run(effects: &[f64]) -> (Vec<GuardState>, Vec<usize>) {
        let mut family = GuardFamily::new(&vec![0.03; effects.len()]);
        let mut rounds = vec![0; effects.len()];
        for _ in 0..60 {
            let Some(at) = family.next() else { break };
            family.push(at, pair(rounds[at], effects[at]));
            rounds[at] += 1;
        }
        (family.guards().iter().map(Guard::state).collect(), rounds)
    }

    #[test]
    fn each_guard_is_decided_by_the_first_claim_proven_and_gets_no_more_rounds() {
        let (states, rounds) = run(&[0.0, -0.06, 0.2]);
        assert_eq!(states, [GuardState::Clean, GuardState::Regressed, GuardState::Clean]);
        assert!(rounds.iter().sum::<usize>() < 60, "{rounds:?}");
    }

    #[test]
    fn a_slowdown_within_the_margin_may_be_named_either_way_but_not_both() {
        let (states, _) = run(&[-0.02]);
        assert_ne!(states, [GuardState::Unproven]);
    }

    #[test]
    fn rounds_go_round_while_guards_look_alike() {
        let mut family = GuardFamily::new(&[0.03, 0.03]);
        let first = family.next().unwrap();
        family.push(first, pair(0, 0.0));
        assert_eq!((first, family.next()), (0, Some(1)));
    }

    #[test]
    fn wall_time_that_stays_is_clean_and_wall_time_that_grows_is_held() {
        let end = |y| {
            (0..80).fold((WallGuard::new(), WallState::Open), |(mut guard, _), at| {
                let state = guard.push(&[pair(at, y)]);
                (guard, state)
            })
        };
        assert_eq!(end(0.0).1, WallState::Clean);
        assert_eq!(end(-0.1).1, WallState::Held);
        assert_eq!(end(-0.1).0.estimate().expect("pairs ran").n, WALL_PAIRS);
    }

    #[test]
    fn a_failed_pair_works_against_clean_only() {
        let mut family = GuardFamily::new(&[0.03]);
        let before = family.guards()[0].regressed.ln_e();
        family.push(0, None);
        assert!(family.guards()[0].clean.ln_e() < -1.6);
        assert!((family.guards()[0].regressed.ln_e() - before).abs() < f64::EPSILON);
    }
}
