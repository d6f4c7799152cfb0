//! Patches on trees: all that git writes, and what does not apply.

use optiloop::model::change::{EntryKind, TreePath};
use optiloop::vcs::{Applied, NewFile};

use crate::fixture::{Place, remove, set_mode, text, write};

/// What `git diff` of a change gives is applied to what the change started from.
fn check(change: impl Fn(&Place), arguments: &[&str]) {
    let place = Place::new();
    let store = place.store();
    let base = place.head_tree();
    change(&place);
    place.commit("change");
    let expected = place.head_tree();
    let patch = place.path("change.patch");
    place.git(&[arguments, &["--output", patch.to_str().unwrap(), "HEAD~1", "HEAD"]].concat());
    let bytes = optiloop::fs::read(&patch).unwrap();
    let applied = store.apply_patch(base, &bytes).unwrap();
    assert_eq!(applied, Applied::Tree(expected), "{}", String::from_utf8_lossy(&bytes));
}

#[test]
fn all_that_git_writes_applies() {
    let diff = &["diff"][..];
    check(|place| place.write("a.txt", "one\n2\nthree"), diff);
    check(
        |place| {
            place.write("new name.txt", "x\n");
            remove(&place.user().join("src/b.rs"));
        },
        diff,
    );
    check(|place| set_mode(&place.user().join("a.txt"), 0o755), diff);
    check(|place| set_mode(&place.user().join("run.sh"), 0o644), diff);
    check(|place| write(&place.user().join("raw"), b"\0\x01\xff binary \0"), &["diff", "--binary"]);
    check(
        |place| {
            remove(&place.user().join("link"));
            std::os::unix::fs::symlink("run.sh", place.user().join("link")).unwrap();
        },
        diff,
    );
    check(
        |place| {
            place.git(&["mv", "a.txt", "moved.txt"]);
            place.write("moved.txt", "one\ntwo\n3\n");
        },
        &["diff", "-M10%"],
    );
    check(
        |place| {
            place.git(&["mv", "a.txt", "moved.txt"]);
        },
        &["diff", "-M"],
    );
    check(|place| place.write("\u{e9}\n[x]*", "odd\n"), diff);
    check(|place| place.write("empty", ""), diff);
}

#[test]
fn a_mailed_patch_applies() {
    let place = Place::new();
    let (store, base) = (place.store(), place.head_tree());
    place.write("a.txt", "one\ntwo\nthree\nfour\n");
    place.commit("four\n\n--- not a file\n+++ nor this");
    let patch = place.git(&["format-patch", "-1", "--stdout"]);
    assert_eq!(store.apply_patch(base, patch.as_bytes()).unwrap(), Applied::Tree(place.head_tree()));
}

#[test]
fn a_plain_diff_applies() {
    let place = Place::new();
    let (store, base) = (place.store(), place.head_tree());
    let patch =
        "--- a/a.txt\t2026-01-01\n+++ b/a.txt\t2026-01-02\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n";
    let Applied::Tree(tree) = store.apply_patch(base, patch.as_bytes()).unwrap() else {
        panic!("does not apply")
    };
    assert_eq!(text(&store, tree, "a.txt").as_deref(), Some("one\nTWO\nthree\n"));
}

#[test]
fn what_the_store_writes_it_applies() {
    let place = Place::new();
    let (store, base) = (place.store(), place.head_tree());
    let raw = NewFile { path: TreePath::new("raw"), kind: EntryKind::Executable, content: vec![0, 1, 255] };
    let candidate = store.lay_over(base, &[raw]).unwrap();
    let patch = store.patch(base, candidate).unwrap();
    assert_eq!(store.apply_patch(base, &patch).unwrap(), Applied::Tree(candidate));
}

#[test]
fn what_does_not_apply_says_where() {
    let place = Place::new();
    let (store, base) = (place.store(), place.head_tree());
    let edit =
        |path: &str, hunk: &str| format!("diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n{hunk}");
    let new =
        "diff --git a/a.txt b/a.txt\nnew file mode 100644\n--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+x\n";
    let deleted = "diff --git a/a.txt b/a.txt\ndeleted file mode 100644\n--- a/a.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n";
    let two = edit("src/b.rs", "@@ -1 +1 @@\n-fn b() {}\n+fn c() {}\n")
        + &edit("a.txt", "@@ -2 +2 @@\n-six\n+SIX\n");
    for (patch, expect) in [
        ("hello\n".to_owned(), "no file is changed in it; expected a unified diff"),
        (
            edit("a.txt", "@@ -2 +2 @@\n-six\n+SIX\n"),
            "to a.txt, hunk at line 2: its lines do not stand there",
        ),
        (two, "to a.txt, hunk at line 2: its lines do not stand there"),
        (edit("none.txt", "@@ -1 +1 @@\n-a\n+b\n"), "to none.txt: the file does not exist"),
        (edit("a.txt", "@@ -1,3 +1,3 @@\n one\n"), "line 6 of the patch: the hunk is cut off"),
        (edit("../a.txt", "@@ -1 +1 @@\n-a\n+b\n"), "to ../a.txt: no tree can hold this path"),
        (new.replace("a.txt", ".git/hooks/x"), "to .git/hooks/x: no tree can hold this path"),
        (new.to_owned(), "to a.txt: the file already exists"),
        (deleted.to_owned(), "to a.txt, hunk at line 1: its lines do not stand there"),
        (deleted.replace("-x", "-one"), "to a.txt: the file to delete holds something else"),
        (new.replace("a.txt", "a.txt/b"), "to a.txt/b: the file already exists"),
        (new.replace("a.txt", "src"), "to src: the file already exists"),
        (
            "diff --git a/x b/x\nnew file mode 100644\nBinary files /dev/null and b/x differ\n".to_owned(),
            "write it with --binary",
        ),
    ] {
        match store.apply_patch(base, patch.as_bytes()).unwrap() {
            Applied::Tree(_) => panic!("applies: {patch}"),
            Applied::Not(why) => assert!(why.to_string().contains(expect), "{why}\nexpected {expect}"),
        }
    }
}
