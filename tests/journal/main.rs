//! The journal under SIGKILL and on a full disk, with real writer processes.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use optiloop::journal::{Journal, JournalError};
use optiloop::model::id::RunId;

/// Variable by which a writer process is told its journal.
const JOURNAL: &str = "TEST_JOURNAL";

/// Starts this very program again as a writer.
#[expect(clippy::disallowed_methods, reason = "a test starts its own writer process, to kill it")]
fn writer(path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "writes_until_it_is_killed_or_the_disk_is_full", "--nocapture"]);
    command.env(JOURNAL, path).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Not a test of its own: what the writer process does. Each line it prints is a commit that must survive.
#[test]
#[ignore = "started by the other tests as a process of its own"]
#[expect(clippy::disallowed_methods, reason = "the journal's path comes by the environment")]
fn writes_until_it_is_killed_or_the_disk_is_full() {
    let Some(path) = std::env::var_os(JOURNAL) else { return };
    let mut journal = Journal::open(Path::new(&path)).unwrap();
    let run = RunId::new(format!("run-{}", std::process::id()));
    for n in 0_u32.. {
        let body = format!(r#"{{"n":{n},"samples":"{}"}}"#, "7".repeat(n as usize % 9 * 500));
        match journal.append(&run, "sampled", &body) {
            Ok(receipt) => println!("committed {} {}", receipt.seq, receipt.hash),
            Err(JournalError::Full { .. }) => {
                println!("no space");
                return;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Reads lines of a writer until `commits` of them were commits; gives the last commit's line.
fn read_commits(child: &mut Child, commits: usize) -> (String, BufReader<std::process::ChildStdout>) {
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut last = String::new();
    let mut seen = 0;
    while seen < commits {
        let mut line = String::new();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the writer ended early after {last:?}");
        // The test program's own words may precede ours on a line.
        if let Some(at) = line.find("committed ") {
            line.split_off(at).trim().clone_into(&mut last);
            seen += 1;
        }
    }
    (last, lines)
}

#[test]
fn no_printed_commit_is_lost_when_writers_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    for round in 0..40 {
        let mut child = writer(&path).spawn().unwrap();
        let (mut last, lines) = read_commits(&mut child, 1 + round * 7 % 23);
        child.kill().unwrap();
        child.wait().unwrap();
        // What was printed between our last read and the kill must survive too.
        for line in lines.lines().map_while(Result::ok).filter(|line| line.starts_with("committed ")) {
            if line.split(' ').count() == 3 && line.len() >= 64 + "committed 1 ".len() {
                last = line;
            }
        }
        let mut words = last.split(' ').skip(1);
        let seq: i64 = words.next().unwrap().parse().unwrap();
        let hash = words.next().unwrap().parse().unwrap();
        let journal = Journal::open(&path).unwrap();
        assert_eq!(
            journal.seq_of(hash).unwrap().map(|seq| seq.0),
            Some(seq),
            "round {round}: {last} is lost"
        );
        let chain = journal.verify_chain().unwrap();
        assert!(chain.records >= seq.unsigned_abs(), "round {round}");
    }
}

#[test]
fn a_full_disk_is_a_typed_error_and_what_was_committed_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mount = folder.path().join("small");
    std::fs::DirBuilder::new().create(&mount).unwrap();
    // A user and mount namespace of its own: needs no rights, and the mount ends with its process.
    let script = r#"mount -t tmpfs -o size=2m tmpfs "$0" || exit 77
        "$@" || exit 1; "$@""#;
    let inner = writer(&mount.join("journal.db"));
    #[expect(clippy::disallowed_methods, reason = "a test starts its own writer process")]
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(&mount);
    command.arg(inner.get_program()).args(inner.get_args()).env(JOURNAL, mount.join("journal.db"));
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.code() != Some(77) && !output.stdout.is_empty() => output,
        refused => {
            #[expect(clippy::disallowed_methods, reason = "CI must not skip")]
            let ci = std::env::var_os("CI").is_some();
            assert!(!ci, "this test needs `unshare --user --mount` and a tmpfs: {refused:?}");
            eprintln!("SKIPPED a_full_disk_is_a_typed_error: no user namespace with a tmpfs here");
            return;
        }
    };
    let text = String::from_utf8_lossy(&output.stdout);
    // The second writer opens the same journal, on the same full disk, and finds it whole.
    assert_eq!(text.matches("no space").count(), 2, "{text}");
    assert!(output.status.success(), "{text}");
    assert!(text.matches("committed").count() > 50, "{text}");
}
