//! Landed commits against the journal: each carries the hash of the history it stood on.
//!
//! The commits lie in the user's repository, outside of the store. Whoever changes a record before a landing
//! and computes all later hashes again, or cuts records off, is caught by the hash that is not there any more.

use crate::app::error::AppError;
use crate::app::history::History;
use crate::app::steps::land::HISTORY;
use crate::engine::record::{Entry, Record};
use crate::journal::Seq;
use crate::model::id::{CommitId, Digest, Revision, RunId};

/// Commits of a branch that are looked at.
const LONGEST: usize = 10_000;

/// What the commits show.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Commits whose hash is in the journal, before their landing.
    pub(super) commits: usize,
    /// What does not fit.
    pub(super) faults: Vec<String>,
}

/// Looks at what the records say has landed, and at what the run's branch holds. Commits that a person has
/// removed since are not missed.
pub(super) fn commits(history: &History, run: &RunId, original: CommitId) -> Result<Seen, AppError> {
    let mut seen = Seen::default();
    let mut known = Vec::new();
    for row in history.journal.records_of_kinds(run, &["landed"])? {
        let entry: Entry = row.read()?;
        let Record::Landed(landed) = entry.record else { continue };
        known.push(landed.head.commit);
        if let Ok(there) = history.user.resolve(&landed.head.commit.to_string()) {
            seen.faults.extend(tree(there, landed.head));
            look(history, (run, landed.head.commit), Some(row.seq), &mut seen)?;
        }
    }
    let mut open = history.user.landed(run)?;
    for _ in 0..LONGEST {
        let Some(commit) = open.filter(|commit| *commit != original) else { break };
        if !known.contains(&commit) {
            look(history, (run, commit), None, &mut seen)?;
        }
        open = history.user.parents(commit)?.first().copied();
    }
    Ok(seen)
}

/// A commit whose tree is not the one the record names.
fn tree(there: Revision, named: Revision) -> Option<String> {
    (there.tree != named.tree).then(|| {
        format!("commit {} holds the tree {}, its record says {}", named.commit, there.tree, named.tree)
    })
}

/// Compares the hash a commit of the run carries with the journal; `landed` is the record of its landing.
fn look(
    history: &History,
    (run, commit): (&RunId, CommitId),
    landed: Option<Seq>,
    seen: &mut Seen,
) -> Result<(), AppError> {
    let message = history.user.message(commit)?;
    let trailer = |key: &str| -> Option<&str> {
        let start = format!("Optiloop-{key}: ");
        message.lines().rev().find_map(|line| line.strip_prefix(start.as_str()))
    };
    let (true, Some(hash)) = (trailer("Run") == Some(run.as_str()), trailer(HISTORY)) else { return Ok(()) };
    let at = hash.parse::<Digest>().ok().map(|hash| history.journal.seq_of(hash)).transpose()?.flatten();
    match at {
        Some(at) if landed.is_none_or(|landed| at < landed) => seen.commits += 1,
        _ => seen.faults.push(format!(
            "commit {commit} landed on history that ends with {hash}, which this journal does not hold: records \
             before the landing were changed or cut off"
        )),
    }
    Ok(())
}
