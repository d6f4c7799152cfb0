//! The binary with a clean environment: what bad input and a first look at a repository answer.

use std::path::Path;

use assert_cmd::Command;
use optiloop::fs::{create_folder, replace};

/// The program in `folder`, with a HOME and a store of its own.
fn optiloop(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let home = folder.join(".home");
    create_folder(&home).expect("a home");
    let mut command = Command::cargo_bin("optiloop").expect("the binary is built");
    #[expect(clippy::disallowed_methods, reason = "git must be found")]
    let path = std::env::var("PATH").unwrap_or_default();
    command.env_clear().env("HOME", &home).env("PATH", path).env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.current_dir(folder).args(arguments).output().expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// A repository with one commit of these files.
fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.current_dir(folder.path()).args(arguments).assert().success();
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["config", "user.name", "A Person"]);
    git(&["config", "user.email", "person@example.invalid"]);
    for (name, text) in files {
        replace(&folder.path().join(name), text.as_bytes()).expect("a file");
    }
    git(&["add", "-A"]);
    git(&["commit", "-q", "--allow-empty", "-m", "first"]);
    folder
}

#[test]
fn arguments_that_make_no_sense_end_with_two_and_say_what_is_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, said) in [
        (&["frobnicate"][..], "unrecognized subcommand"),
        (&["run", "--goal", "abc"], "--goal"),
        (&["run", "--goal", "0%"], "--goal"),
        (&["run", "--goal", "100%"], "--goal"),
        (&["run", "--goal", "-5"], "--goal"),
        (&["judge", "--quiet", "--verbose"], "cannot be used with"),
        (&["hint", "RUN"], "TEXT"),
        (&["status", "--json"], "`--json` prints the records of a run"),
        (&["verify", "--json"], "`optiloop log RUN --json`"),
    ] {
        let (code, stdout, stderr) = optiloop(folder.path(), arguments);
        assert_eq!((code, &*stdout), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    }
}

#[test]
fn outside_a_repository_every_verb_that_needs_one_ends_with_eight_and_a_hint() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["status"][..], &["judge"], &["policy"], &["verify"], &["init"], &["store"]] {
        let (code, _, stderr) = optiloop(folder.path(), arguments);
        assert_eq!(code, 8, "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("error: no git repository") && stderr.contains("\nhint: "), "{stderr}");
    }
}

#[test]
fn a_repository_without_runs_says_so_and_keeps_nothing() {
    let repository = repository(&[]);
    for arguments in [&["status"][..], &["log"], &["show"], &["verify"]] {
        let (code, _, stderr) = optiloop(repository.path(), arguments);
        assert_eq!(code, 2, "{arguments:?}: {stderr}");
        assert!(stderr.contains("hint: "), "{stderr}");
    }
    assert!(!repository.path().join(".home/.local").exists(), "reading made a store");
}

#[test]
fn policy_names_the_line_a_value_comes_from_and_lists_advice() {
    let agents =
        "# Performance\n\n- Reject improvements below 7 %.\n- Prefer allocation-free code in hot paths.\n";
    let repository = repository(&[("AGENTS.md", agents)]);
    let (code, stdout, stderr) = optiloop(repository.path(), &["policy"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("min-effect = 7 %  (AGENTS.md:3)"), "{stdout}");
    assert!(stdout.contains("advice (AGENTS.md:4): Prefer allocation-free"), "{stdout}");
}

#[test]
fn a_result_that_could_not_be_printed_is_an_error_but_a_reader_that_has_gone_is_none() {
    let repository = repository(&[]);
    let policy = |redirected: &str| {
        let mut shell = Command::new("sh");
        let script = format!("\"$0\" policy {redirected}");
        let program = assert_cmd::cargo::cargo_bin("optiloop");
        shell.current_dir(repository.path()).env("HOME", repository.path().join(".home"));
        let output = shell.args(["-c", &script]).arg(program).output().expect("it starts");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, stderr) = policy("> /dev/full");
    assert_eq!(code, Some(9), "{stderr}");
    assert!(stderr.contains("standard output: ") && stderr.contains("\nhint: "), "{stderr}");
    // The reader of the pipe has ended before a word is written.
    let gone = "> /dev/null; mkfifo pipe; true < pipe & exec 6> pipe; wait; \"$0\" policy >&6";
    assert_eq!(policy(gone), (Some(0), String::new()));
}

#[test]
fn a_broken_config_ends_with_six_and_names_its_line() {
    let repository = repository(&[("optiloop.toml", "[bench]\nharnes = \"command\"\n")]);
    let (code, _, stderr) = optiloop(repository.path(), &["policy"]);
    assert_eq!(code, 6, "{stderr}");
    assert!(stderr.contains("optiloop.toml:2: unknown key") && stderr.contains("did you mean"), "{stderr}");
}

#[test]
fn init_writes_a_config_once_that_policy_can_read() {
    let repository = repository(&[
        ("go.mod", "module x\n"),
        ("x_test.go", "package x\n\nfunc BenchmarkX(b *testing.B) {}\n"),
    ]);
    let (code, stdout, stderr) = optiloop(repository.path(), &["init"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("BenchmarkX"), "{stdout}");
    assert_eq!(optiloop(repository.path(), &["policy"]).0, 0);
    assert_eq!(optiloop(repository.path(), &["init"]).0, 2);
}
