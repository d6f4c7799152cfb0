//! Records and progress as single lines for people; the same for terminal and plain output.
//!
//! Start at [`record`].

use crate::engine::finding::Finding;
use crate::engine::record::{
    BuildOutcome, Calibration, Inspected, Judged, Prepared, ProfileOutcome, Pursuit, Record, TestOutcome,
};
use crate::engine::words;
use crate::model::proposal::{AgentEvent, TurnEnd};
use crate::model::verdict::Verdict;
use crate::stats::coin::ComparisonKind;
use crate::stats::sequential::{self, Why};

use super::amounts::{brief, counted, minutes, tokens};
use super::live::{Live, Pairs};
use super::progress::Progress;

/// What a record says, where a person who watches should know it.
pub fn record(record: &Record) -> Option<String> {
    Some(match record {
        Record::Started(header) => {
            let goal =
                header.goal.map_or_else(|| "as much as can be had".to_owned(), |goal| goal.to_string());
            let goal = match header.pursuit {
                Pursuit::Loop | Pursuit::Judge { .. } => format!(", goal {goal}"),
                Pursuit::Compare { .. } | Pursuit::Calibrate { .. } => String::new(),
            };
            format!(
                "run {}: {}{goal}, confined: {}",
                header.run, header.target.name, header.confinement.confined
            )
        }
        Record::Prepared(Prepared::Sound { suites, .. }) if suites.is_empty() => {
            "the original builds".to_owned()
        }
        Record::Prepared(Prepared::Sound { suites, .. }) => {
            let ids: usize = suites.iter().map(|suite| suite.ends.len()).sum();
            let shaky: usize = suites.iter().map(|suite| suite.quarantined.len()).sum();
            let shaky =
                if shaky == 0 { String::new() } else { format!(", {shaky} of them quarantined as flaky") };
            format!("the original builds and passes its tests ({}{shaky})", counted(ids, "test id"))
        }
        Record::Prepared(Prepared::Failed { detail }) => format!("the original fails: {}", brief(detail)),
        Record::Calibrated(Calibration::Ready { benchmarks, smallest_provable, notes }) => {
            let noise = benchmarks.first().map_or(0.0, |first| first.noise);
            let by = benchmarks.first().map_or_else(String::new, crate::engine::landing::instrument);
            let notes = notes.iter().fold(String::new(), |all, note| all + "; " + note);
            format!(
                "calibrated {}: by {by}; noise {:.1} %, smallest provable change {:.1} %{notes}",
                counted(benchmarks.len(), "benchmark"),
                100.0 * noise,
                100.0 * smallest_provable
            )
        }
        Record::Calibrated(Calibration::Failed { detail }) => format!("a benchmark fails: {}", brief(detail)),
        Record::Profiled(profiled) => match &profiled.outcome {
            ProfileOutcome::Read { hotspots, samples, collector, .. } => {
                let top = hotspots.iter().take(3);
                let top: Vec<String> =
                    top.map(|spot| format!("{} {:.0} %", spot.name, 100.0 * spot.bound)).collect();
                format!("profile ({collector}, {}): {}", counted(*samples, "sample"), top.join(", "))
            }
            ProfileOutcome::NotCollected { reason } => {
                format!("no profile, measure first is not enforced: {}", brief(reason))
            }
        },
        Record::Proposed(proposed) => match &proposed.turn.end {
            TurnEnd::Completed => {
                let report = proposed.turn.report.as_ref();
                let hypothesis = report.map_or("no hypothesis", |report| report.hypothesis.as_str());
                format!("proposal {}: {}", proposed.iteration, brief(hypothesis))
            }
            TurnEnd::NothingMore => "the agent has no further proposal".to_owned(),
            TurnEnd::Failed(failure) => format!("the agent failed: {}", brief(&failure.to_string())),
        },
        Record::Inspected(inspected) => return inspection(inspected),
        Record::Built(built) => match &built.outcome {
            BuildOutcome::Ready { .. } => return None,
            BuildOutcome::CandidateFailed { detail } => format!("it does not build: {}", brief(detail)),
            BuildOutcome::NeedsAdditions { detail } => {
                format!("it builds only with what it adds: {}", brief(detail))
            }
            BuildOutcome::BaseFailed { detail } => {
                format!("the base does not build any more: {}", brief(detail))
            }
        },
        Record::Tested(tested) => match &tested.outcome {
            TestOutcome::Passed { ids: 0 } => "tests passed".to_owned(),
            TestOutcome::Passed { ids } => format!("tests passed ({})", counted(*ids, "id")),
            TestOutcome::Failed { detail, .. } => format!("tests failed: {}", brief(detail)),
            TestOutcome::Missing { tests } => format!("{} gone", counted(tests.len(), "test")),
        },
        Record::Found(found) => finding(found.comparison.kind, &found.finding),
        Record::Judged(judged) => verdict(judged),
        Record::Landed(landed) => format!("landed as {}", landed.head.commit.short()),
        Record::Hinted { text } => format!("hint taken: {}", brief(text)),
        Record::AcceptAsked { iteration, by } => format!("{by} accepts proposal {iteration}"),
        Record::Extended { time } => format!("{} more: the same evidence goes on", minutes(*time)),
        Record::Interrupted { by } => format!("interrupted by {by}; `optiloop resume` goes on"),
        Record::Stopped { reason } => format!("stopped: {reason}"),
        Record::Measured(_) | Record::SetAside(_) => return None,
    })
}

