//! What a person who watches wants to know now: step, pairs, effect so far, time and tokens left.
//!
//! For display only, and thrown away: verdicts are made in `engine`, from records. Start at [`Live`].

use std::time::Duration;

use crate::engine::measure::{ComparisonId, Launched, MeasuredPair};
use crate::engine::reading;
use crate::engine::record::{Calibrated, Calibration, Entry, Header, Record};
use crate::model::id::Iteration;
use crate::model::plan::Budget;
use crate::stats::coin::ComparisonKind;
use crate::stats::estimate::Estimate;
use crate::stats::pair::Pair;
use crate::stats::target::Target;

use super::progress::Progress;

/// The state that is shown.
#[derive(Debug, Default)]
pub struct Live {
    header: Option<Box<Header>>,
    works: Vec<Calibrated>,
    comparison: Option<Comparing>,
    /// What is being done.
    pub step: String,
    /// The proposal it is about.
    pub iteration: Option<Iteration>,
    /// Time used, summed from records.
    pub time: Duration,
    /// Tokens used, as far as the agent told.
    pub tokens: u64,
    /// Turns whose tokens the agent did not tell.
    pub tokens_unknown: u32,
}

/// A comparison in progress.
#[derive(Debug)]
struct Comparing {
    id: ComparisonId,
    rounds: Option<Target>,
    open: Vec<Option<Pair>>,
    of_pair: u32,
    done: u32,
}

/// Pairs of the comparison that is running.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pairs {
    /// What they are for.
    pub kind: ComparisonKind,
    /// Pairs so far, failed ones counted.
    pub done: u32,
    /// The effect they show so far; decides nothing.
    pub effect: Option<Estimate>,
}

impl Live {
    /// Takes a record.
    pub fn take(&mut self, entry: &Entry) {
        self.time += entry.took;
        match &entry.record {
            Record::Started(header) => self.header = Some(header.clone()),
            Record::Calibrated(Calibration::Ready { benchmarks, .. }) => self.works.clone_from(benchmarks),
            Record::Proposed(proposed) => match proposed.turn.tokens.total() {
                Some(total) => self.tokens += total,
                None => self.tokens_unknown += 1,
            },
            Record::Found(_) => self.comparison = None,
            _ => {}
        }
    }

    /// Takes what goes on.
    pub fn see(&mut self, progress: &Progress) {
        match progress {
            Progress::StepStarted { step, iteration } => {
                self.step.clone_from(step);
                self.iteration = *iteration;
            }
            Progress::Pair { comparison, benchmarks, benchmark, pair } => {
                let calibrated = self.works.iter().find(|calibrated| calibrated.work.benchmark == *benchmark);
                let value = calibrated.and_then(|calibrated| value(pair, calibrated));
                self.comparing(*comparison, *benchmarks).push(pair, value);
            }
            Progress::Agent { .. }
            | Progress::Waiting { .. }
            | Progress::Price { .. }
            | Progress::Warning { .. } => {}
        }
    }

    /// Pairs of the comparison that is running.
    pub fn pairs(&self) -> Option<Pairs> {
        let comparing = self.comparison.as_ref()?;
        let effect = comparing.rounds.as_ref().and_then(|rounds| Estimate::of(rounds.values()));
        Some(Pairs { kind: comparing.id.kind, done: comparing.done, effect })
    }

    /// The caps of the run.
    pub fn budget(&self) -> Option<&Budget> {
        self.header.as_ref().map(|header| &header.plan.budget)
    }

    fn comparing(&mut self, id: ComparisonId, benchmarks: usize) -> &mut Comparing {
        let comparing = self.comparison.take().filter(|comparing| comparing.id == id);
        self.comparison.insert(comparing.unwrap_or_else(|| Comparing {
            id,
            rounds: Target::weighted(&vec![1.0; benchmarks]),
            open: vec![None; benchmarks],
            of_pair: 0,
            done: 0,
        }))
    }
}

impl Comparing {
    fn push(&mut self, pair: &MeasuredPair, value: Option<Pair>) {
        if self.of_pair != pair.pair {
            self.of_pair = pair.pair;
            self.done += 1;
            self.open.fill(None);
        }
        if let Some(slot) = self.open.get_mut(pair.work) {
            *slot = value;
        }
        if self.open.iter().all(Option::is_some)
            && let Some(rounds) = &mut self.rounds
        {
            rounds.push(&self.open);
        }
    }
}

fn value(pair: &MeasuredPair, calibrated: &Calibrated) -> Option<Pair> {
    let cost = |launched: &Launched| match launched {
        Launched::Read(read) => reading::cost(read, calibrated),
        Launched::Failed(_) => None,
    };
    Pair::of_costs(pair.order, cost(&pair.base)?, cost(&pair.candidate)?)
}
