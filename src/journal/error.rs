//! What can go wrong with a journal, and the sorting of SQLite's codes into it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::store::Seq;
use crate::fs::PathError;
use crate::model::id::Digest;

/// A journal that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A newer optiloop made it; nothing was written.
    #[error("{} has journal format {found}, this optiloop reads up to format {known}", path.display())]
    Newer {
        /// The journal.
        path: PathBuf,
        /// Format in the file.
        found: i32,
        /// Newest format this program knows.
        known: i32,
    },
    /// The file is something else.
    #[error("{} is not a journal of optiloop: {what}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What was found instead.
        what: String,
    },
    /// The file is torn, cut or overwritten.
    #[error("{} is damaged: {what}", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// What SQLite or we stumbled over.
        what: String,
    },
    /// A record does not fit the chain of hashes.
    #[error("record {seq} does not fit: {what}")]
    Broken {
        /// The first such record.
        seq: Seq,
        /// What does not fit.
        what: String,
    },
    /// No space is left, or a quota or file size limit is reached. What was appended before is safe.
    #[error("cannot write to {}: the disk is full", path.display())]
    Full {
        /// The journal.
        path: PathBuf,
    },
    /// Another process kept it locked for longer than we wait.
    #[error("{} is locked by another process", path.display())]
    Busy {
        /// The journal.
        path: PathBuf,
    },
    /// The body handed in is not one JSON value.
    #[error("a record of kind {kind} has a body that is not JSON")]
    NotJson {
        /// The record's kind.
        kind: String,
        /// Where the text stops being JSON.
        source: serde_json::Error,
    },
    /// Bytes of an artifact are not what their name says.
    #[error("artifact {} has the content of {found}", path.display())]
    ArtifactDamaged {
        /// The file.
        path: PathBuf,
        /// The digest of what it holds.
        found: Digest,
    },
    /// A record cannot be written as JSON (it holds a number that JSON has not).
    #[error("a record cannot be written as JSON")]
    NoJson(#[from] serde_json::Error),
    /// An artifact is not there.
    #[error("artifact {digest} is missing in {}", folder.display())]
    ArtifactMissing {
        /// The artifact.
        digest: Digest,
        /// Where artifacts are.
        folder: PathBuf,
    },
    /// Anything else SQLite refuses.
    #[error("cannot {doing} {}", path.display())]
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// The journal.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A file or folder could not be used.
    #[error(transparent)]
    File(#[from] PathError),
}

impl JournalError {
    /// What a person can do next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Newer { .. } => {
                Some("use the optiloop that wrote it, or name another folder with `--store`")
            }
            Self::Foreign { .. } => Some("name another folder with `--store`"),
            Self::Damaged { .. }
            | Self::Broken { .. }
            | Self::ArtifactDamaged { .. }
            | Self::ArtifactMissing { .. } => Some(
                "evidence in it cannot be trusted; move the store away and begin a new one, or restore it from a backup",
            ),
            Self::Full { .. } => Some("free some space, then `optiloop resume`"),
            Self::Busy { .. } => Some("wait for the other optiloop to end, then try again"),
            Self::NotJson { .. } | Self::NoJson(_) | Self::Sqlite { .. } | Self::File(_) => None,
        }
    }

    /// Sorts what SQLite said.
    pub(super) fn sqlite(doing: &'static str, path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, what: source.to_string() },
            Some(ErrorCode::NotADatabase) => Self::Foreign { path, what: "not an SQLite database".into() },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            // The log's index beside the file cannot grow.
            _ if source.sqlite_error().is_some_and(|error| error.extended_code == NO_ROOM_FOR_INDEX) => {
                Self::Full { path }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            _ if is_wrong_type(&source) => Self::Damaged { path, what: source.to_string() },
            _ => Self::Sqlite { doing, path, source },
        }
    }
}

/// `SQLITE_IOERR_SHMSIZE`.
const NO_ROOM_FOR_INDEX: i32 = 0x130a;

/// A value of a type the schema does not allow, or text that is not UTF-8: only damage puts it there.
fn is_wrong_type(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..)
    )
}
