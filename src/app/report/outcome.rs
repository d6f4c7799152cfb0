//! What a run came to, or how it stands, as plain data.
//!
//! Start at [`Outcome::of`].

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::exit::{self, Exit, GoalGiven};
use crate::engine::finding::{Finding, MemberFinding};
use crate::engine::measure::MeasuredPair;
use crate::engine::record::{
    BuildOutcome, Calibrated, Calibration, ChangeSize, Entry, Header, Prepared, ProfileOutcome, Pursuit,
    Record, SuiteBaseline, Tested,
};
use crate::engine::step::{Control, Source};
use crate::model::id::{CommitId, Digest, Iteration, Revision};
use crate::model::proposal::Turn;
use crate::model::verdict::{HoldReason, Rejection, StopReason, Verdict};
use crate::stats::coin::ComparisonKind;
use crate::stats::estimate::Estimate;
use crate::stats::goal::GoalState;

/// Everything a report says.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Why it ended; `None` while it has not.
    pub stopped: Option<StopReason>,
    /// Proposals in order.
    pub attempts: Vec<Attempt>,
    /// How the suites ran on the original.
    pub suites: Vec<SuiteBaseline>,
    /// The longest of the steps that build or test: no single command of them took longer.
    pub longest_build: Duration,
    /// Launches of the head alone, the latest.
    pub calibrated: Vec<Calibrated>,
    /// Smallest provable reduction as a ratio, the latest.
    pub smallest_provable: f64,
    /// Resources that are not guarded, and why.
    pub unguarded: Vec<String>,
    /// The profile of the original.
    pub profile: Option<ProfileOutcome>,
    /// Where the proof of the goal stands, at the latest HEAD that was checked.
    pub goal: Option<(GoalState, Option<Estimate>)>,
    /// HEAD against ORIGINAL after all decisions: the effect, and HEAD over ORIGINAL by means.
    pub total: Option<(Estimate, f64)>,
    /// Pairs run, for whatever purpose.
    pub pairs: usize,
    /// Tokens, as far as they were told.
    pub tokens: u64,
    /// Turns whose tokens were not told, or only as a lower bound.
    pub tokens_unknown: u32,
    /// Turns of an agent.
    pub turns: u32,
    /// Time, summed from records.
    pub time: Duration,
    /// Whether two sides are compared and nothing is proposed.
    pub compares: bool,
    /// Lines from the person who watches.
    pub hints: Vec<String>,
    /// Blind controls in order, each with what it really was.
    pub controls: Vec<(Control, Attempt)>,
    /// Pairs of the original with itself.
    pub noise_pairs: Vec<MeasuredPair>,
    /// Every benchmark of two sides.
    pub members: Vec<MemberFinding>,
    /// Whether the two sides are equal machine code.
    pub same_code: bool,
    /// Proposals a person asked to land, not judged again yet.
    pub accepts: Vec<Iteration>,
}

/// One proposal.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Its number.
    pub iteration: Iteration,
    /// The agent's turn; `None` for `judge`.
    pub turn: Option<Turn>,
    /// The agent's raw answer.
    pub raw: Option<Digest>,
    /// The commit made of it.
    pub candidate: Option<Revision>,
    /// Its diff.
    pub diff: Option<Digest>,
    /// Its size.
    pub size: ChangeSize,
    /// Tests and benchmarks it adds.
    pub additions: Vec<String>,
    /// Builds, where they did not just work.
    pub builds: Vec<BuildOutcome>,
    /// Test runs.
    pub tests: Vec<Tested>,
    /// Findings in order.
    pub findings: Vec<(ComparisonKind, Finding)>,
    /// The profile taken of it.
    pub profile: Option<ProfileOutcome>,
    /// Pairs run for it.
    pub pairs: usize,
    /// Its verdict, the last if it was judged again.
    pub verdict: Option<Verdict>,
    /// The effect that is reported.
    pub effect: Option<Estimate>,
    /// Findings beside the verdict.
    pub notes: Vec<String>,
    /// The commit it landed as.
    pub landed: Option<CommitId>,
    /// Time spent on it.
    pub time: Duration,
}

