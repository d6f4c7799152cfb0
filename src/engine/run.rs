//! The state of a run: rebuilt from its records, and nothing but its records.
//!
//! [`Run::ready`] is pure and total; [`Run::apply`] refuses what does not answer a ready step. What is due
//! is worked out in `next`, what a proposal needs in `gate`. Start at [`Run`].

use std::collections::BTreeMap;

use crate::model::id::{Iteration, Revision};
use crate::model::proposal::TurnEnd;
use crate::model::verdict::{HoldReason, StopReason, Verdict};
use crate::stats::coin::ComparisonKind;
use crate::stats::estimate::Estimate;
use crate::stats::goal::GoalState;

use super::brief::Attempt;
use super::budget::Spent;
use super::comparison::{Comparison, Shared};
use super::finding::Finding;
use super::gate::Gate;
use super::judge;
use super::measure::BuiltTree;
use super::reading::requalify;
use super::record::{
    BuildOutcome, Calibrated, Calibration, Entry, Header, Judged, Prepared, ProfileOutcome, Record,
    StreamState,
};
use super::step::{BuildRound, Question, Source, Step};

/// A record that answers nothing that was asked.
#[derive(Debug, thiserror::Error)]
#[error("record {record:?} does not answer the step that is due: {due}")]
pub struct OutOfOrder {
    /// Kind of the record.
    pub record: &'static str,
    /// What was due.
    pub due: String,
}

/// A run as its records tell it.
#[derive(Debug, Clone)]
pub struct Run {
    pub(super) header: Header,
    pub(super) prepared: Option<Prepared>,
    /// Works of the original: HEAD against ORIGINAL is measured with these.
    pub(super) original_works: Vec<Calibrated>,
    /// Works of the head.
    pub(super) works: Vec<Calibrated>,
    pub(super) calibration_failed: Option<String>,
    pub(super) smallest_provable: f64,
    pub(super) needs_calibration: bool,
    pub(super) profile: Option<ProfileOutcome>,
    pub(super) head: Revision,
    pub(super) head_built: Option<BuiltTree>,
    /// Effects of what landed, from fresh pairs.
    pub(super) kept: Vec<Estimate>,
    pub(super) stream: StreamState,
    pub(super) attempts: Vec<Attempt>,
    pub(super) held: BTreeMap<Iteration, Gate>,
    pub(super) gate: Option<Gate>,
    pub(super) last_iteration: Iteration,
    pub(super) rejections: BTreeMap<String, u32>,
    pub(super) rejected_kinds: BTreeMap<String, u32>,
    pub(super) hints: Vec<String>,
    pub(super) accepts: Vec<(Iteration, String)>,
    pub(super) goal: Option<Comparison>,
    pub(super) goals_checked: u32,
    pub(super) goal_state: Option<GoalState>,
    pub(super) needs_goal_check: bool,
    pub(super) last_number: Option<Comparison>,
    pub(super) last_found: Option<Finding>,
    pub(super) shared: Shared,
    pub(super) agent_failures: u32,
    pub(super) stopping: Option<StopReason>,
    pub(super) stopped: Option<StopReason>,
    pub(super) spent: Spent,
    due: Option<Step>,
}

impl Run {
    /// A run that has only begun.
    pub fn new(header: Header) -> Self {
        let (head, stream) = (header.original, header.stream);
        let mut run = Self {
            header,
            prepared: None,
            original_works: Vec::new(),
            works: Vec::new(),
            calibration_failed: None,
            smallest_provable: 0.0,
            needs_calibration: true,
            profile: None,
            head,
            head_built: None,
            kept: Vec::new(),
            stream,
            attempts: Vec::new(),
            held: BTreeMap::new(),
            gate: None,
            last_iteration: Iteration(0),
            rejections: BTreeMap::new(),
            rejected_kinds: BTreeMap::new(),
            hints: Vec::new(),
            accepts: Vec::new(),
            goal: None,
            goals_checked: 0,
            goal_state: None,
            needs_goal_check: false,
            last_number: None,
            last_found: None,
            shared: Shared::default(),
            agent_failures: 0,
            stopping: None,
            stopped: None,
            spent: Spent::default(),
            due: None,
        };
        run.due = run.next();
        run
    }

