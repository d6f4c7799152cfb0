//! Invariant 7 through the binary: whoever changes one sample, verdict, policy value or artifact byte of a real run
//! is found out and told what it was, also when all hashes of the chain are computed again.

use std::path::{Path, PathBuf};
use std::process::Command;

use optiloop::journal::{Artifacts, Journal};
use rusqlite::{Connection, params};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::project::{Whole, code, said, whole};

/// A copy of the undisturbed run's journal and artifacts, beside the same repository.
pub(crate) struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    pub(crate) fn new() -> Self {
        let Whole { project, .. } = whole();
        let copy = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(copy.state()).unwrap();
        for part in ["journal.db", "artifacts"] {
            let mut cp = Command::new("cp");
            let cp = cp.arg("-a").arg(project.roots().state.join(part)).arg(copy.state());
            assert!(cp.status().unwrap().success());
        }
        copy
    }

    pub(crate) fn state(&self) -> PathBuf {
        let state = whole().project.roots().state;
        self.folder.path().join(state.strip_prefix(whole().project.store()).unwrap())
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.state().join("journal.db")
    }

    /// Exit code and words of a verb on this copy.
    pub(crate) fn tell(&self, arguments: &[&str]) -> (i32, String) {
        let output = whole().project.with_store(self.folder.path(), arguments).output().unwrap();
        (code(&output), said(&output))
    }

    /// Verification must fail and say all of these.
    fn is_found_out(&self, words: &[&str]) {
        let (code, said) = self.tell(&["verify"]);
        assert_eq!(code, 13, "{said}");
        for word in words {
            assert!(said.contains(word), "no {word:?} in: {said}");
        }
    }
}

/// How carefully history is forged.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Care {
    /// One body is changed.
    Naive,
    /// And every hash from there on is computed again.
    Rehashed,
}

/// Changes the first record of this kind that `change` takes.
fn forge(journal: &Path, care: Care, kind: &str, change: impl Fn(&mut Value) -> bool) {
    let db = unlocked(journal);
    let mut rows = db.prepare("SELECT seq, body FROM record WHERE kind = ?1 ORDER BY seq").unwrap();
    let rows = rows.query_map([kind], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))).unwrap();
    let rows: Vec<(i64, String)> = rows.map(Result::unwrap).collect();
    let changed = rows.iter().find_map(|(seq, body)| {
        let mut body: Value = serde_json::from_str(body).unwrap();
        change(&mut body["record"]).then(|| (*seq, body.to_string()))
    });
    let (seq, body) = changed.expect("there is such a record");
    db.execute("UPDATE record SET body = ?2 WHERE seq = ?1", params![seq, body]).unwrap();
    if care == Care::Rehashed {
        rehash(&db);
    }
}

/// The database without what keeps records from being changed.
fn unlocked(journal: &Path) -> Connection {
    let db = Connection::open(journal).unwrap();
    let triggers = "DROP TRIGGER record_is_never_changed; DROP TRIGGER record_is_never_removed;";
    db.execute_batch(triggers).unwrap();
    db
}

/// Computes the whole chain again, as somebody who read the source would.
fn rehash(db: &Connection) {
    let mut select = db.prepare("SELECT seq, run, kind, at, body FROM record ORDER BY seq").unwrap();
    let mut rows = select.query([]).unwrap();
    let mut previous = [0_u8; 32];
    while let Some(row) = rows.next().unwrap() {
        let seq: i64 = row.get(0).unwrap();
        let text = |column| row.get::<_, String>(column).unwrap();
        let mut sha = Sha256::new();
        sha.update(previous);
        sha.update(seq.to_be_bytes());
        for part in [text(1), text(2)] {
            sha.update((part.len() as u64).to_be_bytes());
            sha.update(part);
        }
        sha.update(row.get::<_, i64>(3).unwrap().to_be_bytes());
        sha.update((text(4).len() as u64).to_be_bytes());
        sha.update(text(4));
        previous = sha.finalize().into();
        db.execute("UPDATE record SET hash = ?2 WHERE seq = ?1", params![seq, previous]).unwrap();
    }
}

/// One per cent on one sample of a comparison of this kind.
fn flip_sample(of: &str) -> impl Fn(&mut Value) -> bool {
    move |record| {
        let told = &mut record["pairs"][0]["candidate"]["read"]["told"];
        let told = told.as_f64().map(|value| *told = (value * 1.01).into());
        told.is_some() && record["comparison"]["kind"] == of && record["comparison"]["iteration"] != 1
    }
}

