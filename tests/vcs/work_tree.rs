//! The user's work tree as a tree: what git would commit with `git add -A`.

use optiloop::model::change::TreePath;
use optiloop::vcs::FileState;

use crate::fixture::{Place, bytes_path, names, remove, set_mode, write};

/// The tree git itself makes of the work tree, by an index of its own.
fn by_git(place: &Place) -> String {
    let copy = place.path("copy");
    place.git_in(&place.path(""), &["clone", "-q", "--no-checkout", "user", "copy"]);
    let git_dir = format!("--git-dir={}", copy.join(".git").display());
    let work_tree = format!("--work-tree={}", place.user().display());
    place.git(&[&git_dir, &work_tree, "add", "-A"]);
    place.git(&[&git_dir, &work_tree, "write-tree"]).trim().to_owned()
}

#[test]
fn an_untouched_work_tree_is_the_tree_of_head() {
    let place = Place::new();
    let store = place.store();
    assert_eq!(place.open().work_tree_change(&store).unwrap().tree, place.head_tree());
    assert!(!place.open().is_dirty().unwrap());
}

#[test]
fn everything_git_would_add_is_in_it() {
    let place = Place::new();
    place.write("committed.txt", "x\n");
    place.write("staged-then-deleted.txt", "x\n");
    place.commit("more");
    place.write("staged.txt", "staged\n");
    place.git(&["add", "staged.txt"]);
    place.write("staged.txt", "and edited\n");
    place.write("gone.txt", "x\n");
    place.git(&["add", "gone.txt"]);
    remove(&place.user().join("gone.txt"));
    place.git(&["rm", "-q", "--cached", "committed.txt"]);
    remove(&place.user().join("staged-then-deleted.txt"));
    write(&bytes_path(&place.user(), b"in\xffvalid"), b"x");
    write(&bytes_path(&place.user(), b"new\nline/[g]*"), b"x");
    set_mode(&place.user().join("a.txt"), 0o755);
    std::os::unix::fs::symlink("x", place.user().join("l2")).unwrap();
    place.write("target/ignored", "x");
    place.write("z.o", "x");
    let store = place.store();
    let taken = place.open().work_tree_change(&store).unwrap();
    assert_eq!(taken.tree.to_string(), by_git(&place));
    assert!(place.open().is_dirty().unwrap());
}

#[test]
fn the_user_s_line_ends_are_cleaned_as_git_does() {
    let place = Place::new();
    place.git(&["config", "core.autocrlf", "true"]);
    place.write("a.txt", "one\r\ntwo\r\nthree\r\n");
    let store = place.store();
    assert_eq!(place.open().work_tree_change(&store).unwrap().tree, place.head_tree());
}

#[test]
fn modes_mean_nothing_where_git_is_told_so() {
    let place = Place::new();
    place.git(&["config", "core.fileMode", "false"]);
    set_mode(&place.user().join("run.sh"), 0o644);
    place.write("run.sh", "#!/bin/sh\n");
    let store = place.store();
    assert_eq!(place.open().work_tree_change(&store).unwrap().tree, place.head_tree());
}

#[test]
fn a_nested_repository_is_named() {
    let place = Place::new();
    place.git(&["init", "-q", "nested"]);
    place.write("nested/x", "x");
    let store = place.store();
    let taken = place.open().work_tree_change(&store).unwrap();
    assert_eq!((names(&taken.nested), taken.tree), (vec!["nested".into()], place.head_tree()));
}

#[test]
fn the_state_of_single_files_is_told() {
    let place = Place::new();
    place.write("a.txt", "edited\n");
    place.write("new.toml", "x");
    place.write("[b]*", "x");
    let user = place.open();
    let of = |path: &str| user.file_state(&TreePath::new(path)).unwrap();
    assert_eq!(
        [of("a.txt"), of("src/b.rs"), of("new.toml"), of("none"), of("[b]*")],
        [
            FileState::Modified,
            FileState::Committed,
            FileState::Untracked,
            FileState::Absent,
            FileState::Untracked
        ]
    );
}
