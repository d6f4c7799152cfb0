//! The command lines and rules sandboxes make, and which sandbox is chosen.

use std::collections::BTreeMap;

use super::{SANDBOXES, Sandbox, choose};
use crate::model::command::Limits;
use crate::model::launch::{Bind, Confinement, Job, LauncherPath, Network, Sampling, SandboxFacts, Wrapped};

fn facts(bubblewrap: Option<&str>, refused: Option<&str>, landlock_abi: Option<u32>) -> SandboxFacts {
    SandboxFacts {
        bubblewrap: bubblewrap.map(Into::into),
        bubblewrap_refused: refused.map(Into::into),
        landlock_abi,
    }
}

fn confinement() -> Confinement {
    Confinement {
        read_only: vec![
            Bind::same("/home/u/.cargo/bin"),
            Bind { from: "/s/bin/1".into(), to: "/tmp/bin".into() },
        ],
        writable: vec![Bind { from: "/s/work/base".into(), to: "/tmp/side".into() }],
        masked: vec!["/home/u/code".into(), "/home/u".into(), "/s".into()],
        tmp: "/s/work/tmp".into(),
        network: Network::Loopback,
    }
}

fn wrapped(sandbox: &dyn Sandbox, confinement: &Confinement) -> Wrapped {
    let job = Job {
        argv: vec!["bench".into(), "--n".into(), "7".into()],
        folder: "/tmp/side".into(),
        env: BTreeMap::from([("TMPDIR".into(), "/elsewhere".into())]),
        limits: Limits::default(),
        sampling: Sampling::Off,
        services: Vec::new(),
    };
    sandbox.wrap(job, confinement, &LauncherPath("/home/u/.cargo/bin/optiloop".into()))
}

/// The arguments, one mount or option a line.
fn lines(argv: &[String]) -> String {
    argv.join(" ").replace(" --", "\n--")
}

#[test]
fn the_strongest_sandbox_that_works_is_chosen() {
    for (facts, expect) in [
        (facts(Some("0.8.0"), None, Some(7)), "bubblewrap"),
        (facts(Some("1.0"), None, None), "bubblewrap"),
        // Without --disable-userns the command could make namespaces of its own.
        (facts(Some("0.7.9"), None, Some(7)), "landlock"),
        (facts(Some("unknown"), None, Some(7)), "landlock"),
        (facts(Some("0.8.0"), Some("no permission"), Some(7)), "landlock"),
        (facts(None, None, Some(1)), "landlock"),
        (facts(None, None, None), "none"),
    ] {
        assert_eq!(choose(&facts).name(), expect, "{facts:?}");
    }
}

