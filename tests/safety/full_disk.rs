//! The disk is full while the journal is written: the run stops, says so, and goes on when there is space again.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use super::project::{Project, RUN, whole};

/// Runs the program with its state on a small disk of its own; a line on standard input fills that disk, another
/// makes space again. Prints `code CODE` after each of the two.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=24m tmpfs "$STATE" || exit 77
echo mounted
"$@" >&2 & run=$!
read -r fill
cat /dev/zero > "$STATE/filler" 2>/dev/null
wait "$run"; echo "code $?"
read -r space
rm "$STATE/filler"
"$1" --store "$STORE" resume >&2; echo "code $?"
"#;

#[test]
fn a_disk_that_is_full_while_journalling_ends_with_nine_and_resume_goes_on_when_there_is_space() {
    let project = Project::new();
    let state = project.roots().state;
    std::fs::create_dir_all(&state).unwrap();
    let run = project.optiloop(RUN);
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", SCRIPT, "sh"]);
    command.arg(run.get_program()).args(run.get_args()).current_dir(project.repository()).env_clear();
    command.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("STATE", &state).env("STORE", project.store());
    let errors = std::fs::File::create(project.folder().join("stderr")).unwrap();
    let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors).spawn();
    let Ok(mut shell) = started else { return skipped("no unshare here") };
    let mut lines = BufReader::new(shell.stdout.take().unwrap()).lines().map_while(Result::ok);
    if lines.next().as_deref() != Some("mounted") {
        return skipped("no user namespace with a tmpfs here");
    }
    let mut orders = shell.stdin.take().unwrap();
    let said = || std::fs::read_to_string(project.folder().join("stderr")).unwrap();

    project.counter.wait_for("launch", 24);
    orders.write_all(b"fill\n").unwrap();
    assert_eq!(lines.next().as_deref(), Some("code 9"), "{}", said());
    let full = format!("error: cannot write to {}: the disk is full\n", project.roots().journal().display());
    assert!(said().contains(&full), "{}", said());
    assert!(said().contains("hint: free some space, then `optiloop resume`"), "{}", said());
    assert_eq!(project.left_behind().len(), 1, "the shell alone is left: {:?}", project.left_behind());

    orders.write_all(b"space\n").unwrap();
    assert_eq!(lines.next().as_deref(), Some("code 0"), "{}", said());
    assert!(shell.wait().unwrap().success());
    assert_eq!(project.changes(), whole().project.changes());
}

fn skipped(why: &str) {
    let ci = std::env::var_os("CI").is_some();
    assert!(!ci, "CI must not skip: {why}");
    eprintln!("SKIPPED a_disk_that_is_full_while_journalling: {why}");
}