    /// Rebuilds a run from its records, the first of which must be [`Record::Started`].
    pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<Self, OutOfOrder> {
        let mut entries = entries.into_iter();
        let mut run = match entries.next().map(|entry| &entry.record) {
            Some(Record::Started(header)) => Self::new((**header).clone()),
            Some(other) => return Err(OutOfOrder { record: other.kind(), due: "started".to_owned() }),
            None => return Err(OutOfOrder { record: "nothing", due: "started".to_owned() }),
        };
        for entry in entries {
            run.apply(entry)?;
        }
        Ok(run)
    }

    /// The steps that may be done now; empty when the run has ended.
    pub fn ready(&self) -> Vec<Step> {
        self.due.clone().into_iter().collect()
    }

    /// Takes what happened; a record that answers no ready step is refused and changes nothing.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), OutOfOrder> {
        let record = &entry.record;
        let is_message =
            matches!(record, Record::Hinted { .. } | Record::AcceptAsked { .. } | Record::Interrupted { .. });
        if !is_message && !self.due.as_ref().is_some_and(|step| answers(step, record)) {
            let due = self.due.as_ref().map_or_else(|| "nothing, the run has ended".to_owned(), name);
            return Err(OutOfOrder { record: record.kind(), due });
        }
        self.spent.time += entry.took;
        self.take(record, entry);
        self.due = self.next();
        Ok(())
    }

    /// What a pure question is answered with.
    pub fn judge(&self, question: Question) -> Option<Record> {
        match question {
            Question::Proposal { .. } => {
                let gate = self.gate.as_ref()?;
                Some(Record::Judged(judge::verdict(gate, &self.header.policy, self.guard_works())))
            }
            Question::Comparison { comparison: id } => {
                let policy = &self.header.policy;
                let finding = match id.kind {
                    ComparisonKind::Goal => judge::finding(self.goal.as_ref()?, None, &self.shared, policy),
                    ComparisonKind::Final => {
                        judge::finding(self.last_number.as_ref()?, None, &self.shared, policy)
                    }
                    kind => {
                        let mut gate = self.gate.clone()?;
                        let test = gate.test.clone();
                        let (comparison, shared) = gate.comparison_mut(kind)?;
                        judge::finding(comparison, test.as_ref(), shared, policy)
                    }
                };
                Some(Record::Found(super::record::Found { comparison: id, finding }))
            }
        }
    }

    fn take(&mut self, record: &Record, entry: &Entry) {
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
            Record::Built(built) => self.with_gate(|gate| match built.round {
                BuildRound::First => gate.built = Some(built.outcome.clone()),
                BuildRound::Fresh => gate.fresh = Some(built.outcome.clone()),
            }),
            Record::Tested(tested) => self.with_gate(|gate| gate.tested.push(tested.clone())),
            Record::Measured(measured) => self.take_pairs(measured, entry),
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
            Record::Started(_) | Record::Interrupted { .. } => {}
        }
    }

    fn with_gate(&mut self, change: impl FnOnce(&mut Gate)) {
        if let Some(gate) = &mut self.gate {
            change(gate);
        }
    }

    fn take_calibration(&mut self, calibration: &Calibration) {
        match calibration {
            Calibration::Ready { benchmarks, smallest_provable } => {
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

    fn take_turn(&mut self, proposed: &super::record::Proposed) {
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

    fn take_pairs(&mut self, measured: &super::measure::Measured, entry: &Entry) {
        match measured.comparison.kind {
            ComparisonKind::Goal => take_into(self.goal.as_mut(), measured, &mut self.shared),
            ComparisonKind::Final => take_into(self.last_number.as_mut(), measured, &mut self.shared),
            kind => {
                let Some(gate) = &mut self.gate else { return };
                if let Some((comparison, shared)) = gate.comparison_mut(kind) {
                    comparison.take(measured, shared);
                }
                if kind == ComparisonKind::Test {
                    gate.measured_for += entry.took;
                }
                if measured.opens_a_candidate() {
                    gate.requalify();
                    gate.in_stream = true;
                    self.stream.tried += 1;
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

fn take_into(comparison: Option<&mut Comparison>, measured: &super::measure::Measured, shared: &mut Shared) {
    if let Some(comparison) = comparison {
        comparison.take(measured, shared);
    }
}

impl Gate {
    /// Measures a candidate in wall time from pair 1 on if it does not qualify for CPU time.
    fn requalify(&mut self) {
        let Some(test) = &self.test else { return };
        let mut works = test.setting().works.clone();
        let mut reasons = Vec::new();
        for (at, calibrated) in works.iter_mut().enumerate() {
            if let Some(choice) = requalify(test.pairs(), at, calibrated) {
                calibrated.instrument = choice.instrument;
                calibrated.reason.clone_from(&choice.reason);
                reasons.push(format!("{}: {}", calibrated.work.benchmark, choice.reason));
            }
        }
        if !reasons.is_empty() {
            self.requalified = Some(reasons.join("; "));
            self.rewalk_test(works);
        }
    }
}

/// What the next brief says of a proposal.
fn attempt(gate: &Gate, outcome: &str) -> Attempt {
    let report = gate.turn.as_ref().and_then(|turn| turn.report.as_ref());
    Attempt {
        iteration: gate.iteration,
        hypothesis: report.map_or_else(String::new, |report| report.hypothesis.clone()),
        hotspot: gate.hotspot.clone(),
        outcome: outcome.to_owned(),
        detail: gate.judged.as_ref().map_or_else(String::new, detail),
        diff: None,
    }
}

/// The reason and the effect of a verdict, for the next try.
fn detail(judged: &Judged) -> String {
    let reason = match &judged.verdict {
        Verdict::Accepted => String::new(),
        Verdict::Rejected { reason } => reason.to_string(),
        Verdict::Held { reasons } => reasons.iter().map(HoldReason::to_string).collect::<Vec<_>>().join("; "),
    };
    let effect = judged.effect.as_ref().map(|effect| format!("measured {}", super::words::effect(effect)));
    [Some(reason).filter(|reason| !reason.is_empty()), effect]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
}

/// Whether the record is an answer to the step.
fn answers(step: &Step, record: &Record) -> bool {
    match (step, record) {
        (Step::Prepare { .. }, Record::Prepared(_))
        | (Step::Calibrate { .. }, Record::Calibrated(_))
        | (Step::Stop(_), Record::Stopped { .. }) => true,
        (Step::Profile { iteration, .. }, Record::Profiled(profiled)) => *iteration == profiled.iteration,
        (Step::Propose { iteration, .. }, Record::Proposed(proposed)) => *iteration == proposed.iteration,
        (Step::Inspect { iteration, .. }, Record::Inspected(inspected)) => *iteration == inspected.iteration,
        (Step::Build { iteration, round, .. }, Record::Built(built)) => {
            (*iteration, *round) == (built.iteration, built.round)
        }
        (Step::Test { iteration, tree, scope, .. }, Record::Tested(tested)) => {
            (*iteration, *tree, *scope) == (tested.iteration, tested.tree, tested.scope)
        }
        (Step::Measure(measure), Record::Measured(measured)) => {
            measure.comparison == measured.comparison
                && measure.pairs.first().map(|pair| pair.pair) == Some(measured.from_pair)
        }
        (Step::Judge(Question::Comparison { comparison }), Record::Found(found)) => {
            *comparison == found.comparison
        }
        (Step::Judge(Question::Proposal { iteration }), Record::Judged(judged)) => {
            *iteration == judged.iteration
        }
        (Step::Land { iteration, .. }, Record::Landed(landed)) => *iteration == landed.iteration,
        (Step::SetAside { iteration, .. }, Record::SetAside(aside)) => *iteration == aside.iteration,
        _ => false,
    }
}

/// The step by name, for messages.
pub fn name(step: &Step) -> String {
    match step {
        Step::Prepare { .. } => "prepare".to_owned(),
        Step::Calibrate { .. } => "calibrate".to_owned(),
        Step::Profile { .. } => "profile".to_owned(),
        Step::Propose { iteration, .. } => format!("propose {iteration}"),
        Step::Inspect { iteration, .. } => format!("inspect {iteration}"),
        Step::Build { iteration, .. } => format!("build {iteration}"),
        Step::Test { iteration, .. } => format!("test {iteration}"),
        Step::Measure(measure) => {
            format!("measure {:?} of {}", measure.comparison.kind, measure.comparison.iteration)
        }
        Step::Judge(question) => format!("judge {question:?}"),
        Step::Land { iteration, .. } => format!("land {iteration}"),
        Step::SetAside { iteration, .. } => format!("set aside {iteration}"),
        Step::Stop(reason) => format!("stop {reason:?}"),
    }
}
