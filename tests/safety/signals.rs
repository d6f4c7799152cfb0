//! Ctrl-C, SIGTERM and SIGHUP end a run resumable within five seconds, a second one at once, wherever it is, and
//! nothing is left running. A second run is told who is there.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process};

use super::project::{Project, RUN, code, said};

/// What a person waits at most.
const SOON: Duration = Duration::from_secs(5);
const NOTHING: Vec<String> = Vec::new();

/// Makes a program of the project hang, after it has said so.
const HANG: &str = "count(\"hanging\"); nanosleep(&(struct timespec){.tv_sec = 600}, 0);";

fn send(driver: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(driver.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// Waits for the driver's end; its code and how long it took.
fn end(driver: &mut Child) -> (Option<i32>, Duration) {
    let sent = Instant::now();
    let status = driver.wait().unwrap();
    (status.code(), sent.elapsed())
}

/// A signal to a run that hangs there ends it in time.
fn ends(project: &Project, driver: &mut Child, signal: Signal, place: &str) {
    send(driver, signal);
    let (code, took) = end(driver);
    assert_eq!(code, Some(130), "{place}, {signal:?}");
    assert!(took < SOON, "{place}, {signal:?}: took {took:?}");
    assert_eq!(project.left_behind(), NOTHING, "{place}, {signal:?}");
    println!("{place}, {signal:?}: 130 after {} ms", took.as_millis());
}

fn hanging_agent() -> Project {
    let project = Project::new();
    std::fs::write(project.agent().join("hang"), "").unwrap();
    project
}

#[test]
fn each_signal_ends_a_run_within_five_seconds_in_its_tests_in_a_launch_and_with_a_deaf_agent() {
    std::thread::scope(|scope| {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            scope.spawn(move || {
                let places = [
                    ("tests", Project::edited(&[("check.c", "count(\"suite\");", HANG)])),
                    (
                        "launch",
                        Project::edited(&[(
                            "bench.c",
                            "long steps = 0;",
                            &format!("{HANG} long steps = 0;"),
                        )]),
                    ),
                    ("agent", hanging_agent()),
                ];
                for (place, project) in places {
                    let mut driver = project.optiloop(RUN).spawn().unwrap();
                    project.counter.wait_for("hanging", 1);
                    ends(&project, &mut driver, signal, place);
                }
            });
        }
    });
}

#[test]
fn a_run_that_was_interrupted_at_its_agent_resumes() {
    let project = hanging_agent();
    let mut driver = project.optiloop(RUN).spawn().unwrap();
    project.counter.wait_for("hanging", 1);
    ends(&project, &mut driver, Signal::INT, "agent");
    std::fs::remove_file(project.agent().join("hang")).unwrap();
    let resumed = project.optiloop(&["resume"]).output().unwrap();
    assert_eq!(code(&resumed), 0, "{}", said(&resumed));
    assert_eq!(project.counter.of("turn"), 6, "five turns, and the one that was cut");
}

#[test]
fn waiting_for_the_machine_is_interrupted_too() {
    let project = Project::new();
    let lock = std::fs::File::create(project.folder().join("lock")).unwrap();
    flock(&lock, FlockOperation::LockExclusive).unwrap();
    let mut driver = project.optiloop(RUN).spawn().unwrap();
    wait_for_line(&mut driver, "another measurement is running");
    ends(&project, &mut driver, Signal::INT, "lock");
}

#[test]
fn a_second_signal_ends_at_once_though_the_agent_is_deaf() {
    let project = hanging_agent();
    let mut driver = project.optiloop(RUN).spawn().unwrap();
    project.counter.wait_for("hanging", 1);
    send(&driver, Signal::INT);
    wait_for_line(&mut driver, "once more to stop without waiting");
    send(&driver, Signal::INT);
    let (code, took) = end(&mut driver);
    assert_eq!(code, Some(130));
    assert!(took < Duration::from_secs(2), "took {took:?}");
    assert_eq!(project.left_behind(), NOTHING);
}

#[test]
fn what_blocks_is_interrupted_too() {
    let project = Project::new();
    let mut driver = project.optiloop(&["judge", "-"]);
    let mut driver = driver.stdin(Stdio::piped()).spawn().unwrap();
    // Waiting for a child would close its input.
    let _open = driver.stdin.take().unwrap();
    // Signals are heard before standard input is read.
    wait_until_it_reads(&driver);
    ends(&project, &mut driver, Signal::INT, "standard input");
}

#[test]
fn a_second_run_is_told_which_process_is_there() {
    let project = hanging_agent();
    let mut driver = project.optiloop(RUN).spawn().unwrap();
    project.counter.wait_for("hanging", 1);
    for verb in [RUN, &["resume"], &["judge"]] {
        let second = project.optiloop(verb).output().unwrap();
        assert_eq!(code(&second), 9, "{verb:?}: {}", said(&second));
        let holder = format!("is held by `run` (process {}", driver.id());
        assert!(said(&second).contains(&holder), "{verb:?}: {}", said(&second));
        assert!(said(&second).contains("hint: wait for it"), "{verb:?}: {}", said(&second));
    }
    driver.kill().unwrap();
    driver.wait().unwrap();
}

/// Reads the driver's progress until a line says this; further lines are thrown away, so that it never waits.
fn wait_for_line(driver: &mut Child, words: &str) {
    let mut lines = BufReader::new(driver.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains(words)), "it never said {words:?}");
    std::thread::spawn(move || lines.for_each(drop));
}

/// Waits until the process sleeps in a read of its standard input.
fn wait_until_it_reads(driver: &Child) {
    let limit = Instant::now() + Duration::from_mins(1);
    loop {
        let call = std::fs::read_to_string(format!("/proc/{}/syscall", driver.id())).unwrap_or_default();
        // Number of read(2), descriptor 0: x86-64 and AArch64.
        if call.starts_with("0 0x0 ") || call.starts_with("63 0x0 ") {
            return;
        }
        assert!(Instant::now() < limit, "it does not read standard input: {call}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
