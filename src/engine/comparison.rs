//! An open comparison: which pairs are due, and what the pairs so far say.
//!
//! It walks pairs one by one with the rules of `stats`; it runs nothing and decides no verdict.
//! Start at [`Comparison::due`] and [`Comparison::take`].

mod schedule;
mod value;

use std::time::Duration;

use crate::stats::confirmation::{Confirmation, combined_cost_ratio, mean_cost_ratio};
use crate::stats::counters::{self, CounterFinding};
use crate::stats::failures::{FailureTally, Failures};
use crate::stats::family::Family;
use crate::stats::goal::{GoalProof, GoalState};
use crate::stats::guard::{GuardFamily, WallGuard, WallState};
use crate::stats::pair::{Pair, Side};
use crate::stats::sequential::{Finding, Look, SequentialTest, Why};
use crate::stats::target::Target;

use self::value::value;
use super::measure::{
    BuiltTree, ComparisonId, Conditions, Discarded, Discards, Launched, Measured, MeasuredPair,
};
use super::record::{Calibrated, CostFrom};

/// Layouts that a confirmation and the final number cycle through.
const LAYOUTS: u32 = 4;
/// A launch longer than this many seconds gets one discarded launch a pair under changed conditions.
const LONG_LAUNCH: f64 = 5.0;

/// How the pairs are walked.
#[derive(Debug, Clone)]
pub(super) enum Walk {
    /// Until the sequential test decides; wall time is guarded on the side.
    Test(Box<SequentialTest>),
    /// A fixed number of rounds for an estimate.
    Collect {
        /// The rounds so far.
        target: Target,
        /// How many are wanted.
        wanted: usize,
    },
    /// Until the goal is proven or all its pairs are run.
    Goal(Box<GoalProof>),
    /// Until wall time is shown clean.
    Wall,
    /// Until every guard is decided or `rounds` are used up.
    Guards {
        /// The guards.
        family: GuardFamily,
        /// Rounds left.
        rounds: u32,
    },
    /// Until every benchmark of two builds is decided.
    Family(Box<FamilyWalk>),
    /// Until no launch is owed.
    Owed,
}

/// Many benchmarks, each with its own evidence and its own failures.
#[derive(Debug, Clone)]
pub(super) struct FamilyWalk {
    /// The evidence.
    pub family: Family,
    /// How the last failed launch of each failed.
    pub failed: Vec<Option<String>>,
}

impl FamilyWalk {
    /// The value of a launch of a member, its failures counted for it alone.
    fn count<T>(&mut self, at: usize, side: Side, outcome: Result<T, String>) -> Option<T> {
        outcome
            .map_err(|detail| {
                self.family.failed(at, side);
                self.failed[at] = Some(format!("{side:?}: {detail}").to_lowercase());
            })
            .ok()
    }
}

/// What is compared and how.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    /// Which comparison.
    pub id: ComparisonId,
    /// The base side.
    pub base: BuiltTree,
    /// The candidate side.
    pub candidate: BuiltTree,
    /// The benchmarks with their work and instrument.
    pub works: Vec<Calibrated>,
    /// Under which conditions.
    pub conditions: Conditions,
    /// Wait before the first pair.
    pub after: Duration,
    /// What the base does more of, in thousandths of its cost: a planted change.
    pub planted: Option<u32>,
}

impl Setting {
    /// As calibrated, at once.
    pub(super) fn plain(
        id: ComparisonId,
        (base, candidate): (BuiltTree, BuiltTree),
        works: &[Calibrated],
    ) -> Self {
        let (conditions, after) = (Conditions::Plain, Duration::ZERO);
        Self { id, base, candidate, works: works.to_vec(), conditions, after, planted: None }
    }

    /// The same under changed conditions (A.6).
    pub(super) fn changed(self) -> Self {
        // Neither what ran before nor where things lie changes a count, but for the environment's own bytes.
        if self.works.iter().all(|work| work.cost_from.counts()) {
            return self;
        }
        let long = self.works.iter().any(|work| work.slot_seconds() > LONG_LAUNCH);
        let discards = if long { Discards::EachPair } else { Discards::EachLaunch };
        Self { conditions: Conditions::Changed { layouts: LAYOUTS, discards }, ..self }
    }
}

