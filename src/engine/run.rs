//! The state of a run: rebuilt from its records, and nothing but its records.
//!
//! [`Run::ready`] is pure and total; [`Run::apply`] refuses what does not answer a ready step. What is due
//! is worked out in `next`, what a proposal needs in `gate`. Start at [`Run`].

mod answers;
mod take;

use std::collections::BTreeMap;

use crate::model::id::{Iteration, Revision};
use crate::model::verdict::StopReason;
use crate::stats::coin::ComparisonKind;
use crate::stats::estimate::Estimate;
use crate::stats::goal::GoalState;

use self::answers::{answers, name};
use super::brief::Attempt;
use super::budget::Spent;
use super::comparison::{Comparison, Shared};
use super::controls::Controls;
use super::family::TwoSides;
use super::finding::Finding;
use super::gate::Gate;
use super::judge;
use super::measure::BuiltTree;
use super::record::{
    Calibrated, Entry, Found, Header, Prepared, ProfileOutcome, Pursuit, Record, StreamState,
};
use super::step::{Question, Step};

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
    pub(super) two_sides: TwoSides,
    pub(super) controls: Controls,
    pub(super) noise: Option<Comparison>,
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
    /// How often the driver has ended while the batch that is due was measured.
    cuts: u32,
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
            two_sides: TwoSides::default(),
            controls: Controls::default(),
            noise: None,
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
            cuts: 0,
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
            matches!(record, Record::Hinted { .. } | Record::AcceptAsked { .. } | Record::Interrupted { .. })
                || (matches!(record, Record::Extended { .. }) && self.may_be_extended());
        if !is_message && !self.due.as_ref().is_some_and(|step| answers(step, record)) {
            let due = self.due.as_ref().map_or_else(|| "nothing, the run has ended".to_owned(), name);
            return Err(OutOfOrder { record: record.kind(), due });
        }
        self.spent.time += entry.took;
        self.take(record, entry);
        self.due = self.next();
        Ok(())
    }

    /// Whether its time was up and more of it would tell more.
    fn may_be_extended(&self) -> bool {
        let in_time = matches!(&self.stopped, Some(StopReason::Budget { which }) if which == "time");
        in_time && matches!(self.header.pursuit, Pursuit::Compare { .. })
    }

    /// What a pure question is answered with.
    pub fn judge(&self, question: Question) -> Option<Record> {
        match question {
            Question::Proposal { .. } => {
                let gate = self.gate.as_ref()?;
                Some(Record::Judged(judge::verdict(gate, &self.header.policy)))
            }
            Question::Comparison { comparison: id } => {
                let policy = &self.header.policy;
                let finding = match id.kind {
                    ComparisonKind::Goal => judge::finding(self.goal.as_ref()?, None, &self.shared, policy),
                    ComparisonKind::Final => {
                        judge::finding(self.last_number.as_ref()?, None, &self.shared, policy)
                    }
                    ComparisonKind::Noise => return None,
                    ComparisonKind::Family => {
                        judge::finding(self.two_sides.comparison.as_ref()?, None, &self.shared, policy)
                    }
                    kind => {
                        let mut gate = self.gate.clone()?;
                        let test = gate.test.clone();
                        let (comparison, shared) = gate.comparison_mut(kind)?;
                        judge::finding(comparison, test.as_ref(), shared, policy)
                    }
                };
                Some(Record::Found(Found { comparison: id, finding }))
            }
        }
    }
}
