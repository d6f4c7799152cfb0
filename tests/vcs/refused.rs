//! Repositories that cannot work, each with its message and its way out.

use optiloop::vcs::error::VcsError;
use optiloop::vcs::store::Store;
use optiloop::vcs::user::UserRepository;

use crate::fixture::{Place, give_to_nobody, is_root, skip, write};

fn check(error: &VcsError, message: &str, hint: &str) {
    let (told, next) = (error.to_string(), error.hint().unwrap_or_default());
    assert!(told.contains(message), "{told}");
    assert!(next.contains(hint), "{next}");
}

fn refusal(place: &Place) -> VcsError {
    UserRepository::discover(&place.user()).unwrap_err()
}

#[test]
fn a_folder_outside_any_repository() {
    let place = Place::empty();
    let error = UserRepository::discover(&place.path("home")).unwrap_err();
    check(&error, "no git repository at or above", "git init");
}

#[test]
fn a_branch_without_a_commit() {
    check(&refusal(&Place::empty()), "has no commit yet", "commit the code first");
}

#[test]
fn a_branch_in_the_place_of_ours() {
    let place = Place::new();
    place.git(&["branch", "optiloop"]);
    check(&refusal(&place), "has a branch named `optiloop`", "git branch -m optiloop");
}

#[test]
fn sha256_object_names() {
    let place = Place::empty();
    place.git_in(&place.path(""), &["init", "-q", "--object-format=sha256", "other"]);
    let error = UserRepository::discover(&place.path("other")).unwrap_err();
    check(&error, "SHA-256 object names", "SHA-1");
}

#[test]
fn refs_kept_as_reftable() {
    // Written by hand: the git of the machine may be too old to make one.
    let place = Place::new();
    let config = place.user().join(".git/config");
    let text =
        crate::fixture::read(&config).replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    write(&config, format!("{text}[extensions]\n\trefstorage = reftable\n").as_bytes());
    check(&refusal(&place), "reftable", "git refs migrate");
}

#[test]
fn a_repository_of_another_user() {
    if !is_root() {
        return skip("a_repository_of_another_user", "only root can give files away");
    }
    let place = Place::new();
    give_to_nobody(&place.user());
    check(&refusal(&place), "belongs to another user", "safe.directory");
}

#[test]
fn a_bare_repository_has_no_work_tree_to_judge() {
    let place = Place::new();
    place.git_in(&place.path(""), &["clone", "-q", "--bare", "user", "bare.git"]);
    let user = UserRepository::discover(&place.path("bare.git")).unwrap();
    let store = Store::create(&place.path("state/objects.git")).unwrap();
    check(&user.work_tree_change(&store).unwrap_err(), "is bare", "judge HEAD");
}

#[test]
fn a_partial_clone_without_the_blobs_of_the_base() {
    let place = Place::new();
    place.git(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", place.user().display());
    place.git_in(&place.path(""), &["clone", "-q", "--no-checkout", "--filter=blob:none", &from, "partial"]);
    let user = UserRepository::discover(&place.path("partial")).unwrap();
    let store = Store::create(&place.path("state/objects.git")).unwrap();
    let error = store.seed(&user, user.head().unwrap().commit, 200).unwrap_err();
    check(&error, "objects of commit", "git fetch --refetch");
    assert!(matches!(error, VcsError::MissingObjects { count: 5, .. }), "{error}");
}

#[test]
fn a_merge_that_is_not_finished() {
    let place = Place::new();
    place.git(&["switch", "-q", "-c", "other"]);
    place.write("a.txt", "theirs\n");
    place.commit("theirs");
    place.git(&["switch", "-q", "main"]);
    place.write("a.txt", "ours\n");
    place.commit("ours");
    place.git_may_fail(&["merge", "other"]);
    check(
        &place.open().work_tree_change(&place.store()).unwrap_err(),
        "1 files of the work tree are unmerged",
        "merge --abort",
    );
}

#[test]
fn revisions_that_do_not_exist() {
    let place = Place::new();
    let user = place.open();
    check(&user.resolve("nothing").unwrap_err(), "no commit is named \"nothing\"", "git log");
    check(&user.resolve_span("HEAD~1").unwrap_err(), "has no parent", "A..B");
    check(&user.resolve_span("HEAD...HEAD").unwrap_err(), "no single base", "git log");
}