/// A comparison in progress.
#[derive(Debug, Clone)]
pub(super) struct Comparison {
    setting: Setting,
    walk: Walk,
    next_pair: u32,
    /// Costs of valid pairs, one list a benchmark: (base, candidate).
    costs: Vec<Vec<(f64, f64)>>,
    pairs: Vec<MeasuredPair>,
    discarded: Vec<Discarded>,
    /// Each round that entered, one slot a benchmark; `None` where a launch failed.
    rounds: Vec<Vec<Option<Pair>>>,
}

/// What outlives a single comparison of one candidate.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared {
    /// Failed launches over test, discards, confirmation and guards.
    pub tally: FailureTally,
    /// How the last failed launch of the base and of the candidate failed.
    pub failed: [Option<String>; 2],
    /// Wall time from the test's first pair on.
    pub wall: WallGuard,
}

impl Shared {
    /// What a launch yielded, counted for the failures of its side.
    fn count<T>(&mut self, side: Side, outcome: Result<T, String>) -> Option<T> {
        match outcome {
            Ok(value) => {
                self.tally.succeeded(side);
                Some(value)
            }
            Err(detail) => {
                self.tally.failed(side);
                self.failed[usize::from(side == Side::Candidate)] =
                    Some(format!("{side:?}: {detail}").to_lowercase());
                None
            }
        }
    }

    /// Whose launches failed too often, and how the last of them did.
    pub(super) fn failure(&self) -> Option<(Failures, String)> {
        let state = self.tally.state();
        let [base, candidate] = &self.failed;
        let detail = match state {
            Failures::Tolerated => return None,
            Failures::Void => base,
            Failures::Broken => candidate,
        };
        Some((state, detail.clone().unwrap_or_else(|| "a launch failed".to_owned())))
    }
}

impl Comparison {
    pub(super) fn new(setting: Setting, walk: Walk) -> Self {
        let costs = vec![Vec::new(); setting.works.len()];
        Self {
            setting,
            walk,
            next_pair: 1,
            costs,
            pairs: Vec::new(),
            discarded: Vec::new(),
            rounds: Vec::new(),
        }
    }

    /// The same pairs from the first on, read by other instruments.
    pub(super) fn again(self, works: Vec<Calibrated>, walk: Walk, shared: &mut Shared) -> Self {
        let mut fresh = Self::new(Setting { works, ..self.setting }, walk);
        let (pairs, discarded) = (self.pairs, self.discarded);
        let measured = Measured { comparison: fresh.id(), from_pair: 1, pairs, discarded };
        fresh.take(&measured, shared);
        fresh
    }

    pub(super) fn id(&self) -> ComparisonId {
        self.setting.id
    }

    pub(super) fn setting(&self) -> &Setting {
        &self.setting
    }

    pub(super) fn walk(&self) -> &Walk {
        &self.walk
    }

    pub(super) fn pairs(&self) -> &[MeasuredPair] {
        &self.pairs
    }

    /// Cost and wall time that enter of a launch; `None` where it gave no value.
    pub(super) fn costs_of(launched: &Launched, calibrated: &Calibrated) -> Option<(f64, f64)> {
        value(launched, calibrated).ok().map(|value| (value.cost, value.wall))
    }

    /// The rounds that entered, one slot a benchmark.
    pub(super) fn rounds(&self) -> &[Vec<Option<Pair>>] {
        &self.rounds
    }

    /// y' of the valid rounds.
    pub(super) fn values(&self) -> &[f64] {
        match &self.walk {
            Walk::Test(test) => test.values(),
            Walk::Collect { target, .. } => target.values(),
            Walk::Goal(_) | Walk::Wall | Walk::Guards { .. } | Walk::Family(_) | Walk::Owed => &[],
        }
    }

