//! What each record changes in a run.
//!
//! Not here: whether the record was due (`answers`) and what is due next (`engine::next`).

use crate::engine::brief::attempt;
use crate::engine::comparison::{Comparison, Shared};
use crate::engine::finding::Finding;
use crate::engine::gate::Gate;
use crate::engine::measure::Measured;
use crate::engine::record::{BuildOutcome, Calibration, Entry, Prepared, Proposed, Record};
use crate::engine::step::{BuildRound, Source, Step};
use crate::model::bench::Instrument;
use crate::model::id::Revision;
use crate::model::proposal::TurnEnd;
use crate::model::verdict::{StopReason, Verdict};
use crate::stats::coin::ComparisonKind;

use super::Run;

impl Run {
    /// Takes what happened; the record was due.
    pub(super) fn take(&mut self, record: &Record, entry: &Entry) {
        match record {
            Record::Prepared(prepared) => {
                if let Prepared::Sound { original, .. } = prepared {
                    self.head_built = Some(*original);
                }
                self.prepared = Some(prepared.clone());
            }
            Record::Calibrated(calibration) => self.take_calibration(calibration),
            Record::Profiled(profiled) => {
                if let Some(gate) = self.gate.as_mut().filter(|_| profiled.iteration.is_some()) {
                    gate.profiled = Some(profiled.outcome.clone());
                } else {
                    self.profile = Some(profiled.outcome.clone());
                }
            }
            Record::Proposed(proposed) => self.take_turn(proposed),
            Record::Inspected(inspected) => self.with_gate(|gate| gate.inspected = Some(inspected.clone())),
            Record::Built(built) if self.gate.is_none() => self.two_sides.built = Some(built.outcome.clone()),
            Record::Built(built) => self.with_gate(|gate| match built.round {
                BuildRound::First => gate.built = Some(gate.as_seen(&built.outcome)),
                BuildRound::Fresh => gate.fresh = Some(built.outcome.clone()),
            }),
            Record::Tested(tested) => self.with_gate(|gate| gate.tested.push(tested.clone())),
            Record::Measured(measured) => {
                self.cuts = 0;
                self.take_pairs(measured, entry);
            }
            Record::Found(found) => self.take_finding(found.comparison.kind, &found.finding),
            Record::Judged(judged) => self.with_gate(|gate| gate.judged = Some(judged.clone())),
            Record::Landed(landed) => self.take_landing(landed.head),
            Record::SetAside(_) => self.take_setting_aside(),
            Record::Hinted { text } => self.hints.push(text.clone()),
            Record::AcceptAsked { iteration, by } => self.accepts.push((*iteration, by.clone())),
            Record::Stopped { reason } => {
                self.stopped = Some(reason.clone());
                // A gate that the environment stopped is over with the run.
                self.gate = None;
            }
            Record::Interrupted { .. } => self.take_cut(),
            Record::Extended { time } => {
                self.header.plan.budget.time = self.spent.time + *time;
                (self.stopped, self.prepared) = (None, None);
                self.two_sides.reopen();
            }
            Record::Started(_) => {}
        }
    }

    fn with_gate(&mut self, change: impl FnOnce(&mut Gate)) {
        if let Some(gate) = &mut self.gate {
            change(gate);
        }
    }

    fn take_calibration(&mut self, calibration: &Calibration) {
        match calibration {
            Calibration::Ready { benchmarks, smallest_provable, .. } => {
                if self.original_works.is_empty() {
                    self.original_works.clone_from(benchmarks);
                }
                self.works.clone_from(benchmarks);
                self.smallest_provable = *smallest_provable;
                self.needs_calibration = false;
            }
            Calibration::Failed { detail } => self.calibration_failed = Some(detail.clone()),
        }
    }

    fn take_turn(&mut self, proposed: &Proposed) {
        self.last_iteration = proposed.iteration;
        self.spent.add(&proposed.turn.tokens);
        match &proposed.turn.end {
            TurnEnd::Completed => {
                self.agent_failures = 0;
                self.spent.iterations += 1;
                self.open_gate(proposed.patch.map_or(Source::Agent, |artifact| Source::Patch { artifact }));
                let hotspot = self.offered_hotspot().map(|hotspot| hotspot.name.clone());
                self.with_gate(|gate| {
                    gate.turn = Some(proposed.turn.clone());
                    gate.hotspot = hotspot;
                });
            }
            TurnEnd::NothingMore => self.stopping = Some(StopReason::NothingMore),
            TurnEnd::Failed(failure) => {
                self.agent_failures += 1;
                if failure.is_final() || self.agent_failures > 1 {
                    self.stopping = Some(StopReason::AgentFailed { detail: failure.to_string() });
                }
            }
        }
    }

