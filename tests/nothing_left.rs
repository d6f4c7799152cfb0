//! Programs with nothing left to gain, through the real binary: a run that only gets no-ops stops by itself, keeps
//! nothing, ends with 3, and says what was tried and what it could have proven.

use std::path::Path;

use assert_cmd::Command;
use optiloop::fs::{create_folder, replace};

/// One loop in a function of its own, called from `main`.
const WORK: &str = r#"#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static uint64_t mix(uint64_t x) {
    for (int step = 0; step < 100000; step++) x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    return x;
}

int main(int argc, char **argv) {
    uint64_t x = 88172645463325252u;
    for (long n = argc > 1 ? atol(argv[1]) : 0; n > 0; n--) x = mix(x);
    printf("%llu\n", (unsigned long long)x);
    return 0;
}
"#;

/// The same with the loop in `main`.
const IN_MAIN: &str = r#"#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    unsigned long long x = 88172645463325252u;
    for (long n = argc > 1 ? 100000 * atol(argv[1]) : 0; n > 0; n--) x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    printf("%llu\n", x);
    return 0;
}
"#;

/// Nine tenths of the time are in the C library.
const LIBRARY: &str = r#"#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static unsigned long long mix(unsigned long long x) {
    for (int step = 0; step < 370; step++) x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    return x;
}

int main(int argc, char **argv) {
    enum { SIZE = 1 << 20 };
    char *volatile text = malloc(SIZE);
    memset(text, 'a', SIZE);
    text[SIZE - 1] = 0;
    unsigned long long sum = 1;
    for (long n = argc > 1 ? 20 * atol(argv[1]) : 0; n > 0; n--) sum = mix(sum + strlen(text));
    printf("%llu\n", sum);
    return 0;
}
"#;

/// A comment first, then another exit: the same machine code, and code that is no faster.
const AGENT: &str = r#"if grep -q 'a comment'; then
    sed -i 's/^int main/static int spare(void) { return getenv("SPARE") != 0; }\n\n&/; s/return 0;/return spare();/' work.c
    echo '{"hypothesis": "an exit that is ready in time"}'
else
    echo '// nothing' >> work.c
    echo '{"hypothesis": "a comment for the branch predictor"}'
fi
"#;

/// A committed project around one C file, with a scripted agent.
fn project(source: &str, budget: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let config = format!(
        r#"[bench]
harness = "command"
build = "cc -O2 -g -o work work.c"
artifacts = ["work"]
iterations = 200
instrument = "cpu"

[[bench.case]]
name = "work"
run = "./work {{n}}"

[[suite]]
kind = "command"
command = "cc -fsyntax-only work.c"

[agent]
transport = "command"
command = ["sh", "agent.sh"]
{budget}"#
    );
    let files = [
        ("work.c", source),
        ("optiloop.toml", &config),
        ("agent.sh", AGENT),
        (".gitignore", "/work\n/.home\n"),
    ];
    for (name, text) in files {
        replace(&folder.path().join(name), text.as_bytes()).expect("a file");
    }
    for arguments in [
        &["init", "-q", "-b", "main"][..],
        &["config", "user.name", "A Person"],
        &["config", "user.email", "person@example.invalid"],
        &["add", "-A"],
        &["commit", "-q", "-m", "first"],
    ] {
        let mut git = Command::new("git");
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        git.current_dir(folder.path()).args(arguments).assert().success();
    }
    folder
}

/// Runs it; exit code, report, progress.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let home = folder.join(".home");
    create_folder(&home).expect("a home");
    let mut command = Command::cargo_bin("optiloop").expect("the binary is built");
    command.env_clear().env("HOME", &home).env("PATH", path()).env("GIT_CONFIG_SYSTEM", "/dev/null");
    // Alone with its own lock: what other tests measure is no concern of this one.
    command.env("OPTILOOP_LOCK", home.join("lock"));
    let all = ["run", "--preset", "quick"].iter().chain(arguments);
    let output = command.current_dir(folder).args(all).output().expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[expect(clippy::disallowed_methods, reason = "tools must be found")]
fn path() -> String {
    std::env::var("PATH").unwrap_or_default()
}

/// Whether perf can read a program here; a test without it says so, and fails where `CI` is set.
#[expect(clippy::disallowed_methods, reason = "CI has every tool and must not skip")]
#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
fn has_perf(test: &str) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let mut perf = Command::new("perf");
    perf.current_dir(folder.path()).args(["record", "-q", "-e", "cpu-clock", "-o", "data", "true"]);
    let works = perf.output().is_ok_and(|output| output.status.success());
    if !works {
        assert!(std::env::var_os("CI").is_none(), "{test}: CI has perf");
        eprintln!("SKIPPED {test}: perf does not work here");
    }
    works
}

/// What every such end has in common: nothing kept, and the smallest change that could have been proven.
fn check_nothing_kept(folder: &Path, arguments: &[&str]) -> String {
    let (code, report, progress) = run(folder, arguments);
    assert_eq!(code, 3, "{report}{progress}");
    let smallest = report.split("The smallest change that could have been proven here is ").nth(1);
    let percent = smallest.and_then(|text| text.split_once(" %,")?.0.parse::<f64>().ok());
    assert!(percent.is_some_and(|percent| (5.0..100.0).contains(&percent)), "{report}");
    let mut git = Command::new("git");
    let branches = git.current_dir(folder).args(["branch", "--list"]).output().expect("git");
    assert_eq!(String::from_utf8_lossy(&branches.stdout), "* main\n");
    report
}

#[test]
fn after_as_many_no_ops_as_patience_allows_the_run_stops_by_itself() {
    let project = project(WORK, "[budget]\npatience = 2\n");
    let report = check_nothing_kept(project.path(), &[]);
    assert!(report.contains("Of 2 proposals 0 were kept, 2 rejected (1 same code, 1 no gain)"), "{report}");
    assert!(report.contains("It ended: 2 proposals in a row without a landing"), "{report}");
    assert!(report.contains("a comment for the branch predictor"), "{report}");
    assert!(report.contains("an exit that is ready in time"), "{report}");
}

#[test]
fn when_the_only_hotspot_was_attacked_twice_in_vain_there_is_no_actionable_one() {
    if !has_perf("when_the_only_hotspot_was_attacked_twice_in_vain_there_is_no_actionable_one") {
        return;
    }
    let project = project(WORK, "");
    let report = check_nothing_kept(project.path(), &[]);
    assert!(report.contains("Of 2 proposals 0 were kept, 2 rejected (1 same code, 1 no gain)"), "{report}");
    assert!(report.contains("It ended: no actionable hotspot"), "{report}");
}

#[test]
fn a_program_that_spends_its_time_in_a_library_costs_no_proposal() {
    if !has_perf("a_program_that_spends_its_time_in_a_library_costs_no_proposal") {
        return;
    }
    let project = project(LIBRARY, "");
    let report = check_nothing_kept(project.path(), &["--min-effect", "25%"]);
    assert!(report.contains("Nothing was proposed. It ended: no actionable hotspot"), "{report}");
}

#[test]
fn work_in_main_itself_is_a_hotspot() {
    if !has_perf("work_in_main_itself_is_a_hotspot") {
        return;
    }
    let project = project(IN_MAIN, "");
    let (code, brief, progress) = run(project.path(), &["--dry-run"]);
    assert_eq!(code, 0, "{progress}");
    assert!(brief.contains("main") && !brief.contains("it would stop"), "{brief}");
}
