//! One proposal on its way to a verdict: cheapest first, each act at most once.
//!
//! It says which act is due next from what has been recorded; it judges nothing ([`super::judge`]) and
//! knows nothing of other proposals ([`super::run`]). Start at [`Gate::due`].

use std::time::Duration;

use crate::model::id::{Iteration, Revision};
use crate::model::proposal::Turn;
use crate::model::verdict::{HoldReason, StopReason};
use crate::policy::Policy;
use crate::stats::coin::{CoinKey, ComparisonKind};
use crate::stats::confirmation::{Confirmation, pairs_needed};
use crate::stats::guard::{GuardFamily, WallState};
use crate::stats::pair::log_effect;
use crate::stats::sequential::{self, AfterFutility, Rule, SequentialTest};
use crate::stats::target::Target;

use super::comparison::{Comparison, Setting, Shared, Walk};
use super::finding::Finding;
use super::measure::{BuiltTree, ComparisonId, Conditions};
use super::record::{
    BuildOutcome, Calibrated, Inspected, Judged, ProfileOutcome, SuiteBaseline, TestOutcome, Tested,
};
use super::step::{BuildRound, Question, Source, Step, TestScope};

/// Pairs after which a futile proposal may be dropped before the full suite has run.
const FIRST_LOOK: usize = 4;
/// Layouts a confirmation cycles through.
const LAYOUTS: u32 = 4;
/// Rounds that guards may use together, per guard.
const GUARD_ROUNDS: u32 = 30;

/// What a gate needs to know of its run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setup<'a> {
    pub policy: &'a Policy,
    pub key: &'a CoinKey,
    /// Target benchmarks.
    pub target: &'a [Calibrated],
    /// Guard benchmarks.
    pub guards: &'a [Calibrated],
    /// How the suites ran on the original.
    pub suites: &'a [SuiteBaseline],
    pub out_of_time: bool,
}

impl Setup<'_> {
    /// What one run of the full suite takes.
    fn suite_time(&self) -> Duration {
        self.suites.iter().map(|suite| suite.took).sum()
    }

    /// Whether there is a suite in benchmarked build mode that the original passes.
    fn has_benchmarked_mode(&self) -> bool {
        self.suites.iter().any(|suite| suite.benchmarked_mode == Some(true))
    }
}

/// What follows futility: `run` goes on to the next proposal, `judge` wants to know about a slowdown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Manner {
    pub after_futility: AfterFutility,
    /// The alpha of this candidate's test, fixed before its first pair.
    pub alpha: f64,
}

/// One proposal and what is known of it.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    pub iteration: Iteration,
    pub base: Revision,
    pub source: Source,
    pub hotspot: Option<String>,
    pub turn: Option<Turn>,
    pub inspected: Option<Inspected>,
    pub built: Option<BuildOutcome>,
    pub tested: Vec<Tested>,
    pub manner: Manner,
    /// Whether its first pair was run.
    pub in_stream: bool,
    pub shared: Shared,
    pub test: Option<Comparison>,
    pub test_found: Option<Finding>,
    /// Time its pairs have cost so far.
    pub measured_for: Duration,
    pub fresh: Option<BuildOutcome>,
    pub wall: Option<Comparison>,
    pub wall_found: Option<Finding>,
    pub guards: Option<Comparison>,
    pub guards_found: Option<Finding>,
    pub confirmation: Option<Comparison>,
    pub confirmation_found: Option<Finding>,
    pub second: Option<Comparison>,
    pub second_found: Option<Finding>,
    pub owed: Option<Comparison>,
    pub profiled: Option<ProfileOutcome>,
    /// A candidate that runs on several cores is measured in wall time; this says so.
    pub requalified: Option<String>,
    pub judged: Option<Judged>,
    /// The person who accepts it, and the reasons that are waived.
    pub accepted_by: Option<(String, Vec<HoldReason>)>,
}

impl Gate {
    pub(super) fn new(iteration: Iteration, base: Revision, source: Source, manner: Manner) -> Self {
        Self {
            iteration,
            base,
            source,
            hotspot: None,
            turn: None,
            inspected: None,
            built: None,
            tested: Vec::new(),
            manner,
            in_stream: false,
            shared: Shared::default(),
            test: None,
            test_found: None,
            measured_for: Duration::ZERO,
            fresh: None,
            wall: None,
            wall_found: None,
            guards: None,
            guards_found: None,
            confirmation: None,
            confirmation_found: None,
            second: None,
            second_found: None,
            owed: None,
            profiled: None,
            requalified: None,
            judged: None,
            accepted_by: None,
        }
    }

    /// The candidate as a commit, once it was taken.
    pub(super) fn candidate(&self) -> Option<Revision> {
        self.inspected.as_ref().and_then(|inspected| inspected.candidate)
    }

