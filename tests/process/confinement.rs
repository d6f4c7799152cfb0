//! What children cannot reach. `none` is the control: there each attempt succeeds.

use std::net::TcpListener;

use optiloop::confine::SANDBOXES;
use optiloop::model::launch::{Bind, Network};
use optiloop::process::run;
use tokio_util::sync::CancellationToken;

use crate::world::{User, World, skip};

/// Runs `script` confined and, as a control, unconfined.
async fn check(script: &str, confined: &str, unconfined: &str) {
    for world in World::confined().await {
        assert_eq!(world.says(script).await, confined, "{world}");
    }
    let world = World::plain();
    assert_eq!(world.says(script).await, unconfined, "{world}");
}

#[tokio::test]
async fn home_and_the_users_repository_cannot_be_read_but_toolchains_in_home_can() {
    let script = "for f in home/secret repository/secret home/tools/tool; do cat $PLACE/$f 2>/dev/null; done";
    check(script, "tool", "secretsecrettool").await;
}

#[tokio::test]
async fn only_workspace_and_private_tmp_can_be_written() {
    let inside = ["work/a", "tmp/b", "tmp/c"];
    let outside = ["home/tools/d", "home/e", "repository/f", "g"];
    for world in World::confined().await {
        // What is hidden may be an empty folder of the sandbox's own, which takes files and vanishes with them.
        let script = format!(
            "for f in {} {}; do (echo x > $PLACE/$f) 2>/dev/null; done; echo x > $TMPDIR/c; \
             for d in /usr /etc /var/tmp / /root; do (echo x > $d/optiloop-test) 2>/dev/null && echo wrote $d; done",
            inside.join(" "),
            outside.join(" ")
        );
        assert_eq!(world.says(&script).await, "", "{world}");
        assert_eq!(inside.map(|name| world.path(name).exists()), [true; 3], "{world}");
        assert_eq!(outside.map(|name| world.path(name).exists()), [false; 4], "{world}");
    }
}

#[tokio::test]
async fn the_network_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let script = format!("bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}' 2>/dev/null && echo connected");
    check(&script, "", "connected\n").await;
}

#[tokio::test]
async fn the_hosts_network_is_open_when_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for world in World::confined().await {
        let mut confinement = world.confinement();
        confinement.network = Network::Host;
        let script = format!("bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}' && echo connected");
        let wrapped = world.wrap_in(world.script(&script), &confinement);
        let finished = run::run(wrapped, &CancellationToken::new()).await.unwrap();
        assert_eq!(finished.stdout.text(), "connected\n", "{world}");
    }
}

#[tokio::test]
async fn in_bubblewrap_loopback_works_and_sockets_of_the_host_are_not_there() {
    for world in World::confined().await.iter().filter(|world| world.sandbox.name() == "bubblewrap") {
        if world.says("command -v python3").await.is_empty() {
            return skip("python3");
        }
        let python = "import socket; s=socket.create_server(('127.0.0.1',0)); \
                      socket.create_connection(s.getsockname()); s.accept(); print('talked')";
        let said = world.run(world.job(&["python3", "-c", python])).await;
        assert_eq!(said.stdout.text(), "talked\n", "{world}: {}", said.stderr.text());
        // Sockets in the file system are not closed by a network namespace.
        assert_eq!(world.says("find /run /tmp -type s").await, "", "{world}");
    }
}

#[tokio::test]
async fn the_launcher_is_out_of_reach() {
    let script = "for f in /proc/$PPID/fd/1 /proc/$PPID/mem; do (: > $f) 2>/dev/null && echo opened $f; done; \
                  cat /proc/$PPID/environ > /dev/null 2>&1 && echo read; kill -STOP $PPID 2>/dev/null; exit 5";
    for world in World::confined().await {
        let finished = world.run(world.script(script)).await;
        assert_eq!(finished.stdout.text(), "", "{world}");
        assert_eq!(finished.exit, optiloop::model::command::Exit::Code(5), "{world}");
    }
}

#[tokio::test]
async fn other_processes_cannot_be_signalled() {
    let own = std::process::id();
    check(&format!("kill -0 {own} 2>/dev/null && echo reached; exit 0"), "", "reached\n").await;
}

#[tokio::test]
async fn even_root_has_no_capability_and_cannot_undo_the_mounts() {
    for world in World::confined().await {
        let script = "mount -o remount,rw / 2>/dev/null && echo remounted; \
                      umount $PLACE/home 2>/dev/null && echo unmounted; \
                      unshare --mount true 2>/dev/null && echo new namespace; \
                      grep CapEff /proc/self/status";
        assert_eq!(world.says(script).await, "CapEff:\t0000000000000000\n", "{world}");
    }
}

#[tokio::test]
async fn in_bubblewrap_both_sides_are_seen_at_one_neutral_path() {
    for world in World::confined().await.iter().filter(|world| world.sandbox.name() == "bubblewrap") {
        let side = Bind { from: world.path("work"), to: "/tmp/side".into() };
        let mut confinement = world.confinement();
        let mut job = world.script("pwd; echo made > here");
        job.folder = world.sandbox.seen(&side).to_owned();
        confinement.writable = vec![side];
        let finished = run::run(world.wrap_in(job, &confinement), &CancellationToken::new()).await.unwrap();
        assert_eq!(finished.stdout.text(), "/tmp/side\n", "{world}: {}", finished.stderr.text());
        assert!(world.path("work/here").exists(), "{world}");
    }
}

#[tokio::test]
async fn a_user_is_the_same_inside() {
    for world in World::all().await {
        let expect = if world.user == User::Nobody { 65534 } else { rustix::process::geteuid().as_raw() };
        assert_eq!(world.says("id -u").await, format!("{expect}\n"), "{world}");
    }
}

#[test]
fn every_sandbox_file_is_registered() {
    let names: Vec<&str> = SANDBOXES.iter().map(|sandbox| sandbox.name()).collect();
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/confine"));
    for file in optiloop::fs::entries(folder).unwrap() {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(["mod", "tests"].contains(&&*stem) || names.contains(&&*stem), "{stem} is not in SANDBOXES");
    }
}
