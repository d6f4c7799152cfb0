//! The order of a proposal's acts, cheapest first, each at most once.
//!
//! Inspect, build, pairs with the full suite in between, then what only an improvement is worth: fresh
//! build, wall guard, guards, confirmation, owed launches, profile. Start at [`Gate::due`].

use std::time::Duration;

use crate::engine::comparison::{Comparison, Setting, Shared, Walk, target};
use crate::engine::finding::Finding;
use crate::engine::measure::{BuiltTree, ComparisonId};
use crate::engine::record::{BuildOutcome, Calibrated};
use crate::engine::step::{BuildRound, Question, Step, TestScope};
use crate::model::id::Revision;
use crate::stats::coin::ComparisonKind;
use crate::stats::confirmation::{Confirmation, pairs_needed};
use crate::stats::guard::{Bounds, GuardFamily};
use crate::stats::location::mean;
use crate::stats::pair::log_effect;
use crate::stats::sequential::{Rule, SequentialTest, Why};

use super::{Gate, Setup};

/// Pairs after which a futile proposal may be dropped before the full suite has run.
const FIRST_LOOK: usize = 4;
/// Rounds that guards may use together, per guard.
const GUARD_ROUNDS: u32 = 30;

impl Gate {
    /// The next act of this proposal.
    pub(in crate::engine) fn due(&mut self, setup: Setup<'_>) -> Step {
        let iteration = self.iteration;
        let judge = Step::Judge(Question::Proposal { iteration });
        let Some(inspected) = &self.inspected else {
            return Step::Inspect { iteration, base: self.base, source: self.source.clone() };
        };
        let Some(candidate) = inspected.candidate.filter(|_| inspected.rejections.is_empty()) else {
            return judge;
        };
        let (base_built, candidate_built) = match &self.built {
            None => {
                let (base, round, whole) = (self.base, BuildRound::First, inspected.whole);
                return Step::Build { iteration, base, candidate, round, whole };
            }
            Some(BuildOutcome::Ready { same_code: Some(true), .. }) if setup.policy.code_identity.value => {
                return judge;
            }
            Some(BuildOutcome::Ready { base, candidate, .. }) => (*base, *candidate),
            Some(_) => return judge,
        };
        if self.test.is_none()
            && let Some(step) = self.due_near(setup)
        {
            return step;
        }
        if self.test_found.is_none() {
            return self.due_in_test(setup, (base_built, candidate_built));
        }
        if !self.improved() {
            return judge;
        }
        if let Some(step) = self.due_test(setup) {
            return step;
        }
        if self.tests_failed() {
            return judge;
        }
        if self.shared.failure().is_some() {
            return judge;
        }
        if let Some(step) = self.due_after_test(setup, candidate) {
            return step;
        }
        judge
    }

    /// Pairs until the test decides, the full suite in between.
    fn due_in_test(&mut self, setup: Setup<'_>, (base, candidate): (BuiltTree, BuiltTree)) -> Step {
        if self.tests_failed() {
            return Step::Judge(Question::Proposal { iteration: self.iteration });
        }
        let id = ComparisonId { kind: ComparisonKind::Test, iteration: self.iteration };
        let manner = self.manner;
        let setting = self.setting(ComparisonKind::Test, (base, candidate), setup.target);
        let test = self.test.get_or_insert_with(|| {
            let least = least_effect(setup.policy.min_effect.value.get(), setup.target);
            let theta0 = log_effect(least) + tick(setup.target);
            let rule = Rule { after_futility: manner.after_futility, ..Rule::new(theta0, manner.alpha) };
            let walk = Walk::Test(Box::new(SequentialTest::of_target(rule, target(setup.target.len()))));
            Comparison::new(setting, walk)
        });
        let looked = test.values().len() >= FIRST_LOOK && self.measured_for >= setup.suite_time();
        let over = test.is_over(&self.shared);
        if over || setup.out_of_time {
            return Step::Judge(Question::Comparison { comparison: id });
        }
        if looked && let Some(step) = self.due_test(setup) {
            return step;
        }
        match &self.test {
            Some(test) => Step::Measure(Box::new(test.due(setup.key))),
            None => Step::Judge(Question::Comparison { comparison: id }),
        }
    }

    /// Tests near the change before the first pair, where a suite can tell them and the proposal edits none.
    fn due_near(&self, setup: Setup<'_>) -> Option<Step> {
        let near = setup.near(self.inspected.as_ref()?).filter(|_| self.tested.is_empty())?;
        self.edits_no_tests().then_some(Step::Test {
            iteration: self.iteration,
            tree: self.candidate()?.tree,
            scope: TestScope::Near,
            changed: near,
            baselines: setup.suites.to_vec(),
        })
    }

    /// The suite that has not run yet.
    fn due_test(&self, setup: Setup<'_>) -> Option<Step> {
        // The tree of a control is the base's: its suite has run.
        let tree = self.candidate().filter(|_| self.control().is_none())?.tree;
        let ran = |scope| self.tested.iter().any(|tested| tested.scope == scope);
        let scope = if !setup.suites.is_empty() && !ran(TestScope::Full) {
            TestScope::Full
        } else if setup.has_benchmarked_mode() && !ran(TestScope::BenchmarkedMode) {
            TestScope::BenchmarkedMode
        } else {
            return None;
        };
        (!self.tests_failed()).then_some(Step::Test {
            iteration: self.iteration,
            tree,
            scope,
            changed: Vec::new(),
            baselines: setup.suites.to_vec(),
        })
    }

