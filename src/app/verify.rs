//! `verify`: recomputes everything a run was decided from, and names the first thing that does not fit.
//!
//! The chain of hashes shows that records are as written; replaying shows that findings and verdicts follow from
//! the samples; the artifacts are read again. Start at [`verify`].

use crate::engine::finding::Finding;
use crate::engine::record::{Entry, Record};
use crate::engine::run::Run;
use crate::engine::step::Step;
use crate::journal::Journal;
use crate::model::id::RunId;

use super::error::AppError;
use super::history::{History, header};

/// How far a recomputed number may lie from the recorded one.
const TOLERANCE: f64 = 1e-6;

/// What was checked, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verified {
    /// Records of the run.
    pub records: usize,
    /// Findings and verdicts that were made again.
    pub decisions: usize,
    /// Pairs they were made from.
    pub pairs: usize,
}

/// Verifies a run.
pub fn verify(history: &History, run: &RunId) -> Result<Verified, AppError> {
    chain(&history.journal)?;
    let faults = history.artifacts.verify()?;
    if let Some(fault) = faults.first() {
        return Err(AppError::Evidence(format!("artifact {fault:?} is not what its name says")));
    }
    decisions(&history.entries(run)?)
}

fn chain(journal: &Journal) -> Result<(), AppError> {
    journal.verify_chain().map(drop).map_err(|error| AppError::Evidence(error.to_string()))
}

/// Replays the run and makes every decision again.
pub fn decisions(entries: &[Entry]) -> Result<Verified, AppError> {
    let mut run = Run::new(header(entries)?);
    let mut verified = Verified { records: entries.len(), ..Verified::default() };
    for (at, entry) in entries.iter().enumerate().skip(1) {
        let due = run.ready().into_iter().next();
        if let (Some(Step::Judge(question)), Record::Found(_) | Record::Judged(_)) = (due, &entry.record) {
            let again = run.judge(question);
            if !again.as_ref().is_some_and(|again| agree(again, &entry.record)) {
                let kind = entry.record.kind();
                let told = serde_json::to_string(&entry.record).unwrap_or_default();
                return Err(AppError::Evidence(format!(
                    "record {at} ({kind}) does not follow from the samples and the policy before it: {told}"
                )));
            }
            verified.decisions += 1;
        }
        if let Record::Measured(measured) = &entry.record {
            verified.pairs += measured.pairs.len();
        }
        run.apply(entry).map_err(|error| AppError::Evidence(format!("record {at}: {error}")))?;
    }
    Ok(verified)
}

/// Whether two records say the same, numbers within the tolerance.
fn agree(again: &Record, recorded: &Record) -> bool {
    match (again, recorded) {
        (Record::Found(again), Record::Found(recorded)) => {
            let times = |finding: &Finding| matches!(finding, Finding::Test { decision, .. } if decision.why == crate::stats::sequential::Why::Time);
            again.comparison == recorded.comparison
                && (close(&again.finding, &recorded.finding) || times(&recorded.finding))
        }
        (Record::Judged(again), Record::Judged(recorded)) => {
            again.verdict == recorded.verdict && close(&again.effect, &recorded.effect)
        }
        _ => false,
    }
}

/// Equal as JSON, with numbers compared by value.
fn close(one: &impl serde::Serialize, other: &impl serde::Serialize) -> bool {
    match (serde_json::to_value(one), serde_json::to_value(other)) {
        (Ok(one), Ok(other)) => values_close(&one, &other),
        _ => false,
    }
}

fn values_close(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) => (one - other).abs() <= TOLERANCE * (1.0 + one.abs()),
            _ => one == other,
        },
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| values_close(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|o| values_close(value, o)))
        }
        _ => one == other,
    }
}
