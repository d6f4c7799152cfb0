//! One proposal whole, or all of a run: what was changed, run, measured and concluded.
//!
//! Start at [`attempt`].

use crate::app::reporter::amounts::{brief, counted, minutes, tokens};
use crate::app::reporter::wording;
use crate::engine::finding::Finding;
use crate::engine::record::{BuildOutcome, Header, ProfileOutcome, TestOutcome};
use crate::engine::words;
use crate::model::verdict::Verdict;

use super::outcome::{Attempt, Outcome};
use super::summary;

/// The run with every proposal.
pub fn run(header: &Header, outcome: &Outcome) -> String {
    let mut text = summary::of(header, outcome);
    for one in &outcome.attempts {
        text.push('\n');
        text.push_str(&attempt(one, None));
    }
    text
}

/// One proposal; with its diff where that is at hand.
pub fn attempt(attempt: &Attempt, diff: Option<&str>) -> String {
    let mut lines = vec![format!("proposal {}: {}", attempt.iteration, summary::verdict(attempt))];
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("  {name:12} {value}"));
        }
    };
    line("hypothesis", brief(attempt.hypothesis()));
    if let Some(turn) = &attempt.turn {
        line("agent", brief(&turn.agent));
        line(
            "turn",
            format!(
                "{}, {}",
                minutes(turn.took),
                tokens(turn.tokens.total().unwrap_or(0), u32::from(turn.tokens.total().is_none()))
            ),
        );
        if let Some(report) = &turn.report {
            line("attacks", report.hotspot.clone().unwrap_or_default());
            line(
                "predicted",
                report
                    .predicted
                    .map(|ratio| format!("−{:.1} %, the agent's word", 100.0 * ratio))
                    .unwrap_or_default(),
            );
        }
    }
    line(
        "changes",
        format!("{}, +{} −{}", counted(attempt.size.files, "file"), attempt.size.added, attempt.size.removed),
    );
    line("adds", attempt.additions.join(", "));
    line("commit", attempt.candidate.map(|candidate| candidate.commit.to_string()).unwrap_or_default());
    line("diff", attempt.diff.map(|digest| format!("artifact {digest}")).unwrap_or_default());
    for build in &attempt.builds {
        line("build", build_line(build));
    }
    for tested in &attempt.tests {
        let log = tested.log.map(|digest| format!(", log: artifact {digest}")).unwrap_or_default();
        line("tests", format!("{}{log}", tests(&tested.outcome)));
    }
    for (kind, finding) in &attempt.findings {
        line("finding", wording::finding(*kind, finding));
        line("", numbers(finding));
    }
    line("pairs", if attempt.pairs == 0 { String::new() } else { attempt.pairs.to_string() });
    if let Some(ProfileOutcome::Read { notes, .. }) = &attempt.profile {
        line("profile", notes.join("; "));
    }
    line("effect", attempt.effect.as_ref().map(summary::with_level).unwrap_or_default());
    for reason in reasons(attempt.verdict.as_ref()) {
        line("why", reason);
    }
    for note in &attempt.notes {
        line("note", brief(note));
    }
    line("landed", attempt.landed.map(|commit| commit.to_string()).unwrap_or_default());
    let mut text = lines.join("\n") + "\n";
    if let Some(diff) = diff {
        text.push('\n');
        text.push_str(diff.trim_end());
        text.push('\n');
    }
    text
}

fn reasons(verdict: Option<&Verdict>) -> Vec<String> {
    match verdict {
        None | Some(Verdict::Accepted) => Vec::new(),
        Some(Verdict::Rejected { reason }) => {
            vec![reason.to_string().trim_end().replace('\n', "\n               ")]
        }
        Some(Verdict::Held { reasons }) => reasons.iter().map(|reason| brief(&reason.to_string())).collect(),
    }
}

fn build_line(build: &BuildOutcome) -> String {
    match build {
        BuildOutcome::Ready { same_code: Some(true), .. } => "same machine code as the base".to_owned(),
        BuildOutcome::Ready { .. } => "built".to_owned(),
        BuildOutcome::CandidateFailed { detail } => format!("fails: {}", brief(detail)),
        BuildOutcome::NeedsAdditions { detail } => format!("only with what it adds: {}", brief(detail)),
        BuildOutcome::BaseFailed { detail } => format!("the base fails: {}", brief(detail)),
    }
}

fn tests(outcome: &TestOutcome) -> String {
    match outcome {
        TestOutcome::Passed { ids: 0 } => "passed".to_owned(),
        TestOutcome::Passed { ids } => format!("passed, {}", counted(*ids, "id")),
        TestOutcome::Failed { tests, detail } if tests.is_empty() => format!("failed: {}", brief(detail)),
        TestOutcome::Failed { tests, .. } => {
            let names: Vec<&str> = tests.iter().map(crate::model::id::TestId::as_str).collect();
            format!("failed: {}", names.join(", "))
        }
        TestOutcome::Missing { tests } => {
            let names: Vec<&str> = tests.iter().map(crate::model::id::TestId::as_str).collect();
            format!("gone: {}", names.join(", "))
        }
    }
}

/// The processes behind a finding, where it has any.
fn numbers(finding: &Finding) -> String {
    match finding {
        Finding::Test { alpha, reading, decision, mean_cost_ratio, .. } => format!(
            "n {}, α {alpha:.5}, ln A {:.2} (largest {:.2}), ln R {:.2}, ln F {:.2} at g {}, σ {:.4}, means {mean_cost_ratio:.4}",
            decision.n,
            reading.ln_a,
            reading.max_ln_a,
            reading.ln_r,
            reading.ln_f,
            reading.margin,
            reading.sigma
        ),
        Finding::Confirmation { mean_cost_ratio, .. } => {
            format!("means {mean_cost_ratio:.4} over test and confirmation")
        }
        Finding::Guards { guards } => guards
            .iter()
            .map(|(state, estimate)| {
                let effect = estimate.as_ref().map_or_else(|| "no valid pair".to_owned(), words::effect);
                format!("{state:?} {effect}").to_lowercase()
            })
            .collect::<Vec<_>>()
            .join("; "),
        Finding::Family { members } => super::family::counts(members),
        Finding::Goal { ln_e, .. } => format!("ln E {ln_e:.2}"),
        Finding::Wall { .. } | Finding::Final { .. } | Finding::Owed | Finding::Failed { .. } => {
            String::new()
        }
    }
}
