//! One proposal on its way to a verdict: cheapest first, each act at most once.
//!
//! It says which act is due next from what has been recorded; it judges nothing ([`super::judge`]) and
//! knows nothing of other proposals ([`super::run`]). Start at [`Gate::due`].

mod due;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::model::bench::Iterations;
use crate::model::id::{Iteration, Revision};
use crate::model::plan::{Plan, SuitePlan};
use crate::model::proposal::Turn;
use crate::model::verdict::{HoldReason, StopReason};
use crate::policy::Policy;
use crate::stats::coin::{CoinKey, ComparisonKind};
use crate::stats::confirmation::Confirmation;
use crate::stats::failures::Failures;
use crate::stats::guard::WallState;
use crate::stats::instrument::Instrument;
use crate::stats::sequential::{self, AfterFutility, SequentialTest};

use super::comparison::{Comparison, Setting, Shared, Walk, target};
use super::finding::Finding;
use super::measure::{BuiltTree, ComparisonId};
use super::reading::requalify;
use super::record::{
    BuildOutcome, Calibrated, Inspected, Judged, ProfileOutcome, SuiteBaseline, TestOutcome, Tested,
};
use super::step::{Control, ProfiledBefore, Source, Step};

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
    /// How things are done.
    pub plan: &'a Plan,
    /// The head's profile.
    pub profile: Option<&'a ProfileOutcome>,
    pub out_of_time: bool,
}

impl Setup<'_> {
    /// What one run of the full suite takes.
    fn suite_time(&self) -> Duration {
        self.suites.iter().map(|suite| suite.took).sum()
    }

    /// The candidate's profile, beside the head's.
    fn profiling(&self, gate: &Gate, subject: BuiltTree) -> Option<Step> {
        let before = match self.profile {
            Some(ProfileOutcome::Read { artifact, collector, iterations, .. }) => Some(ProfiledBefore {
                artifact: *artifact,
                collector: collector.clone(),
                iterations: Iterations(*iterations),
                tree: gate.base.tree,
            }),
            _ => None,
        };
        Some(profiling(self.target.first()?, (subject, Some(gate.iteration)), before))
    }

    /// The changed files relative to the project root, where a suite can tell which tests are near them.
    fn near(&self, inspected: &Inspected) -> Option<Vec<PathBuf>> {
        let changed = inspected.changed.iter().map(|path| {
            let path = PathBuf::from(path.lossy().into_owned());
            path.strip_prefix(&self.plan.root).map(Path::to_owned).ok()
        });
        let changed: Vec<PathBuf> = changed.collect::<Option<_>>()?;
        let paths: Vec<&Path> = changed.iter().map(PathBuf::as_path).collect();
        let tells = |plan: &SuitePlan| crate::suite::find(&plan.suite).ok()?.near(plan, &paths);
        let known = !paths.is_empty() && self.plan.suites.iter().any(|plan| tells(plan).is_some());
        known.then_some(changed)
    }

    /// Whether there is a suite in benchmarked build mode that the original passes.
    fn has_benchmarked_mode(&self) -> bool {
        self.suites.iter().any(|suite| suite.benchmarked_mode == Some(true))
    }
}

