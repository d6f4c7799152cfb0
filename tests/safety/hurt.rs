//! A journal that is cut off or flipped at random bytes: an error or a failed verification, never a panic, and
//! nothing more is lost by looking at it.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use rusqlite::Connection;

use super::forged::Copy;

/// How often each kind of damage is done.
const ROUNDS: usize = 16;
/// What looks at a journal.
const VERBS: [&[&str]; 4] = [&["verify"], &["status"], &["log", "--json"], &["show"]];

/// A number below `end`, which fits into memory.
fn below(random: &mut ChaCha8Rng, end: usize) -> usize {
    usize::try_from(random.next_u64() % u64::try_from(end).unwrap()).unwrap()
}

/// Looks at a journal of these bytes with every verb; the code of `verify`.
fn look_at(copy: &Copy, bytes: &[u8], what: &str) -> i32 {
    std::fs::write(copy.journal(), bytes).unwrap();
    let mut codes = Vec::new();
    for verb in VERBS {
        let (code, said) = copy.tell(verb);
        assert!([0, 2, 9, 13].contains(&code), "{what}: {verb:?} ends with {code}: {said}");
        assert!(!said.contains("panicked"), "{what}: {verb:?}: {said}");
        assert!(code == 0 || said.contains("error: "), "{what}: {verb:?}: {said}");
        codes.push(code);
    }
    for side in ["journal.db-wal", "journal.db-shm"] {
        drop(std::fs::remove_file(copy.state().join(side)));
    }
    codes[0]
}

#[test]
fn a_journal_cut_at_random_bytes_never_verifies_and_nothing_panics() {
    let copy = Copy::new();
    let whole = std::fs::read(copy.journal()).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..ROUNDS {
        let length = 1 + below(&mut random, whole.len() - 1);
        let code = look_at(&copy, &whole[..length], &format!("cut at {length}"));
        assert!([9, 13].contains(&code), "cut at {length} of {}: verify ends with {code}", whole.len());
        assert_eq!(std::fs::read(copy.journal()).unwrap(), whole[..length], "looking changed it");
    }
    assert_eq!(look_at(&copy, &whole, "whole"), 0);
}

#[test]
fn a_journal_flipped_at_random_bytes_verifies_only_where_no_record_changed() {
    let copy = Copy::new();
    let whole = std::fs::read(copy.journal()).unwrap();
    let records = copy.tell(&["log", "--json"]).1;
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut found = 0;
    for _ in 0..ROUNDS {
        let (at, bit) = (below(&mut random, whole.len()), below(&mut random, 8));
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        if look_at(&copy, &bytes, &format!("bit {bit} of byte {at}")) == 0 {
            assert_eq!(copy.tell(&["log", "--json"]).1, records, "bit {bit} of byte {at}");
        } else {
            found += 1;
        }
    }
    assert!(found > ROUNDS / 4, "only {found} of {ROUNDS} flips were found");
}

#[test]
fn a_journal_of_a_newer_format_is_refused_by_every_verb_and_left_as_it_is() {
    let copy = Copy::new();
    let db = Connection::open(copy.journal()).unwrap();
    db.execute_batch("PRAGMA user_version = 2; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    drop(db);
    let before = std::fs::read(copy.journal()).unwrap();
    for verb in VERBS.into_iter().chain([&["resume"][..], &["run", "--preset", "quick"]]) {
        let (code, said) = copy.tell(verb);
        assert_eq!(code, 9, "{verb:?}: {said}");
        assert!(
            said.contains("journal format 2") && said.contains("hint: use the optiloop"),
            "{verb:?}: {said}"
        );
    }
    assert_eq!(std::fs::read(copy.journal()).unwrap(), before);
}
