//! `judge` on repositories that know nothing of optiloop: benchmarks git does not have, packages a setup
//! fetches, config that is not committed. The binary itself, with a HOME, a store and a lock of its own.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use optiloop::fs::{create_folder, entries, read_text, replace};

/// A repository of one commit, and what surrounds it.
struct Place(tempfile::TempDir);

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        create_folder(&place.path("home")).expect("a home");
        create_folder(&place.path("user")).expect("a repository");
        place.git(&["init", "-q", "-b", "main"]);
        place.git(&["config", "user.name", "A Person"]);
        place.git(&["config", "user.email", "person@example.invalid"]);
        for (name, text) in files {
            place.write(name, text);
        }
        place.commit("first");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path("user").join(name);
        create_folder(path.parent().expect("a folder above")).expect("a folder");
        replace(&path, text.as_bytes()).expect("a file");
    }

    fn commit(&self, subject: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", subject]);
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.current_dir(self.path("user")).args(arguments).assert().success();
    }

    /// Exit code, and everything it said.
    fn optiloop(&self, arguments: &[&str]) -> (i32, String) {
        self.optiloop_with(&[], arguments)
    }

    /// The same with variables of the user's.
    fn optiloop_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String) {
        let mut command = Command::cargo_bin("optiloop").expect("the binary is built");
        #[expect(clippy::disallowed_methods, reason = "sh and git must be found")]
        let path = std::env::var("PATH").unwrap_or_default();
        command.env_clear().env("HOME", self.path("home")).env("PATH", path);
        command.env("GIT_CONFIG_SYSTEM", "/dev/null").env("OPTILOOP_LOCK", self.path("lock"));
        command.env("XDG_STATE_HOME", self.path("state")).envs(variables.iter().copied());
        let output = command.current_dir(self.path("user")).args(arguments).output().expect("it starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        (output.status.code().unwrap_or(-1), said)
    }

    /// A file of the base's workspace.
    fn in_base(&self, name: &str) -> String {
        let stores = entries(&self.path("state").join("optiloop")).expect("a store");
        let store: &Path = stores.first().expect("one repository");
        read_text(&store.join("work/base").join(name)).unwrap_or_default()
    }
}

/// Config whose benchmark ends the run at its first launch, after everything before was built.
fn config(more: &str) -> String {
    format!(
        "{more}\n[bench]\nbuild = \"sh perf/build.sh\"\nFILES\n\
         [[bench.case]]\nname = \"parse\"\nrun = \"false {{n}}\"\n\
         [[suite]]\nkind = \"command\"\ncommand = \"true\"\n"
    )
}

#[test]
fn an_untracked_benchmark_is_laid_over_both_sides() {
    let place = Place::new(&[("code", "1"), (".gitignore", "perf/\n")]);
    place.write("code", "2");
    place.commit("second");
    place.write("perf/build.sh", "cat code >> built\n");
    place.write("optiloop.toml", &config("").replace("FILES", "files = [\"perf/build.sh\"]"));
    let (code, said) = place.optiloop(&["judge", "HEAD"]);
    assert_eq!(code, 4, "{said}");
    assert_eq!(place.in_base("built"), "1", "the parent was built with the benchmark: {said}");
}

#[test]
fn a_benchmark_git_does_not_have_is_named_with_the_line_to_add() {
    let place = Place::new(&[("code", "1")]);
    place.write("code", "2");
    place.write("perf/build.sh", "cat code >> built\n");
    place.write("optiloop.toml", &config("").replace("FILES", ""));
    let (code, said) = place.optiloop(&["judge"]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("add `files = [\"perf/build.sh\"]` under [bench]"), "{said}");
}

#[test]
fn a_benchmark_file_that_is_nowhere_is_a_config_error() {
    let place = Place::new(&[("code", "1")]);
    place.write("code", "2");
    place.write("optiloop.toml", &config("").replace("FILES", "files = [\"perf/bild.sh\"]"));
    let (code, said) = place.optiloop(&["judge"]);
    assert_eq!(code, 6, "{said}");
    assert!(said.contains("\"perf/bild.sh\""), "{said}");
}

