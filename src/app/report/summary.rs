//! The report: its first paragraph is fixed, and everything in it can be recomputed from the journal.
//!
//! Start at [`of`].

use crate::app::reporter::amounts::{brief, counted, minutes, tokens};
use crate::engine::landing::instrument;
use crate::engine::record::{Header, JudgeLanding, Pursuit};
use crate::engine::words;
use crate::model::verdict::{Rejection, StopReason, Verdict};
use crate::policy::value::Alpha;
use crate::stats::estimate::Estimate;
use crate::stats::goal::GoalState;

use super::outcome::{Attempt, Outcome};
use super::quarantine;

/// The report of a run or a judgement.
pub fn of(header: &Header, outcome: &Outcome) -> String {
    match header.pursuit {
        Pursuit::Compare { .. } => return super::family::of(header, outcome),
        Pursuit::Calibrate { .. } => return super::calibrate::of(header, outcome),
        Pursuit::Loop | Pursuit::Judge { .. } => {}
    }
    let mut paragraphs = vec![first_paragraph(header, outcome)];
    paragraphs.push(attempts(outcome));
    if let Pursuit::Judge { .. } = header.pursuit {
        paragraphs.extend(outcome.attempts.last().map(details));
    }
    paragraphs.extend(self::paragraphs(header, outcome));
    paragraphs.push(next_steps(header, outcome).join("\n"));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n") + "\n"
}

/// The first paragraph of every report: what it says, and how to check it.
fn first_paragraph(header: &Header, outcome: &Outcome) -> String {
    format!("{} Check it with `{}`.", opening(header, outcome), check(header))
}

/// The command that recomputes everything.
pub fn check(header: &Header) -> String {
    format!("optiloop verify {}", header.run)
}

