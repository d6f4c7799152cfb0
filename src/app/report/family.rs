//! The report of `compare` and `gate`: every benchmark with its finding, effect and interval.
//!
//! Start at [`of`]; [`exit`] is what scripts read.

use crate::app::exit::Exit;
use crate::app::reporter::amounts::{brief, counted, minutes};
use crate::engine::finding::MemberFinding;
use crate::engine::landing::instrument;
use crate::engine::record::{Header, Pursuit};
use crate::model::verdict::StopReason;
use crate::policy::value::Guards;
use crate::stats::family::{Asked, Standing};

use super::outcome::Outcome;
use super::summary::with_level;

/// The exit code: regression before a side that fails before too little evidence.
pub fn exit(header: &Header, outcome: &Outcome) -> Exit {
    let has = |standing| outcome.members.iter().any(|member| member.standing == standing);
    match &outcome.stopped {
        None => return Exit::Interrupted,
        Some(StopReason::OriginalFails { .. }) => return Exit::OriginalFails,
        Some(StopReason::CandidateFails { .. }) => return Exit::NothingKept,
        Some(StopReason::Environment { .. }) => return Exit::Environment,
        Some(_) if outcome.same_code && outcome.members.is_empty() => return Exit::Success,
        Some(_) => {}
    }
    if has(Standing::Regressed) {
        return Exit::Regression;
    }
    if has(Standing::Broken) {
        return Exit::NothingKept;
    }
    let shown = has(Standing::Clean) || has(Standing::Improved);
    let open = has(Standing::Unproven) || has(Standing::Open) || has(Standing::Void);
    let must_be_clean = header.policy.guards.value == Guards::Clean;
    let in_time = !matches!(outcome.stopped, Some(StopReason::Budget { .. }));
    if shown && (!open || (in_time && !must_be_clean)) { Exit::Success } else { Exit::Inconclusive }
}

/// `97 clean, 1 improved, 1 regressed, 1 unproven`.
pub fn counts(members: &[MemberFinding]) -> String {
    let count = |standing: Standing| members.iter().filter(|member| member.standing == standing).count();
    let parts = ALL.iter().map(|standing| (count(*standing), word(*standing)));
    let said: Vec<String> =
        parts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if said.is_empty() { "none measured".to_owned() } else { said.join(", ") }
}

const ALL: [Standing; 7] = [
    Standing::Regressed,
    Standing::Broken,
    Standing::Improved,
    Standing::Clean,
    Standing::Unproven,
    Standing::Void,
    Standing::Open,
];

/// A standing as people read it.
pub fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Regressed => "regressed",
        Standing::Improved => "improved",
        Standing::Clean => "no regression",
        Standing::Unproven => "unproven",
        Standing::Broken => "broken",
        Standing::Void => "fails on the base",
    }
}

/// The whole report.
pub fn of(header: &Header, outcome: &Outcome) -> String {
    let check = super::summary::check(header);
    let mut paragraphs = vec![format!("{} Check it with `{check}`.", opening(header, outcome))];
    if !outcome.members.is_empty() {
        paragraphs.push(table(&outcome.members));
        paragraphs.push(meaning(header, outcome));
    }
    paragraphs.extend(next(header, outcome));
    paragraphs.join("\n\n") + "\n"
}

