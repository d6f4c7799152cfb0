//! Puts the data of a report together from the records of a run.
//!
//! Findings and verdicts are as journalled; the samples are read as the comparisons read them, by replaying the
//! run. Start at [`document`].

use std::collections::BTreeMap;

use crate::app::error::AppError;
use crate::app::history;
use crate::app::reporter::wording;
use crate::engine::finding::{Finding, MemberFinding};
use crate::engine::landing::instrument;
use crate::engine::measure::ComparisonId;
use crate::engine::record::{CostFrom, Entry, Header, Pursuit, Record};
use crate::engine::run::Run;
use crate::engine::samples::{Clock, Sample, Samples};
use crate::model::verdict::Verdict;
use crate::stats::coin::ComparisonKind;
use crate::stats::estimate::Estimate;
use crate::stats::pair::{Order, cost_change};

use super::document::{
    Calibrated, Comparison, Cost, Counts, Document, Effect, FORMAT, Kind, Member, Pair, Point, Proposal,
    Rule, Spent, State, Suite,
};
use super::outcome::{Attempt, Outcome, concerns_a_proposal};
use super::{calibrate, family, summary};

/// The report of the records of one run, which began then.
pub fn document(entries: &[Entry], began: Option<jiff::Timestamp>) -> Result<Document, AppError> {
    let header = history::header(entries)?;
    let outcome = Outcome::of(entries);
    let measured = measured(&header, entries);
    let (mut said, next) = said(&header, &outcome);
    let proposals = outcome.attempts.iter().map(|attempt| proposal(attempt, &measured)).collect();
    let of_head = measured.iter().filter(|series| !concerns_a_proposal(series.id.kind));
    Ok(Document {
        format: FORMAT,
        optiloop: header.version.clone(),
        run: header.run.to_string(),
        kind: kind(&header),
        began: began.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        target: header.target.name.clone(),
        benchmarks: header.target.benchmarks.iter().map(ToString::to_string).collect(),
        guards: header.target.guards.iter().map(ToString::to_string).collect(),
        goal: header.goal.map(|goal| goal.to_string()),
        goal_cost: header
            .goal
            .filter(|goal| goal.bounds().is_none())
            .map(|goal| 100.0 * (1.0 - goal.reduction_from(1.0))),
        original: header.original.commit.to_string(),
        branch: (outcome.kept() > 0).then(|| format!("optiloop/{}", header.run)),
        exit: outcome.exit(&header).code(),
        ended: outcome.stopped.as_ref().map(ToString::to_string),
        opening: said.remove(0),
        check: summary::check(&header),
        paragraphs: said,
        next,
        members: family::worst_first(&outcome.members).into_iter().map(member).collect(),
        total: outcome.total.as_ref().map(|(total, _)| effect(total)),
        counts: counts(&outcome),
        not_checked: summary::not_checked(&header, &outcome),
        spent: Spent {
            minutes: outcome.time.as_secs_f64() / 60.0,
            turns: outcome.turns,
            tokens: outcome.tokens,
            turns_unknown: outcome.tokens_unknown,
            pairs: outcome.pairs,
        },
        proposals,
        course: course(&outcome),
        comparisons: of_head.flat_map(Series::comparisons).collect(),
        suites: suites(&outcome),
        calibrated: outcome.calibrated.iter().map(calibrated).collect(),
        smallest_provable: 100.0 * outcome.smallest_provable,
        confined: format!("{} ({})", header.confinement.confined, header.confinement.mechanism),
        tools: header.tools.clone(),
        policy: (header.policy.lines().into_iter())
            .map(|(key, value, origin)| Rule { key: key.to_string(), value, origin })
            .collect(),
        stamps: header.stamps.clone(),
    })
}

/// The first paragraph and what follows it, and what to do now; never without a first.
fn said(header: &Header, outcome: &Outcome) -> (Vec<String>, Vec<String>) {
    match header.pursuit {
        Pursuit::Compare { .. } => {
            let mut said = vec![family::opening(header, outcome)];
            said.extend((!outcome.members.is_empty()).then(|| family::meaning(header, outcome)));
            (said, family::next(header, outcome).into_iter().collect())
        }
        Pursuit::Calibrate { .. } => {
            let mut said = calibrate::paragraphs(header, outcome);
            // What it took goes with the first: that is what is to be checked.
            let took = said.pop().unwrap_or_default();
            let lines =
                said.iter().flat_map(|paragraph| paragraph.lines()).map(|line| line.trim().to_owned());
            (std::iter::once(took).chain(lines).collect(), Vec::new())
        }
        Pursuit::Loop | Pursuit::Judge { .. } => {
            let mut said = vec![summary::opening(header, outcome)];
            said.extend(summary::paragraphs(header, outcome));
            (said, summary::next_steps(header, outcome))
        }
    }
}

