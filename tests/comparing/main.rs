//! `gate` and `compare` by the binary itself: real builds, real launches, real git.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use optiloop::fs::{create_folder, replace};

/// A loop that does a million steps an iteration.
const WORK: &str = "#include <stdint.h>\n#include <stdlib.h>\nenum { STEPS = 1000000 };\nint main(int argc, char \
                    **argv) {\n  volatile uint64_t x = 88172645463325252u;\n  for (long n = argc > 1 ? atol(argv[1]) : 1; \
                    n > 0; n--)\n    for (int i = 0; i < STEPS; i++) x ^= x << 13;\n  return 0;\n}\n";
const CONFIG: &str = "[bench]\nharness = \"command\"\nbuild = \"cc -O1 -o work work.c\"\nartifacts = [\"work\"]\niterations = \
                      20\n\n[[bench.case]]\nname = \"work\"\nrun = \"./work {n}\"\n\n[[bench.case]]\nname = \
                      \"again\"\nrun = \"./work {n}\"\n";

/// A repository in which a branch costs twice what main does, and loosens the policy on the way.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        for folder in ["home", "user", "nowhere"] {
            create_folder(&place.path(folder)).expect("a folder");
        }
        place.git(&["init", "-q", "-b", "main"]);
        place.git(&["config", "user.name", "A Person"]);
        place.git(&["config", "user.email", "person@example.invalid"]);
        place.commit(WORK, CONFIG);
        place.git(&["checkout", "-q", "-b", "change"]);
        let loose = format!("{CONFIG}\n[policy]\nguard-margin = \"90%\"\n");
        place.commit(&WORK.replace("1000000", "2000000"), &loose);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn commit(&self, work: &str, config: &str) {
        for (name, text) in [("work.c", work), ("optiloop.toml", config)] {
            replace(&self.path("user").join(name), text.as_bytes()).expect("a file");
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "change"]);
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.current_dir(self.path("user")).args(arguments).assert().success();
    }

    /// Exit code, and everything it said.
    fn optiloop(&self, folder: &str, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::cargo_bin("optiloop").expect("the binary is built");
        #[expect(clippy::disallowed_methods, reason = "sh, cc and git must be found")]
        let path = std::env::var("PATH").unwrap_or_default();
        command.env_clear().env("HOME", self.path("home")).env("PATH", path);
        command.env("GIT_CONFIG_SYSTEM", "/dev/null").env("OPTILOOP_LOCK", self.path("lock"));
        command.env("XDG_STATE_HOME", self.path("state")).current_dir(self.path(folder)).args(arguments);
        let output = command.output().expect("the binary runs");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
    }

    /// The gate of the branch.
    fn gate(&self, arguments: &[&str]) -> (i32, String) {
        self.optiloop("user", &[&["gate", "--base", "main"], arguments].concat())
    }

    /// Records of all runs.
    fn records(&self) -> usize {
        let (_, runs) = self.optiloop("user", &["log"]);
        let names = runs.lines().filter_map(|line| line.split_whitespace().next());
        names.map(|run| self.optiloop("user", &["log", run]).1.lines().count()).sum()
    }
}

#[test]
fn a_gate_names_a_slowdown_by_the_bases_policy_and_is_not_drawn_anew() {
    let place = Place::new();
    let (code, said) = place.gate(&[]);
    assert_eq!(code, 10, "{said}");
    assert!(said.contains("2 benchmarks: 2 regressed") && said.contains("less than 3 %"), "{said}");
    let records = place.records();
    let (again, told) = place.gate(&[]);
    assert_eq!((again, place.records()), (10, records), "{told}");
    assert!(told.contains("nothing is drawn anew"), "{told}");
    let (verified, why) = place.optiloop("user", &["verify"]);
    assert_eq!(verified, 0, "{why}");
}

#[test]
fn what_ran_out_of_time_goes_on_with_the_same_evidence() {
    let place = Place::new();
    let (code, said) = place.gate(&["--time", "1s"]);
    assert!(code == 5 && said.contains("goes on from this evidence"), "{code}: {said}");
    let (code, said) = place.gate(&["--time", "1h"]);
    assert!(code == 10 && said.contains("its evidence goes on"), "{code}: {said}");
    let (_, runs) = place.optiloop("user", &["log"]);
    assert_eq!(runs.lines().filter(|line| line.contains("  gate ")).count(), 1, "{runs}");
}

#[test]
fn a_shallow_checkout_without_the_base_is_told_how_to_fetch_it() {
    let place = Place::new();
    let from = format!("file://{}", place.path("user").display());
    let into = place.path("shallow");
    let clone = ["clone", "-q", "--depth", "1", "--branch", "change", &from, &into.to_string_lossy()];
    place.git(&clone);
    let (code, said) = place.optiloop("shallow", &["gate", "--base", "main"]);
    assert!(code == 9 && said.contains("git fetch --depth=1 origin main"), "{code}: {said}");
}

#[test]
fn nothing_changed_is_nothing_to_compare() {
    let place = Place::new();
    let (code, said) = place.optiloop("user", &["gate", "--base", "HEAD"]);
    assert!(code == 0 && said.contains("nothing to compare"), "{code}: {said}");
}

#[test]
fn two_commands_are_compared_outside_of_any_repository() {
    let place = Place::new();
    let build = |name: &str, steps: &str| {
        let source = place.path(&format!("{name}.c"));
        replace(&source, WORK.replace("1000000", steps).as_bytes()).expect("a source");
        let program = place.path("nowhere").join(name);
        let mut cc = Command::new("cc");
        cc.args([Path::new("-O1"), Path::new("-o"), &program, &source]).assert().success();
    };
    build("slow", "30000000");
    build("fast", "15000000");
    let (code, said) = place.optiloop("nowhere", &["compare", "--", "./slow", "1", "--", "./fast", "1"]);
    assert!(code == 0 && said.contains("1 benchmark: 1 improved"), "{code}: {said}");
}
