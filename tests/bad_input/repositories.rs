//! Kinds of repositories: what is refused with a way out, and what must work.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::place::{Place, skip};

#[test]
fn what_cannot_work_is_refused_with_the_reason_and_the_way_out() {
    let place = Place::new();
    let in_folder = |name: &str| place.path(name).display().to_string();
    std::fs::create_dir(place.path("nothing")).unwrap();
    place.run(&["-C", &in_folder("nothing"), "run"]).ends(8, &["no git repository at or above", "git init"]);
    place.git_in(&place.path(""), &["init", "-q", "unborn"]);
    place.run(&["-C", &in_folder("unborn"), "run"]).ends(8, &["has no commit yet", "commit the code first"]);
    place.git_in(&place.path(""), &["init", "-q", "--object-format=sha256", "sha256"]);
    place.run(&["-C", &in_folder("sha256"), "run"]).ends(8, &["SHA-256", "--object-format=sha1"]);
    place.git(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", place.user().display());
    place.git_in(&place.path(""), &["clone", "-q", "--no-checkout", "--filter=blob:none", &from, "partial"]);
    place.run(&["-C", &in_folder("partial"), "run"]).ends(8, &["objects of commit", "git fetch --refetch"]);
    place.git(&["branch", "optiloop"]);
    place.run(&["run"]).ends(8, &["a branch named `optiloop`", "git branch -m optiloop optiloop-old"]);
    place.git(&["branch", "-D", "optiloop"]);
    let config = place.user().join(".git/config");
    let text = std::fs::read_to_string(&config)
        .unwrap()
        .replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    std::fs::write(&config, format!("{text}[extensions]\n\trefstorage = reftable\n")).unwrap();
    place.run(&["run"]).ends(8, &["reftable", "git refs migrate --ref-format=files"]);
}

#[test]
fn a_repository_of_another_user_is_refused() {
    let place = Place::new();
    let test = "a_repository_of_another_user_is_refused";
    if std::os::unix::fs::chown(place.user(), Some(65534), Some(65534)).is_err() {
        return skip(test, "only root can give files away");
    }
    place.run(&["run"]).ends(8, &["belongs to another user", "safe.directory"]);
}

/// Runs one proposal without a change from `folder`: everything before the verdict has to work for that.
fn works(place: &Place, folder: &Path) {
    place.run(&["-C", folder.to_str().unwrap(), "run"]).ends(3, &["Of 1 proposal", "1 nothing changed"]);
}

#[test]
fn a_shallow_clone_and_a_bare_one_work() {
    let place = Place::new();
    place.write("more", "x");
    place.commit();
    let from = format!("file://{}", place.user().display());
    place.git_in(&place.path(""), &["clone", "-q", "--depth=1", &from, "shallow"]);
    works(&place, &place.path("shallow"));
    place.git_in(&place.path(""), &["clone", "-q", "--bare", &from, "bare.git"]);
    works(&place, &place.path("bare.git"));
    place.run(&["-C", place.path("bare.git").to_str().unwrap(), "judge"]).ends(8, &["is bare", "judge HEAD"]);
}

#[test]
fn a_linked_sparse_work_tree_with_a_detached_head_works() {
    let place = Place::new();
    place.write("far/away/file", "x");
    place.commit();
    place.git(&["worktree", "add", "-q", "--detach", place.path("linked").to_str().unwrap()]);
    place.git_in(&place.path("linked"), &["sparse-checkout", "set", "--cone", "tests"]);
    assert!(!place.path("linked/far").exists());
    works(&place, &place.path("linked"));
}

#[test]
fn odd_file_names_and_what_a_commit_only_names_work_and_are_told() {
    let place = Place::new();
    for name in [&b"a\nb"[..], b"a\xffb", b" lead", b"q\"uote", b"-dash", b"\xc3\xa4.txt", b"star*[x]"] {
        std::fs::write(place.user().join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    }
    place.git_in(&place.path(""), &["init", "-q", "lib"]);
    place.git_in(&place.path("lib"), &["commit", "-q", "--allow-empty", "-m", "x"]);
    place.git(&["submodule", "--quiet", "add", place.path("lib").to_str().unwrap(), "lib"]);
    place.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 3\n", "0".repeat(64));
    place.write("big.bin", &pointer);
    place.commit();
    std::fs::remove_dir_all(place.user().join(".git/modules/lib")).unwrap();
    let warnings = &[
        "submodules are empty folders in workspaces: lib",
        "LFS files are pointers in workspaces: big.bin",
        "or `setup` can bring",
    ];
    place.run(&["doctor"]).ends(0, warnings);
    let told = place.run(&["run"]);
    told.ends(3, &["1 nothing changed", "warning: submodules are empty"]);
    told.ends(3, warnings);
}