#[test]
fn config_that_is_not_committed_is_no_part_of_what_is_judged() {
    let place = Place::new(&[("perf/build.sh", "true\n")]);
    let quick = config("").replace("FILES", "").replace("false {n}", "true");
    place.write("optiloop.toml", &quick);
    place.write("AGENTS.md", "# Rules\n");
    let (code, said) = place.optiloop(&["judge"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("nothing changed") || said.contains("changes nothing"), "{said}");
}

#[test]
fn setup_runs_before_the_build_and_again_only_when_a_lockfile_changes() {
    let build = ("perf/build.sh", "test -f fetched\n");
    let place = Place::new(&[build, (".gitignore", "fetched\n"), ("Cargo.lock", "1"), ("code", "1")]);
    place.write("optiloop.toml", &config("setup = \"sh -c 'echo x >> fetched'\"").replace("FILES", ""));
    place.commit("config");
    for (lock, times) in [("1", 1), ("1", 1), ("2", 2)] {
        place.write("Cargo.lock", lock);
        place.write("code", "2");
        place.commit("next");
        place.write("code", "3");
        let (code, said) = place.optiloop(&["judge"]);
        assert_eq!(code, 4, "{said}");
        assert_eq!(place.in_base("fetched").lines().count(), times, "{said}");
    }
}

#[test]
fn setup_fills_the_caches_that_builds_only_read_and_has_no_offline_pins() {
    let place = Place::new(&[("perf/build.sh", "test -f $GOMODCACHE/m && ! touch $GOMODCACHE/n\n")]);
    let setup = "setup = \"sh -c 'test $CARGO_NET_OFFLINE = false && echo x > $GOMODCACHE/m'\"";
    place.write("optiloop.toml", &config(setup).replace("FILES", ""));
    place.commit("config");
    place.write("code", "3");
    let (code, said) = place.optiloop(&["judge"]);
    assert_eq!(code, 4, "{said}");
    assert!(place.path("home/go/pkg/mod/m").is_file() && !said.contains("do not build"), "{said}");
}

#[test]
fn what_setup_makes_stays_also_where_no_rule_ignores_it() {
    let place = Place::new(&[("perf/build.sh", "test -f made/here\n"), ("code", "1")]);
    let setup = "setup = \"sh -c 'mkdir -p made && echo x >> made/here'\"";
    place.write("optiloop.toml", &config(setup).replace("FILES", ""));
    place.commit("config");
    for code in ["2", "3"] {
        place.write("code", code);
        let (status, said) = place.optiloop(&["judge"]);
        assert!(status == 4 && !said.contains("do not build"), "{said}");
        // The second run switches the workspace, and sets up nothing.
        assert_eq!(place.in_base("made/here"), "x\n", "{said}");
        place.commit("next");
    }
}

#[test]
fn setup_runs_again_within_a_run_once_a_landed_change_alters_a_lockfile() {
    let bench = "#include <stdio.h>\n#include <time.h>\n#define PASSES 100\n\
                 int main(void) {\n    nanosleep(&(struct timespec){.tv_nsec = 22000000}, 0);\n\
                 struct timespec now;\n    clock_gettime(CLOCK_MONOTONIC, &now);\n\
                 printf(\"METRIC steps=%d.%03ld ns\\n\", PASSES * 50 + (int)(now.tv_nsec / 1000 % 8), now.tv_nsec % 1000);\n}\n";
    let place = Place::new(&[("bench.c", bench), ("Cargo.lock", "1\n"), (".gitignore", "/bench\n")]);
    let patch = |passes: (u32, u32), more: &str| {
        let (from, to) = passes;
        format!(
            "--- a/bench.c\n+++ b/bench.c\n@@ -3 +3 @@\n-#define PASSES {from}\n+#define PASSES {to}\n{more}"
        )
    };
    let lock = "--- a/Cargo.lock\n+++ b/Cargo.lock\n@@ -1 +1 @@\n-1\n+2\n";
    create_folder(&place.path("proposals")).expect("a folder");
    for (name, text) in [("01-lock.patch", patch((100, 70), lock)), ("02-more.patch", patch((70, 50), ""))] {
        replace(&place.path("proposals").join(name), text.as_bytes()).expect("a patch");
    }
    let config = format!(
        "language = \"generic\"\ncollector = \"none\"\nsetup = \"sh -c 'cat Cargo.lock >> fetched'\"\n\
         [target]\nname = \"work\"\n\
         [bench]\nbuild = \"cc -O1 -o bench bench.c\"\nartifacts = [\"bench\"]\nmetric = \"steps\"\n\
         [[bench.case]]\nname = \"work\"\nrun = \"./bench\"\n\
         [[suite]]\nkind = \"command\"\ncommand = \"true\"\n\
         [agent]\ntransport = \"replay\"\nproposals = {:?}\n\
         [policy]\npreset = \"quick\"\ndependencies = \"allow\"\n",
        place.path("proposals")
    );
    place.write("optiloop.toml", &config);
    place.commit("config");
    let (code, said) = place.optiloop(&["run", "--override-policy"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.matches("landed as").count(), 2, "{said}");
    assert_eq!(place.in_base("fetched"), "1\n2\n", "{said}");
}

#[test]
fn setup_gets_the_variables_that_config_names_and_nothing_of_them_is_kept() {
    let place = Place::new(&[("perf/build.sh", "test -z \"$KEY\"\n"), ("code", "1")]);
    let setup = "setup = \"sh -c 'echo no: $KEY; exit 3'\"\nsetup-env = [\"KEY\"]";
    place.write("optiloop.toml", &config(setup).replace("FILES", ""));
    place.commit("config");
    place.write("code", "2");
    let (code, said) = place.optiloop(&["judge"]);
    assert!(code == 4 && said.contains("`setup-env` in optiloop.toml names KEY, which is not set"), "{said}");
    let (code, said) = place.optiloop_with(&[("KEY", "hunter2secret")], &["judge"]);
    assert!(code == 4 && said.contains("no: …") && !said.contains("hunter2secret"), "{said}");
}

#[test]
fn setup_reads_the_files_that_config_names_and_no_build_does() {
    let place = Place::new(&[("code", "1")]);
    let npmrc = place.path("home/.npmrc");
    let build = format!(
        "{{ cat \"$HOME/.npmrc\" || cat {}; }} 2>/dev/null && exit 1; echo built > built\n",
        npmrc.display()
    );
    place.write("perf/build.sh", &build);
    let setup =
        "setup = \"sh -c 'cat $HOME/.npmrc | tee lent; exit $(cat code)'\"\nsetup-files = [\"~/.npmrc\"]";
    place.write("optiloop.toml", &config(setup).replace("FILES", ""));
    place.commit("config");
    place.write("code", "0");
    let (code, said) = place.optiloop(&["judge"]);
    assert!(code == 4 && said.contains("names ~/.npmrc, which is no file here"), "{said}");
    create_folder(&place.path("home")).expect("a folder");
    replace(&npmrc, b"//npm.example/:_authToken=hunter2secret\n").expect("a file");
    let (code, said) = place.optiloop(&["judge"]);
    assert!(code == 4 && said.contains("_authToken=…") && !said.contains("hunter2secret"), "{said}");
    assert_eq!(place.in_base("lent"), "//npm.example/:_authToken=hunter2secret\n");
    // Where it succeeds the build is next, and sees nothing of it.
    place.commit("it may");
    place.write("code", "1");
    let (_, said) = place.optiloop(&["judge"]);
    assert_eq!(place.in_base("built"), "built\n", "{said}");
}

#[test]
fn doctor_says_that_a_pinned_toolchain_is_not_here_and_what_space_there_is() {
    let place = Place::new(&[("rust-toolchain", "1.2.3\n"), ("Cargo.toml", "[package]\nname = \"p\"\n")]);
    let (code, said) = place.optiloop(&["doctor"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Rust 1.2.3") && said.contains(" free at "), "{said}");
}
