//! What earlier comparisons of the same two trees mean for a new one: repeating until green is impossible.
//!
//! The same pair is never drawn anew (decision.md A.7): what was decided stays decided, what ran out of time goes
//! on with the same evidence up to its last pair, and on another machine only where a person says so. This holds as
//! far as the journal is kept. Pure but for reading it. Start at [`find`]; [`weigh`] is the rule.

use std::collections::BTreeMap;

use crate::engine::record::{Entry, Header, Pursuit, Record};
use crate::journal::Journal;
use crate::model::id::{Revision, RunId};
use crate::model::plan::BenchPlan;
use crate::model::verdict::StopReason;
use crate::stats::family::Standing;

use super::error::AppError;
use super::report::outcome::Outcome;

/// Which comparison is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Both sides.
    pub sides: (Revision, Revision),
    /// How benchmarks are built and launched.
    pub bench: &'a BenchPlan,
    /// Which of them, as the target names them.
    pub target: &'a str,
    /// Where it would be measured now: what [`place`] says.
    pub place: &'a BTreeMap<String, String>,
}

/// What to do instead of a new comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing is known of this pair.
    Nothing,
    /// It is decided: this run's findings are the answer.
    Decided(RunId),
    /// Its evidence goes on.
    GoesOn(RunId),
    /// Its evidence was measured elsewhere; what differs, one line each.
    Elsewhere(RunId, Vec<String>),
}

/// One earlier comparison of the same pair.
#[derive(Debug, Clone)]
pub struct Known {
    /// The run.
    pub run: RunId,
    /// What it came to.
    pub outcome: Outcome,
    /// Where it was measured.
    pub place: BTreeMap<String, String>,
}

/// Where a run was measured: machine, tools, confinement.
pub fn place(header: &Header) -> BTreeMap<String, String> {
    let mut place = header.machine.place();
    place.extend(header.tools.clone());
    place.insert("confined".to_owned(), header.confinement.confined.clone());
    place
}

/// What differs between two places, one line each.
pub fn differences(then: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<String> {
    let mut names: Vec<&String> = then.keys().chain(now.keys()).collect();
    names.sort();
    names.dedup();
    let none = || "none".to_owned();
    let line = |name: &&String| {
        let (then, now) = (then.get(*name), now.get(*name));
        (then != now).then(|| {
            let told = |value: Option<&String>| value.cloned().unwrap_or_else(none);
            format!("{name}: {} then, {} now", told(then), told(now))
        })
    };
    names.iter().filter_map(line).collect()
}

/// Looks through the journal.
pub fn find(journal: &Journal, asked: Asked<'_>) -> Result<Earlier, AppError> {
    let mut known = Vec::new();
    for overview in journal.runs()? {
        let started = journal.records_of_kinds(&overview.run, &["started"])?;
        let Some(first) = started.first() else { continue };
        let Record::Started(header) = first.read::<Entry>()?.record else { continue };
        if !is_same(&header, asked) {
            continue;
        }
        let entries = super::conduct::entries(journal, &overview.run)?;
        known.push(Known { run: overview.run, outcome: Outcome::of(&entries), place: place(&header) });
    }
    Ok(weigh(&known, asked.place))
}

/// Whether a run compares the same trees by the same benchmarks.
fn is_same(header: &Header, asked: Asked<'_>) -> bool {
    let Pursuit::Compare { candidate, .. } = header.pursuit else { return false };
    let trees = (header.original.tree, candidate.tree);
    trees == (asked.sides.0.tree, asked.sides.1.tree)
        && header.plan.bench == *asked.bench
        && header.target.name == asked.target
}

/// The rule. A regression that was found anywhere stays found; else the latest that says anything counts.
pub fn weigh(known: &[Known], now: &BTreeMap<String, String>) -> Earlier {
    let regressed =
        |known: &&Known| known.outcome.members.iter().any(|member| member.standing == Standing::Regressed);
    if let Some(known) = known.iter().find(regressed).filter(|known| is_over(&known.outcome)) {
        return Earlier::Decided(known.run.clone());
    }
    let Some(last) = known.iter().rev().find(|known| says_anything(&known.outcome)) else {
        return Earlier::Nothing;
    };
    if is_over(&last.outcome) {
        return Earlier::Decided(last.run.clone());
    }
    let differences = differences(&last.place, now);
    if differences.is_empty() {
        Earlier::GoesOn(last.run.clone())
    } else {
        Earlier::Elsewhere(last.run.clone(), differences)
    }
}

fn is_over(outcome: &Outcome) -> bool {
    outcome.stopped == Some(StopReason::Compared)
}

/// Whether it has evidence, or could still gather some.
fn says_anything(outcome: &Outcome) -> bool {
    match &outcome.stopped {
        Some(StopReason::Compared | StopReason::Budget { .. }) => true,
        None => outcome.pairs > 0,
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::finding::MemberFinding;
    use crate::model::id::BenchmarkId;

    fn here(kernel: &str) -> BTreeMap<String, String> {
        [("kernel".to_owned(), kernel.to_owned())].into()
    }

    fn known(run: &str, stopped: Option<StopReason>, standing: Standing) -> Known {
        let member = MemberFinding {
            benchmark: BenchmarkId::new("parse"),
            standing,
            estimate: None,
            ln_regressed: 0.0,
            ln_clean: 0.0,
            failed: None,
        };
        let outcome = Outcome { stopped, members: vec![member], pairs: 10, ..Outcome::default() };
        Known { run: RunId::new(run), outcome, place: here("6.8") }
    }

    fn time() -> StopReason {
        StopReason::Budget { which: "time".to_owned() }
    }

    #[test]
    fn a_pair_is_never_drawn_anew() {
        let over = Some(StopReason::Compared);
        let fails = Some(StopReason::OriginalFails { detail: String::new() });
        let decided = |run: &str| Earlier::Decided(RunId::new(run));
        for (runs, expected) in [
            (vec![], Earlier::Nothing),
            (vec![known("a", over.clone(), Standing::Clean)], decided("a")),
            (vec![known("a", over.clone(), Standing::Unproven)], decided("a")),
            (vec![known("a", Some(time()), Standing::Unproven)], Earlier::GoesOn(RunId::new("a"))),
            (vec![known("a", None, Standing::Open)], Earlier::GoesOn(RunId::new("a"))),
            (vec![known("a", fails, Standing::Open)], Earlier::Nothing),
            // Red stays red, whatever came after it.
            (
                vec![known("a", over.clone(), Standing::Regressed), known("b", over, Standing::Clean)],
                decided("a"),
            ),
        ] {
            assert_eq!(weigh(&runs, &here("6.8")), expected);
        }
    }

    #[test]
    fn evidence_from_elsewhere_is_not_gone_on_with_unasked_but_a_decision_holds() {
        let open = [known("a", Some(time()), Standing::Unproven)];
        let lines = vec!["kernel: 6.8 then, 6.9 now".to_owned()];
        assert_eq!(weigh(&open, &here("6.9")), Earlier::Elsewhere(RunId::new("a"), lines));
        let over = [known("a", Some(StopReason::Compared), Standing::Clean)];
        assert_eq!(weigh(&over, &here("6.9")), Earlier::Decided(RunId::new("a")));
    }
}