impl Attempt {
    fn new(iteration: Iteration) -> Self {
        Self {
            iteration,
            turn: None,
            raw: None,
            candidate: None,
            diff: None,
            size: ChangeSize::default(),
            additions: Vec::new(),
            builds: Vec::new(),
            tests: Vec::new(),
            findings: Vec::new(),
            profile: None,
            pairs: 0,
            verdict: None,
            effect: None,
            notes: Vec::new(),
            landed: None,
            time: Duration::ZERO,
        }
    }

    /// The agent's hypothesis; empty where there is none.
    pub fn hypothesis(&self) -> &str {
        let report = self.turn.as_ref().and_then(|turn| turn.report.as_ref());
        report.map_or("", |report| &report.hypothesis)
    }

    /// The reasons it waits for a person; empty unless it does.
    pub fn held(&self) -> &[HoldReason] {
        match &self.verdict {
            Some(Verdict::Held { reasons }) if self.landed.is_none() => reasons,
            _ => &[],
        }
    }

    /// Why it was rejected, if so.
    pub fn rejection(&self) -> Option<&Rejection> {
        match &self.verdict {
            Some(Verdict::Rejected { reason }) => Some(reason),
            _ => None,
        }
    }
}

impl Outcome {
    /// From the records of a run.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut outcome = Self::default();
        for entry in entries {
            outcome.take(entry);
        }
        outcome
    }

    /// Proposals that landed.
    pub fn kept(&self) -> usize {
        self.attempts.iter().filter(|attempt| attempt.landed.is_some()).count()
    }

    /// Proposals that wait for a person.
    pub fn held(&self) -> usize {
        self.attempts.iter().filter(|attempt| !attempt.held().is_empty()).count()
    }

    /// How often each kind of rejection was given.
    pub fn rejections(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for reason in self.attempts.iter().filter_map(Attempt::rejection) {
            *counts.entry(reason.kind()).or_default() += 1;
        }
        counts
    }

    /// The exit code of the run.
    pub fn exit(&self, header: &Header) -> Exit {
        let inconclusive =
            |attempt: &&Attempt| matches!(attempt.rejection(), Some(Rejection::Inconclusive { .. }));
        if let Pursuit::Compare { .. } = header.pursuit {
            return super::family::exit(header, self);
        }
        if let Pursuit::Calibrate { .. } = header.pursuit {
            return super::calibrate::exit(header, self);
        }
        // What a person has landed is no longer held.
        let judged = self.attempts.last().and_then(|attempt| match attempt.landed {
            Some(_) => Some(&Verdict::Accepted),
            None => attempt.verdict.as_ref(),
        });
        exit::of_run(&exit::Ending {
            stop: self.stopped.as_ref(),
            goal: if header.goal.is_some() { GoalGiven::Yes } else { GoalGiven::No },
            kept: self.kept(),
            held: self.held(),
            inconclusive: self.attempts.iter().filter(inconclusive).count(),
            judged,
        })
    }

    /// Takes the next record.
    pub fn take(&mut self, entry: &Entry) {
        self.time += entry.took;
        if matches!(entry.record, Record::Prepared(_) | Record::Built(_) | Record::Tested(_)) {
            self.longest_build = self.longest_build.max(entry.took);
        }
        match &entry.record {
            Record::Prepared(Prepared::Sound { suites, .. }) => self.suites.clone_from(suites),
            Record::Calibrated(Calibration::Ready { benchmarks, smallest_provable, notes }) => {
                self.calibrated.clone_from(benchmarks);
                self.smallest_provable = *smallest_provable;
                self.unguarded.clone_from(notes);
            }
            Record::Profiled(profiled) => match profiled.iteration {
                None => self.profile = Some(profiled.outcome.clone()),
                Some(iteration) => self.attempt(iteration, entry).profile = Some(profiled.outcome.clone()),
            },
            Record::Proposed(proposed) => {
                let tokens = &proposed.turn.tokens;
                self.turns += 1;
                self.tokens += tokens.total().unwrap_or(0);
                self.tokens_unknown += u32::from(tokens.total().is_none() || tokens.at_least);
                if proposed.turn.end == crate::model::proposal::TurnEnd::Completed {
                    let attempt = self.attempt(proposed.iteration, entry);
                    attempt.turn = Some(proposed.turn.clone());
                    attempt.raw = proposed.raw;
                }
            }
            Record::Inspected(inspected) => {
                if let Source::Control { control } = inspected.source {
                    self.controls.push((control, Attempt::new(inspected.iteration)));
                }
                self.accepts.retain(|iteration| *iteration != inspected.iteration);
                let attempt = self.attempt(inspected.iteration, entry);
                attempt.candidate = inspected.candidate;
                attempt.diff = inspected.diff;
                attempt.size = inspected.size;
                attempt.additions.clone_from(&inspected.additions);
            }
            Record::Built(built) if self.compares => {
                self.same_code = matches!(built.outcome, BuildOutcome::Ready { same_code: Some(true), .. });
            }
            Record::Built(built) => self.attempt(built.iteration, entry).builds.push(built.outcome.clone()),
            Record::Tested(tested) => self.attempt(tested.iteration, entry).tests.push(tested.clone()),
            Record::Measured(measured) => {
                let pairs = measured.pairs.len();
                self.pairs += pairs;
                if measured.comparison.kind == ComparisonKind::Noise {
                    self.noise_pairs.extend(measured.pairs.iter().cloned());
                }
                if concerns_a_proposal(measured.comparison.kind) {
                    self.attempt(measured.comparison.iteration, entry).pairs += pairs;
                }
            }
            Record::Found(found) => {
                self.found(found.comparison.kind, found.comparison.iteration, entry, &found.finding);
            }
            Record::Judged(judged) => {
                let attempt = self.attempt(judged.iteration, entry);
                attempt.verdict = Some(judged.verdict.clone());
                attempt.effect = judged.effect;
                attempt.notes.clone_from(&judged.notes);
            }
            Record::Landed(landed) => {
                self.attempt(landed.iteration, entry).landed = Some(landed.head.commit);
                self.total = None;
            }
            Record::Started(header) => {
                self.compares = matches!(header.pursuit, Pursuit::Compare { .. });
            }
            Record::Interrupted { .. }
            | Record::Prepared(Prepared::Failed { .. })
            | Record::Calibrated(Calibration::Failed { .. })
            | Record::SetAside(_) => {}
            Record::Extended { .. } => self.stopped = None,
            Record::Hinted { text } => self.hints.push(text.clone()),
            Record::AcceptAsked { iteration, .. } => self.accepts.push(*iteration),
            Record::Stopped { reason } => self.stopped = Some(reason.clone()),
        }
    }

    fn found(&mut self, kind: ComparisonKind, iteration: Iteration, entry: &Entry, finding: &Finding) {
        match finding {
            Finding::Final { estimate: Some(estimate), mean_cost_ratio } => {
                self.total = Some((*estimate, *mean_cost_ratio));
            }
            Finding::Family { members } => self.members.clone_from(members),
            Finding::Goal { state, estimate, .. } => self.goal = Some((*state, *estimate)),
            _ if concerns_a_proposal(kind) => {
                self.attempt(iteration, entry).findings.push((kind, finding.clone()));
            }
            _ => {}
        }
    }

    fn attempt(&mut self, iteration: Iteration, entry: &Entry) -> &mut Attempt {
        if let Some(at) = self.controls.iter().position(|(_, control)| control.iteration == iteration) {
            let control = &mut self.controls[at].1;
            control.time += entry.took;
            return control;
        }
        let at = self.attempts.iter().position(|attempt| attempt.iteration == iteration);
        let at = at.unwrap_or_else(|| {
            self.attempts.push(Attempt::new(iteration));
            self.attempts.len() - 1
        });
        let attempt = &mut self.attempts[at];
        attempt.time += entry.took;
        attempt
    }
}

/// Whether pairs of this kind are evidence about one proposal, and not about HEAD.
pub(super) fn concerns_a_proposal(kind: ComparisonKind) -> bool {
    !matches!(
        kind,
        ComparisonKind::Goal | ComparisonKind::Final | ComparisonKind::Family | ComparisonKind::Noise
    )
}
