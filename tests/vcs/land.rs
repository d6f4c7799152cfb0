//! The hand-over.

use optiloop::model::change::{EntryKind, TreePath};
use optiloop::model::id::{CommitId, RunId};
use optiloop::vcs::NewFile;
use optiloop::vcs::error::VcsError;
use optiloop::vcs::store::Store;

use crate::fixture::{Place, draft};

fn next(place: &Place, store: &Store, on: CommitId, content: &str) -> CommitId {
    let file = NewFile { path: TreePath::new("deep/er/x"), kind: EntryKind::File, content: content.into() };
    let tree = store.lay_over(place.head_tree(), &[file]).unwrap();
    store.commit(&draft(tree, &[on], content)).unwrap()
}

#[test]
fn a_landing_moves_the_branch_and_git_finds_all_of_it() {
    let place = Place::new();
    let (store, user, run) = (place.store(), place.open(), RunId::new("20260102T030405-ab"));
    let one = next(&place, &store, user.head().unwrap().commit, "one");
    let two = next(&place, &store, one, "two");
    let landed = user.land(&store, &run, one).unwrap();
    assert_eq!(
        (landed.branch.as_str(), landed.before, landed.objects),
        ("optiloop/20260102T030405-ab", None, 5)
    );
    assert_eq!(user.land(&store, &run, two).unwrap().before, Some(one));
    assert_eq!(user.land(&store, &run, two).unwrap().objects, 0);
    place.git(&["fsck", "--full", "--strict"]);
    assert_eq!(place.git(&["show", "optiloop/20260102T030405-ab:deep/er/x"]), "two");
    assert_eq!(user.landed(&run).unwrap(), Some(two));
}

#[test]
fn a_branch_someone_else_moved_is_left_alone() {
    let place = Place::new();
    let (store, user, run) = (place.store(), place.open(), RunId::new("r"));
    let head = user.head().unwrap().commit;
    let one = next(&place, &store, head, "one");
    user.land(&store, &run, one).unwrap();
    let side = next(&place, &store, head, "side");
    assert!(matches!(user.land(&store, &run, side).unwrap_err(), VcsError::NotFastForward { .. }));
    assert_eq!(user.landed(&run).unwrap(), Some(one));
}

#[test]
fn a_branch_that_is_checked_out_is_not_moved() {
    let place = Place::new();
    let (store, user, run) = (place.store(), place.open(), RunId::new("r"));
    let one = next(&place, &store, user.head().unwrap().commit, "one");
    user.land(&store, &run, one).unwrap();
    place.git(&["worktree", "add", "-q", "../linked", "optiloop/r"]);
    let two = next(&place, &store, one, "two");
    assert!(matches!(user.land(&store, &run, two).unwrap_err(), VcsError::CheckedOut { .. }));
    place.git(&["worktree", "remove", "../linked"]);
    user.land(&store, &run, two).unwrap();
}

#[test]
fn a_landing_that_was_cut_before_the_branch_is_done_again() {
    let place = Place::new();
    let (store, user, run) = (place.store(), place.open(), RunId::new("r"));
    let one = next(&place, &store, user.head().unwrap().commit, "one");
    user.land(&store, &run, one).unwrap();
    place.git(&["update-ref", "-d", "refs/heads/optiloop/r"]);
    assert_eq!(user.land(&store, &run, one).unwrap().objects, 0);
    assert_eq!(user.landed(&run).unwrap(), Some(one));
}

#[test]
fn the_author_is_git_s() {
    let place = Place::new();
    place.git(&["config", "user.name", "Grace"]);
    place.git(&["config", "user.email", "grace@example.org"]);
    let author = place.open().author().unwrap();
    assert_eq!((author.name.as_str(), author.email.as_str()), ("Grace", "grace@example.org"));
}