    /// Candidate over base, geometric mean over the benchmarks of the ratios of sums, this comparison's
    /// pairs and those of `before` together.
    pub(super) fn mean_cost_ratio(&self, before: Option<&Comparison>) -> f64 {
        let ratios: Vec<(f64, f64)> = (0..self.costs.len())
            .map(|at| {
                let earlier = before.and_then(|before| before.costs.get(at)).map_or(&[][..], Vec::as_slice);
                let all: Vec<(f64, f64)> = earlier.iter().chain(&self.costs[at]).copied().collect();
                (mean_cost_ratio(&all), 1.0)
            })
            .collect();
        combined_cost_ratio(&ratios)
    }

    /// Whether the pairs so far are all that this comparison needs.
    pub(super) fn is_over(&self, shared: &Shared) -> bool {
        if shared.tally.state() != Failures::Tolerated {
            return true;
        }
        match &self.walk {
            Walk::Test(test) => test.look() != Look::Continue,
            Walk::Collect { target, wanted } => target.values().len() >= *wanted,
            Walk::Goal(proof) => !matches!(proof.state(), GoalState::Open | GoalState::Estimated),
            Walk::Wall => shared.wall.state() != WallState::Open,
            Walk::Guards { family, rounds } => *rounds == 0 || family.next().is_none(),
            Walk::Family(walk) => walk.family.undecided().is_empty(),
            Walk::Owed => shared.tally.owed_before_landing() == 0,
        }
    }

    /// Takes a batch pair by pair; after the pair at which a rule holds, nothing of it enters.
    pub(super) fn take(&mut self, measured: &Measured, shared: &mut Shared) {
        // What is discarded of a family says nothing of one of its benchmarks.
        let counted = if matches!(self.walk, Walk::Family(_)) { &[][..] } else { &measured.discarded };
        for Discarded { side, launched } in counted {
            let outcome = match launched {
                Launched::Read(_) => Ok(()),
                Launched::Failed(detail) => Err(format!("discarded, {detail}")),
            };
            shared.count(*side, outcome);
        }
        self.discarded.extend(measured.discarded.iter().cloned());
        let last = measured.pairs.iter().map(|pair| pair.pair).max().unwrap_or(self.next_pair);
        for index in self.next_pair..=last {
            if self.is_over(shared) {
                break;
            }
            let round: Vec<&MeasuredPair> = measured.pairs.iter().filter(|pair| pair.pair == index).collect();
            self.take_round(&round, shared);
        }
        self.next_pair = last + 1;
    }

    /// The next pair has failed without a launch to blame: it keeps its index and coin.
    pub(super) fn fail_next(&mut self, shared: &mut Shared) {
        self.take_round(&[], shared);
        self.next_pair += 1;
    }

    /// Whether launches are counted and not timed: three a side may decide (A.10).
    pub(super) fn counts(&self) -> bool {
        self.setting.works.iter().all(|work| work.cost_from.counts())
    }

    /// What three launches a side of a deterministic counter say; `None` where the counter varies or is none. Only the
    /// first three are asked: looking again and again for a small spread would find one.
    fn counted(&self) -> Option<Finding> {
        let Walk::Test(test) = &self.walk else { return None };
        let valid = self.rounds.iter().filter(|round| round.iter().all(Option::is_some)).count();
        if !self.counts() || valid != counters::LAUNCHES {
            return None;
        }
        let least = -crate::stats::pair::cost_change(test.rule().theta0);
        match counters::compare(&self.costs, least) {
            CounterFinding::Improved(_) => Some(Finding::Improved),
            CounterFinding::Unchanged(_) => Some(Finding::Unchanged),
            CounterFinding::Regressed(_) => Some(Finding::Regressed),
            CounterFinding::NotDeterministic => None,
        }
    }

    /// Whether a counter decided this test.
    pub(super) fn was_counted(&self) -> bool {
        let Walk::Test(test) = &self.walk else { return false };
        matches!(test.look(), Look::Decided(decision) if decision.why == Why::Counted)
    }

