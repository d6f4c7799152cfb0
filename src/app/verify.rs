//! `verify`: recomputes everything a run was decided from, and names what does not fit.
//!
//! The chain of hashes shows that records are as written; replaying shows that coins, findings and verdicts follow
//! from the header and the samples; policy values are compared with the presets and with what the run was locked to;
//! landed commits name the history they stood on; artifacts are read again. Start at [`verify`]; [`recompute`] needs
//! the records alone.

mod closeness;
mod landed;
mod locked;

use std::collections::BTreeSet;

use crate::engine::measure::Measured;
use crate::engine::record::{Entry, Header, ProfileOutcome, Profiled, Record};
use crate::engine::run::Run;
use crate::engine::step::Step;
use crate::journal::JournalError;
use crate::model::id::{Digest, RunId};
use crate::policy;

use super::error::AppError;
use super::history::{History, header};
use super::reporter::wording::kind;
use closeness::agree;

/// What was checked, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verified {
    /// Records of the run.
    pub records: usize,
    /// Findings and verdicts that were made again.
    pub decisions: usize,
    /// Pairs they were made from.
    pub pairs: usize,
    /// Artifacts the records name.
    pub artifacts: usize,
    /// Landed commits that name the history they stood on.
    pub commits: usize,
}

/// Verifies a run; everything that does not fit is in the error, one line each.
pub fn verify(history: &History, run: &RunId) -> Result<Verified, AppError> {
    let mut faults: Vec<String> = chain(history, run)?.into_iter().collect();
    let stored = history.artifacts.verify()?;
    faults.extend(stored.iter().map(|fault| format!("artifact {}: {}", fault.path.display(), fault.what)));
    let mut verified = Verified::default();
    match history.entries(run) {
        Ok(entries) => {
            let named = artifacts(&entries);
            let missing = named.iter().filter(|digest| !history.artifacts.path(**digest).exists());
            faults
                .extend(missing.map(|digest| format!("artifact {digest} is named by a record and missing")));
            let (again, wrong) = recompute(&entries)?;
            let header = header(&entries)?;
            faults.extend(locked::policy(history, &header));
            let landed = landed::commits(history, run, header.original.commit)?;
            verified = Verified { artifacts: named.len(), commits: landed.commits, ..again };
            faults.extend(landed.faults);
            faults.extend(wrong);
        }
        Err(error) => faults.push(error.to_string()),
    }
    if faults.is_empty() { Ok(verified) } else { Err(AppError::Evidence(faults.join("\n  "))) }
}

/// The first record that does not fit the chain of hashes, by what it says.
fn chain(history: &History, run: &RunId) -> Result<Option<String>, AppError> {
    let (seq, what) = match history.journal.verify_chain() {
        Ok(_) => return Ok(None),
        Err(JournalError::Broken { seq, what }) => (seq, what),
        Err(error) => return Ok(Some(error.to_string())),
    };
    let rows = history.journal.records(run)?;
    let row = rows.iter().find(|row| row.seq == seq);
    let name = match row.map(crate::journal::Entry::read::<Entry>) {
        Some(Ok(entry)) => name(&entry.record),
        Some(Err(_)) => "unreadable".to_owned(),
        None => "of another run".to_owned(),
    };
    Ok(Some(format!("record {seq} ({name}) was changed: {what}")))
}

