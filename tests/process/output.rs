//! What children print.

use crate::world::World;

/// `VmHWM` of this process in MiB.
fn peak_memory() -> u64 {
    let status = optiloop::fs::read_text("/proc/self/status".as_ref()).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[tokio::test]
async fn a_flood_keeps_head_and_tail_in_bounded_memory() {
    let before = peak_memory();
    for world in World::all().await {
        let mut job = world.script("echo first; head -c 200000000 /dev/zero | tr '\\0' x; echo; echo last");
        job.limits.output = 64 << 10;
        let stdout = world.run(job).await.stdout;
        assert_eq!((stdout.head.len(), stdout.tail.len()), (32 << 10, 32 << 10), "{world}");
        assert_eq!(stdout.dropped, 200_000_012 - (64 << 10), "{world}");
        assert!(stdout.head.starts_with(b"first\nxxx") && stdout.tail.ends_with(b"xxx\nlast\n"), "{world}");
    }
    // Other tests run beside this one in the same process; none of them holds 100 MiB.
    assert!(peak_memory() - before < 100, "{before} MiB before, {} after", peak_memory());
}

#[tokio::test]
async fn standard_output_and_error_are_apart_and_input_is_empty() {
    for world in World::all().await {
        let finished = world.run(world.script("cat; echo out; echo err >&2")).await;
        assert_eq!(
            (finished.stdout.text(), finished.stderr.text()),
            ("out\n".into(), "err\n".into()),
            "{world}"
        );
    }
}

#[tokio::test]
async fn nothing_of_our_environment_is_inherited() {
    for world in World::all().await {
        let mut names: Vec<String> =
            world.run(world.job(&["env"])).await.stdout.text().lines().map(name).collect();
        names.sort();
        assert_eq!(names, ["PATH", "PLACE", "TMPDIR"], "{world}");
    }
}

fn name(line: &str) -> String {
    line.split('=').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_request_larger_than_any_socket_buffer_arrives() {
    let world = World::plain();
    let mut job = world.script("echo ${#BIG1} ${#BIG9}");
    for number in 0..10 {
        job.env.insert(format!("BIG{number}"), "x".repeat(100_000));
    }
    assert_eq!(world.run(job).await.stdout.text(), "100000 100000\n");
}
