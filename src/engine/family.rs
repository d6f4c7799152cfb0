//! `compare` and `gate`: two trees built once, every benchmark of them measured until it is decided.
//!
//! The order of the acts of such a run, and what of it outlives a step. Nothing is inspected, tested or landed:
//! both sides are the user's own. Not here: the evidence ([`crate::stats::family`]). Start at
//! `Run::next_of_family`.

use crate::model::id::{Iteration, Revision};
use crate::model::verdict::StopReason;
use crate::stats::coin::ComparisonKind;
use crate::stats::family::{Asked, Family, FamilyRule};
use crate::stats::pair::log_effect;

use super::comparison::{Comparison, FamilyWalk, Setting, Shared, Walk};
use super::finding::Finding;
use super::measure::{BuiltTree, ComparisonId};
use super::reading::requalify;
use super::record::{BuildOutcome, Calibrated, Prepared};
use super::run::Run;
use super::step::{BuildRound, Question, Step};

/// The one comparison of such a run.
const ONLY: ComparisonId = ComparisonId { kind: ComparisonKind::Family, iteration: Iteration(1) };

/// What is known of the two sides.
#[derive(Debug, Clone, Default)]
pub(super) struct TwoSides {
    /// What came of building them.
    pub built: Option<BuildOutcome>,
    /// The evidence.
    pub comparison: Option<Comparison>,
    /// What it says, once it is over.
    pub found: Option<Finding>,
}

impl TwoSides {
    /// More time was given: what was built may be gone, what was measured is kept.
    pub(super) fn reopen(&mut self) {
        (self.built, self.found) = (None, None);
    }
}

impl Run {
    /// What is due of a comparison with this revision.
    pub(super) fn next_of_family(&mut self, candidate: Revision, asked: Asked) -> Option<Step> {
        if self.stopped.is_some() {
            return None;
        }
        let base = self.header.original;
        match &self.prepared {
            None => return Some(Step::Prepare { original: base }),
            Some(Prepared::Failed { detail }) => {
                return Some(Step::Stop(StopReason::OriginalFails { detail: detail.clone() }));
            }
            Some(Prepared::Sound { .. }) => {}
        }
        let (base_built, candidate_built) = match &self.two_sides.built {
            None => {
                let (iteration, round) = (ONLY.iteration, BuildRound::First);
                return Some(Step::Build { iteration, base, candidate, round, whole: None });
            }
            Some(BuildOutcome::Ready { same_code: Some(true), .. })
                if self.header.policy.code_identity.value =>
            {
                return Some(Step::Stop(StopReason::Compared));
            }
            Some(BuildOutcome::Ready { base, candidate, .. }) => (*base, *candidate),
            Some(BuildOutcome::BaseFailed { detail }) => {
                return Some(Step::Stop(StopReason::OriginalFails { detail: detail.clone() }));
            }
            Some(BuildOutcome::CandidateFailed { detail } | BuildOutcome::NeedsAdditions { detail }) => {
                return Some(Step::Stop(StopReason::CandidateFails { detail: detail.clone() }));
            }
        };
        if let Some(detail) = self.calibration_failed.clone() {
            return Some(Step::Stop(StopReason::OriginalFails { detail }));
        }
        if self.needs_calibration {
            let benchmarks = self.header.target.benchmarks.clone();
            return Some(Step::Calibrate { subject: base_built, benchmarks, alpha: self.alpha() });
        }
        Some(self.due_of_family((base_built, candidate_built), asked))
    }

    /// Pairs until every benchmark is decided or the time is up, then the finding, then the end.
    fn due_of_family(&mut self, (base, candidate): (BuiltTree, BuiltTree), asked: Asked) -> Step {
        let out_of_time = self.spent.out_of_time(&self.header.plan.budget);
        let policy = &self.header.policy;
        let rule = FamilyRule {
            asked,
            margin: policy.guard_margin.value.get(),
            theta0: log_effect(policy.min_effect.value.get()),
        };
        let works = &self.works;
        let comparison = self.two_sides.comparison.get_or_insert_with(|| {
            let ticks: Vec<f64> = works.iter().map(Calibrated::tick).collect();
            let walk = FamilyWalk { family: Family::new(rule, &ticks), failed: vec![None; works.len()] };
            Comparison::new(Setting::plain(ONLY, (base, candidate), works), Walk::Family(Box::new(walk)))
        });
        comparison.rebuilt(base, candidate);
        let over = comparison.is_over(&Shared::default());
        match &self.two_sides.found {
            Some(_) if over => Step::Stop(StopReason::Compared),
            Some(_) => Step::Stop(StopReason::Budget { which: "time".to_owned() }),
            None if over || out_of_time => Step::Judge(Question::Comparison { comparison: ONLY }),
            None => Step::Measure(Box::new(comparison.due(&self.header.key))),
        }
    }
}

impl Run {
    /// Reads benchmarks in wall time, from their first pair on, that do not qualify for CPU time on both sides
    /// (A.9): by their first pairs with threads sampled.
    pub(super) fn requalify_family(&mut self) {
        let Some(comparison) = &self.two_sides.comparison else { return };
        let mut works = comparison.setting().works.clone();
        let mut falls = false;
        for (at, calibrated) in works.iter_mut().enumerate() {
            if let Some(choice) = requalify(comparison.pairs(), at, calibrated) {
                (calibrated.instrument, calibrated.reason) = (choice.instrument, choice.reason);
                falls = true;
            }
        }
        let Walk::Family(walk) = comparison.walk() else { return };
        if !falls {
            return;
        }
        let ticks: Vec<f64> = works.iter().map(Calibrated::tick).collect();
        let fresh = FamilyWalk { family: walk.family.again(&ticks), failed: vec![None; works.len()] };
        if let Some(comparison) = self.two_sides.comparison.take() {
            let again = comparison.again(works, Walk::Family(Box::new(fresh)), &mut Shared::default());
            self.two_sides.comparison = Some(again);
        }
    }
}
