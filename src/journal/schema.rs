//! The database file: making one, recognising one, refusing a newer one without touching it.
//!
//! Not here: records. Start at [`open`].

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::JournalError;
use crate::fs::PathError;

/// `optl` in ASCII, in the file's header: other people's SQLite files are recognised by lacking it.
const APPLICATION_ID: i32 = 0x6f70_746c;

/// The format this program writes.
const FORMAT: i32 = 1;

/// `stream` is not stored: SQLite reads it from the body, so the hash of the body covers it. A body that
/// damage has made unreadable has none, and is named by the verification of the chain.
const TABLES: &str = "
    CREATE TABLE record (
        seq    INTEGER PRIMARY KEY,
        run    TEXT NOT NULL,
        kind   TEXT NOT NULL,
        at     INTEGER NOT NULL,
        body   TEXT NOT NULL,
        hash   BLOB NOT NULL CHECK (length(hash) = 32),
        stream TEXT GENERATED ALWAYS AS
               (CASE WHEN json_valid(body) THEN json_extract(body, '$.stream') END) VIRTUAL
    ) STRICT;
    CREATE INDEX record_of_run ON record (run, kind, seq);
    CREATE INDEX record_of_stream ON record (stream, seq) WHERE stream IS NOT NULL;
    CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
        BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
    CREATE TRIGGER record_is_never_removed BEFORE DELETE ON record
        BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
";

/// How long an append waits for another process's append.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the database at `path`, or makes it there.
pub(super) fn open(path: &Path) -> Result<Connection, JournalError> {
    recognise_header(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let failed = |doing: &'static str| move |source| JournalError::sqlite(doing, path, source);
    let mut db = Connection::open_with_flags(path, flags).map_err(failed("open"))?;
    db.busy_timeout(PATIENCE).map_err(failed("set up"))?;
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;")
        .map_err(failed("set up"))?;
    // The header alone is not the truth: a newer program's change of format may still be in the WAL.
    match format(&db).map_err(failed("read"))? {
        (APPLICATION_ID, FORMAT) => {}
        (0, 0) => create(&mut db, path)?,
        (id, found) => judge(path, id, found)?,
    }
    // Only now, so that the header of the file itself carries id and format from the first moment.
    db.pragma_update(None, "journal_mode", "WAL").map_err(failed("set up"))?;
    Ok(db)
}

/// Reads id and format from the file's header with plain reads, so that a refused file is not even locked.
fn recognise_header(path: &Path) -> Result<(), JournalError> {
    let mut header = Vec::with_capacity(72);
    let file = std::fs::OpenOptions::new().read(true).open(path);
    match file.and_then(|file| file.take(72).read_to_end(&mut header)) {
        Ok(_) => {}
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(PathError { doing: "read", path: path.to_owned(), source }.into()),
    }
    if header.is_empty() {
        return forgotten_log(path);
    }
    let field = |at: usize| header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    let (Some(format), Some(id), true) = (field(60), field(68), header.starts_with(b"SQLite format 3\0"))
    else {
        return Err(JournalError::Foreign { path: path.to_owned(), what: "not an SQLite database".into() });
    };
    judge(path, i32::from_be_bytes(id), i32::from_be_bytes(format))
}

/// An empty file is a journal about to be made, unless a log lies beside it: the log of a file that was
/// emptied, which SQLite would throw away in silence.
fn forgotten_log(path: &Path) -> Result<(), JournalError> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    match std::fs::metadata(&log) {
        Ok(metadata) if metadata.len() > 0 => Err(JournalError::Damaged {
            path: path.to_owned(),
            what: format!("it is empty, but {} is not", Path::new(&log).display()),
        }),
        _ => Ok(()),
    }
}

/// What an application id and a format mean.
fn judge(path: &Path, id: i32, found: i32) -> Result<(), JournalError> {
    let path = path.to_owned();
    match (id, found) {
        (APPLICATION_ID, FORMAT) | (0, 0) => Ok(()),
        (APPLICATION_ID, found) if found > FORMAT => Err(JournalError::Newer { path, found, known: FORMAT }),
        (APPLICATION_ID, found) => {
            Err(JournalError::Damaged { path, what: format!("journal format {found} never existed") })
        }
        (id, _) => {
            Err(JournalError::Foreign { path, what: format!("an SQLite database of application {id:#010x}") })
        }
    }
}

fn format(db: &Connection) -> rusqlite::Result<(i32, i32)> {
    let id = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let format = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok((id, format))
}

/// Makes the tables, unless another process was faster or the file holds someone else's tables.
fn create(db: &mut Connection, path: &Path) -> Result<(), JournalError> {
    let failed = |source| JournalError::sqlite("create tables in", path, source);
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let (id, found) = format(&transaction).map_err(failed)?;
    if (id, found) != (0, 0) {
        return judge(path, id, found);
    }
    let tables: i64 =
        transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    if tables > 0 {
        let what = "an SQLite database of another program".to_owned();
        return Err(JournalError::Foreign { path: path.to_owned(), what });
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction.pragma_update(None, "user_version", FORMAT).map_err(failed)?;
    transaction.execute_batch(TABLES).map_err(failed)?;
    transaction.commit().map_err(failed)
}