    fn take_pairs(&mut self, measured: &Measured, entry: &Entry) {
        match measured.comparison.kind {
            ComparisonKind::Goal => take_into(self.goal.as_mut(), measured, &mut self.shared),
            ComparisonKind::Final => take_into(self.last_number.as_mut(), measured, &mut self.shared),
            ComparisonKind::Noise => take_into(self.noise.as_mut(), measured, &mut self.shared),
            ComparisonKind::Family => {
                take_into(self.two_sides.comparison.as_mut(), measured, &mut self.shared);
                if self.header.plan.bench.instrument == Instrument::Auto {
                    self.requalify_family();
                }
            }
            kind => {
                let Some(gate) = &mut self.gate else { return };
                if let Some((comparison, shared)) = gate.comparison_mut(kind) {
                    comparison.take(measured, shared);
                }
                if kind == ComparisonKind::Test {
                    gate.measured_for += entry.took;
                    if self.header.plan.bench.instrument == Instrument::Auto {
                        gate.requalify();
                    }
                }
                if measured.opens_a_candidate() && gate.control().is_none() {
                    gate.in_stream = true;
                    self.stream.tried += 1;
                }
            }
        }
    }

    /// A pair cut by the driver's own end is run again with the same coin, once; cut a second time it has
    /// failed (A.3).
    fn take_cut(&mut self) {
        let Some(Step::Measure(measure)) = &self.due else { return };
        let kind = measure.comparison.kind;
        self.cuts += 1;
        if self.cuts < 2 {
            return;
        }
        self.cuts = 0;
        match kind {
            // A family's round that was cut says nothing of one of its benchmarks: the next one is drawn.
            ComparisonKind::Goal | ComparisonKind::Final | ComparisonKind::Family | ComparisonKind::Noise => {
                let of_head = match kind {
                    ComparisonKind::Goal => &mut self.goal,
                    ComparisonKind::Final => &mut self.last_number,
                    ComparisonKind::Noise => &mut self.noise,
                    _ => &mut self.two_sides.comparison,
                };
                if let Some(comparison) = of_head {
                    comparison.fail_next(&mut self.shared);
                }
            }
            kind => {
                if let Some((comparison, shared)) =
                    self.gate.as_mut().and_then(|gate| gate.comparison_mut(kind))
                {
                    comparison.fail_next(shared);
                }
            }
        }
    }

    fn take_finding(&mut self, kind: ComparisonKind, finding: &Finding) {
        match (kind, finding) {
            (ComparisonKind::Goal, Finding::Goal { state, .. }) => {
                self.goal_state = Some(*state);
                self.goal = None;
            }
            (ComparisonKind::Goal, _) => self.goal = None,
            (ComparisonKind::Final, _) => self.last_found = Some(finding.clone()),
            (ComparisonKind::Family, _) => self.two_sides.found = Some(finding.clone()),
            _ => self.with_gate(|gate| {
                if let Some(slot) = gate.found_mut(kind) {
                    *slot = Some(finding.clone());
                }
            }),
        }
    }

    fn take_landing(&mut self, head: Revision) {
        let Some(gate) = self.gate.take() else { return };
        self.held.remove(&gate.iteration);
        self.attempts.push(attempt(&gate, "accepted"));
        self.kept.extend(gate.judged.as_ref().and_then(|judged| judged.effect));
        self.head = head;
        if let Some(BuildOutcome::Ready { candidate, .. }) = gate.fresh.as_ref().or(gate.built.as_ref()) {
            self.head_built = Some(*candidate);
        }
        if let Some(outcome) = gate.profiled {
            self.profile = Some(outcome);
        }
        self.stream.landed += 1;
        self.spent.since_landing = 0;
        self.rejections.clear();
        self.needs_calibration = true;
        self.needs_goal_check = true;
        self.last_number = None;
        self.last_found = None;
    }

    fn take_setting_aside(&mut self) {
        let Some(gate) = self.gate.take() else { return };
        if let Some(control) = gate.control() {
            self.controls.take(control, gate.judged.as_ref().map(|judged| &judged.verdict));
            return;
        }
        let outcome = match gate.judged.as_ref().map(|judged| &judged.verdict) {
            Some(Verdict::Rejected { reason }) => reason.kind(),
            Some(Verdict::Held { .. }) => "held",
            _ => "accepted, not landed",
        };
        self.attempts.push(attempt(&gate, outcome));
        *self.rejected_kinds.entry(outcome.to_owned()).or_default() += 1;
        self.spent.since_landing += 1;
        if let Some(hotspot) = &gate.hotspot {
            *self.rejections.entry(hotspot.clone()).or_default() += 1;
        }
        if outcome == "held" {
            self.held.insert(gate.iteration, gate);
        }
    }
}

fn take_into(comparison: Option<&mut Comparison>, measured: &Measured, shared: &mut Shared) {
    if let Some(comparison) = comparison {
        comparison.take(measured, shared);
    }
}