/// What is said between the fixed first paragraph and what to do next.
pub fn paragraphs(header: &Header, outcome: &Outcome) -> Vec<String> {
    let mut paragraphs: Vec<String> = super::calibrate::controls(outcome).into_iter().collect();
    paragraphs.extend(goal(header, outcome));
    paragraphs.extend(outcome.total.as_ref().map(|total| final_number(header, outcome, total)));
    if outcome.kept() == 0 {
        paragraphs.extend(nothing_kept(header, outcome));
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// What got cheaper and by how much, from how many pairs; what was kept and rejected, in counts; what was not
/// checked; what it cost.
pub fn opening(header: &Header, outcome: &Outcome) -> String {
    let result = if let (Pursuit::Judge { .. }, Some(attempt)) = (&header.pursuit, outcome.attempts.last()) {
        judged(&header.target.name, attempt)
    } else {
        let kept = match outcome.attempts.len() {
            0 => "Nothing was proposed".to_owned(),
            tried => format!("Of {} {}", counted(tried, "proposal"), verdict_counts(outcome)),
        };
        format!("{} {kept}.", gain(header, outcome))
    };
    let ended = match &outcome.stopped {
        Some(StopReason::Judged) => String::new(),
        Some(reason) => format!(" It ended: {reason}."),
        None => " It has not ended.".to_owned(),
    };
    let spent = match outcome.turns {
        0 => format!("It took {}", minutes(outcome.time)),
        _ => format!(
            "It took {} and {}",
            minutes(outcome.time),
            tokens(outcome.tokens, outcome.tokens_unknown)
        ),
    };
    let unchecked = not_checked(header, outcome).join("; ");
    format!("{result}{ended} Not checked: {unchecked}. {spent}.")
}

fn gain(header: &Header, outcome: &Outcome) -> String {
    let target = &header.target.name;
    match (&outcome.total, outcome.kept()) {
        (Some((total, _)), 1..) => format!(
            "{target} costs {} compared with the original, from {}.",
            with_level(total),
            counted(total.n, "paired launch")
        ),
        (_, 0) => format!("{target} did not get cheaper: nothing was kept."),
        (None, kept) => {
            format!("{target} got cheaper by {}; the total was not measured.", counted(kept, "landed change"))
        }
    }
}

fn judged(target: &str, attempt: &Attempt) -> String {
    let effect = match &attempt.effect {
        Some(effect) => format!(": {} from {}", with_level(effect), pairs(effect)),
        None => String::new(),
    };
    match &attempt.verdict {
        None => format!("{target}: no verdict{effect}."),
        Some(Verdict::Accepted) => format!("{target}: accepted, really cheaper{effect}."),
        Some(Verdict::Held { reasons }) => {
            let reasons: Vec<String> = reasons.iter().map(|reason| brief(&reason.to_string())).collect();
            format!("{target}: held for a person to decide{effect}. Why: {}.", reasons.join("; "))
        }
        Some(Verdict::Rejected { reason }) => {
            let why = brief(&reason.to_string());
            format!("{target}: rejected ({}){effect}. Why: {}.", name(reason), why.trim_end_matches('.'))
        }
    }
}

/// `2 were kept, 2 rejected (1 no gain, 1 tests failed), 1 held`.
fn verdict_counts(outcome: &Outcome) -> String {
    let rejections = outcome.rejections();
    let rejected: usize = rejections.values().sum();
    let kinds: Vec<String> =
        rejections.iter().map(|(kind, count)| format!("{count} {}", named(kind))).collect();
    let kinds = if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
    let was = if outcome.kept() == 1 { "was" } else { "were" };
    format!("{} {was} kept, {rejected} rejected{kinds}, {} held", outcome.kept(), outcome.held())
}

/// A rejection in words for a table.
fn name(reason: &Rejection) -> String {
    named(reason.kind())
}

/// In a run a futile test says nothing about a slowdown, so it is printed as what it shows (decision.md A.5).
pub fn named(kind: &str) -> String {
    if kind == "unchanged" { "no gain".to_owned() } else { kind.replace('_', " ") }
}

/// What was not checked, in phrases.
pub fn not_checked(header: &Header, outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    if header.plan.suites.is_empty() {
        lines.push("outputs (no test suite)".to_owned());
    }
    let flaky: Vec<_> = outcome.suites.iter().flat_map(|suite| suite.quarantined.clone()).collect();
    if !flaky.is_empty() {
        let tests = counted(flaky.len(), "test");
        lines.push(format!("{tests} that ended differently in two runs ({})", quarantine::names(&flaky)));
    }
    if header.confinement.confined != "yes" {
        lines.push(format!("confined: {}", header.confinement.confined));
    }
    let clock = |note: &&String| note.starts_with("clock agreement");
    let mut clocks: Vec<&String> =
        outcome.attempts.iter().flat_map(|attempt| &attempt.notes).filter(clock).collect();
    clocks.dedup();
    lines.extend(clocks.first().map(|note| brief(note)));
    if !header.policy.confirm.value {
        lines.push("the confirmation on fresh pairs".to_owned());
    } else if header.policy.confirm_delay.value.0 == 0 {
        lines.push("a delay before the confirmation".to_owned());
    }
    if header.target.guards.is_empty() {
        lines.push("other benchmarks (no guards)".to_owned());
    }
    lines.push("layouts of one build".to_owned());
    lines.extend(header.stamps.iter().map(|stamp| brief(stamp)));
    lines
}

/// One line a proposal.
fn attempts(outcome: &Outcome) -> String {
    let lines = outcome.attempts.iter().map(|attempt| {
        let hypothesis = match attempt.hypothesis() {
            "" => String::new(),
            text => format!("  {}", brief(text)),
        };
        format!("  {:>2}  {:18}  {:24}{hypothesis}", attempt.iteration.0, verdict(attempt), effect(attempt))
            .trim_end()
            .to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The verdict on a proposal in one or two words.
pub fn verdict(attempt: &Attempt) -> String {
    match &attempt.verdict {
        _ if attempt.landed.is_some() => "kept".to_owned(),
        Some(Verdict::Accepted) => "accepted".to_owned(),
        Some(Verdict::Held { .. }) => "held".to_owned(),
        Some(Verdict::Rejected { reason }) => name(reason),
        None => "not judged yet".to_owned(),
    }
}

/// The effect of a proposal, or that it was not measured.
pub fn effect(attempt: &Attempt) -> String {
    attempt.effect.as_ref().map_or_else(|| "not measured".to_owned(), words::effect)
}

/// What `judge` says beside the verdict.
fn details(attempt: &Attempt) -> String {
    let mut lines: Vec<String> = attempt
        .findings
        .iter()
        .map(|(kind, finding)| format!("  {}", crate::app::reporter::wording::finding(*kind, finding)))
        .collect();
    lines.extend(attempt.notes.iter().map(|note| format!("  {}", brief(note))));
    lines.join("\n")
}

fn goal(header: &Header, outcome: &Outcome) -> Option<String> {
    let goal = header.goal?;
    let absolute = goal.bounds().is_some() && !outcome.calibrated.is_empty();
    let as_ratio = absolute.then_some(" (an absolute goal, as a ratio to the original's calibrated cost)");
    let state = match outcome.goal {
        Some((GoalState::Proven, _)) => "reached, proven",
        Some((GoalState::Estimated | GoalState::EstimatedOnly, _)) => "reached, estimate",
        Some((GoalState::Open | GoalState::NotReached, _)) => "not reached",
        None => "not reached; no HEAD came near enough to be checked",
    };
    Some(format!("Goal {goal}{}: {state}.", as_ratio.unwrap_or_default()))
}

/// The number that is reported, with everything that bounds what it means (decision.md A.6).
fn final_number(header: &Header, outcome: &Outcome, (total, mean): &(Estimate, f64)) -> String {
    let policy = &header.policy;
    let (kept, least) = (outcome.kept(), policy.min_effect.value);
    if kept == 0 {
        return String::new();
    }
    let each = if kept == 1 {
        "The landed change was".to_owned()
    } else {
        format!("Each of the {kept} landed changes was")
    };
    let (level, share) = match policy.alpha.value {
        Alpha::Lond => (
            "its e-LOND level",
            format!(
                "The expected share of landed changes below {least} is at most {}, provided a change scales the cost \
                 by a constant factor and leaves no after-effect on the next launch.",
                policy.false_discovery.value
            ),
        ),
        Alpha::Fixed => {
            ("a fixed level of .01", "No bound on the share of false landings is claimed.".to_owned())
        }
    };
    format!(
        "HEAD costs {} compared with ORIGINAL: Hodges–Lehmann estimate from {} fresh coin-ordered pairs, measured after \
         all decisions on this machine, workload and time. {each} shown to lower cost by at least {least} against its \
         own base at {level}. {share} The number concerns the typical launch; the mean changed by {} %. Gains are not \
         additive and may differ elsewhere. The environment's size was varied, the layout of one build was not; 1–3 % \
         of this may be placement.",
        with_level(total),
        total.n,
        words::signed(100.0 * (mean - 1.0)),
    )
}

/// What was tried, and what could have been proven.
fn nothing_kept(header: &Header, outcome: &Outcome) -> Option<String> {
    let first = outcome.calibrated.first()?;
    if matches!(header.pursuit, Pursuit::Judge { .. }) {
        return None;
    }
    Some(format!(
        "The smallest change that could have been proven here is {:.1} %, with {} a launch by {}.",
        100.0 * outcome.smallest_provable,
        milliseconds(first.cost),
        instrument(first)
    ))
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.1} ms", 1000.0 * seconds)
}

/// What to do now, a line each.
pub fn next_steps(header: &Header, outcome: &Outcome) -> Vec<String> {
    let run = &header.run;
    let mut lines = Vec::new();
    if outcome.kept() > 0 {
        let original = header.original.commit.short();
        lines.push(format!("Review:  git log -p {original}..optiloop/{run}"));
        lines.push(format!("Merge:   git merge optiloop/{run}"));
    }
    for attempt in outcome.attempts.iter().filter(|attempt| !attempt.held().is_empty()) {
        let n = attempt.iteration;
        lines.push(format!(
            "Held:    optiloop show {run} {n}, then optiloop accept {run} {n} to land it in your name"
        ));
    }
    if let Pursuit::Judge { landing: JudgeLanding::VerdictOnly, .. } = header.pursuit
        && outcome.attempts.last().is_some_and(|attempt| attempt.verdict == Some(Verdict::Accepted))
    {
        lines.push("Nothing was landed; `--land` lands an accepted change.".to_owned());
    }
    if outcome.stopped.is_none() {
        lines.push("Go on:   optiloop resume".to_owned());
    }
    lines.extend(outcome.stopped.as_ref().and_then(way_out).map(|text| format!("Next:    {text}")));
    lines
}

/// What a person can do where a run could not go on.
fn way_out(reason: &StopReason) -> Option<&'static str> {
    match reason {
        StopReason::OriginalFails { .. } => Some(
            "mend the project, or the commands in optiloop.toml that build, test and launch it; commit, and run again",
        ),
        StopReason::AgentFailed { .. } => {
            Some("mend `[agent]` in optiloop.toml (`optiloop doctor` says what is missing), and run again")
        }
        StopReason::Environment { .. } => {
            Some("see that nothing else changes or loads this machine (`optiloop doctor`), and run again")
        }
        _ => None,
    }
}

/// `−12.4 % [95 % CI −13.9, −10.8]`; below six pairs the range has a level of its own.
pub fn with_level(estimate: &Estimate) -> String {
    let percent = (1000.0 * estimate.level).round() / 10.0;
    words::effect(estimate).replacen('[', &format!("[{percent} % CI "), 1)
}

fn pairs(estimate: &Estimate) -> String {
    counted(estimate.n, "pair")
}