/// Replays the run: compares preset values with the presets, draws the coins again, makes every decision again.
/// Gives what was checked and what does not fit.
pub fn recompute(entries: &[Entry]) -> Result<(Verified, Vec<String>), AppError> {
    let header = header(entries)?;
    let mut faults = preset_values(&header);
    let mut run = Run::new(header);
    let mut verified = Verified { records: entries.len(), ..Verified::default() };
    for (at, entry) in entries.iter().enumerate().skip(1) {
        let number = at + 1;
        let due = run.ready().into_iter().next();
        match (&due, &entry.record) {
            (Some(Step::Judge(question)), Record::Found(_) | Record::Judged(_)) => {
                let again = run.judge(*question);
                if !again.as_ref().is_some_and(|again| agree(again, &entry.record)) {
                    let told = again.map(|again| serde_json::to_string(&again).unwrap_or_default());
                    faults.push(format!(
                        "record {number} of the run ({}) does not follow from the samples and the policy before it, \
                         which give {}",
                        name(&entry.record),
                        told.unwrap_or_else(|| "no decision".to_owned())
                    ));
                }
                verified.decisions += 1;
            }
            (Some(Step::Measure(asked)), Record::Measured(measured)) => {
                verified.pairs += measured.pairs.len();
                let drawn =
                    asked.pairs.iter().flat_map(|pair| pair.rounds.iter().map(|round| (pair.pair, *round)));
                let ran = measured.pairs.iter().map(|pair| (pair.pair, (pair.work, pair.order)));
                if !drawn.eq(ran) {
                    let what = name(&entry.record);
                    faults.push(format!(
                        "record {number} of the run ({what}): its order is not what the coins say"
                    ));
                }
            }
            _ => {}
        }
        if let Err(error) = run.apply(entry) {
            faults.push(format!("record {number} of the run: {error}"));
            break;
        }
    }
    Ok((verified, faults))
}

/// Values that claim to be a preset's and are not.
fn preset_values(header: &Header) -> Vec<String> {
    let said = header.policy.lines();
    let mut faults = Vec::new();
    for preset in policy::preset::NAMES {
        let claimed = |origin: &str| {
            origin == format!("preset {preset}") || origin.starts_with(&format!("preset {preset} ("))
        };
        let Ok(known) = policy::preset(preset) else { continue };
        let known = known.lines();
        for (key, value, origin) in said.iter().filter(|(_, _, origin)| claimed(origin)) {
            let true_values: Vec<&str> =
                known.iter().filter(|(of, _, _)| of == key).map(|(_, value, _)| value.as_str()).collect();
            if !true_values.contains(&value.as_str()) {
                faults.push(format!(
                    "policy value {key} = {value} claims to be of {origin}, which says {}",
                    true_values.join(", ")
                ));
            }
        }
    }
    faults
}

/// Every artifact the records name.
fn artifacts(entries: &[Entry]) -> BTreeSet<Digest> {
    let of = |entry: &Entry| -> Vec<Digest> {
        match &entry.record {
            Record::Started(header) => {
                let laid_over = header.laid_over.iter().map(|file| file.content);
                header.locked_policy.into_iter().chain(laid_over).collect()
            }
            Record::Proposed(proposed) => proposed.raw.into_iter().chain(proposed.patch).collect(),
            Record::Inspected(inspected) => inspected.diff.into_iter().collect(),
            Record::Tested(tested) => tested.log.into_iter().collect(),
            Record::Profiled(Profiled { outcome: ProfileOutcome::Read { artifact, .. }, .. }) => {
                vec![*artifact]
            }
            _ => Vec::new(),
        }
    };
    entries.iter().flat_map(of).collect()
}

/// A record in a few words.
fn name(record: &Record) -> String {
    match record {
        Record::Measured(Measured { comparison, pairs, .. }) => {
            let last = pairs.last().map_or(0, |pair| pair.pair);
            let first = pairs.first().map_or(0, |pair| pair.pair);
            format!(
                "measured: {} of proposal {}, pairs {first} to {last}",
                kind(comparison.kind),
                comparison.iteration
            )
        }
        Record::Found(found) => {
            format!("found: {} of proposal {}", kind(found.comparison.kind), found.comparison.iteration)
        }
        Record::Judged(judged) => format!("judged: the verdict on proposal {}", judged.iteration),
        Record::Started(_) => "started: the header with policy, plan and goal".to_owned(),
        other => other.kind().replace('_', " "),
    }
}
