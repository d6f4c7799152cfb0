//! What a commit only names and the user's repository has: LFS objects and submodules in workspaces.

use optiloop::model::id::{Digest, TreeId};
use optiloop::vcs::agent_workspace::AgentWorkspace;
use optiloop::vcs::error::VcsError;
use optiloop::vcs::store::Store;
use optiloop::vcs::workspace::{Taken, Workspace};

use crate::fixture::{Place, names, read, set_mode, times, write};

const CONTENT: &str = "a large file\n";

/// A repository whose `big.bin` (executable) and `gone.bin` go through LFS; the object of the first is there.
fn with_lfs() -> Place {
    let place = Place::new();
    place.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    for (name, content) in [("big.bin", CONTENT), ("gone.bin", "another one\n")] {
        let (digest, size) = (Digest::of(content.as_bytes()), content.len());
        let pointer =
            format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {size}\n");
        place.write(name, &pointer);
    }
    set_mode(&place.user().join("big.bin"), 0o755);
    place.git(&["-c", "filter.lfs.clean=cat", "add", "-A"]);
    place.git(&["commit", "-q", "-m", "lfs"]);
    write(&object(&place), CONTENT.as_bytes());
    place
}

/// Where git LFS keeps the content.
fn object(place: &Place) -> std::path::PathBuf {
    let digest = Digest::of(CONTENT.as_bytes()).to_string();
    place.user().join(".git/lfs/objects").join(&digest[..2]).join(&digest[2..4]).join(&digest)
}

/// The store with HEAD in it, a workspace that holds HEAD, and HEAD's tree.
fn checked_out(place: &Place) -> (Store, Workspace, TreeId) {
    let user = place.open();
    let store = place.store().with_lfs(user.lfs_objects().unwrap());
    store.seed(&user, user.head().unwrap().commit, 0).unwrap();
    let (workspace, tree) = (place.workspace(&store, "base"), place.head_tree());
    workspace.switch(tree).unwrap();
    (store, workspace, tree)
}

#[test]
fn an_lfs_object_that_is_there_stands_in_the_place_of_its_pointer() {
    let place = with_lfs();
    let (_, workspace, tree) = checked_out(&place);
    let file = workspace.folder().join("big.bin");
    assert_eq!(read(&file), CONTENT);
    assert!(read(&workspace.folder().join("gone.bin")).starts_with("version https://git-lfs"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o111, 0o111);
    assert_eq!(workspace.take(tree).unwrap().tree, tree, "git has the pointer still");
    assert_eq!(names(&workspace.verify(tree).unwrap()), Vec::<String>::new());
    let user = place.open();
    let told = user.left_out(user.head().unwrap().commit).unwrap();
    assert_eq!(names(&told.pointers), ["gone.bin"]);
}

#[test]
fn a_switch_writes_lfs_content_once_and_again_where_it_was_changed() {
    let place = with_lfs();
    let (_, workspace, tree) = checked_out(&place);
    let before = times(workspace.folder());
    assert_eq!(workspace.switch(tree).unwrap().written, []);
    assert_eq!(times(workspace.folder()), before);
    write(&workspace.folder().join("big.bin"), b"no large file\n");
    assert_eq!(names(&workspace.verify(tree).unwrap()), ["big.bin"]);
    assert_eq!(names(&workspace.switch(tree).unwrap().written), ["big.bin"]);
    assert_eq!(read(&workspace.folder().join("big.bin")), CONTENT);
    assert_eq!(read(&object(&place)), CONTENT, "the user's object is as it was");
}

#[test]
fn a_damaged_lfs_object_is_named_and_not_built_with() {
    let place = with_lfs();
    write(&object(&place), b"a LARGE file\n");
    let user = place.open();
    let store = place.store().with_lfs(user.lfs_objects().unwrap());
    store.seed(&user, user.head().unwrap().commit, 0).unwrap();
    let error = place.workspace(&store, "base").switch(place.head_tree()).unwrap_err();
    assert!(matches!(&error, VcsError::LfsObject { path, .. } if path.lossy() == "big.bin"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("git lfs fsck")));
}

#[test]
fn to_the_agent_s_git_lfs_content_is_no_edit() {
    let place = with_lfs();
    let (store, _, tree) = checked_out(&place);
    let agent = AgentWorkspace::open(&store, &place.path("agent"), &place.path("state/agent.index")).unwrap();
    agent.switch(tree, 0).unwrap();
    assert_eq!(read(&agent.folder().join("big.bin")), CONTENT);
    assert_eq!(place.git_in(agent.folder(), &["status", "--porcelain"]), "");
    assert_eq!(agent.take(tree).unwrap(), Taken::whole(tree));
}

/// A repository with the submodule `vendor/outer`, which has one of its own, both in `.git/modules`.
fn with_submodules() -> Place {
    let place = Place::new();
    for (name, file) in [("inner", "deep.txt"), ("outer", "lib.c")] {
        place.git_in(&place.path(""), &["init", "-q", "-b", "main", name]);
        write(&place.path(name).join(file), file.as_bytes());
        place.git_in(&place.path(name), &["add", "-A"]);
        place.git_in(&place.path(name), &["commit", "-q", "-m", name]);
    }
    let add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add"];
    place.git_in(&place.path("outer"), &[&add[..], &["../inner", "in"]].concat());
    place.git_in(&place.path("outer"), &["commit", "-q", "-a", "-m", "nested"]);
    place.git(&[&add[..], &["../outer", "vendor/outer"]].concat());
    place.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "update",
        "--init",
        "--recursive",
    ]);
    place.commit("submodules");
    place
}