    /// The next act of this proposal.
    pub(super) fn due(&mut self, setup: Setup<'_>) -> Step {
        let iteration = self.iteration;
        let judge = Step::Judge(Question::Proposal { iteration });
        let Some(inspected) = &self.inspected else {
            return Step::Inspect { iteration, base: self.base, source: self.source.clone() };
        };
        let Some(candidate) = inspected.candidate.filter(|_| inspected.rejections.is_empty()) else {
            return judge;
        };
        let (base_built, candidate_built) = match &self.built {
            None => return Step::Build { iteration, base: self.base, candidate, round: BuildRound::First },
            Some(BuildOutcome::Ready { same_code: Some(true), .. }) if setup.policy.code_identity.value => {
                return judge;
            }
            Some(BuildOutcome::Ready { base, candidate, .. }) => (*base, *candidate),
            Some(_) => return judge,
        };
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
        let test = self.test.get_or_insert_with(|| {
            let theta0 = log_effect(setup.policy.min_effect.value.get());
            let rule = Rule { after_futility: manner.after_futility, ..Rule::new(theta0, manner.alpha) };
            let walk = Walk::Test(Box::new(SequentialTest::of_target(rule, target(setup.target.len()))));
            Comparison::new(setting(id, (base, candidate), setup.target), walk)
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

    /// The suite that has not run yet.
    fn due_test(&self, setup: Setup<'_>) -> Option<Step> {
        let tree = self.candidate()?.tree;
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
            baselines: setup.suites.to_vec(),
        })
    }

    /// Fresh build, wall guard, guards, confirmation, owed launches, profile.
    fn due_after_test(&mut self, setup: Setup<'_>, candidate: Revision) -> Option<Step> {
        let iteration = self.iteration;
        let built = match &self.fresh {
            None => {
                let round = BuildRound::Fresh;
                return Some(Step::Build { iteration, base: self.base, candidate, round });
            }
            Some(BuildOutcome::Ready { base, candidate, .. }) => (*base, *candidate),
            Some(_) => return None,
        };
        if self.needs_wall_guard() && self.wall_found.is_none() {
            let id = ComparisonId { kind: ComparisonKind::WallGuard, iteration };
            let wall = self
                .wall
                .get_or_insert_with(|| Comparison::new(setting(id, built, setup.target), Walk::Wall));
            return Some(due_or_judge(wall, &self.shared, setup));
        }
        if !setup.guards.is_empty() && self.guards_found.is_none() {
            let id = ComparisonId { kind: ComparisonKind::Guard, iteration };
            let guards = self.guards.get_or_insert_with(|| {
                let margins = vec![setup.policy.guard_margin.value.get(); setup.guards.len()];
                let rounds = GUARD_ROUNDS * u32::try_from(setup.guards.len()).unwrap_or(1);
                let walk = Walk::Guards { family: GuardFamily::new(&margins), rounds };
                Comparison::new(setting(id, built, setup.guards), walk)
            });
            return Some(due_or_judge(guards, &self.shared, setup));
        }
        if setup.policy.confirm.value && self.confirmation_found.is_none() {
            let wanted = pairs_needed(self.test.as_ref().map_or(0, |test| test.values().len()));
            let after = Duration::from_secs(setup.policy.confirm_delay.value.0);
            let kind = ComparisonKind::Confirmation;
            let works = self.works(setup);
            let fresh = self
                .confirmation
                .get_or_insert_with(|| confirmation((kind, iteration), built, &works, (wanted, after)));
            return Some(due_or_judge(fresh, &self.shared, setup));
        }
        let drifted = matches!(
            self.confirmation_found,
            Some(Finding::Confirmation { outcome: Confirmation::Drifted, .. })
        );
        if drifted && self.second_found.is_none() {
            let wanted = pairs_needed(self.test.as_ref().map_or(0, |test| test.values().len()));
            let kind = ComparisonKind::SecondConfirmation;
            let works = self.works(setup);
            let second = self.second.get_or_insert_with(|| {
                confirmation((kind, iteration), built, &works, (wanted, Duration::ZERO))
            });
            return Some(due_or_judge(second, &self.shared, setup));
        }
        if !self.confirmed_if_asked(setup.policy) {
            return None;
        }
        if self.shared.tally.owed_before_landing() > 0 {
            let id = ComparisonId { kind: ComparisonKind::Repeat, iteration };
            let owed = self
                .owed
                .get_or_insert_with(|| Comparison::new(setting(id, built, setup.target), Walk::Owed));
            if !owed.is_over(&self.shared) {
                return Some(Step::Measure(Box::new(owed.due(setup.key))));
            }
        }
        if self.profiled.is_none() {
            let first = setup.target.first()?;
            return Some(Step::Profile {
                subject: built.1,
                iteration: Some(iteration),
                benchmark: first.work.benchmark.clone(),
                iterations: first.work.iterations,
            });
        }
        None
    }

    /// The works of the target as this candidate is measured: by wall time where it no longer qualifies.
    fn works(&self, setup: Setup<'_>) -> Vec<Calibrated> {
        self.test.as_ref().map_or_else(|| setup.target.to_vec(), |test| test.setting().works.clone())
    }

    /// Whether the test found an improvement.
    pub(super) fn improved(&self) -> bool {
        matches!(&self.test_found, Some(Finding::Test { decision, .. }) if decision.finding == sequential::Finding::Improved)
    }

    /// Whether a suite failed on the candidate.
    pub(super) fn tests_failed(&self) -> bool {
        self.edits_no_tests()
            && self.tested.iter().any(|tested| !matches!(tested.outcome, TestOutcome::Passed { .. }))
    }

    /// Whether failing tests speak against it: with edited tests the base's failures are listed and it is held.
    fn edits_no_tests(&self) -> bool {
        !(self.inspected.iter())
            .any(|i| i.holds.iter().any(|hold| matches!(hold, HoldReason::TestsEdited { .. })))
    }

    /// Whether wall time must be guarded: another instrument decides, and the test's pairs do not show it clean.
    fn needs_wall_guard(&self) -> bool {
        let by_wall = |works: &[Calibrated]| works.iter().all(super::reading::is_by_wall);
        !self.test.as_ref().is_some_and(|test| by_wall(&test.setting().works))
            && self.shared.wall.state() != WallState::Clean
    }

    fn confirmed_if_asked(&self, policy: &Policy) -> bool {
        let lands = |found: &Option<Finding>| {
            matches!(
                found,
                Some(Finding::Confirmation { outcome: Confirmation::Lands | Confirmation::HeldTail, .. })
            )
        };
        !policy.confirm.value || lands(&self.confirmation_found) || lands(&self.second_found)
    }

    /// The open comparison of this kind.
    pub(super) fn comparison_mut(&mut self, kind: ComparisonKind) -> Option<(&mut Comparison, &mut Shared)> {
        let slot = match kind {
            ComparisonKind::Test => &mut self.test,
            ComparisonKind::WallGuard => &mut self.wall,
            ComparisonKind::Guard => &mut self.guards,
            ComparisonKind::Confirmation => &mut self.confirmation,
            ComparisonKind::SecondConfirmation => &mut self.second,
            ComparisonKind::Repeat => &mut self.owed,
            ComparisonKind::Goal | ComparisonKind::Final => return None,
        };
        slot.as_mut().map(|comparison| (comparison, &mut self.shared))
    }

    /// Walks the test's pairs again with other instruments; the coins and pairs stay.
    pub(super) fn rewalk_test(&mut self, works: Vec<Calibrated>) {
        let Some(test) = self.test.take() else { return };
        let Walk::Test(walked) = test.walk() else { return };
        let fresh = SequentialTest::of_target(*walked.rule(), target(works.len()));
        self.shared = Shared::default();
        self.test = Some(test.again(works, Walk::Test(Box::new(fresh)), &mut self.shared));
    }

    /// Where the finding of this kind belongs.
    pub(super) fn found_mut(&mut self, kind: ComparisonKind) -> Option<&mut Option<Finding>> {
        match kind {
            ComparisonKind::Test => Some(&mut self.test_found),
            ComparisonKind::WallGuard => Some(&mut self.wall_found),
            ComparisonKind::Guard => Some(&mut self.guards_found),
            ComparisonKind::Confirmation => Some(&mut self.confirmation_found),
            ComparisonKind::SecondConfirmation => Some(&mut self.second_found),
            ComparisonKind::Repeat | ComparisonKind::Goal | ComparisonKind::Final => None,
        }
    }

    /// A base that fails says nothing about the proposal: the run cannot go on.
    pub(super) fn environment_failed(&self) -> Option<StopReason> {
        let builds = [&self.built, &self.fresh];
        let detail = builds.into_iter().flatten().find_map(|outcome| match outcome {
            BuildOutcome::BaseFailed { detail } => Some(detail.clone()),
            _ => None,
        });
        let void = self.shared.tally.state() == crate::stats::failures::Failures::Void;
        let launches = void.then(|| {
            self.test.as_ref().and_then(Comparison::failure).unwrap_or("base launches failed").to_owned()
        });
        detail.or(launches).map(|detail| StopReason::Environment { detail })
    }
}

/// The target of as many benchmarks, equally weighted.
pub(super) fn target(benchmarks: usize) -> Target {
    Target::weighted(&vec![1.0; benchmarks]).unwrap_or_else(Target::single)
}

/// A plain setting.
pub(super) fn setting(
    id: ComparisonId,
    (base, candidate): (BuiltTree, BuiltTree),
    works: &[Calibrated],
) -> Setting {
    Setting {
        id,
        base,
        candidate,
        works: works.to_vec(),
        conditions: Conditions::Plain,
        after: Duration::ZERO,
    }
}

fn confirmation(
    (kind, iteration): (ComparisonKind, Iteration),
    built: (BuiltTree, BuiltTree),
    works: &[Calibrated],
    (wanted, after): (usize, Duration),
) -> Comparison {
    let plain = setting(ComparisonId { kind, iteration }, built, works);
    let changed = Setting { conditions: Conditions::Changed { layouts: LAYOUTS }, after, ..plain };
    Comparison::new(changed, Walk::Collect { target: target(works.len()), wanted })
}

fn due_or_judge(comparison: &Comparison, shared: &Shared, setup: Setup<'_>) -> Step {
    if comparison.is_over(shared) {
        Step::Judge(Question::Comparison { comparison: comparison.id() })
    } else {
        Step::Measure(Box::new(comparison.due(setup.key)))
    }
}
