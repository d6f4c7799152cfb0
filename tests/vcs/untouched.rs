//! Invariant 1 of design.md: nothing of the user's is touched but one branch, its reflog and its objects.

use std::path::PathBuf;

use optiloop::model::change::{EntryKind, TreePath};
use optiloop::model::id::RunId;
use optiloop::vcs::NewFile;

use crate::fixture::{Place, draft, fingerprint, set_mode, write};

/// A repository in the middle of someone's work.
fn busy() -> Place {
    let place = Place::new();
    place.git(&["config", "filter.up.clean", "tr a-z A-Z"]);
    place.git(&["config", "core.autocrlf", "input"]);
    write(&place.user().join(".git/info/attributes"), b"*.up filter=up\n");
    for hook in ["reference-transaction", "post-checkout", "post-index-change", "post-commit", "update"] {
        let path = place.user().join(".git/hooks").join(hook);
        write(&path, b"#!/bin/sh\ntouch hook-ran\n");
        set_mode(&path, 0o755);
    }
    place.git(&["-c", "core.hooksPath=/dev/null", "tag", "v1"]);
    place.write("a.txt", "stashed\n");
    place.git(&["-c", "core.hooksPath=/dev/null", "stash", "-q"]);
    place.write("staged.txt", "x\n");
    place.git(&["-c", "core.hooksPath=/dev/null", "add", "staged.txt"]);
    place.write("src/b.rs", "fn dirty() {}\n");
    place.write("untracked.up", "abc\n");
    place.write("target/out", "x\n");
    place.git(&["-c", "core.hooksPath=/dev/null", "pack-refs", "--all"]);
    // Stat data that a refresh would rewrite.
    write(&place.user().join("run.sh"), b"#!/bin/sh\n");
    place
}

#[test]
fn the_user_s_files_are_byte_identical_but_for_the_branch_its_reflog_and_objects() {
    let place = busy();
    let before = fingerprint(&place.user());
    let (store, user) = (place.store(), place.open());
    let head = user.head().unwrap();
    user.work_tree_change(&store).unwrap();
    user.file_state(&TreePath::new("run.sh")).unwrap();
    user.is_dirty().unwrap();
    user.resolve_span("HEAD").unwrap();
    user.paths(head.commit).unwrap();
    assert_eq!(fingerprint(&place.user()), before);

    let file = NewFile { path: TreePath::new("x"), kind: EntryKind::File, content: b"x".to_vec() };
    let tree = store.lay_over(head.tree, &[file]).unwrap();
    let commit = store.commit(&draft(tree, &[head.commit], "landed")).unwrap();
    user.land(&store, &RunId::new("run"), commit).unwrap();
    let mut after = fingerprint(&place.user());
    let landed: Vec<PathBuf> = after.keys().filter(|path| !before.contains_key(*path)).cloned().collect();
    for path in &landed {
        let text = path.display().to_string();
        let ours = text.starts_with(".git/objects/")
            || text.starts_with(".git/refs/heads/optiloop")
            || text.starts_with(".git/logs/refs/heads/optiloop");
        assert!(ours, "{text}");
        after.remove(path);
    }
    assert!(landed.contains(&PathBuf::from(".git/refs/heads/optiloop/run")));
    assert_eq!(after, before);
}

#[test]
fn a_landing_that_fails_leaves_no_branch() {
    let place = busy();
    let (store, user) = (place.store(), place.open());
    let before = fingerprint(&place.user());
    let missing = "1".repeat(40).parse().unwrap();
    user.land(&store, &RunId::new("run"), missing).unwrap_err();
    assert_eq!(fingerprint(&place.user()), before);
}
