//! What children used, told from outside.

use std::process::Stdio;
use std::time::Duration;

use optiloop::clock::Stopwatch;
use optiloop::model::launch::{Job, Sampling};
use wait4::Wait4 as _;

use crate::world::{User, World, skip};

/// Three processes at work and one that waits for them.
const TREE: &str = "for k in 1 2 3; do sh -c 'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done' & done; wait";

/// CPU time of a script without us, in the same environment: a shell's variables cost it time.
fn bare(job: &Job) -> Duration {
    let mut command = std::process::Command::new(&job.argv[0]);
    command.args(&job.argv[1..]).env_clear().envs(&job.env).current_dir(&job.folder).stdin(Stdio::null());
    let used = command.spawn().unwrap().wait4().unwrap().rusage;
    used.utime + used.stime
}

fn median(mut values: Vec<Duration>) -> Duration {
    values.sort();
    values[values.len() / 2]
}

#[tokio::test]
async fn cpu_time_is_that_of_a_bare_run_of_the_same_tree() {
    for world in World::all().await.iter().filter(|world| world.user == User::Own) {
        let (mut plain, mut told) = (Vec::new(), Vec::new());
        for _ in 0..9 {
            plain.push(bare(&world.script(TREE)));
            told.push(world.run(world.script(TREE)).await.usage.cpu);
        }
        let (plain, told) = (median(plain), median(told));
        let most = plain.mul_f64(0.05) + Duration::from_millis(2);
        assert!(told.abs_diff(plain) < most, "{world}: {told:?}, and {plain:?} bare");
    }
}

#[tokio::test]
async fn our_own_start_is_not_in_the_numbers() {
    for world in World::all().await {
        let mut used = Vec::new();
        for _ in 0..9 {
            used.push(world.run(world.job(&["true"])).await.usage.cpu);
        }
        assert!(median(used.clone()) < Duration::from_millis(3), "{world}: {used:?}");
    }
}

#[tokio::test]
async fn wall_time_is_that_of_the_command() {
    for world in World::all().await {
        let outside = Stopwatch::start();
        let usage = world.run(world.job(&["sleep", "0.2"])).await.usage;
        let bounds = Duration::from_millis(200)..outside.elapsed();
        assert!(bounds.contains(&usage.wall), "{world}: {:?} is not in {bounds:?}", usage.wall);
        assert!(usage.run_delay.is_some_and(|delay| delay < usage.wall), "{world}: {usage:?}");
    }
}

#[tokio::test]
async fn peak_memory_is_told_where_it_is_not_our_own() {
    for world in World::all().await {
        assert_eq!(world.run(world.job(&["true"])).await.usage.peak_memory, None, "{world}");
        // dd holds one block in memory.
        let block = world.job(&["dd", "if=/dev/zero", "of=/dev/null", "bs=300M", "count=1"]);
        let peak = world.run(block).await.usage.peak_memory.unwrap_or_default() >> 20;
        assert!((300..330).contains(&peak), "{world}: {peak} MiB");
    }
}

#[tokio::test]
async fn threads_and_their_waiting_are_sampled_when_asked() {
    for world in World::all().await {
        let mut job = world.script("sleep 0.2 & sleep 0.2 & sleep 0.2 & wait");
        assert_eq!(world.run(job.clone()).await.usage.threads, None, "{world}");
        job.sampling = Sampling::Threads;
        let usage = world.run(job).await.usage;
        assert_eq!(usage.threads, Some(4), "{world}");
        assert!(usage.run_delay_threads.is_some(), "{world}");
    }
}

#[tokio::test]
async fn no_waiting_of_the_main_thread_is_missed_between_two_looks() {
    const WORK: &str = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done";
    let world = World::plain();
    let mut job = world.script(WORK);
    job.sampling = Sampling::Threads;
    // Two more trees compete for the cores, so that there is something to wait for.
    let (usage, ..) = tokio::join!(
        async { world.run(job).await.usage },
        world.run(world.script(TREE)),
        world.run(world.script(TREE))
    );
    assert_eq!(usage.threads, Some(1));
    assert!(usage.run_delay > Some(Duration::ZERO), "{usage:?}");
    assert_eq!(usage.run_delay_threads, usage.run_delay);
}

#[tokio::test]
async fn files_are_no_larger_than_allowed_and_no_core_is_written() {
    for world in World::all().await {
        let mut job = world.script("ulimit -c; head -c 2000000 /dev/zero > big; wc -c < big");
        job.limits.file_size = Some(1_000_000);
        let finished = world.run(job).await;
        assert_eq!(finished.stdout.text(), "0\n1000000\n", "{world}");
    }
}

#[tokio::test]
async fn address_space_is_bounded_when_asked() {
    for world in World::all().await {
        let mut job = world.job(&["dd", "if=/dev/zero", "of=/dev/null", "bs=300M", "count=1"]);
        job.limits.address_space = Some(256 << 20);
        assert!(!world.run(job).await.exit.is_success(), "{world}");
    }
}

#[tokio::test]
async fn threads_of_one_process_are_seen() {
    let world = World::plain();
    let python =
        "import threading,time\nfor i in range(4): threading.Thread(target=time.sleep,args=(.3,)).start()";
    if world.says("command -v python3").await.is_empty() {
        return skip("python3");
    }
    let mut job = world.job(&["python3", "-c", python]);
    job.sampling = Sampling::Threads;
    assert_eq!(world.run(job).await.usage.threads, Some(5));
}
