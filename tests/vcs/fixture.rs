//! Repositories in a temporary folder, made by the git command with a cleared environment.
#![expect(clippy::disallowed_methods, reason = "the git command is what makes the repositories under test")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use optiloop::model::change::TreePath;
use optiloop::model::id::{CommitId, Digest, TreeId};
use optiloop::vcs::store::{CommitDraft, Store};
use optiloop::vcs::user::{Person, UserRepository};
use optiloop::vcs::workspace::Workspace;
use tempfile::TempDir;

/// A folder with a repository `user`, a store and a HOME of its own.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    /// An empty repository on branch `main`.
    pub(crate) fn empty() -> Self {
        let place = Self { folder: TempDir::new().unwrap() };
        std::fs::create_dir(place.path("home")).unwrap();
        place.git_in(&place.path(""), &["init", "-q", "-b", "main", "user"]);
        place
    }

    /// A repository with `a.txt`, `src/b.rs`, `run.sh` (executable), `link` and ignore rules, in two commits.
    pub(crate) fn new() -> Self {
        let place = Self::empty();
        place.write("a.txt", "one\n");
        place.commit("first");
        place.write("a.txt", "one\ntwo\nthree\n");
        place.write("src/b.rs", "fn b() {}\n");
        place.write("run.sh", "#!/bin/sh\n");
        set_mode(&place.user().join("run.sh"), 0o755);
        std::os::unix::fs::symlink("a.txt", place.user().join("link")).unwrap();
        place.write(".gitignore", "/target/\n*.o\n");
        place.commit("second");
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn user(&self) -> PathBuf {
        self.path("user")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        write(&self.user().join(name), text.as_bytes());
    }

    /// Adds everything and commits it.
    pub(crate) fn commit(&self, message: &str) -> CommitId {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"]).trim().parse().unwrap()
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.user(), arguments)
    }

    pub(crate) fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = self.command(folder, arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?} in {}: {told}", folder.display());
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs git and does not ask how it ended.
    pub(crate) fn git_may_fail(&self, arguments: &[&str]) {
        self.command(&self.user(), arguments).output().unwrap();
    }

    fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(folder).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.path("home"));
        command.env("GIT_CONFIG_SYSTEM", "/dev/null").env("GIT_ALLOW_PROTOCOL", "file");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
            command.env(format!("GIT_{who}_DATE"), "2026-01-02T03:04:05Z");
        }
        command
    }

    pub(crate) fn open(&self) -> UserRepository {
        UserRepository::discover(&self.user()).unwrap()
    }

    /// A store seeded with HEAD.
    pub(crate) fn store(&self) -> Store {
        let store = Store::create(&self.path("state/objects.git")).unwrap();
        let user = self.open();
        store.seed(&user, user.head().unwrap().commit, 200).unwrap();
        store
    }

    pub(crate) fn workspace(&self, store: &Store, name: &str) -> Workspace {
        let index = self.path(&format!("state/{name}.index"));
        Workspace::open(store, &self.path(&format!("work/{name}")), &index).unwrap()
    }

    pub(crate) fn head_tree(&self) -> TreeId {
        self.open().head().unwrap().tree
    }
}

pub(crate) fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

pub(crate) fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

pub(crate) fn remove(path: &Path) {
    if path.is_dir() { std::fs::remove_dir_all(path).unwrap() } else { std::fs::remove_file(path).unwrap() }
}

pub(crate) fn make_folder(path: &Path) {
    std::fs::create_dir_all(path).unwrap();
}

pub(crate) fn make_pipe(path: &Path) {
    let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o644));
    rustix::fs::mknodat(rustix::fs::CWD, path, kind, mode, 0).unwrap();
}

pub(crate) fn bytes_path(folder: &Path, name: &[u8]) -> PathBuf {
    folder.join(OsStr::from_bytes(name))
}

pub(crate) fn paths(names: &[&str]) -> Vec<TreePath> {
    names.iter().map(|name| TreePath::new(*name)).collect()
}

pub(crate) fn names(paths: &[TreePath]) -> Vec<String> {
    paths.iter().map(|path| path.lossy().into_owned()).collect()
}

pub(crate) fn text(store: &Store, tree: TreeId, path: &str) -> Option<String> {
    let content = store.read_blob(tree, &TreePath::new(path)).unwrap();
    content.map(|content| String::from_utf8_lossy(&content).into_owned())
}

