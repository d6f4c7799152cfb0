//! Kinds of repositories that must work.

use std::path::Path;

use optiloop::vcs::store::Store;
use optiloop::vcs::user::UserRepository;

use crate::fixture::{Place, names};

fn seeds(place: &Place, repository: &Path) -> Vec<String> {
    let user = UserRepository::discover(repository).unwrap();
    let store = Store::create(&place.path("state/objects.git")).unwrap();
    let head = user.head().unwrap();
    store.seed(&user, head.commit, 200).unwrap();
    let store_folder = store.path().to_owned();
    // git itself must find nothing missing in the store.
    store
        .keep(&optiloop::model::id::RunId::new("r"), optiloop::vcs::store::Kept::Original, head.commit)
        .unwrap();
    place.git_in(&store_folder, &["fsck", "--full", "--strict"]);
    place.git_in(&store_folder, &["log", "--oneline", "refs/optiloop/r/original"]);
    names(&store.paths(head.tree).unwrap())
}

const ALL: [&str; 5] = [".gitignore", "a.txt", "link", "run.sh", "src/b.rs"];

#[test]
fn a_shallow_clone() {
    let place = Place::new();
    let from = format!("file://{}", place.user().display());
    place.git_in(&place.path(""), &["clone", "-q", "--depth=1", &from, "shallow"]);
    assert_eq!(seeds(&place, &place.path("shallow")), ALL);
}

#[test]
fn a_partial_clone_whose_head_is_complete() {
    let place = Place::new();
    place.git(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", place.user().display());
    place.git_in(&place.path(""), &["clone", "-q", "--filter=blob:none", &from, "partial"]);
    assert_eq!(seeds(&place, &place.path("partial")), ALL);
}

#[test]
fn a_detached_head() {
    let place = Place::new();
    place.git(&["checkout", "-q", "--detach"]);
    assert_eq!(seeds(&place, &place.user()), ALL);
    assert_eq!(place.open().branch().unwrap(), None);
}

#[test]
fn a_linked_work_tree() {
    let place = Place::new();
    place.git(&["worktree", "add", "-q", "../linked", "-b", "side"]);
    assert_eq!(seeds(&place, &place.path("linked/src")), ALL);
    let user = UserRepository::discover(&place.path("linked")).unwrap();
    assert_eq!(user.branch().unwrap().as_deref(), Some("side"));
    assert_eq!(user.common_folder().unwrap(), place.open().common_folder().unwrap());
}

#[test]
fn a_sparse_work_tree_is_judged_whole() {
    let place = Place::new();
    place.git(&["sparse-checkout", "set", "--no-cone", "/a.txt"]);
    assert!(!place.user().join("src").exists());
    let store = place.store();
    assert_eq!(place.open().work_tree_change(&store).unwrap().tree, place.head_tree());
}

#[test]
fn a_bare_repository() {
    let place = Place::new();
    place.git_in(&place.path(""), &["clone", "-q", "--bare", "user", "bare.git"]);
    assert_eq!(seeds(&place, &place.path("bare.git")), ALL);
}

#[test]
fn a_repository_with_alternates() {
    let place = Place::new();
    place.git_in(&place.path(""), &["clone", "-q", "--shared", "user", "shared"]);
    assert_eq!(seeds(&place, &place.path("shared")), ALL);
}

#[test]
fn submodules_stay_what_they_are() {
    let place = Place::new();
    place.git_in(&place.path(""), &["init", "-q", "-b", "main", "sub"]);
    place.git_in(&place.path("sub"), &["commit", "-q", "--allow-empty", "-m", "sub"]);
    place.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../sub", "vendor/sub"]);
    place.commit("with a submodule");
    let (store, head) = (place.store(), place.head_tree());
    assert_eq!(place.open().work_tree_change(&store).unwrap().tree, head);
    let workspace = place.workspace(&store, "base");
    workspace.switch(head).unwrap();
    assert_eq!(workspace.take(head).unwrap().tree, head);
    assert_eq!(workspace.verify(head).unwrap(), []);
}

#[test]
fn a_submodule_that_moved_is_part_of_the_work_tree_s_change() {
    let place = Place::new();
    place.git_in(&place.path(""), &["init", "-q", "-b", "main", "sub"]);
    place.git_in(&place.path("sub"), &["commit", "-q", "--allow-empty", "-m", "sub"]);
    place.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../sub", "vendor/sub"]);
    place.commit("with a submodule");
    place.git_in(&place.user().join("vendor/sub"), &["commit", "-q", "--allow-empty", "-m", "moved"]);
    let (store, head) = (place.store(), place.head_tree());
    let taken = place.open().work_tree_change(&store).unwrap();
    let change = store.changes(head, taken.tree, 1000).unwrap();
    assert_eq!(names(&change.paths.iter().map(|c| c.path.clone()).collect::<Vec<_>>()), ["vendor/sub"]);
}

#[test]
fn git_lfs_content_in_the_work_tree_is_no_change() {
    let place = Place::new();
    let content = "the large file\n";
    let digest = optiloop::model::id::Digest::of(content.as_bytes());
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {}\n", content.len());
    place.write("big.bin", &pointer);
    place.commit("pointer");
    place.write(".gitattributes", "*.bin filter=lfs\n");
    place.git(&["-c", "filter.lfs.clean=cat", "add", "-A"]);
    place.git(&["commit", "-q", "-m", "lfs"]);
    place.write("big.bin", content);
    let store = place.store();
    assert_eq!(place.open().work_tree_change(&store).unwrap().tree, place.head_tree());
}
