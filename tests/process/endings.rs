//! How children end, and that nothing of them is left.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Duration;

use optiloop::model::command::Exit;
use optiloop::process::error::ProcessError;
use optiloop::process::run;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::world::{Pulse, World};

/// A tree that is hard to get rid of: a daemon in a session of its own, a double fork, an ignored signal.
const STUBBORN: &str = "trap '' TERM INT HUP; setsid sleep 1000 & (setsid sh -c 'sleep 1000 & sleep 1000' &) ; \
                        echo ready; sleep 1000";

#[tokio::test]
async fn exit_codes_and_signals_are_told_in_every_sandbox() {
    for world in World::all().await {
        let code = world.run(world.script("exit 7")).await;
        assert_eq!(code.exit, Exit::Code(7), "{world}");
        let signal = world.run(world.script("kill -9 $$")).await;
        assert_eq!(signal.exit, Exit::Signal(9), "{world}");
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    for world in World::all().await {
        let finished = world.run(world.job(&["no-such-program"])).await;
        let Exit::NotStarted(why) = finished.exit else { panic!("{world}: {}", finished.exit) };
        assert!(why.starts_with("program no-such-program not found in PATH="), "{world}: {why}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let world = World::plain();
    let mut job = world.script("true");
    job.folder = "/no/such/folder".into();
    let Exit::NotStarted(why) = world.run(job).await.exit else { panic!("it started") };
    assert!(why.starts_with("folder /no/such/folder: "), "{why}");
}

#[tokio::test]
async fn a_sandbox_that_refuses_is_an_error_of_the_environment_with_its_words() {
    for world in World::all().await.iter().filter(|world| world.sandbox.name() == "bubblewrap") {
        let mut confinement = world.confinement();
        confinement.masked.push("/no/such/folder".into());
        let wrapped = world.wrap_in(world.script("true"), &confinement);
        let error = run::run(wrapped, &CancellationToken::new()).await.unwrap_err();
        let ProcessError::NoReport { said, .. } = &error else { panic!("{world}: {error}") };
        assert!(said.contains("/no/such/folder") && error.hint().is_some(), "{world}: {said}");
    }
}

#[tokio::test]
async fn a_launcher_that_is_not_there_is_an_error_of_the_environment() {
    let world = World::plain();
    let mut wrapped = world.wrap(world.script("true"));
    wrapped.argv[0] = "/no/such/launcher".into();
    let error = run::run(wrapped, &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, ProcessError::Start { .. }), "{error}");
}

#[tokio::test]
async fn a_child_over_its_time_is_killed_with_all_it_started() {
    for world in World::all().await {
        let pulse = Pulse::new(&world.path("work"));
        let mut job = world.script(&format!("{}{STUBBORN}", Pulse::HOLD));
        job.limits.wall = Duration::from_millis(700);
        let finished = world.run(job).await;
        assert_eq!(finished.exit, Exit::TimedOut, "{world}");
        assert_eq!(finished.stdout.text(), "ready\n", "{world}");
        assert!(pulse.is_gone(), "{world}: something lives on");
    }
}

#[tokio::test]
async fn a_cancelled_child_is_killed_with_all_it_started() {
    for world in World::all().await {
        let pulse = Pulse::new(&world.path("work"));
        let wrapped = world.wrap(world.script(&format!("{}{STUBBORN}", Pulse::HOLD)));
        let cancel = CancellationToken::new();
        let (sender, mut lines) = mpsc::channel(1);
        let (finished, ()) = tokio::join!(run::run_watched(wrapped, &cancel, sender), async {
            assert_eq!(lines.recv().await.as_deref(), Some("ready"));
            cancel.cancel();
        });
        assert_eq!(finished.unwrap().exit, Exit::Cancelled, "{world}");
        assert!(pulse.is_gone(), "{world}: something lives on");
    }
}

#[tokio::test]
async fn a_child_whose_future_is_dropped_is_killed_with_all_it_started() {
    for world in World::all().await {
        let pulse = Pulse::new(&world.path("work"));
        let wrapped = world.wrap(world.script(&format!("{}{STUBBORN}", Pulse::HOLD)));
        let cancel = CancellationToken::new();
        let (sender, mut lines) = mpsc::channel(1);
        tokio::select! {
            finished = run::run_watched(wrapped, &cancel, sender) => panic!("{world}: {finished:?}"),
            ready = lines.recv() => assert_eq!(ready.as_deref(), Some("ready")),
        }
        pulse.wait_until_gone();
    }
}

#[tokio::test]
async fn leftovers_are_counted_killed_and_paid_for() {
    let burn = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
    for world in World::all().await {
        let alone = world.run(world.script(burn)).await.usage;
        assert_eq!(alone.leftovers, 0, "{world}");
        let pulse = Pulse::new(&world.path("work"));
        let script = format!(
            "{}mkfifo done; (setsid sh -c '{burn}; echo > done; exec sleep 1000' &); read x < done; exit 3",
            Pulse::HOLD
        );
        let left = world.run(world.script(&script)).await;
        assert_eq!((left.exit, left.usage.leftovers), (Exit::Code(3), 1), "{world}");
        assert!(pulse.is_gone(), "{world}: the daemon lives on");
        let (least, cpu) = (alone.cpu.mul_f64(0.7), left.usage.cpu);
        assert!(cpu > least, "{world}: {cpu:?}, and the daemon's work alone takes {:?}", alone.cpu);
    }
}

#[tokio::test]
async fn a_process_that_ends_right_after_its_parent_is_no_leftover_and_its_time_is_in_wall() {
    for world in World::all().await {
        let finished = world.run(world.script("sleep 0.05 & exit 0")).await;
        assert_eq!((finished.exit, finished.usage.leftovers), (Exit::Code(0), 0), "{world}");
        assert!(finished.usage.wall >= Duration::from_millis(45), "{world}: {:?}", finished.usage.wall);
    }
}

#[tokio::test]
async fn orphans_that_end_while_the_leader_runs_are_reaped_at_once() {
    for world in World::all().await {
        // kill -0 succeeds on a zombie: the loop only ends when the launcher reaps like an init.
        let script = "(sh -c 'echo $$ > pid; exec sleep 0.05' &); \
                      while ! [ -s pid ]; do sleep 0.01; done; p=$(cat pid); \
                      while kill -0 $p 2>/dev/null; do sleep 0.01; done; echo reaped";
        assert_eq!(world.says(script).await, "reaped\n", "{world}");
    }
}

#[tokio::test]
async fn when_the_driver_is_killed_everything_dies() {
    let sandboxes = World::all().await.len();
    for number in 0..sandboxes {
        let mut driver = driver(number);
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map(Result::unwrap);
        // The test harness prints lines of its own around the driver's.
        let pulse =
            lines.find_map(|line| line.split_once("pulse=").map(|(_, path)| path.to_owned())).unwrap();
        let flags = rustix::fs::OFlags::RDONLY;
        let pulse = rustix::fs::open(&pulse, flags, rustix::fs::Mode::empty()).unwrap();
        driver.kill().unwrap();
        driver.wait().unwrap();
        // Blocks until the last process of the tree has closed its end.
        assert_eq!(rustix::io::read(&pulse, &mut [0; 1]), Ok(0));
    }
}

/// This test program again, running only `fake_driver`.
fn driver(number: usize) -> std::process::Child {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "endings::fake_driver"])
        .env("OPTILOOP_TEST_WORLD", number.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "started by when_the_driver_is_killed_everything_dies, and killed"]
async fn fake_driver() {
    let Ok(number) = std::env::var("OPTILOOP_TEST_WORLD") else { return };
    let world = World::all().await.remove(number.parse().unwrap());
    let _pulse = Pulse::new(&world.path("work"));
    let wrapped = world.wrap(world.script(&format!("{}{STUBBORN}", Pulse::HOLD)));
    let (sender, mut lines) = mpsc::channel(1);
    let cancel = CancellationToken::new();
    let (finished, ()) = tokio::join!(run::run_watched(wrapped, &cancel, sender), async {
        assert_eq!(lines.recv().await.as_deref(), Some("ready"));
        println!("pulse={}", world.path("work/pulse").display());
    });
    panic!("it was to be killed: {finished:?}");
}