#[test]
fn bubblewrap_mounts_outer_paths_first_and_hides_before_it_shows() {
    let wrapped = wrapped(SANDBOXES[0], &confinement());
    insta::assert_snapshot!(lines(&wrapped.argv), @r"
    bwrap
    --as-pid-1
    --unshare-user
    --cap-drop ALL
    --disable-userns
    --unshare-pid
    --unshare-ipc
    --unshare-uts
    --die-with-parent
    --new-session
    --clearenv
    --ro-bind / /
    --dev /dev
    --proc /proc
    --unshare-net
    --tmpfs /tmp
    --tmpfs /run
    --ro-bind-try /run/current-system /run/current-system
    --ro-bind-try /run/opengl-driver /run/opengl-driver
    --ro-bind-try /run/systemd/resolve /run/systemd/resolve
    --tmpfs /s
    --tmpfs /home/u
    --ro-bind /s/bin/1 /tmp/bin
    --bind /s/work/base /tmp/side
    --tmpfs /home/u/code
    --bind /s/work/tmp /s/work/tmp
    --ro-bind /home/u/.cargo/bin /home/u/.cargo/bin
    --ro-bind /home/u/.cargo/bin/optiloop /home/u/.cargo/bin/optiloop
    --chdir /
    -- /home/u/.cargo/bin/optiloop __launch
    ");
    insta::assert_debug_snapshot!(wrapped.request.landlock, @r#"
    Some(
        Landlock {
            enforcement: BestEffort,
            read: [
                "/",
            ],
            write: [
                "/dev",
                "/tmp",
                "/tmp/side",
                "/s/work/tmp",
            ],
            network: Host,
        },
    )
    "#);
}

#[test]
fn landlock_allows_system_folders_and_what_is_asked_for_where_it_is() {
    let wrapped = wrapped(SANDBOXES[1], &confinement());
    insta::assert_snapshot!(lines(&wrapped.argv), @r"
    /home/u/.cargo/bin/optiloop __launch
    ");
    insta::assert_debug_snapshot!(wrapped.request.landlock, @r#"
    Some(
        Landlock {
            enforcement: Required,
            read: [
                "/bin",
                "/sbin",
                "/lib",
                "/lib32",
                "/lib64",
                "/libx32",
                "/usr",
                "/etc",
                "/opt",
                "/nix",
                "/gnu",
                "/proc",
                "/sys",
                "/dev",
                "/run",
                "/var/lib",
                "/var/cache",
                "/home/u/.cargo/bin",
                "/s/bin/1",
            ],
            write: [
                "/dev/null",
                "/dev/zero",
                "/dev/full",
                "/dev/tty",
                "/dev/shm",
                "/s/work/base",
                "/s/work/tmp",
            ],
            network: Loopback,
        },
    )
    "#);
}

#[test]
fn no_sandbox_hides_the_command_from_its_own_arguments_and_every_one_sets_tmpdir() {
    for sandbox in SANDBOXES {
        let wrapped = wrapped(*sandbox, &confinement());
        assert!(!wrapped.argv.iter().any(|argument| argument == "bench"), "{}", sandbox.name());
        assert_eq!(wrapped.request.job.argv, ["bench", "--n", "7"], "{}", sandbox.name());
        assert_eq!(wrapped.request.job.env["TMPDIR"], "/s/work/tmp", "{}", sandbox.name());
    }
}

#[test]
fn the_network_is_cut_unless_it_is_asked_for() {
    let cut = |confinement: &Confinement| {
        wrapped(SANDBOXES[0], confinement).argv.iter().any(|argument| argument == "--unshare-net")
    };
    assert!(cut(&confinement()));
    assert!(!cut(&Confinement { network: Network::Host, ..confinement() }));
}

#[test]
fn stamps_say_what_is_in_force_and_what_is_not() {
    let mut all = String::new();
    let confinements = [confinement(), Confinement { network: Network::Host, ..confinement() }];
    let hidden_in_system = Confinement { masked: vec!["/opt/secrets".into()], ..confinement() };
    for (facts, confinement) in [
        (facts(Some("0.8.0"), None, Some(7)), &confinements[0]),
        (facts(Some("0.8.0"), None, None), &confinements[1]),
        (facts(None, None, Some(7)), &hidden_in_system),
        (facts(None, None, Some(3)), &confinements[0]),
        (facts(None, None, Some(3)), &confinements[1]),
        (facts(None, None, None), &confinements[0]),
    ] {
        let stamp = choose(&facts).stamp(&facts, confinement);
        all.push_str(&format!("{} ({})\n", stamp.mechanism, stamp.confined));
        for gap in stamp.gaps {
            all.push_str(&format!("  {gap}\n"));
        }
    }
    insta::assert_snapshot!(all, @r"
    bubblewrap 0.8.0 + landlock 7 (yes)
    bubblewrap 0.8.0 (yes)
      the host's network is open
      no second wall: the kernel has no Landlock
    landlock 7 (files only)
      other processes can be seen
      sockets in the file system can be connected to
      UDP is open, TCP refused even to loopback, but for the ports of services
      /opt/secrets lies in a system folder and is readable
    landlock 3 (files only)
      other processes can be seen
      sockets in the file system can be connected to
      the network is open: landlock 3 knows none, 4 does
      signals to other processes are open: landlock 3 knows none, 6 does
    landlock 3 (files only)
      other processes can be seen
      sockets in the file system can be connected to
      the host's network is open
      signals to other processes are open: landlock 3 knows none, 6 does
    none (no)
      files, network and other processes are open to what was run
    ");
}
