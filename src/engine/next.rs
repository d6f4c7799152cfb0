//! What a run does next: the order of things above single proposals.
//!
//! Preparation, then proposals one after another through their gates, goal checks after landings, and at
//! the end the final number. Start at [`Run::next`].

use crate::model::hotspot::Hotspot;
use crate::model::id::Iteration;
use crate::model::verdict::{StopReason, Verdict};
use crate::policy::value::Alpha;
use crate::stats::coin::ComparisonKind;
use crate::stats::counters;
use crate::stats::failures::Failures;
use crate::stats::goal::{self, GoalProof, GoalState};
use crate::stats::instrument::Instrument;
use crate::stats::lond::{LARGEST_ALPHA, Stream};
use crate::stats::sequential::AfterFutility;

use super::comparison::{Comparison, Setting, Shared, Walk, target};
use super::gate::{Gate, Manner, Setup, profiling};
use super::landing::landing;
use super::measure::{BuiltTree, ComparisonId};
use super::record::{
    BuildOutcome, Calibrated, JudgeLanding, Prepared, ProfileOutcome, Pursuit, SuiteBaseline,
};
use super::run::Run;
use super::step::{Question, Source, Step};

/// Pairs of the final number.
const FINAL_PAIRS: usize = 20;
/// Rejections after which a hotspot is offered no more.
const DROPPED_AFTER: u32 = 2;

impl Run {
    pub(super) fn next(&mut self) -> Option<Step> {
        if self.stopped.is_some() && self.accepts.is_empty() && self.gate.is_none() {
            return None;
        }
        if let Pursuit::Compare { candidate, asked } = self.header.pursuit {
            return self.next_of_family(candidate, asked);
        }
        if let Some(step) = self.next_of_preparation() {
            return Some(step);
        }
        if let Some(step) = self.next_of_noise() {
            return Some(step);
        }
        if let Some(step) = self.next_of_gate() {
            return Some(step);
        }
        if self.take_next_accept() {
            return self.next_of_gate();
        }
        if self.stopped.is_some() {
            return None;
        }
        if let Some(step) = self.next_of_goal() {
            return Some(step);
        }
        if let Some(reason) = self.stop_reason() {
            // What ends for want of proposals or of the reason for more still owes its controls.
            let in_time = !self.spent.out_of_time(&self.header.plan.budget) && self.last_found.is_none();
            let failed = matches!(reason, StopReason::AgentFailed { .. });
            match self.next_control().filter(|_| in_time && !failed && self.last_number.is_none()) {
                Some(control) => self.open_control(control),
                None => return Some(self.finish(reason)),
            }
            return self.next_of_gate();
        }
        if let Some(control) = self.control_due() {
            self.open_control(control);
            return self.next_of_gate();
        }
        if let Pursuit::Judge { source, .. } = self.header.pursuit.clone() {
            self.last_iteration = Iteration(1);
            self.open_gate(source);
            return self.next_of_gate();
        }
        let iteration = Iteration(self.last_iteration.0 + 1);
        Some(Step::Propose { iteration, base: self.head, brief: Box::new(self.brief(iteration)) })
    }

    fn next_of_preparation(&mut self) -> Option<Step> {
        let built = match &self.prepared {
            None => return Some(Step::Prepare { original: self.header.original }),
            Some(Prepared::Failed { detail }) => {
                return Some(self.finish(StopReason::OriginalFails { detail: detail.clone() }));
            }
            Some(Prepared::Sound { original, .. }) => *original,
        };
        if let Some(detail) = self.calibration_failed.clone() {
            return Some(self.finish(StopReason::OriginalFails { detail }));
        }
        if self.needs_calibration && self.gate.is_none() {
            let subject = self.head_built.unwrap_or(built);
            let wanted = &self.header.target;
            let benchmarks = wanted.benchmarks.iter().chain(&wanted.guards).cloned().collect();
            return Some(Step::Calibrate { subject, benchmarks, alpha: self.alpha() });
        }
        if self.profile.is_none() && !matches!(self.header.pursuit, Pursuit::Calibrate { .. }) {
            return Some(profiling(self.works.first()?, (built, None), None));
        }
        None
    }

