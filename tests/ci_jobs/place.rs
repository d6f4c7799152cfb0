//! A project in a bare repository, and what a runner has around a clone of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use optiloop::fs::{copy_folder, create_folder, read_text, read_text_if_present, remove_folder, replace};

/// Counts its own steps, so that a verdict is a matter of seconds and of no clock.
const PROGRAM: &str = r#"#include <stdio.h>
#include <time.h>
#define PASSES 100
int main(void) {
    long steps = 0;
    for (int pass = 0; pass < PASSES; pass++) steps += 50;
    nanosleep(&(struct timespec){.tv_nsec = 22000000}, 0);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("METRIC steps=%ld.%03ld ns\n", steps + now.tv_nsec / 1000 % 8, now.tv_nsec % 1000);
    return 0;
}
"#;
const CONFIG: &str = r#"language = "generic"
collector = "none"

[target]
name = "work"

[bench]
harness = "command"
build = "cc -O1 -o bench bench.c"
artifacts = ["bench"]
metric = "steps"

[[bench.case]]
name = "work"
run = "./bench"

[[suite]]
kind = "command"
command = "sh check.sh"

[agent]
transport = "replay"
proposals = "PROPOSALS"

[policy]
preset = "quick"
min-effect = "5%"
"#;
const PROPOSAL: &str = "--- a/bench.c\n+++ b/bench.c\n@@ -3 +3 @@\n-#define PASSES 100\n+#define PASSES 70\n";

/// Where everything lies.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    /// With the jobs of a forge committed on `main`.
    pub(crate) fn new(forge: &str) -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        for folder in ["seed", "bin", "home", "proposals"] {
            create_folder(&place.path(folder)).expect("a folder");
        }
        place.write("proposals/01-fewer.patch", PROPOSAL);
        place.write("proposals/01-fewer.toml", "hypothesis = \"Fewer passes give the same.\"\n");
        place.write("seed/bench.c", PROGRAM);
        place.write("seed/check.sh", "cc -O1 -o check bench.c && ./check\n");
        place.write("seed/.gitignore", "/bench\n/check\n");
        let proposals = place.path("proposals").display().to_string();
        place.write("seed/optiloop.toml", &CONFIG.replace("PROPOSALS", &proposals));
        let optiloop = assert_cmd::cargo::cargo_bin("optiloop");
        std::os::unix::fs::symlink(optiloop, place.path("bin/optiloop")).expect("a link");
        place.program("codex", "exit 1");
        place.program("gh", &format!("printf '%s\\n' \"$@\" > {}", place.path("gh").display()));
        let here = |arguments: &[&str]| place.git("seed", arguments);
        here(&["init", "-q", "--bare", "-b", "main", "../origin.git"]);
        here(&["--git-dir=../origin.git", "config", "receive.advertisePushOptions", "true"]);
        here(&["init", "-q", "-b", "main"]);
        here(&["remote", "add", "origin", "../origin.git"]);
        here(&["add", "-A"]);
        here(&["commit", "-q", "-m", "first"]);
        let (status, said) = place.bash("seed", &format!("optiloop init --ci {forge}"), &BTreeMap::new());
        assert_eq!(status, 0, "{said}");
        here(&["add", "-A"]);
        here(&["commit", "-q", "-m", "jobs"]);
        here(&["push", "-q", "origin", "main"]);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        replace(&self.path(name), text.as_bytes()).expect("a file");
    }

    fn program(&self, name: &str, body: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = format!("bin/{name}");
        self.write(&path, &format!("#!/bin/sh\n{body}\n"));
        std::fs::set_permissions(self.path(&path), std::fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        read_text_if_present(&self.path(name)).expect("text")
    }

    /// A file of the first clone, as it was committed.
    pub(crate) fn job_file(&self, name: &str) -> serde_yaml_ng::Value {
        let text = read_text(&self.path("seed").join(name)).expect("the jobs");
        serde_yaml_ng::from_str(&text).expect("YAML")
    }

    /// What git answers in a folder.
    pub(crate) fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        for role in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{role}_NAME"), "A Person");
            git.env(format!("GIT_{role}_EMAIL"), "person@example.invalid");
        }
        let output = git.current_dir(self.path(folder)).args(arguments).output().expect("git starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// A branch on `main` in which a launch takes so many passes, pushed.
    pub(crate) fn branch(&self, name: &str, passes: u32) {
        self.git("seed", &["checkout", "-q", "-b", name, "main"]);
        let change = format!("PASSES {passes}");
        let note = format!("/* {name} */\n{PROGRAM}");
        self.write("seed/bench.c", &note.replace("PASSES 100", &change));
        self.git("seed", &["commit", "-q", "-a", "-m", name]);
        self.git("seed", &["push", "-q", "origin", name]);
        self.git("seed", &["checkout", "-q", "main"]);
    }

    /// A clone as a runner makes it: whole, and on a commit.
    pub(crate) fn check_out(&self, folder: &str, commit: &str) {
        remove_folder(&self.path(folder)).expect("no folder");
        self.git("", &["clone", "-q", "origin.git", folder]);
        self.git(folder, &["checkout", "-q", "--detach", &format!("origin/{commit}")]);
    }

    /// Replaces a folder by another.
    pub(crate) fn hand_over(&self, from: &str, to: &str) {
        let (from, to) = (self.path(from), self.path(to));
        remove_folder(&to).expect("no folder");
        if from.exists() {
            copy_folder(&from, &to).expect("a copy");
        }
    }

    /// Runs a script as runners do; its exit code and what it said.
    pub(crate) fn bash(&self, folder: &str, script: &str, env: &BTreeMap<String, String>) -> (i32, String) {
        self.write("script", script);
        let mut bash = Command::new("bash");
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        bash.env_clear().env("PATH", path).env("HOME", self.path("home")).envs(env);
        bash.env("GIT_CONFIG_SYSTEM", "/dev/null").env("OPTILOOP_LOCK", self.path("lock"));
        bash.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(self.path("script"));
        let output = bash.current_dir(self.path(folder)).output().expect("bash starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        (output.status.code().unwrap_or(-1), said)
    }
}