/// The first paragraph, but for how to check it.
pub fn opening(header: &Header, outcome: &Outcome) -> String {
    let Pursuit::Compare { candidate, asked } = header.pursuit else { return String::new() };
    let sides = format!("{} against {}", candidate.commit.short(), header.original.commit.short());
    let verdict = match (&outcome.stopped, asked, exit(header, outcome)) {
        (None, ..) => "not ended".to_owned(),
        (Some(reason @ (StopReason::OriginalFails { .. } | StopReason::CandidateFails { .. })), ..) => {
            format!("not compared: {reason}")
        }
        (_, _, Exit::Regression) => "it regressed".to_owned(),
        (_, _, Exit::NothingKept) => "benchmarks fail".to_owned(),
        (_, _, Exit::Success) if outcome.same_code && outcome.members.is_empty() => {
            "equal machine code, nothing was launched".to_owned()
        }
        (_, Asked::Regressions, Exit::Success) => "no regression".to_owned(),
        (_, Asked::Both, Exit::Success) => "compared".to_owned(),
        _ => "inconclusive".to_owned(),
    };
    let measured = match outcome.members.len() {
        0 => String::new(),
        n => format!(" {}: {}.", counted(n, "benchmark"), counts(&outcome.members)),
    };
    let left = missing(header, outcome);
    format!(
        "{sides}: {verdict}.{measured}{left} Not checked: tests (neither side's were run); a confirmation on fresh \
         builds; layouts of one build. {} in {}.",
        counted(outcome.pairs, "pair"),
        minutes(outcome.time),
    )
}

/// Benchmarks that were wanted and could not be calibrated.
fn missing(header: &Header, outcome: &Outcome) -> String {
    let wanted = header.target.benchmarks.iter();
    let calibrated = |name: &crate::model::id::BenchmarkId| {
        outcome.calibrated.iter().any(|one| one.work.benchmark == *name)
    };
    let gone: Vec<&str> = match outcome.calibrated.len() {
        0 => Vec::new(),
        _ => wanted.filter(|name| !calibrated(name)).map(crate::model::id::BenchmarkId::as_str).collect(),
    };
    if gone.is_empty() {
        String::new()
    } else {
        format!(" Not measured, it fails on the base: {}.", gone.join(", "))
    }
}

/// One line a benchmark, what is worst first.
fn table(members: &[MemberFinding]) -> String {
    let sorted = worst_first(members);
    let widest = members.iter().map(|member| member.benchmark.as_str().chars().count()).max().unwrap_or(0);
    let lines: Vec<String> = sorted.iter().map(|member| format!("  {}", line(member, widest))).collect();
    lines.join("\n")
}

/// What is worst first.
pub fn worst_first(members: &[MemberFinding]) -> Vec<&MemberFinding> {
    let mut sorted: Vec<&MemberFinding> = members.iter().collect();
    sorted.sort_by_key(|member| ALL.iter().position(|standing| *standing == member.standing));
    sorted
}

/// `parse   no regression  −0.1 % [95 % CI −0.9, +0.6] from 14 pairs`.
fn line(member: &MemberFinding, widest: usize) -> String {
    let MemberFinding { benchmark, standing, estimate, failed, .. } = member;
    let effect = estimate.as_ref().map_or_else(
        || "no valid pair".to_owned(),
        |effect| format!("{} from {}", with_level(effect), counted(effect.n, "pair")),
    );
    let failed = failed.as_ref().map_or_else(String::new, |detail| format!("; {}", brief(detail)));
    format!("{:widest$}  {:13}  {effect}{failed}", benchmark.as_str(), word(*standing))
}

/// What the words of the table promise.
pub fn meaning(header: &Header, outcome: &Outcome) -> String {
    let margin = header.policy.guard_margin.value;
    let family = outcome.members.len();
    let how = outcome.calibrated.first().map(instrument).unwrap_or_default();
    format!(
        "`regressed` (and `improved`, by at least {}) is named at 5 % for all {} together, so that one false name \
         among them is a matter of one comparison in twenty at most; `no regression` means shown, at 5 % each, to cost \
         less than {margin} more. Minus is cheaper. Read by {how}.",
        header.policy.min_effect.value,
        counted(family, "benchmark"),
    )
}

/// What to do now.
pub fn next(header: &Header, outcome: &Outcome) -> Option<String> {
    let time = matches!(&outcome.stopped, Some(StopReason::Budget { which }) if which == "time");
    let run = &header.run;
    match outcome.stopped {
        None => Some(format!("Go on:   optiloop resume {run}")),
        _ if time => Some(
            "Next:    the time was up; the same command goes on from this evidence, as long as the journal is kept"
                .to_owned(),
        ),
        _ => None,
    }
}