    /// Fresh build, wall guard, guards, confirmation, owed launches, profile.
    fn due_after_test(&mut self, setup: Setup<'_>, candidate: Revision) -> Option<Step> {
        let iteration = self.iteration;
        let built = match &self.fresh {
            None => {
                let round = BuildRound::Fresh;
                return Some(Step::Build { iteration, base: self.base, candidate, round, whole: None });
            }
            Some(BuildOutcome::Ready { base, candidate, .. }) => (*base, *candidate),
            Some(_) => return None,
        };
        if self.needs_wall_guard() && self.wall_found.is_none() {
            let setting = self.setting(ComparisonKind::WallGuard, built, setup.target);
            let wall = self.wall.get_or_insert_with(|| Comparison::new(setting, Walk::Wall));
            return Some(due_or_judge(wall, &self.shared, setup));
        }
        if let Some(step) = self.due_guards(setup, built) {
            return Some(step);
        }
        // Before the confirmation: it fills the wait.
        if self.profiled.is_none() && self.control().is_none() {
            return setup.profiling(self, built.1);
        }
        if setup.policy.confirm.value && self.confirmation_found.is_none() {
            let wanted = self.fresh_pairs();
            // A machine that changes does not change what is counted.
            let delay = if self.was_counted() { 0 } else { setup.policy.confirm_delay.value.0 };
            let after = Duration::from_secs(delay);
            let kind = ComparisonKind::Confirmation;
            let setting = self.setting(kind, built, &self.works(setup));
            let fresh = self.confirmation.get_or_insert_with(|| confirmation(setting, wanted, after));
            return Some(due_or_judge(fresh, &self.shared, setup));
        }
        let drifted = matches!(
            self.confirmation_found,
            Some(Finding::Confirmation { outcome: Confirmation::Drifted, .. })
        );
        if drifted && self.second_found.is_none() {
            let wanted = self.fresh_pairs();
            let kind = ComparisonKind::SecondConfirmation;
            let setting = self.setting(kind, built, &self.works(setup));
            let second = self.second.get_or_insert_with(|| confirmation(setting, wanted, Duration::ZERO));
            return Some(due_or_judge(second, &self.shared, setup));
        }
        if !self.confirmed_if_asked(setup.policy) {
            return None;
        }
        if self.shared.tally.owed_before_landing() > 0 {
            let setting = self.setting(ComparisonKind::Repeat, built, setup.target);
            let owed = self.owed.get_or_insert_with(|| Comparison::new(setting, Walk::Owed));
            if !owed.is_over(&self.shared) {
                return Some(Step::Measure(Box::new(owed.due(setup.key))));
            }
        }
        None
    }

    /// Rounds of the secondary benchmarks; of a target of several each is a guard as well, and its pairs of
    /// the test are its first (A.1, A.8).
    fn due_guards(&mut self, setup: Setup<'_>, built: (BuiltTree, BuiltTree)) -> Option<Step> {
        let own = if setup.target.len() > 1 { self.works(setup) } else { Vec::new() };
        if own.len() + setup.guards.len() == 0 || self.guards_found.is_some() {
            return None;
        }
        let setting = self.setting(ComparisonKind::Guard, built, &[&own, setup.guards].concat());
        let rounds = self.test.as_ref().map_or(&[][..], Comparison::rounds);
        let guards = self.guards.get_or_insert_with(|| {
            let margin = setup.policy.guard_margin.value.get();
            let bounds = setting.works.iter().map(|work| Bounds { margin, floor: work.least_share() });
            let mut family = GuardFamily::bounded(&bounds.collect::<Vec<_>>());
            for round in rounds {
                for (at, pair) in round.iter().enumerate().take(own.len()) {
                    family.push(at, *pair);
                }
            }
            // Every launch of the test was accounted for: what that says of a resource comes first.
            for (at, guard) in setting.works.iter().enumerate().skip(own.len()) {
                for pair in self.test.iter().flat_map(|test| test.reread(guard)) {
                    family.push(at, pair);
                }
            }
            let rounds = GUARD_ROUNDS * u32::try_from(setting.works.len()).unwrap_or(1);
            Comparison::new(setting, Walk::Guards { family, rounds })
        });
        Some(due_or_judge(guards, &self.shared, setup))
    }

    /// Whether a deterministic counter decided the test.
    pub(in crate::engine) fn was_counted(&self) -> bool {
        matches!(&self.test_found, Some(Finding::Test { decision, .. }) if decision.why == Why::Counted)
    }

    /// Fresh pairs that the confirmation wants.
    fn fresh_pairs(&self) -> usize {
        let pairs = self.test.as_ref().map_or(0, |test| test.values().len());
        if self.was_counted() { pairs } else { pairs_needed(pairs) }
    }

    /// The works of the target as this candidate is measured: by wall time where it no longer qualifies.
    fn works(&self, setup: Setup<'_>) -> Vec<Calibrated> {
        self.test.as_ref().map_or_else(|| setup.target.to_vec(), |test| test.setting().works.clone())
    }
}

fn confirmation(setting: Setting, wanted: usize, after: Duration) -> Comparison {
    let target = target(setting.works.len());
    Comparison::new(Setting { after, ..setting.changed() }, Walk::Collect { target, wanted })
}

fn due_or_judge(comparison: &Comparison, shared: &Shared, setup: Setup<'_>) -> Step {
    if comparison.is_over(shared) {
        Step::Judge(Question::Comparison { comparison: comparison.id() })
    } else {
        Step::Measure(Box::new(comparison.due(setup.key)))
    }
}

/// The least effect that counts: the policy's, and no less than what the metric calls a change.
fn least_effect(policy: f64, works: &[Calibrated]) -> f64 {
    works.iter().map(Calibrated::least_share).fold(policy, f64::max)
}

/// One tick of the target's cost relative to it, the mean over its benchmarks.
fn tick(works: &[Calibrated]) -> f64 {
    let ticks: Vec<f64> = works.iter().map(Calibrated::tick).collect();
    mean(&ticks).unwrap_or(0.0)
}