fn kind(header: &Header) -> Kind {
    match header.pursuit {
        Pursuit::Loop => Kind::Run,
        Pursuit::Judge { .. } => Kind::Judge,
        Pursuit::Compare { .. } => Kind::Compare,
        Pursuit::Calibrate { .. } => Kind::Calibrate,
    }
}

fn member(member: &MemberFinding) -> Member {
    Member {
        benchmark: member.benchmark.to_string(),
        finding: family::word(member.standing).to_owned(),
        effect: member.estimate.as_ref().map(effect),
        failed: member.failed.clone(),
    }
}

fn effect(estimate: &Estimate) -> Effect {
    let percent = estimate.percent();
    Effect {
        change: percent.change,
        low: percent.low,
        high: percent.high,
        level: 100.0 * estimate.level,
        pairs: estimate.n,
    }
}

fn counts(outcome: &Outcome) -> Counts {
    let reasons: BTreeMap<String, usize> =
        outcome.rejections().into_iter().map(|(kind, count)| (summary::named(kind), count)).collect();
    Counts {
        proposals: outcome.attempts.len(),
        kept: outcome.kept(),
        rejected: reasons.values().sum(),
        held: outcome.held(),
        reasons,
    }
}

fn suites(outcome: &Outcome) -> Vec<Suite> {
    let suite = |suite: &crate::engine::record::SuiteBaseline| Suite {
        name: suite.suite.clone(),
        tests: suite.ends.len(),
        quarantined: suite.quarantined.iter().map(ToString::to_string).collect(),
        seconds: suite.took.as_secs_f64(),
    };
    outcome.suites.iter().map(suite).collect()
}

fn calibrated(calibrated: &crate::engine::record::Calibrated) -> Calibrated {
    Calibrated {
        benchmark: calibrated.work.benchmark.to_string(),
        instrument: instrument(calibrated),
        launch_ms: 1000.0 * calibrated.slot_seconds() / f64::from(calibrated.work.batch.max(1)),
        iterations: calibrated.work.iterations.0,
        noise: 100.0 * calibrated.noise,
    }
}

fn proposal(attempt: &Attempt, measured: &[Series]) -> Proposal {
    let report = attempt.turn.as_ref().and_then(|turn| turn.report.as_ref());
    let reasons = match &attempt.verdict {
        None | Some(Verdict::Accepted) => Vec::new(),
        Some(Verdict::Rejected { reason }) => vec![reason.to_string().trim_end().to_owned()],
        Some(Verdict::Held { reasons }) => reasons.iter().map(ToString::to_string).collect(),
    };
    let of_it = measured.iter().filter(|series| series.id.proposal() == Some(attempt.iteration));
    Proposal {
        number: attempt.iteration.0,
        state: state(attempt),
        verdict: summary::verdict(attempt),
        reasons,
        effect: attempt.effect.as_ref().map(effect),
        hypothesis: attempt.hypothesis().to_owned(),
        agent: attempt.turn.as_ref().map(|turn| turn.agent.clone()),
        predicted: report.and_then(|report| report.predicted).map(|ratio| 100.0 * ratio),
        files: attempt.size.files,
        added: attempt.size.added,
        removed: attempt.size.removed,
        additions: attempt.additions.clone(),
        findings: (attempt.findings.iter()).map(|(kind, found)| wording::finding(*kind, found)).collect(),
        notes: attempt.notes.clone(),
        pairs: attempt.pairs,
        minutes: attempt.time.as_secs_f64() / 60.0,
        landed: attempt.landed.map(|commit| commit.to_string()),
        comparisons: of_it.flat_map(Series::comparisons).collect(),
    }
}