/// A profile of a built tree by the target's first benchmark.
pub(super) fn profiling(
    first: &Calibrated,
    (subject, iteration): (BuiltTree, Option<Iteration>),
    before: Option<ProfiledBefore>,
) -> Step {
    let seconds = first.slot_seconds() / f64::from(first.work.batch.max(1));
    Step::Profile {
        subject,
        iteration,
        benchmark: first.work.benchmark.clone(),
        iterations: first.work.iterations,
        launch: Duration::try_from_secs_f64(seconds).unwrap_or_default(),
        before,
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

    /// What the truth is, where it is a blind control.
    pub(super) fn control(&self) -> Option<Control> {
        if let Source::Control { control } = self.source { Some(control) } else { None }
    }

    /// What was built, as this proposal takes it: that a control is equal machine code is not held against it
    /// (A.13).
    pub(super) fn as_seen(&self, outcome: &BuildOutcome) -> BuildOutcome {
        match outcome {
            BuildOutcome::Ready { base, candidate, .. } if self.control().is_some() => {
                BuildOutcome::Ready { base: *base, candidate: *candidate, same_code: None }
            }
            outcome => outcome.clone(),
        }
    }

    /// A comparison of this proposal, as calibrated and at once.
    fn setting(&self, kind: ComparisonKind, built: (BuiltTree, BuiltTree), works: &[Calibrated]) -> Setting {
        let planted = match self.control() {
            Some(Control::Planted { per_mille }) => Some(per_mille),
            Some(Control::Sham) | None => None,
        };
        Setting { planted, ..Setting::plain(ComparisonId { kind, iteration: self.iteration }, built, works) }
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

    /// The comparison of this kind, open or not.
    pub(super) fn comparison(&self, kind: ComparisonKind) -> Option<&Comparison> {
        match kind {
            ComparisonKind::Test => self.test.as_ref(),
            ComparisonKind::WallGuard => self.wall.as_ref(),
            ComparisonKind::Guard => self.guards.as_ref(),
            ComparisonKind::Confirmation => self.confirmation.as_ref(),
            ComparisonKind::SecondConfirmation => self.second.as_ref(),
            ComparisonKind::Repeat => self.owed.as_ref(),
            ComparisonKind::Goal | ComparisonKind::Final | ComparisonKind::Family | ComparisonKind::Noise => {
                None
            }
        }
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
            ComparisonKind::Goal | ComparisonKind::Final | ComparisonKind::Family | ComparisonKind::Noise => {
                return None;
            }
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

    /// Measures a candidate in wall time from pair 1 on if it does not qualify for CPU time.
    pub(super) fn requalify(&mut self) {
        let Some(test) = &self.test else { return };
        let mut works = test.setting().works.clone();
        let (mut reasons, mut falls) = (Vec::new(), false);
        for (at, calibrated) in works.iter_mut().enumerate() {
            if let Some(choice) = requalify(test.pairs(), at, calibrated) {
                calibrated.instrument = choice.instrument;
                calibrated.reason.clone_from(&choice.reason);
                falls = true;
                // One thread whose waiting is known is no parallelism, however busy the machine is.
                if choice.instrument == Instrument::Wall {
                    reasons.push(format!("{}: {}", calibrated.work.benchmark, choice.reason));
                }
            }
        }
        if !reasons.is_empty() {
            self.requalified = Some(reasons.join("; "));
        }
        if falls {
            self.rewalk_test(works);
        }
    }

    /// Where the finding of this kind belongs.
    pub(super) fn found_mut(&mut self, kind: ComparisonKind) -> Option<&mut Option<Finding>> {
        match kind {
            ComparisonKind::Test => Some(&mut self.test_found),
            ComparisonKind::WallGuard => Some(&mut self.wall_found),
            ComparisonKind::Guard => Some(&mut self.guards_found),
            ComparisonKind::Confirmation => Some(&mut self.confirmation_found),
            ComparisonKind::SecondConfirmation => Some(&mut self.second_found),
            ComparisonKind::Repeat
            | ComparisonKind::Goal
            | ComparisonKind::Final
            | ComparisonKind::Family
            | ComparisonKind::Noise => None,
        }
    }

    /// A base that fails says nothing about the proposal: the run cannot go on.
    pub(super) fn environment_failed(&self) -> Option<StopReason> {
        let builds = [&self.built, &self.fresh];
        let detail = builds.into_iter().flatten().find_map(|outcome| match outcome {
            BuildOutcome::BaseFailed { detail } => Some(detail.clone()),
            _ => None,
        });
        let launches = match self.shared.failure() {
            Some((Failures::Void, detail)) => Some(detail),
            _ => None,
        };
        detail.or(launches).map(|detail| StopReason::Environment { detail })
    }
}
