//! One record in one line; `None` for records that say nothing to a person.

use crate::engine::finding::Finding;
use crate::engine::landing::instrument;
use crate::engine::record::{BuildOutcome, Calibration, Prepared, ProfileOutcome, Record, TestOutcome};
use crate::engine::words;
use crate::model::proposal::TurnEnd;
use crate::model::verdict::Verdict;

/// The line of a record.
pub fn of(record: &Record) -> Option<String> {
    Some(match record {
        Record::Started(header) => {
            let benchmarks: Vec<&str> =
                header.target.benchmarks.iter().map(crate::model::id::BenchmarkId::as_str).collect();
            let goal =
                header.goal.as_ref().map_or_else(|| "as much as can be had".to_owned(), ToString::to_string);
            format!(
                "run {}: {} ({}), goal {goal}, confined: {} ({})",
                header.run,
                header.target.name,
                benchmarks.join(", "),
                header.confinement.confined,
                header.confinement.mechanism
            )
        }
        Record::Prepared(Prepared::Sound { suites, .. }) => {
            let ids: usize = suites.iter().map(|suite| suite.ends.len()).sum();
            let quarantined: usize = suites.iter().map(|suite| suite.quarantined.len()).sum();
            format!("original: built, {ids} tests, {quarantined} quarantined")
        }
        Record::Prepared(Prepared::Failed { detail }) => format!("original fails: {detail}"),
        Record::Calibrated(Calibration::Failed { detail }) => format!("calibration fails: {detail}"),
        Record::Calibrated(Calibration::Ready { benchmarks, smallest_provable }) => {
            let first = benchmarks.first()?;
            format!(
                "calibrated: {} × {} takes {:.0} ms by {}, noise {:.1} %, smallest provable gain {:.1} %",
                first.work.iterations.0,
                first.work.benchmark,
                first.cost * 1e3,
                instrument(first),
                first.noise * 100.0,
                smallest_provable * 100.0
            )
        }
        Record::Profiled(profiled) => match &profiled.outcome {
            ProfileOutcome::Read { collector, hotspots, event, .. } => {
                let top: Vec<String> =
                    hotspots.iter().map(|h| format!("{} {:.0} %", h.name, h.bound * 100.0)).collect();
                format!("profile ({collector}, {event}): {}", top.join(", "))
            }
            ProfileOutcome::NotCollected { reason } => {
                format!("no profile: {reason}; measure first is not enforced")
            }
        },
        Record::Proposed(proposed) => {
            let said = proposed.turn.report.as_ref().map_or("", |report| report.hypothesis.as_str());
            match &proposed.turn.end {
                TurnEnd::Completed => format!("proposal {}: {}", proposed.iteration, first_line(said)),
                TurnEnd::NothingMore => "the agent has no further proposal".to_owned(),
                TurnEnd::Failed(failure) => format!("the agent failed: {failure}"),
            }
        }
        Record::Built(built) => match &built.outcome {
            BuildOutcome::Ready { same_code: Some(true), .. } => "  same machine code as the base".to_owned(),
            BuildOutcome::Ready { .. } => return None,
            BuildOutcome::CandidateFailed { .. } => "  does not build".to_owned(),
            BuildOutcome::NeedsAdditions { detail } => format!("  builds only with its additions: {detail}"),
            BuildOutcome::BaseFailed { detail } => format!("  the base does not build: {detail}"),
        },
        Record::Tested(tested) => match &tested.outcome {
            TestOutcome::Passed { ids } => format!("  tests pass ({ids} ids)"),
            TestOutcome::Failed { tests, .. } => format!("  tests fail: {} named", tests.len()),
            TestOutcome::Missing { tests } => format!("  tests are gone: {}", tests.len()),
        },
        Record::Found(found) => finding(&found.finding)?,
        Record::Judged(judged) => {
            let effect =
                judged.effect.as_ref().map_or_else(String::new, |e| format!(" {}", words::effect(e)));
            format!("  → {}{effect}", verdict(&judged.verdict))
        }
        Record::Landed(landed) => format!("  landed as {}", landed.head.commit.short()),
        Record::Hinted { text } => format!("hint: {text}"),
        Record::AcceptAsked { iteration, by } => format!("{by} accepts proposal {iteration}"),
        Record::Stopped { reason } => format!("stopped: {reason}"),
        Record::Measured(_) | Record::Inspected(_) | Record::SetAside(_) | Record::Interrupted { .. } => {
            return None;
        }
    })
}

/// A verdict in words.
pub fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted => "accepted".to_owned(),
        Verdict::Rejected { reason } => {
            format!("rejected ({}): {}", reason.kind(), first_line(&reason.to_string()))
        }
        Verdict::Held { reasons } => {
            let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
            format!("held: {}", reasons.join("; "))
        }
    }
}

fn finding(finding: &Finding) -> Option<String> {
    let measured = |estimate: &Option<crate::stats::estimate::Estimate>| {
        estimate.as_ref().map_or_else(|| "no valid pair".to_owned(), words::effect)
    };
    Some(match finding {
        Finding::Test { decision, estimate, .. } => {
            format!("  test: {:?} after {} pairs, {}", decision.finding, decision.n, measured(estimate))
                .to_lowercase()
        }
        Finding::Confirmation { outcome, estimate, .. } => {
            format!("  confirmation: {outcome:?}, {}", measured(estimate)).to_lowercase()
        }
        Finding::Goal { state, estimate, .. } => {
            format!("goal: {state:?}, {}", measured(estimate)).to_lowercase()
        }
        Finding::Final { estimate, .. } => format!("final: {}", measured(estimate)),
        Finding::Wall { state, estimate } => {
            format!("  wall time: {state:?}, {}", measured(estimate)).to_lowercase()
        }
        Finding::Guards { .. } | Finding::Owed => return None,
        Finding::Failed { detail, .. } => format!("  launches fail: {}", first_line(detail)),
    })
}

/// The first line of a text, at most 160 characters.
pub fn first_line(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().chars().take(160).collect()
}
