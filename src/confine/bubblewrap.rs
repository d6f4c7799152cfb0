//! Bubblewrap: user, pid, network, ipc and uts namespaces, no capabilities, Landlock inside.
//!
//! bwrap alone is no wall for root: without a user namespace and `--cap-drop ALL` the child remounts `/`
//! writable. Landlock is the second wall, and what keeps the command away from the launcher, which is pid 1.

use std::path::{Path, PathBuf};

use super::{Sandbox, launcher_argv, with_tmp};
use crate::model::launch::{
    Bind, Confinement, ConfinementStamp, Enforcement, Job, Landlock, LauncherPath, Network, Request,
    SandboxFacts, Wrapped,
};

/// Unconditional: a new user namespace even for root, no way to get a further one, our launcher as pid 1
/// (bwrap's own init would lose the accounting), nothing left when the driver is gone.
const BASE: &[&str] = &[
    "bwrap",
    "--as-pid-1",
    "--unshare-user",
    "--cap-drop",
    "ALL",
    "--disable-userns",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
];
/// Folders that are private and empty: leftovers of others, and sockets of the host's services, which a
/// network namespace does not close.
const PRIVATE: &[&str] = &["/tmp", "/run"];
/// What systems keep in `/run` and programs need: name resolution, NixOS' profile and drivers.
const RUN_AGAIN: &[&str] = &["/run/current-system", "/run/opengl-driver", "/run/systemd/resolve"];
/// Oldest version with `--disable-userns`.
const OLDEST: (u32, u32) = (0, 8);

/// bubblewrap with Landlock inside.
pub(super) struct Bubblewrap;

impl Sandbox for Bubblewrap {
    fn name(&self) -> &'static str {
        "bubblewrap"
    }

    fn works(&self, facts: &SandboxFacts) -> bool {
        let new_enough = facts.bubblewrap.as_deref().and_then(version).is_some_and(|found| found >= OLDEST);
        new_enough && facts.bubblewrap_refused.is_none()
    }

    fn seen<'a>(&self, bind: &'a Bind) -> &'a Path {
        &bind.to
    }

    fn wrap(&self, job: Job, confinement: &Confinement, launcher: &LauncherPath) -> Wrapped {
        let mut argv: Vec<String> = BASE.iter().map(ToString::to_string).collect();
        if confinement.network == Network::Loopback {
            argv.push("--unshare-net".into());
        }
        for path in PRIVATE {
            argv.extend(["--tmpfs".into(), (*path).into()]);
        }
        for path in RUN_AGAIN {
            argv.extend(["--ro-bind-try".into(), (*path).into(), (*path).into()]);
        }
        for mount in mounts(confinement, launcher) {
            argv.extend(mount.arguments());
        }
        argv.extend(["--chdir".into(), "/".into(), "--".into()]);
        argv.extend(launcher_argv(launcher));
        let write = ["/dev", "/tmp"].iter().map(PathBuf::from);
        let landlock = Landlock {
            enforcement: Enforcement::BestEffort,
            read: vec!["/".into()],
            write: write
                .chain(confinement.writable.iter().map(|bind| bind.to.clone()))
                .chain([confinement.tmp.clone()])
                .collect(),
            // The network namespace decides; Landlock would refuse loopback too.
            network: Network::Host,
        };
        Wrapped { argv, request: Request { job: with_tmp(job, confinement), landlock: Some(landlock) } }
    }

    fn stamp(&self, facts: &SandboxFacts, confinement: &Confinement) -> ConfinementStamp {
        let version = facts.bubblewrap.as_deref().unwrap_or("?");
        let mut gaps = Vec::new();
        if confinement.network == Network::Host {
            gaps.push("the host's network is open".into());
        }
        let mechanism = if let Some(abi) = facts.landlock_abi {
            format!("bubblewrap {version} + landlock {abi}")
        } else {
            gaps.push("no second wall: the kernel has no Landlock".into());
            format!("bubblewrap {version}")
        };
        ConfinementStamp { mechanism, confined: "yes".into(), gaps }
    }
}

/// One mount of the sandbox on top of the read-only root.
enum Mount<'a> {
    Empty(&'a Path),
    ReadOnly(&'a Path, &'a Path),
    Writable(&'a Path, &'a Path),
}

impl Mount<'_> {
    fn at(&self) -> &Path {
        match self {
            Self::Empty(at) | Self::ReadOnly(_, at) | Self::Writable(_, at) => at,
        }
    }

    fn arguments(&self) -> Vec<String> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        match self {
            Self::Empty(at) => vec!["--tmpfs".into(), text(at)],
            Self::ReadOnly(from, at) => vec!["--ro-bind".into(), text(from), text(at)],
            Self::Writable(from, at) => vec!["--bind".into(), text(from), text(at)],
        }
    }
}

/// Outer paths before inner ones, so that none hides another; at one path the mask comes first.
fn mounts<'a>(confinement: &'a Confinement, launcher: &'a LauncherPath) -> Vec<Mount<'a>> {
    let mut mounts: Vec<Mount<'a>> = confinement.masked.iter().map(|path| Mount::Empty(path)).collect();
    mounts.push(Mount::ReadOnly(&launcher.0, &launcher.0));
    mounts.extend(confinement.read_only.iter().map(|bind| Mount::ReadOnly(&bind.from, &bind.to)));
    mounts.extend(confinement.writable.iter().map(|bind| Mount::Writable(&bind.from, &bind.to)));
    mounts.push(Mount::Writable(&confinement.tmp, &confinement.tmp));
    mounts.sort_by_key(|mount| mount.at().components().count());
    mounts
}

/// Major and minor of a version like `0.8.0`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}