    /// Pairs of the original with itself, where `calibrate` wants some; nothing is concluded from them.
    fn next_of_noise(&mut self) -> Option<Step> {
        let Pursuit::Calibrate { pairs, .. } = self.header.pursuit else { return None };
        let built = self.head_built?;
        let targets = self.header.target.benchmarks.len().min(self.works.len());
        let (works, wanted) = (&self.works[..targets], usize::try_from(pairs).unwrap_or(usize::MAX));
        let noise = self.noise.get_or_insert_with(|| {
            let id = ComparisonId { kind: ComparisonKind::Noise, iteration: Iteration(0) };
            let walk = Walk::Collect { target: target(works.len()), wanted };
            Comparison::new(Setting::plain(id, (built, built), works), walk)
        });
        let out_of_time = self.spent.out_of_time(&self.header.plan.budget);
        let due = !noise.is_over(&self.shared) && !out_of_time;
        due.then(|| Step::Measure(Box::new(noise.due(&self.header.key))))
    }

    fn next_of_gate(&mut self) -> Option<Step> {
        let mut gate = self.gate.take()?;
        let step = self.step_of(&mut gate);
        self.gate = Some(gate);
        Some(step)
    }

    fn step_of(&mut self, gate: &mut Gate) -> Step {
        if let Some(reason) = gate.environment_failed() {
            return self.finish(reason);
        }
        let Some(judged) = &gate.judged else { return gate.due(self.setup()) };
        let iteration = gate.iteration;
        // A judgement lands nothing by itself, but what a person accepts afterwards.
        let lands = gate.accepted_by.is_some()
            || !matches!(self.header.pursuit, Pursuit::Judge { landing: JudgeLanding::VerdictOnly, .. });
        if gate.control().is_some() {
            return Step::SetAside { iteration, candidate: None, verdict: judged.verdict.clone() };
        }
        match (gate.candidate(), judged.effect, &judged.verdict) {
            (Some(candidate), Some(effect), Verdict::Accepted) if lands => {
                let landing = Box::new(landing(&self.header, gate, effect, &self.works));
                Step::Land { iteration, head: self.head, candidate, landing }
            }
            (candidate, _, verdict) => Step::SetAside { iteration, candidate, verdict: verdict.clone() },
        }
    }

