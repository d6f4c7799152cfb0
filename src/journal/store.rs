//! The journal itself: appending, reading, verifying.
//!
//! Not here: what is inside a body, artifacts, the run lock. Start at [`Journal`].

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::chain::{Chain, Link, genesis};
use super::error::JournalError;
use super::schema;
use crate::model::id::{Digest, RunId};

/// The number of a record in its journal: 1, 2, 3… without a gap, over all runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub i64);

impl std::fmt::Display for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Proof that a record is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Its number.
    pub seq: Seq,
    /// When it was appended.
    pub at: jiff::Timestamp,
    /// Its hash, which stands for all history up to it.
    pub hash: Digest,
}

/// A record as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub seq: Seq,
    /// The run it belongs to.
    pub run: RunId,
    /// Its kind, as the engine names it.
    pub kind: String,
    /// When it was appended.
    pub at: jiff::Timestamp,
    /// One JSON value, byte for byte as it was handed in.
    pub body: String,
    /// Its hash.
    pub hash: Digest,
}

impl Entry {
    /// Reads the body; a body that does not fit is a broken record, named by its number.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, JournalError> {
        serde_json::from_str(&self.body).map_err(|source| JournalError::Broken {
            seq: self.seq,
            what: format!("the body is no record of kind {}: {source}", self.kind),
        })
    }
}

/// A run, seen without reading its bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOverview {
    /// The run.
    pub run: RunId,
    /// How many records it has.
    pub records: u64,
    /// When its first was appended.
    pub began: jiff::Timestamp,
    /// When its latest was appended.
    pub latest: jiff::Timestamp,
    /// The kind of its latest.
    pub latest_kind: String,
}

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    db: Connection,
}

