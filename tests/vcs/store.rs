//! The store: what goes in, what stays out, what is made in it.

use optiloop::model::change::TreePath;
use optiloop::model::id::{Iteration, RunId};
use optiloop::vcs::store::{Kept, Store};

use crate::fixture::{Place, draft, text};

#[test]
fn nothing_later_than_the_base_is_taken() {
    let place = Place::new();
    let base = place.open().head().unwrap();
    place.write("later.txt", "later\n");
    let later = place.commit("later");
    let store = Store::create(&place.path("state/objects.git")).unwrap();
    store.seed(&place.open(), base.commit, 200).unwrap();
    let held = place.git_in(store.path(), &["cat-file", "--batch-all-objects", "--batch-check"]);
    let reachable = place.git(&["rev-list", "--objects", &base.commit.to_string()]);
    assert_eq!(held.lines().count(), reachable.lines().count());
    assert!(!store.has(later).unwrap());
}

#[test]
fn ancestors_are_bounded_and_the_boundary_is_walkable() {
    let place = Place::new();
    for n in 0..10 {
        place.write("n.txt", &n.to_string());
        place.commit("n");
    }
    let store = Store::create(&place.path("state/objects.git")).unwrap();
    let head = place.open().head().unwrap().commit;
    store.seed(&place.open(), head, 3).unwrap();
    let log = place.git_in(store.path(), &["log", "--oneline", &head.to_string()]);
    assert_eq!(log.lines().count(), 4);
    store.keep(&RunId::new("r"), Kept::Original, head).unwrap();
    place.git_in(store.path(), &["fsck", "--full"]);
}

#[test]
fn a_later_commit_is_imported_alone() {
    let place = Place::new();
    let store = place.store();
    place.write("a.txt", "later\n");
    let later = place.commit("later");
    store.import(&place.open(), later).unwrap();
    store.import(&place.open(), later).unwrap();
    assert_eq!(text(&store, store.revision(later).unwrap().tree, "a.txt").as_deref(), Some("later\n"));
}

#[test]
fn a_store_that_exists_is_opened_as_it_is() {
    let place = Place::new();
    let head = place.open().head().unwrap().commit;
    place.store();
    assert!(Store::create(&place.path("state/objects.git")).unwrap().has(head).unwrap());
}

#[test]
fn the_same_draft_makes_the_same_commit() {
    let place = Place::new();
    let (store, head) = (place.store(), place.open().head().unwrap());
    let draft = draft(head.tree, &[head.commit], "subject\n\nbody\n");
    let made = store.commit(&draft).unwrap();
    assert_eq!(store.commit(&draft).unwrap(), made);
    assert_eq!(store.parents(made).unwrap(), [head.commit]);
    assert_eq!(store.message(made).unwrap(), "subject\n\nbody\n");
}

#[test]
fn commits_are_kept_by_run_and_forgotten_with_it() {
    let place = Place::new();
    let (store, head) = (place.store(), place.open().head().unwrap());
    let (run, other) = (RunId::new("one"), RunId::new("two"));
    for run in [&run, &other] {
        store.keep(run, Kept::Original, head.commit).unwrap();
        store.keep(run, Kept::Proposal(Iteration(3)), head.commit).unwrap();
    }
    store.forget(&run).unwrap();
    assert_eq!(store.kept(&run, Kept::Proposal(Iteration(3))).unwrap(), None);
    assert_eq!(store.kept(&other, Kept::Proposal(Iteration(3))).unwrap(), Some(head.commit));
}

#[test]
fn files_of_commits_are_read_from_the_user_s_repository() {
    let place = Place::new();
    let (user, head) = (place.open(), place.open().head().unwrap());
    let first = user.resolve("HEAD~1").unwrap();
    assert_eq!(user.read_blob(first.commit, &TreePath::new("a.txt")).unwrap().unwrap(), b"one\n");
    assert_eq!(user.read_blob(head.commit, &TreePath::new("src")).unwrap(), None);
    assert_eq!(user.paths(first.commit).unwrap(), [TreePath::new("a.txt")]);
    let span = user.resolve_span("HEAD").unwrap();
    assert_eq!(
        (span, user.resolve_span("HEAD~1..").unwrap()),
        (optiloop::vcs::user::Span { base: first, candidate: head }, span)
    );
}