/// What goes on, where it is worth a line of its own.
pub fn progress(progress: &Progress) -> Option<String> {
    Some(match progress {
        Progress::StepStarted { step, iteration: Some(iteration) } => format!("{iteration}: {step}"),
        Progress::StepStarted { step, iteration: None } => step.clone(),
        Progress::Waiting { why } => format!("waiting: {why}"),
        Progress::Price { text } => text.clone(),
        Progress::Warning { message } => format!("warning: {message}"),
        Progress::Agent { event } => return agent(event),
        Progress::Pair { .. } => return None,
    })
}

/// Step, pairs, effect, time left and tokens, in one line.
pub fn status(live: &Live) -> String {
    let mut parts = vec![match live.iteration {
        Some(iteration) => format!("{iteration}: {}", live.step),
        None => live.step.clone(),
    }];
    if let Some(pairs) = live.pairs() {
        parts.push(pairs_so_far(&pairs));
    }
    if let Some(budget) = live.budget() {
        parts.push(format!("{} left", minutes(budget.time.saturating_sub(live.time))));
    }
    parts.push(tokens(live.tokens, live.tokens_unknown));
    parts.join(" · ")
}

/// `test 12 pairs −8.1 % [−9.0, −7.2]`.
pub fn pairs_so_far(pairs: &Pairs) -> String {
    let effect = pairs.effect.map(|effect| format!(" {}", words::effect(&effect))).unwrap_or_default();
    format!("{} {}{effect}", kind(pairs.kind), counted(pairs.done, "pair"))
}

/// What a comparison is for, as a noun.
pub fn kind(kind: ComparisonKind) -> &'static str {
    match kind {
        ComparisonKind::Test => "test",
        ComparisonKind::Confirmation => "confirmation",
        ComparisonKind::SecondConfirmation => "second confirmation",
        ComparisonKind::Repeat => "repeat",
        ComparisonKind::Goal => "goal",
        ComparisonKind::Final => "final number",
        ComparisonKind::Guard => "guards",
        ComparisonKind::WallGuard => "wall guard",
        ComparisonKind::Family => "benchmarks",
        ComparisonKind::Noise => "noise",
    }
}