impl Journal {
    /// Opens the journal at `path`, making it where there is none. Its folder must be there.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        Ok(Self { path: path.to_owned(), db: schema::open(path)? })
    }

    /// Appends a record; when this returns, power may fail. `body` is one JSON value.
    pub fn append(&mut self, run: &RunId, kind: &str, body: &str) -> Result<Receipt, JournalError> {
        if let Err(source) = serde_json::from_str::<IgnoredAny>(body) {
            return Err(JournalError::NotJson { kind: kind.to_owned(), source });
        }
        let at = crate::clock::now();
        let nanoseconds = i64::try_from(at.as_nanosecond()).unwrap_or(i64::MAX);
        let path = &self.path;
        let failed = |source| JournalError::sqlite("append to", path, source);
        let transaction =
            self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let (last, previous) = head(&transaction).map_err(failed)?;
        let seq = last + 1;
        let hash = Link { seq, run: run.as_str(), kind, at: nanoseconds, body }.hash(previous);
        transaction
            .prepare_cached(
                "INSERT INTO record (seq, run, kind, at, body, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .and_then(|mut insert| {
                insert.execute(params![seq, run.as_str(), kind, nanoseconds, body, hash.bytes()])
            })
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(Receipt { seq: Seq(seq), at, hash })
    }

    /// All records of a run, in order.
    pub fn records(&self, run: &RunId) -> Result<Vec<Entry>, JournalError> {
        self.entries("run = ?1", &[&run.as_str()])
    }

    /// The records of a run that are of these kinds, in order; bodies of others are not even read.
    pub fn records_of_kinds(&self, run: &RunId, kinds: &[&str]) -> Result<Vec<Entry>, JournalError> {
        let kinds = serde_json::Value::from(kinds).to_string();
        self.entries(
            "run = ?1 AND kind IN (SELECT value FROM json_each(?2))",
            &[&run.as_str(), &kinds.as_str()],
        )
    }

    /// The records, of whatever run, whose body has this text as its `stream`, in order.
    ///
    /// The engine keys them by target, metric and original: the attempts of earlier runs, and the t and R of
    /// decision.md A.7, which no new run starts over.
    pub fn stream(&self, key: &str) -> Result<Vec<Entry>, JournalError> {
        self.entries("stream = ?1", &[&key])
    }

    /// Every run in this journal, oldest first.
    pub fn runs(&self) -> Result<Vec<RunOverview>, JournalError> {
        let sql = "SELECT g.run, g.records, f.at, l.at, l.kind
            FROM (SELECT run, count(*) AS records, min(seq) AS first, max(seq) AS last
                  FROM record INDEXED BY record_of_run GROUP BY run) g
            JOIN record f ON f.seq = g.first JOIN record l ON l.seq = g.last ORDER BY g.first";
        let read = |row: &Row<'_>| {
            Ok(RunOverview {
                run: RunId::new(row.get::<_, String>(0)?),
                records: row.get::<_, i64>(1)?.unsigned_abs(),
                began: timestamp(row, 2)?,
                latest: timestamp(row, 3)?,
                latest_kind: row.get(4)?,
            })
        };
        let query = || -> rusqlite::Result<Vec<RunOverview>> {
            self.db.prepare_cached(sql)?.query_map([], read)?.collect()
        };
        query().map_err(|source| self.failed("read", source))
    }

    /// The hash of the last record: kept elsewhere, it makes later changes of history visible.
    pub fn head_hash(&self) -> Result<Digest, JournalError> {
        head(&self.db).map(|(_, hash)| hash).map_err(|source| self.failed("read", source))
    }

    /// The record with this hash; `None` tells that the history it stood for is not this one.
    pub fn seq_of(&self, hash: Digest) -> Result<Option<Seq>, JournalError> {
        self.db
            .query_row("SELECT seq FROM record WHERE hash = ?1", [hash.bytes()], |row| row.get(0).map(Seq))
            .optional()
            .map_err(|source| self.failed("read", source))
    }

    /// Recomputes every hash, then has SQLite check its own structures.
    ///
    /// The first record that does not fit is named by [`JournalError::Broken`].
    pub fn verify_chain(&self) -> Result<Chain, JournalError> {
        let mut select = self
            .db
            .prepare("SELECT seq, run, kind, at, body, hash FROM record ORDER BY seq")
            .map_err(|source| self.failed("read", source))?;
        let mut rows = select.query([]).map_err(|source| self.failed("read", source))?;
        let mut chain = Chain { records: 0, head: genesis() };
        let mut expected = 1;
        loop {
            let broken = |what: String| JournalError::Broken { seq: Seq(expected), what };
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(source) => return Err(broken(format!("it cannot be read: {source}"))),
            };
            chain.head = follow(row, expected, chain.head).map_err(broken)?;
            chain.records += 1;
            expected += 1;
        }
        self.check_structure()?;
        Ok(chain)
    }

    /// Indexes and free lists hold no hashes of ours, but a damaged index makes queries lie.
    fn check_structure(&self) -> Result<(), JournalError> {
        let answer: String = self
            .db
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(|source| self.failed("check", source))?;
        if answer == "ok" {
            return Ok(());
        }
        Err(JournalError::Damaged { path: self.path.clone(), what: answer })
    }

    fn entries(
        &self,
        condition: &str,
        parameters: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<Entry>, JournalError> {
        let sql = format!("SELECT seq, run, kind, at, body, hash FROM record WHERE {condition} ORDER BY seq");
        let query = || -> rusqlite::Result<Vec<Entry>> {
            self.db.prepare_cached(&sql)?.query_map(parameters, entry)?.collect()
        };
        query().map_err(|source| self.failed("read", source))
    }

    fn failed(&self, doing: &'static str, source: rusqlite::Error) -> JournalError {
        JournalError::sqlite(doing, &self.path, source)
    }
}

/// Number and hash of the last record; 0 and zeros before the first.
fn head(db: &Connection) -> rusqlite::Result<(i64, Digest)> {
    db.prepare_cached("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, digest(row, 1)?)))
        .optional()
        .map(|head| head.unwrap_or_else(|| (0, genesis())))
}

/// Checks one row against the chain so far and gives the hash it continues with.
fn follow(row: &Row<'_>, expected: i64, previous: Digest) -> Result<Digest, String> {
    let unreadable = |error: rusqlite::Error| format!("it cannot be read: {error}");
    let found = entry(row).map_err(unreadable)?;
    if found.seq.0 != expected {
        return Err(format!("it is missing: record {} comes next", found.seq));
    }
    let at: i64 = row.get(3).map_err(unreadable)?;
    let link = Link { seq: expected, run: found.run.as_str(), kind: &found.kind, at, body: &found.body };
    let computed = link.hash(previous);
    if computed != found.hash {
        return Err(format!(
            "its hash is {}, its content and the history before it give {computed}",
            found.hash
        ));
    }
    Ok(computed)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: Seq(row.get(0)?),
        run: RunId::new(row.get::<_, String>(1)?),
        kind: row.get(2)?,
        at: timestamp(row, 3)?,
        body: row.get(4)?,
        hash: digest(row, 5)?,
    })
}

fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<jiff::Timestamp> {
    let nanoseconds: i64 = row.get(column)?;
    jiff::Timestamp::from_nanosecond(nanoseconds.into())
        .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, nanoseconds))
}

fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    row.get::<_, [u8; 32]>(column).map(Digest::new)
}

#[cfg(test)]
mod tests;