    fn setup(&self) -> Setup<'_> {
        let suites: &[SuiteBaseline] = match &self.prepared {
            Some(Prepared::Sound { suites, .. }) => suites,
            _ => &[],
        };
        let targets = self.header.target.benchmarks.len().min(self.works.len());
        Setup {
            policy: &self.header.policy,
            key: &self.header.key,
            target: &self.works[..targets],
            guards: &self.works[targets..],
            suites,
            plan: &self.header.plan,
            profile: self.profile.as_ref(),
            out_of_time: self.spent.out_of_time(&self.header.plan.budget),
        }
    }

    /// The alpha of the next candidate (A.7).
    pub(super) fn alpha(&self) -> f64 {
        let policy = &self.header.policy;
        match policy.alpha.value {
            Alpha::Lond => Stream { tested: self.stream.tried, landed: self.stream.landed }
                .alpha(policy.false_discovery.value.get()),
            Alpha::Fixed => LARGEST_ALPHA,
        }
    }

    /// Opens the gate of the last iteration. Its alpha is fixed here, before its first pair.
    pub(super) fn open_gate(&mut self, source: Source) {
        let alpha = self.alpha();
        let after_futility = self.after_futility();
        self.gate = Some(Gate::new(self.last_iteration, self.head, source, Manner { after_futility, alpha }));
    }

    /// What follows a futile look, by what is pursued.
    pub(super) fn after_futility(&self) -> AfterFutility {
        match self.header.pursuit {
            Pursuit::Loop | Pursuit::Calibrate { .. } => AfterFutility::Stop,
            Pursuit::Judge { .. } | Pursuit::Compare { .. } => AfterFutility::PursueRegression,
        }
    }

    /// Opens the gate of the next held proposal that a person accepts, if there is one.
    fn take_next_accept(&mut self) -> bool {
        while !self.accepts.is_empty() {
            let (iteration, by) = self.accepts.remove(0);
            let Some(held) = self.held.get(&iteration).cloned() else { continue };
            let Some(Verdict::Held { reasons }) = held.judged.as_ref().map(|judged| judged.verdict.clone())
            else {
                continue;
            };
            let Some(candidate) = held.candidate() else { continue };
            // What does not build without what it adds was never measured.
            let unbuilt = matches!(held.built, Some(BuildOutcome::NeedsAdditions { .. }));
            if held.base == self.head && !unbuilt {
                let mut gate = held;
                gate.accepted_by = Some((by, reasons));
                if let Some(judged) = &mut gate.judged {
                    judged.verdict = Verdict::Accepted;
                }
                self.gate = Some(gate);
            } else {
                self.last_iteration = Iteration(self.last_iteration.0 + 1);
                let base = held.base.commit;
                let whole = held.inspected.as_ref().filter(|_| unbuilt).and_then(|inspected| inspected.whole);
                self.open_gate(Source::Held { iteration, base, candidate: candidate.commit, whole });
                if let Some(gate) = &mut self.gate {
                    gate.accepted_by = Some((by, reasons));
                    gate.turn.clone_from(&held.turn);
                }
            }
            return true;
        }
        false
    }

    /// HEAD against ORIGINAL, after a landing that may have reached the goal.
    fn next_of_goal(&mut self) -> Option<Step> {
        let wanted = self.wanted_reduction()?;
        if self.needs_goal_check {
            self.needs_goal_check = false;
            if goal::worth_checking(wanted, &self.kept) {
                self.goals_checked += 1;
                self.shared = Shared::default();
                let proof =
                    GoalProof::new(wanted, self.goals_checked, target(self.header.target.benchmarks.len()));
                self.goal = self.against_original(ComparisonKind::Goal, Walk::Goal(Box::new(proof)));
            }
        }
        let comparison = self.goal.as_ref()?;
        let setup = self.setup();
        if comparison.is_over(&self.shared) || setup.out_of_time {
            return Some(Step::Judge(Question::Comparison { comparison: comparison.id() }));
        }
        Some(Step::Measure(Box::new(comparison.due(setup.key))))
    }

    /// The goal as a reduction of the original's cost; an absolute one is measured against what the
    /// original was calibrated to cost per operation, in nanoseconds.
    pub(super) fn wanted_reduction(&self) -> Option<f64> {
        let goal = self.header.goal?;
        let first = self.original_works.first()?;
        Some(goal.reduction_from(first.cost_per_iteration()))
    }

    fn against_original(&self, kind: ComparisonKind, walk: Walk) -> Option<Comparison> {
        let Some(Prepared::Sound { original, .. }) = &self.prepared else { return None };
        let id = ComparisonId { kind, iteration: self.last_iteration };
        let sides: (BuiltTree, BuiltTree) = (*original, self.head_built?);
        let targets = self.header.target.benchmarks.len().min(self.original_works.len());
        // ORIGINAL's work; where HEAD no longer runs as ORIGINAL does, wall time is what both have.
        let mut works = self.original_works[..targets].to_vec();
        for (work, of_head) in works.iter_mut().zip(&self.works) {
            if work.instrument != of_head.instrument {
                work.instrument = Instrument::Wall;
                work.reason = format!("HEAD does not qualify for another instrument: {}", of_head.reason);
            }
        }
        let plain = Setting::plain(id, sides, &works);
        let setting = if kind == ComparisonKind::Final { plain.changed() } else { plain };
        Some(Comparison::new(setting, walk))
    }

    fn stop_reason(&self) -> Option<StopReason> {
        if let Some(reason) = &self.stopping {
            return Some(self.estimated_or(reason.clone()));
        }
        if matches!(self.header.pursuit, Pursuit::Calibrate { .. }) {
            return Some(self.calibrated());
        }
        if matches!(self.header.pursuit, Pursuit::Judge { .. }) {
            return (self.last_iteration.0 > 0).then_some(StopReason::Judged);
        }
        let exhausted = self.spent.exhausted(&self.header.plan.budget);
        match self.goal_state {
            Some(GoalState::Proven) => return Some(StopReason::GoalReached),
            Some(GoalState::Estimated | GoalState::EstimatedOnly) if exhausted.is_some() => {
                return Some(StopReason::GoalEstimated);
            }
            _ => {}
        }
        let nothing = || self.nothing_to_attack().then_some(StopReason::NoActionableHotspot);
        exhausted.or_else(nothing).map(|reason| self.estimated_or(reason))
    }

    /// How `calibrate` ends: with its time, its base, or all that was asked for.
    fn calibrated(&self) -> StopReason {
        if let Some((Failures::Void, detail)) = self.shared.failure() {
            return StopReason::Environment { detail };
        }
        if self.spent.out_of_time(&self.header.plan.budget) {
            StopReason::Budget { which: "time".to_owned() }
        } else {
            StopReason::Calibrated
        }
    }

    /// A run that ends for want of proposals at a HEAD whose estimate is at the goal has reached it, by estimate.
    fn estimated_or(&self, reason: StopReason) -> StopReason {
        let by_estimate = matches!(self.goal_state, Some(GoalState::Estimated | GoalState::EstimatedOnly));
        match reason {
            StopReason::NothingMore | StopReason::NoActionableHotspot if by_estimate => {
                StopReason::GoalEstimated
            }
            reason => reason,
        }
    }

    /// The final number where something landed, then the end.
    fn finish(&mut self, reason: StopReason) -> Step {
        self.stopping = Some(reason.clone());
        let sound = !matches!(reason, StopReason::Environment { .. } | StopReason::OriginalFails { .. });
        let in_loop = self.header.pursuit == Pursuit::Loop;
        if sound && in_loop && !self.kept.is_empty() && self.last_found.is_none() {
            if self.last_number.is_none() {
                self.shared = Shared::default();
                let walk = Walk::Collect {
                    target: target(self.header.target.benchmarks.len()),
                    wanted: self.final_pairs(),
                };
                self.last_number = self.against_original(ComparisonKind::Final, walk);
            }
            if let Some(comparison) = &self.last_number {
                return if comparison.is_over(&self.shared) {
                    Step::Judge(Question::Comparison { comparison: comparison.id() })
                } else {
                    Step::Measure(Box::new(comparison.due(&self.header.key)))
                };
            }
        }
        Step::Stop(reason)
    }

    /// Pairs of the final number; of a count that never varies as few as decide (A.10).
    fn final_pairs(&self) -> usize {
        let counted = |work: &Calibrated| work.cost_from.counts() && work.noise <= 0.0;
        if self.original_works.iter().all(counted) { counters::LAUNCHES } else { FINAL_PAIRS }
    }

    /// The hotspot the next brief offers: the largest bound that is not dropped.
    pub(super) fn offered_hotspot(&self) -> Option<&Hotspot> {
        self.actionable().next()
    }

    fn actionable(&self) -> impl Iterator<Item = &Hotspot> {
        let hotspots: &[Hotspot] = match &self.profile {
            Some(ProfileOutcome::Read { hotspots, .. }) => hotspots,
            _ => &[],
        };
        let least = self.header.policy.min_effect.value.get();
        hotspots.iter().filter(move |hotspot| {
            let dropped = self.rejections.get(&hotspot.name).is_some_and(|count| *count >= DROPPED_AFTER);
            hotspot.user_code && hotspot.bound >= least && !dropped
        })
    }

    /// Whether a profile was read and no frame of it is worth attacking. By the rule of three it takes 3/x samples
    /// to say with 95 % confidence that what none of them shows has less than the share x.
    fn nothing_to_attack(&self) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a number of samples against some sixty")]
        let tells = |samples: u64| samples as f64 * self.header.policy.min_effect.value.get() >= 3.0;
        matches!(self.profile, Some(ProfileOutcome::Read { samples, .. }) if tells(samples))
            && self.actionable().next().is_none()
    }
}