#[test]
fn submodules_that_are_there_are_files_of_a_workspace_and_no_part_of_its_tree() {
    let place = with_submodules();
    let (_, workspace, tree) = checked_out(&place);
    assert_eq!(read(&workspace.folder().join("vendor/outer/lib.c")), "lib.c");
    assert_eq!(read(&workspace.folder().join("vendor/outer/in/deep.txt")), "deep.txt");
    assert_eq!(names(&workspace.verify(tree).unwrap()), Vec::<String>::new());
    assert_eq!(workspace.switch(tree).unwrap().written, []);
    let user = place.open();
    assert_eq!(user.left_out(user.head().unwrap().commit).unwrap().lines(), Vec::<String>::new());
    // What is changed there is no change of the tree, is named, and is put back.
    write(&workspace.folder().join("vendor/outer/lib.c"), b"changed");
    write(&workspace.folder().join("vendor/outer/in/new.txt"), b"new");
    let taken = workspace.take(tree).unwrap();
    assert_eq!(taken.tree, tree);
    assert_eq!(names(&taken.in_submodules), ["vendor/outer/in/new.txt", "vendor/outer/lib.c"]);
    workspace.switch(tree).unwrap();
    assert_eq!(read(&workspace.folder().join("vendor/outer/lib.c")), "lib.c");
}

#[test]
fn an_agent_sees_the_files_of_submodules_and_its_git_sees_no_edit() {
    let place = with_submodules();
    let (store, _, tree) = checked_out(&place);
    let agent = AgentWorkspace::open(&store, &place.path("agent"), &place.path("state/agent.index")).unwrap();
    agent.switch(tree, 0).unwrap();
    assert_eq!(read(&agent.folder().join("vendor/outer/in/deep.txt")), "deep.txt");
    assert_eq!(place.git_in(agent.folder(), &["status", "--porcelain"]), "");
    assert_eq!(agent.take(tree).unwrap().tree, tree);
}

#[test]
fn a_submodule_that_is_not_there_is_an_empty_folder_and_named() {
    let place = with_submodules();
    crate::fixture::remove(&place.user().join(".git/modules/vendor/outer/modules"));
    let (_, workspace, _) = checked_out(&place);
    assert_eq!(read(&workspace.folder().join("vendor/outer/lib.c")), "lib.c");
    assert!(!workspace.folder().join("vendor/outer/in/deep.txt").exists());
    let user = place.open();
    let told = user.left_out(user.head().unwrap().commit).unwrap();
    assert_eq!(names(&told.submodules), ["vendor/outer/in"]);
}
