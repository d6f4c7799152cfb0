//! The journal against real files: order, streams, formats, damage, a full disk.

use std::collections::BTreeSet;

use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn path(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("journal.db")
}

fn run(name: &str) -> RunId {
    RunId::new(name)
}

/// A journal with records of two runs, `count` of each in turn.
fn filled(path: &Path, count: u32) -> Journal {
    let mut journal = Journal::open(path).unwrap();
    for n in 0..count {
        journal.append(&run("a"), "judged", &format!(r#"{{"n":{n},"stream":"parse/wall"}}"#)).unwrap();
        journal.append(&run("b"), "sampled", &format!(r#"{{"n":{n}}}"#)).unwrap();
    }
    journal
}

fn bodies(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| &*entry.body).collect()
}

#[test]
fn records_come_back_byte_for_byte_in_their_order() {
    let folder = folder();
    let mut journal = Journal::open(&path(&folder)).unwrap();
    let bodies_in = ["{ \"ns\": 1.0e3 }", "null", "\"ü\\u0000\""];
    let receipts: Vec<_> =
        bodies_in.iter().map(|body| journal.append(&run("a"), "k", body).unwrap()).collect();
    let entries = Journal::open(&path(&folder)).unwrap().records(&run("a")).unwrap();
    assert_eq!(bodies(&entries), bodies_in);
    for (entry, receipt) in entries.iter().zip(&receipts) {
        assert_eq!((entry.seq, entry.at, entry.hash), (receipt.seq, receipt.at, receipt.hash));
    }
}

#[test]
fn records_are_found_by_run_by_kind_and_by_stream() {
    let folder = folder();
    let mut journal = filled(&path(&folder), 2);
    journal.append(&run("b"), "judged", r#"{"n":7,"stream":"parse/wall"}"#).unwrap();
    assert_eq!(bodies(&journal.records(&run("b")).unwrap()).len(), 3);
    let judged = journal.records_of_kinds(&run("b"), &["judged", "landed"]).unwrap();
    assert_eq!(bodies(&judged), [r#"{"n":7,"stream":"parse/wall"}"#]);
    let numbers: Vec<i64> = journal.stream("parse/wall").unwrap().iter().map(|entry| entry.seq.0).collect();
    assert_eq!(numbers, [1, 3, 5]);
    assert!(journal.stream("parse").unwrap().is_empty());
}

#[test]
fn the_overview_names_each_run_with_its_ends() {
    let folder = folder();
    let journal = filled(&path(&folder), 3);
    let runs = journal.runs().unwrap();
    let told: Vec<_> = runs.iter().map(|run| (run.run.as_str(), run.records, &*run.latest_kind)).collect();
    assert_eq!(told, [("a", 3, "judged"), ("b", 3, "sampled")]);
    assert!(runs[0].began <= runs[0].latest);
}

#[test]
fn what_is_not_json_is_refused_and_leaves_nothing() {
    let folder = folder();
    let mut journal = Journal::open(&path(&folder)).unwrap();
    for body in ["", "{", "{} {}", "NaN"] {
        assert!(matches!(journal.append(&run("a"), "k", body), Err(JournalError::NotJson { .. })), "{body}");
    }
    assert_eq!(journal.runs().unwrap(), []);
}

#[test]
fn the_head_stands_for_all_history_before_it() {
    let folder = folder();
    let mut journal = filled(&path(&folder), 2);
    let head = journal.head_hash().unwrap();
    assert_eq!(journal.verify_chain().unwrap(), Chain { records: 4, head });
    journal.append(&run("a"), "k", "1").unwrap();
    assert_eq!(journal.seq_of(head).unwrap(), Some(Seq(4)));
    assert_eq!(journal.seq_of(Digest::of(b"another history")).unwrap(), None);
}

/// Edits the database behind our back, triggers out of the way, and verifies.
fn edited(sql: &str) -> JournalError {
    let folder = folder();
    let journal = filled(&path(&folder), 3);
    journal
        .db
        .execute_batch("DROP TRIGGER record_is_never_changed; DROP TRIGGER record_is_never_removed;")
        .unwrap();
    journal.db.execute_batch(sql).unwrap();
    journal.verify_chain().unwrap_err()
}

#[test]
fn the_first_record_that_does_not_fit_is_named() {
    let cases = [
        ("UPDATE record SET body = '{\"n\":9}' WHERE seq >= 4", 4, "its hash is"),
        ("UPDATE record SET at = at + 1 WHERE seq = 2", 2, "its hash is"),
        ("UPDATE record SET run = 'c' WHERE seq = 1", 1, "its hash is"),
        ("UPDATE record SET hash = zeroblob(32) WHERE seq = 6", 6, "its hash is"),
        ("DELETE FROM record WHERE seq = 3", 3, "it is missing: record 4 comes next"),
        ("UPDATE record SET body = CAST(x'ff' AS TEXT) WHERE seq = 5", 5, "it cannot be read"),
    ];
    for (sql, seq, says) in cases {
        match edited(sql) {
            JournalError::Broken { seq: found, what } => {
                assert_eq!(found, Seq(seq), "{sql}: {what}");
                assert!(what.starts_with(says), "{sql}: {what}");
            }
            other => panic!("{sql}: {other}"),
        }
    }
}

#[test]
fn records_cannot_be_changed_or_removed_through_sql() {
    let folder = folder();
    let journal = filled(&path(&folder), 1);
    for sql in ["UPDATE record SET kind = 'x'", "DELETE FROM record"] {
        let error = journal.db.execute_batch(sql).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
}

#[test]
fn a_newer_format_is_refused_naming_both_and_nothing_is_written() {
    let folder = folder();
    let journal = filled(&path(&folder), 1);
    journal.db.execute_batch("PRAGMA user_version = 7; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    drop(journal);
    let before = crate::fs::read(&path(&folder)).unwrap();
    let error = Journal::open(&path(&folder)).unwrap_err();
    assert!(
        error.to_string().ends_with("has journal format 7, this optiloop reads up to format 1"),
        "{error}"
    );
    assert_eq!(crate::fs::read(&path(&folder)).unwrap(), before);
    assert_eq!(crate::fs::entries(folder.path()).unwrap(), [path(&folder)]);
}

#[test]
fn a_newer_format_still_in_the_log_is_refused_too() {
    let folder = folder();
    let journal = filled(&path(&folder), 1);
    journal.db.execute_batch("PRAGMA user_version = 7;").unwrap();
    assert!(matches!(Journal::open(&path(&folder)), Err(JournalError::Newer { found: 7, known: 1, .. })));
}

#[test]
fn other_peoples_files_are_refused_and_left_as_they_are() {
    let folder = folder();
    let text = folder.path().join("notes.txt");
    crate::fs::replace(
        &text,
        b"not a database, but long enough to have a header of one hundred bytes and some more of it",
    )
    .unwrap();
    let foreign = folder.path().join("other.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    for path in [text, foreign] {
        let before = crate::fs::read(&path).unwrap();
        let error = Journal::open(&path).unwrap_err();
        assert!(matches!(error, JournalError::Foreign { .. }), "{error}");
        assert_eq!(crate::fs::read(&path).unwrap(), before);
    }
}

/// Every reading call, so that damage shows wherever it lies; all must answer, none may panic.
fn read_everything(path: &Path) -> Result<Chain, JournalError> {
    let mut journal = Journal::open(path)?;
    journal.runs()?;
    journal.records(&run("a"))?;
    journal.stream("parse/wall")?;
    let chain = journal.verify_chain()?;
    journal.append(&run("a"), "k", "1")?;
    Ok(chain)
}

#[test]
fn a_cut_file_is_an_error_at_every_length() {
    let folder = folder();
    let journal = filled(&path(&folder), 300);
    journal.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    let head = journal.head_hash().unwrap();
    drop(journal);
    let whole = crate::fs::read(&path(&folder)).unwrap();
    let cut = folder.path().join("cut.db");
    for length in (1..whole.len()).step_by(2029) {
        crate::fs::replace(&cut, &whole[..length]).unwrap();
        match read_everything(&cut) {
            Err(
                JournalError::Damaged { .. } | JournalError::Broken { .. } | JournalError::Foreign { .. },
            ) => {}
            other => panic!("cut at {length} of {}: {other:?}, head {head}", whole.len()),
        }
    }
}

#[test]
fn an_emptied_file_beside_its_log_is_not_taken_for_a_new_journal() {
    let folder = folder();
    let journal = filled(&path(&folder), 3);
    std::fs::OpenOptions::new().write(true).truncate(true).open(path(&folder)).unwrap();
    assert!(matches!(Journal::open(&path(&folder)), Err(JournalError::Damaged { .. })));
    drop(journal);
}

#[test]
fn a_flipped_byte_anywhere_is_an_error_or_changes_no_record() {
    let folder = folder();
    let journal = filled(&path(&folder), 60);
    journal.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    let chain = journal.verify_chain().unwrap();
    drop(journal);
    let whole = crate::fs::read(&path(&folder)).unwrap();
    let flipped = folder.path().join("flipped.db");
    let mut kinds = BTreeSet::new();
    for at in (0..whole.len()).step_by(127) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        crate::fs::replace(&flipped, &bytes).unwrap();
        match read_everything(&flipped) {
            Ok(found) => assert_eq!(found, chain, "byte {at}"),
            Err(error) => {
                kinds.insert(format!("{error:?}").split([' ', '(']).next().unwrap().to_owned());
            }
        }
        for side in ["flipped.db-wal", "flipped.db-shm", "flipped.db-journal"] {
            crate::fs::remove_file(&folder.path().join(side)).unwrap();
        }
    }
    assert!(kinds.contains("Broken") && kinds.contains("Damaged"), "{kinds:?}");
}

#[test]
fn a_full_disk_is_told_as_such_and_loses_nothing() {
    let folder = folder();
    let mut journal = filled(&path(&folder), 2);
    let pages: i64 = journal.db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    journal.db.pragma_update(None, "max_page_count", pages).unwrap();
    let large = format!("\"{}\"", "x".repeat(100_000));
    let error = journal.append(&run("a"), "k", &large).unwrap_err();
    assert!(matches!(error, JournalError::Full { .. }), "{error}");
    assert_eq!(journal.verify_chain().unwrap().records, 4);
    journal.db.pragma_update(None, "max_page_count", 1_000_000).unwrap();
    assert_eq!(journal.append(&run("a"), "k", &large).unwrap().seq, Seq(5));
}

#[test]
fn two_writers_make_one_chain() {
    let folder = folder();
    let path = path(&folder);
    drop(Journal::open(&path).unwrap());
    std::thread::scope(|scope| {
        for name in ["a", "b", "c"] {
            let path = &path;
            scope.spawn(move || {
                let mut journal = Journal::open(path).unwrap();
                for _ in 0..20 {
                    journal.append(&run(name), "k", "{}").unwrap();
                }
            });
        }
    });
    let journal = Journal::open(&path).unwrap();
    assert_eq!(journal.verify_chain().unwrap().records, 60);
    assert_eq!(journal.runs().unwrap().iter().map(|run| run.records).collect::<Vec<_>>(), [20, 20, 20]);
}