/// A finding with its effect.
pub fn finding(of: ComparisonKind, finding: &Finding) -> String {
    let estimate = match finding {
        Finding::Test { estimate, .. }
        | Finding::Confirmation { estimate, .. }
        | Finding::Wall { estimate, .. }
        | Finding::Goal { estimate, .. }
        | Finding::Final { estimate, .. } => *estimate,
        Finding::Guards { .. } | Finding::Family { .. } | Finding::Owed | Finding::Failed { .. } => None,
    };
    let effect =
        estimate.map(|effect| format!(", {} from {}", words::effect(&effect), counted(effect.n, "pair")));
    let said = match finding {
        Finding::Test { decision, .. } => tested(*decision).to_owned(),
        Finding::Confirmation { outcome, .. } => {
            use crate::stats::confirmation::Confirmation;
            match outcome {
                Confirmation::Lands => "confirmed",
                Confirmation::DidNotConfirm => "did not confirm",
                Confirmation::HeldTail => "confirmed, but the mean did not get cheaper",
                Confirmation::Drifted => "drifted: a second confirmation decides",
            }
            .to_owned()
        }
        Finding::Wall { state, .. } => {
            use crate::stats::guard::WallState;
            match state {
                WallState::Clean => "clean",
                WallState::Open | WallState::Held => "not shown to be as good",
            }
            .to_owned()
        }
        Finding::Guards { guards } => {
            use crate::stats::guard::GuardState;
            let count = |wanted: GuardState| guards.iter().filter(|(state, _)| *state == wanted).count();
            format!(
                "{} clean, {} regressed, {} unproven",
                count(GuardState::Clean),
                count(GuardState::Regressed),
                count(GuardState::Unproven)
            )
        }
        Finding::Family { members } => crate::app::report::family::counts(members),
        Finding::Goal { state, .. } => {
            use crate::stats::goal::GoalState;
            match state {
                GoalState::Proven => "reached, proven",
                GoalState::Estimated | GoalState::EstimatedOnly => "reached, estimate",
                GoalState::Open | GoalState::NotReached => "not reached",
            }
            .to_owned()
        }
        Finding::Final { .. } => "measured".to_owned(),
        Finding::Owed => "the launches owed after a failure passed".to_owned(),
        Finding::Failed { detail, .. } => format!("launches failed: {}", brief(detail)),
    };
    format!("{}: {said}{}", kind(of), effect.unwrap_or_default())
}

fn tested(decision: sequential::Decision) -> &'static str {
    use sequential::Finding as Found;
    match (decision.finding, decision.why) {
        (Found::Improved, _) => "improved",
        (Found::Regressed, _) => "regressed",
        (Found::Unchanged, _) => "no gain",
        (Found::Inconclusive, Why::NoiseExit) => "inconclusive, too noisy",
        (Found::Inconclusive, Why::Time) => "inconclusive, time is up",
        (Found::Inconclusive, _) => "inconclusive",
    }
}

/// A verdict in one line.
pub fn verdict(judged: &Judged) -> String {
    let effect = judged.effect.map(|effect| format!(" ({})", words::effect(&effect))).unwrap_or_default();
    let said = match &judged.verdict {
        Verdict::Accepted => "accepted".to_owned(),
        Verdict::Rejected { reason } => format!("rejected: {}", brief(&reason.to_string())),
        Verdict::Held { reasons } => {
            let reasons: Vec<String> = reasons.iter().map(|reason| brief(&reason.to_string())).collect();
            format!("held: {}", reasons.join("; "))
        }
    };
    format!("{}: {said}{effect}", judged.iteration)
}

fn inspection(inspected: &Inspected) -> Option<String> {
    let size = inspected.size;
    if !inspected.rejections.is_empty() || inspected.candidate.is_none() {
        return None;
    }
    let added = if inspected.additions.is_empty() {
        String::new()
    } else {
        format!(", {} split off", counted(inspected.additions.len(), "addition"))
    };
    Some(format!("it changes {}, +{} −{}{added}", counted(size.files, "file"), size.added, size.removed))
}

fn agent(event: &AgentEvent) -> Option<String> {
    Some(match event {
        AgentEvent::Said { text } => format!("agent: {}", brief(text)),
        AgentEvent::Runs { command } => format!("agent runs {}", brief(command)),
        AgentEvent::Ran { command, exit: Some(0) } => format!("agent ran {}", brief(command)),
        AgentEvent::Ran { command, exit } => {
            let exit = exit.map_or_else(|| "cut".to_owned(), |exit| format!("exit {exit}"));
            format!("agent ran {} ({exit})", brief(command))
        }
        AgentEvent::Called { tool, error: None } => format!("agent called {tool}"),
        AgentEvent::Called { tool, error: Some(error) } => format!("agent called {tool}: {}", brief(error)),
        AgentEvent::Edited { paths } => format!("agent edited {}", brief(&paths.join(", "))),
        AgentEvent::Warned { message } => format!("agent warns: {}", brief(message)),
        AgentEvent::Used { .. } => return None,
    })
}