    /// What fresh launches say of a gain that was counted; `None` where the counter varies now.
    pub(super) fn confirms(&self, theta0: f64) -> Option<Confirmation> {
        match counters::compare(&self.costs, -crate::stats::pair::cost_change(theta0)) {
            CounterFinding::Improved(_) => Some(Confirmation::Lands),
            CounterFinding::Unchanged(_) | CounterFinding::Regressed(_) => Some(Confirmation::DidNotConfirm),
            CounterFinding::NotDeterministic => None,
        }
    }

    /// What the pairs of this comparison say of a guard that reads the same launches: accounting that each has.
    pub(super) fn reread(&self, guard: &Calibrated) -> Vec<Option<Pair>> {
        let same = |work: &Calibrated| {
            let (own, other) = (&work.work, &guard.work);
            own.benchmark == other.benchmark
                && (own.iterations, own.batch) == (other.iterations, other.batch)
                && !work.cost_from.counts()
        };
        let Some(at) = self.setting.works.iter().position(same) else { return Vec::new() };
        if !matches!(guard.cost_from, CostFrom::Cpu | CostFrom::Peak) {
            return Vec::new();
        }
        let own = self.pairs.iter().filter(|pair| pair.work == at);
        own.map(|pair| {
            let cost = |launched| value(launched, guard).ok().map(|value| value.cost);
            Pair::of_costs(pair.order, cost(&pair.base)?, cost(&pair.candidate)?)
        })
        .collect()
    }

    fn take_round(&mut self, round: &[&MeasuredPair], shared: &mut Shared) {
        let mut slots: Vec<Option<Pair>> = vec![None; self.setting.works.len()];
        let mut walls: Vec<Option<Pair>> = slots.clone();
        for pair in round {
            let Some(calibrated) = self.setting.works.get(pair.work).cloned() else { continue };
            let (base, candidate) = (value(&pair.base, &calibrated), value(&pair.candidate, &calibrated));
            let (base, candidate) = match &mut self.walk {
                Walk::Family(walk) => (
                    walk.count(pair.work, Side::Base, base),
                    walk.count(pair.work, Side::Candidate, candidate),
                ),
                _ => (shared.count(Side::Base, base), shared.count(Side::Candidate, candidate)),
            };
            if let (Some(base), Some(candidate)) = (base, candidate) {
                slots[pair.work] = Pair::of_costs(pair.order, base.cost, candidate.cost);
                walls[pair.work] = Pair::of_costs(pair.order, base.wall, candidate.wall);
                self.costs[pair.work].push((base.cost, candidate.cost));
            }
            self.pairs.push((*pair).clone());
        }
        if !matches!(self.walk, Walk::Family(_)) {
            self.rounds.push(slots.clone());
        }
        let counted = self.counted();
        match &mut self.walk {
            Walk::Test(test) => {
                shared.wall.push(&walls);
                test.push_round(&slots);
                if let Some(finding) = counted {
                    test.count_in(finding);
                }
            }
            Walk::Collect { target, .. } => {
                target.push(&slots);
            }
            Walk::Goal(proof) => {
                proof.push(&slots);
            }
            Walk::Wall => {
                shared.wall.push(&walls);
            }
            Walk::Guards { family, rounds } => {
                *rounds = rounds.saturating_sub(1);
                for pair in round {
                    family.push(pair.work, slots[pair.work]);
                }
            }
            Walk::Family(walk) => {
                for pair in round {
                    walk.family.push(pair.work, slots[pair.work]);
                }
            }
            Walk::Owed => {}
        }
    }

    /// The same comparison of sides that were built again: its evidence goes on.
    pub(super) fn rebuilt(&mut self, base: BuiltTree, candidate: BuiltTree) {
        (self.setting.base, self.setting.candidate) = (base, candidate);
    }
}

/// The target of as many benchmarks, equally weighted.
pub(super) fn target(benchmarks: usize) -> Target {
    Target::weighted(&vec![1.0; benchmarks]).unwrap_or_else(Target::single)
}
