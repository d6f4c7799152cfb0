//! Children that are talked to.

use optiloop::model::command::Exit;
use optiloop::process::child::Child;
use tokio_util::sync::CancellationToken;

use crate::world::{Pulse, World};

#[tokio::test]
async fn a_child_answers_line_by_line() {
    for world in World::all().await {
        let script = world.script("while read x; do echo \"<$x>\"; done; echo end; exit 4");
        let mut child = Child::start(world.wrap(script), CancellationToken::new()).unwrap();
        for word in ["one", "two"] {
            child.write(format!("{word}\n").as_bytes()).await.unwrap();
            assert_eq!(child.next_line().await, Some(format!("<{word}>")), "{world}");
        }
        child.close_input();
        assert_eq!(child.next_line().await.as_deref(), Some("end"), "{world}");
        assert_eq!(child.next_line().await, None, "{world}");
        assert_eq!(child.finish().await.unwrap().exit, Exit::Code(4), "{world}");
    }
}

#[tokio::test]
async fn a_child_whose_lines_nobody_takes_waits_and_loses_none() {
    let world = World::plain();
    let script = world.script("i=0; while [ $i -lt 100000 ]; do echo $i; i=$((i+1)); done");
    let mut child = Child::start(world.wrap(script), CancellationToken::new()).unwrap();
    let mut expect = 0;
    while let Some(line) = child.next_line().await {
        assert_eq!(line, expect.to_string());
        expect += 1;
    }
    assert_eq!(expect, 100_000);
}

#[tokio::test]
async fn a_cancelled_child_may_end_in_good_order() {
    for world in World::all().await {
        let cancel = CancellationToken::new();
        let script = world.script("trap 'echo bye; exit 0' INT; echo ready; while :; do sleep 0.01; done");
        let mut child = Child::start(world.wrap(script), cancel.clone()).unwrap();
        assert_eq!(child.next_line().await.as_deref(), Some("ready"), "{world}");
        cancel.cancel();
        assert_eq!(child.next_line().await.as_deref(), Some("bye"), "{world}");
        assert_eq!(child.finish().await.unwrap().exit, Exit::Cancelled, "{world}");
    }
}

#[tokio::test]
async fn a_cancelled_child_that_will_not_end_is_killed_with_all_it_started() {
    let world = World::plain();
    let pulse = Pulse::new(&world.path("work"));
    let cancel = CancellationToken::new();
    let script = "trap '' INT TERM; setsid sleep 1000 & echo ready; while :; do sleep 1000; done";
    let script = world.script(&format!("{}{script}", Pulse::HOLD));
    let mut child = Child::start(world.wrap(script), cancel.clone()).unwrap();
    assert_eq!(child.next_line().await.as_deref(), Some("ready"));
    cancel.cancel();
    assert_eq!(child.finish().await.unwrap().exit, Exit::Cancelled);
    assert!(pulse.is_gone());
}

#[tokio::test]
async fn a_dropped_child_is_killed_with_all_it_started() {
    for world in World::all().await {
        let pulse = Pulse::new(&world.path("work"));
        let script = world.script(&format!("{}setsid sleep 1000 & echo ready; sleep 1000", Pulse::HOLD));
        let mut child = Child::start(world.wrap(script), CancellationToken::new()).unwrap();
        assert_eq!(child.next_line().await.as_deref(), Some("ready"), "{world}");
        drop(child);
        // The aborted task is dropped when the runtime comes to it.
        tokio::task::yield_now().await;
        pulse.wait_until_gone();
    }
}

#[tokio::test]
async fn a_child_that_ignores_a_large_input_can_be_cancelled() {
    let world = World::plain();
    let cancel = CancellationToken::new();
    let mut child = Child::start(world.wrap(world.job(&["sleep", "1000"])), cancel.clone()).unwrap();
    let flood = vec![b'x'; 1 << 20];
    tokio::select! {
        written = child.write(&flood) => panic!("sleep has read it: {written:?}"),
        () = tokio::task::yield_now() => {}
    }
    cancel.cancel();
    assert_eq!(child.finish().await.unwrap().exit, Exit::Cancelled);
}