/// Everything about every file below a folder that must not change: type, mode, time, content or target.
pub(crate) fn fingerprint(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            let meta = std::fs::symlink_metadata(&path).unwrap();
            let what = if meta.is_dir() {
                open.push(path.clone());
                // A folder's time changes when our branch is made in it.
                format!("folder {:o}", meta.mode())
            } else if meta.is_symlink() {
                format!("link {} {}", std::fs::read_link(&path).unwrap().display(), meta.mtime_nsec())
            } else {
                let content = Digest::of(&std::fs::read(&path).unwrap());
                format!("file {:o} {}.{} {content}", meta.mode(), meta.mtime(), meta.mtime_nsec())
            };
            found.insert(path.strip_prefix(folder).unwrap().to_owned(), what);
        }
    }
    found
}

/// Modification times of the files below a folder, `.git` aside.
pub(crate) fn times(folder: &Path) -> BTreeMap<String, (i64, i64, u64)> {
    let mut found = BTreeMap::new();
    for path in fingerprint(folder).into_keys().filter(|path| !path.starts_with(".git")) {
        let meta = std::fs::symlink_metadata(folder.join(&path)).unwrap();
        if !meta.is_dir() {
            let name = String::from_utf8_lossy(&path.into_os_string().into_vec()).into_owned();
            found.insert(name, (meta.mtime(), meta.mtime_nsec(), meta.ino()));
        }
    }
    found
}

pub(crate) fn draft(tree: TreeId, parents: &[CommitId], message: &str) -> CommitDraft {
    let ada = Person { name: "Ada".into(), email: "ada@example.org".into() };
    let parents = parents.to_vec();
    CommitDraft {
        tree,
        parents,
        message: message.into(),
        author: ada.clone(),
        committer: ada,
        at: 1_767_323_045,
    }
}

/// Runs one test of this binary again in another process, with its own HOME: libgit2 reads it once.
pub(crate) fn again_with_home(test: &str, home: &Path, stage: &Path) {
    expect_to_pass(test, &mut again(test, home, stage));
}

/// As [`again_with_home`], where `etc` stands in the place of /etc; `None` where no bubblewrap can do that.
pub(crate) fn again_with_etc(test: &str, etc: &Path, stage: &Path) -> Option<()> {
    let mut bubblewrap = Command::new("bwrap");
    bubblewrap.args(["--dev-bind", "/", "/", "--bind"]).arg(etc).arg("/etc");
    if !Command::new("bwrap").args(bubblewrap.get_args()).arg("true").status().is_ok_and(|s| s.success()) {
        return None;
    }
    let inner = again(test, &stage.join("home"), stage);
    bubblewrap.arg(inner.get_program()).args(inner.get_args());
    bubblewrap.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    expect_to_pass(test, &mut bubblewrap);
    Some(())
}

/// A test that cannot run here is named, and fails where everything should be there.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
pub(crate) fn skip(test: &str, why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{test}: {why}");
    eprintln!("SKIPPED {test}: {why}");
}

/// As [`again_with_home`], without the powers of root: everything in `stage` is given to nobody first.
pub(crate) fn as_nobody_with_home(test: &str, home: &Path, stage: &Path) {
    let mut command = again(test, home, stage);
    if is_root() {
        // The test binary may lie where nobody may look.
        let copy = stage.join("binary");
        std::fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
        give_to_nobody(stage);
        let mut other = Command::new(copy);
        other.args(command.get_args()).uid(65534).gid(65534).current_dir(stage);
        other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command = other;
    }
    expect_to_pass(test, &mut command);
}

fn again(test: &str, home: &Path, stage: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env("OPTILOOP_TEST_STAGE", stage);
    command.env("HOME", home).env("XDG_CONFIG_HOME", home.join("xdg"));
    command
}

fn expect_to_pass(test: &str, command: &mut Command) {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("1 passed"), "no test is named {test}: {told}");
}

/// In the process [`again_with_home`] started: the folder it was given.
pub(crate) fn stage() -> Option<PathBuf> {
    std::env::var_os("OPTILOOP_TEST_STAGE").map(PathBuf::from)
}

/// Whether this process may do what only root may.
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

pub(crate) fn give_to_nobody(path: &Path) {
    std::os::unix::fs::lchown(path, Some(65534), Some(65534)).unwrap();
    if std::fs::symlink_metadata(path).unwrap().is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            give_to_nobody(&entry.unwrap().path());
        }
    }
}

/// A file far in the past, so that a rewrite shows.
pub(crate) fn age(path: &Path) {
    let file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000)).unwrap();
}