fn state(attempt: &Attempt) -> State {
    match &attempt.verdict {
        _ if attempt.landed.is_some() => State::Kept,
        Some(Verdict::Accepted) => State::Accepted,
        Some(Verdict::Held { .. }) => State::Held,
        Some(Verdict::Rejected { .. }) => State::Rejected,
        None => State::Open,
    }
}

/// HEAD after each proposal, by the effects of what landed.
fn course(outcome: &Outcome) -> Vec<Point> {
    let mut landed = 0.0;
    let percent = |log: f64| 100.0 * (1.0 + cost_change(log));
    let point = |attempt: &Attempt| {
        let candidate = attempt.effect.map(|effect| Cost {
            cost: percent(landed + effect.log),
            low: percent(landed + effect.high),
            high: percent(landed + effect.low),
        });
        if attempt.landed.is_some() {
            landed += attempt.effect.map_or(0.0, |effect| effect.log);
        }
        Point {
            proposal: attempt.iteration.0,
            state: state(attempt),
            verdict: summary::verdict(attempt),
            head: percent(landed),
            candidate,
        }
    };
    outcome.attempts.iter().map(point).collect()
}

/// One comparison with its samples and what was found of it.
struct Series {
    id: ComparisonId,
    samples: Vec<Samples>,
    found: Option<Finding>,
}

impl Series {
    /// One a benchmark.
    fn comparisons(&self) -> Vec<Comparison> {
        let one = |(at, samples): (usize, &Samples)| Comparison {
            purpose: wording::kind(self.id.kind).to_owned(),
            benchmark: samples.benchmark().to_string(),
            instrument: match samples.clock {
                Clock::Wall => "wall time".to_owned(),
                Clock::Instrument => instrument(&samples.calibrated),
            },
            unit: unit(samples),
            effect: self.effect(at).as_ref().map(effect),
            pairs: samples.pairs.iter().map(pair).collect(),
        };
        self.samples.iter().enumerate().map(one).collect()
    }

    /// The effect of one benchmark's pairs; that of several together belongs to none of them.
    fn effect(&self, at: usize) -> Option<Estimate> {
        match self.found.as_ref()? {
            Finding::Family { members } => {
                let name = self.samples.get(at)?.benchmark();
                members.iter().find(|member| member.benchmark == *name).and_then(|member| member.estimate)
            }
            Finding::Guards { guards } => guards.get(at).and_then(|(_, estimate)| *estimate),
            Finding::Test { estimate, .. }
            | Finding::Confirmation { estimate, .. }
            | Finding::Wall { estimate, .. }
            | Finding::Goal { estimate, .. }
            | Finding::Final { estimate, .. } => estimate.filter(|_| self.samples.len() == 1),
            Finding::Owed | Finding::Failed { .. } => None,
        }
    }
}

fn unit(samples: &Samples) -> String {
    match samples.calibrated.cost_from {
        CostFrom::Told if samples.clock == Clock::Instrument => {
            "as the harness tells, an iteration".to_owned()
        }
        _ => "seconds a launch".to_owned(),
    }
}

fn pair(sample: &Sample) -> Pair {
    let Sample { pair, order, base, candidate } = *sample;
    let change = base.zip(candidate).map(|(base, candidate)| 100.0 * (candidate / base - 1.0));
    Pair { pair, base_first: order == Order::BaseFirst, base, candidate, change }
}

/// Every comparison of a run in order. Where records do not fit, those before still do; `verify` says which.
fn measured(header: &Header, entries: &[Entry]) -> Vec<Series> {
    let mut run = Run::new(header.clone());
    let mut all: Vec<Series> = Vec::new();
    for entry in entries.iter().skip(1) {
        if let Record::Found(found) = &entry.record {
            let id = found.comparison;
            if let Some(series) = all.iter_mut().rev().find(|series| series.id == id) {
                series.samples = run.samples(id);
                series.found = Some(found.finding.clone());
            }
        }
        if run.apply(entry).is_err() {
            break;
        }
        if let Record::Measured(measured) = &entry.record {
            let id = measured.comparison;
            let samples = run.samples(id);
            match all.iter_mut().find(|series| series.id == id && series.found.is_none()) {
                Some(series) => series.samples = samples,
                None => all.push(Series { id, samples, found: None }),
            }
        }
    }
    // Launches that were owed after a failure are no comparison.
    all.retain(|series| series.id.kind != ComparisonKind::Repeat);
    all
}