fn flip_verdict(iteration: u64) -> impl Fn(&mut Value) -> bool {
    move |record| {
        let is_it = record["iteration"] == iteration;
        record["verdict"]["reason"] = serde_json::json!({ "kind": "nothing_changed" });
        is_it
    }
}

fn flip_policy(record: &mut Value) -> bool {
    record["policy"]["min_effect"]["value"] = 0.03.into();
    true
}

const CHANGED: &str = "was changed";
const COMMIT: &str = "before the landing were changed or cut off";

#[test]
fn the_run_as_it_was_verifies() {
    let (code, said) = Copy::new().tell(&["verify"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 landed commits name this history"), "{said}");
}

#[test]
fn a_flipped_sample_is_named_by_its_record() {
    let copy = Copy::new();
    forge(&copy.journal(), Care::Naive, "measured", flip_sample("test"));
    copy.is_found_out(&["(measured: test of proposal 3, pairs 1 to 4)", CHANGED]);
}

#[test]
fn a_flipped_sample_under_a_new_chain_is_named_by_its_finding_and_by_the_commit() {
    let copy = Copy::new();
    forge(&copy.journal(), Care::Rehashed, "measured", flip_sample("test"));
    copy.is_found_out(&["(found: test of proposal 3) does not follow from the samples", COMMIT]);
}

#[test]
fn a_flipped_sample_after_the_last_landing_under_a_new_chain_is_named_by_its_finding() {
    let copy = Copy::new();
    forge(&copy.journal(), Care::Rehashed, "measured", flip_sample("final"));
    copy.is_found_out(&["(found: final number", "does not follow from the samples"]);
}

#[test]
fn a_flipped_verdict_is_named_with_its_proposal_whatever_the_chain_says() {
    for (care, words) in [(Care::Naive, CHANGED), (Care::Rehashed, "does not follow")] {
        let copy = Copy::new();
        forge(&copy.journal(), care, "judged", flip_verdict(4));
        copy.is_found_out(&["judged: the verdict on proposal 4", words]);
    }
}

#[test]
fn a_flipped_policy_value_of_no_preset_is_named_with_both_values_whatever_the_chain_says() {
    for care in [Care::Naive, Care::Rehashed] {
        let copy = Copy::new();
        forge(&copy.journal(), care, "started", flip_policy);
        copy.is_found_out(&["policy value min-effect: the journal says 0.03, the run was locked to 0.07"]);
    }
}

#[test]
fn a_policy_forged_with_its_artifact_and_the_chain_is_found_by_the_commit() {
    let copy = Copy::new();
    let artifacts = Artifacts::open(&copy.state().join("artifacts")).unwrap();
    forge(&copy.journal(), Care::Rehashed, "started", |record| {
        flip_policy(record);
        let digest = artifacts.put(record["policy"].to_string().as_bytes()).unwrap();
        record["locked_policy"] = digest.to_string().into();
        true
    });
    copy.is_found_out(&[COMMIT]);
}

#[test]
fn a_flipped_byte_of_any_artifact_is_named_by_its_file() {
    let copy = Copy::new();
    let mut files = Vec::new();
    for folder in std::fs::read_dir(copy.state().join("artifacts")).unwrap() {
        files.extend(std::fs::read_dir(folder.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
    }
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        let whole = std::fs::read(&file).unwrap();
        let Some(middle) = whole.len().checked_sub(1).map(|last| last / 2) else { continue };
        let mut flipped = whole.clone();
        flipped[middle] ^= 1;
        std::fs::write(&file, flipped).unwrap();
        copy.is_found_out(&[&format!("artifact {}: its content is that of", file.display())]);
        std::fs::write(&file, whole).unwrap();
    }
    let (code, said) = copy.tell(&["verify"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_tail_cut_off_before_a_landing_is_found_by_the_commit() {
    let copy = Copy::new();
    let db = unlocked(&copy.journal());
    let cut = "DELETE FROM record WHERE seq >= (SELECT seq - 1 FROM record WHERE kind = 'landed')";
    db.execute_batch(cut).unwrap();
    drop(db);
    Journal::open(&copy.journal()).unwrap().verify_chain().unwrap();
    copy.is_found_out(&[COMMIT]);
}

#[test]
fn history_that_was_changed_is_not_gone_on_with() {
    let copy = Copy::new();
    let db = unlocked(&copy.journal());
    db.execute_batch("DELETE FROM record WHERE seq > 20; UPDATE record SET at = at + 1 WHERE seq = 9;")
        .unwrap();
    drop(db);
    let (code, said) = copy.tell(&["resume"]);
    assert_eq!(code, 13, "{said}");
    assert!(said.contains("record 9 does not fit") && said.contains("hint: "), "{said}");
}
