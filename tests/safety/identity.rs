//! Invariant 1 through the binary: whatever happens, the user's files are as they were, but for one branch, its
//! reflog and its objects.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use optiloop::model::id::Digest;

use super::project::{Project, RUN, code, said};

/// A repository in the middle of someone's work.
fn busy(project: &Project) {
    project.git(&["config", "filter.up.clean", "tr a-z A-Z"]);
    project.git(&["config", "core.autocrlf", "input"]);
    project.git(&["config", "core.untrackedCache", "true"]);
    project.write(".git/info/attributes", "*.up filter=up\n");
    project.write(".git/info/exclude", "*.excluded\n");
    for hook in ["reference-transaction", "post-checkout", "post-index-change", "post-commit", "pre-push"] {
        let path = format!(".git/hooks/{hook}");
        project.write(&path, "#!/bin/sh\ntouch hook-ran\n");
        project.set_mode(&path, 0o755);
    }
    project.git(&["tag", "v1"]);
    project.git(&["branch", "other"]);
    project.write("count.c", "stashed\n");
    project.git(&["stash", "-q"]);
    project.write("staged.txt", "x\n");
    project.git(&["add", "staged.txt"]);
    project.write("tell.c", "int main(void) { return 0; } /* dirty */\n");
    project.write("untracked.up", "abc\n");
    project.write("some.ignored", "x\n");
    project.write("some.excluded", "x\n");
    project.write("folder/tool", "#!/bin/sh\n");
    project.set_mode("folder/tool", 0o755);
    project.set_mode("check.sh", 0o755);
    std::os::unix::fs::symlink("folder/tool", project.repository().join("link")).unwrap();
    std::os::unix::fs::symlink("nowhere", project.repository().join("dangling")).unwrap();
    project.git(&["pack-refs", "--all"]);
}

/// Kind, mode, mtime to the nanosecond, and content or link target of all that lies below `root`.
fn fingerprint(root: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(path) = open.pop() {
        let meta = std::fs::symlink_metadata(&path).unwrap();
        let content = if meta.is_symlink() {
            format!("to {}", std::fs::read_link(&path).unwrap().display())
        } else if meta.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            "folder".to_owned()
        } else {
            Digest::of(&std::fs::read(&path).unwrap()).to_string()
        };
        let stat = format!("{:o} {}.{:09} {content}", meta.mode(), meta.mtime(), meta.mtime_nsec());
        found.insert(path.strip_prefix(root).unwrap().to_owned(), stat);
    }
    found
}

/// What may come: objects, the branch, its reflog.
fn is_ours(path: &Path) -> bool {
    [".git/objects", ".git/refs/heads/optiloop", ".git/logs/refs/heads/optiloop"]
        .iter()
        .any(|place| path.starts_with(place))
}

/// A folder that gets a new entry when ours comes has another time then.
fn holds_ours(path: &Path) -> bool {
    let holds = [".git/refs/heads", ".git/logs/refs/heads"].iter().any(|place| path == Path::new(place));
    holds || (path.starts_with(".git/objects") && path.components().count() <= 3)
}

/// Everything that differs and may not.
fn differing(before: &BTreeMap<PathBuf, String>, after: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let mut differing = Vec::new();
    for (path, was) in before {
        let is = after.get(path);
        let grows =
            holds_ours(path) && was.ends_with("folder") && is.is_some_and(|is| is.ends_with("folder"));
        if is != Some(was) && !grows {
            differing.push(format!("{}: {was} became {is:?}", path.display()));
        }
    }
    let new = after.keys().filter(|path| !before.contains_key(*path) && !is_ours(path));
    differing.extend(new.map(|path| format!("{} is new", path.display())));
    differing
}

const NOTHING: Vec<String> = Vec::new();

#[test]
fn a_run_that_is_killed_and_one_that_lands_leave_every_file_as_it_was() {
    let project = Project::new();
    busy(&project);
    let before = fingerprint(&project.repository());
    let mut driver = project.optiloop(RUN).spawn().unwrap();
    project.counter.wait_for("launch", 20);
    driver.kill().unwrap();
    driver.wait().unwrap();
    assert_eq!(project.left_behind(), NOTHING);
    assert_eq!(differing(&before, &fingerprint(&project.repository())), NOTHING, "killed");

    let resumed = project.optiloop(&["resume"]).output().unwrap();
    assert_eq!(code(&resumed), 0, "{}", said(&resumed));
    let after = fingerprint(&project.repository());
    assert_eq!(differing(&before, &after), NOTHING, "landed");
    let branch = format!("optiloop/{}", project.run());
    for place in [".git/refs/heads", ".git/logs/refs/heads"] {
        assert!(after.contains_key(&Path::new(place).join(&branch)), "{place}/{branch}");
    }
}

#[test]
fn a_run_whose_original_fails_its_tests_leaves_every_file_as_it_was() {
    let project = Project::edited(&[("check.c", "answer != ", "answer == ")]);
    busy(&project);
    let before = fingerprint(&project.repository());
    let output = project.optiloop(RUN).output().unwrap();
    assert_eq!(code(&output), 4, "{}", said(&output));
    let after = fingerprint(&project.repository());
    assert_eq!(differing(&before, &after), NOTHING);
    assert_eq!(after.len(), before.len(), "not even an object came");
}

#[test]
fn a_touched_file_would_be_seen() {
    let project = Project::new();
    busy(&project);
    let before = fingerprint(&project.repository());
    project.write("tell.c", "int main(void) { return 0; } /* dirty */\n");
    project.git(&["update-ref", "refs/heads/more", "HEAD"]);
    let seen = differing(&before, &fingerprint(&project.repository()));
    for path in ["tell.c: ", ".git/refs/heads/more is new"] {
        assert!(seen.iter().any(|line| line.starts_with(path)), "{path}: {seen:?}");
    }
}
