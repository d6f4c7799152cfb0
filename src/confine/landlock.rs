//! Landlock alone, for machines without bubblewrap: the degraded mode.
//!
//! Landlock can only allow, so what is not a system folder and not asked for is out of reach; nothing can be
//! moved to another path, and UDP and sockets in the file system stay open.

use std::path::{Path, PathBuf};

use super::{Sandbox, launcher_argv, with_tmp};
use crate::model::launch::{
    Bind, Confinement, ConfinementStamp, Enforcement, Job, Landlock, LauncherPath, Network, Request,
    SandboxFacts, Wrapped,
};

/// Where systems keep what is not a user's.
const SYSTEM: &[&str] = &[
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
];
/// Devices every program may write to.
const DEVICES: &[&str] = &["/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/shm"];

/// Landlock without another wall.
pub(super) struct LandlockOnly;

impl Sandbox for LandlockOnly {
    fn name(&self) -> &'static str {
        "landlock"
    }

    fn works(&self, facts: &SandboxFacts) -> bool {
        facts.landlock_abi.is_some()
    }

    fn seen<'a>(&self, bind: &'a Bind) -> &'a Path {
        &bind.from
    }

    fn wrap(&self, job: Job, confinement: &Confinement, launcher: &LauncherPath) -> Wrapped {
        let read = SYSTEM.iter().map(PathBuf::from);
        let write = DEVICES.iter().map(PathBuf::from);
        let landlock = Landlock {
            enforcement: Enforcement::Required,
            read: read.chain(confinement.read_only.iter().map(|bind| bind.from.clone())).collect(),
            write: write
                .chain(confinement.writable.iter().map(|bind| bind.from.clone()))
                .chain([confinement.tmp.clone()])
                .collect(),
            network: confinement.network,
        };
        let request = Request { job: with_tmp(job, confinement), landlock: Some(landlock) };
        Wrapped { argv: launcher_argv(launcher).into(), request }
    }

    fn stamp(&self, facts: &SandboxFacts, confinement: &Confinement) -> ConfinementStamp {
        let abi = facts.landlock_abi.unwrap_or_default();
        let mut gaps = vec![
            "other processes can be seen".to_owned(),
            "sockets in the file system can be connected to".to_owned(),
        ];
        if confinement.network == Network::Host {
            gaps.push("the host's network is open".into());
        } else if abi < 4 {
            gaps.push(format!("the network is open: landlock {abi} knows none, 4 does"));
        } else {
            gaps.push("UDP is open, TCP refused even to loopback, but for the ports of services".into());
        }
        if abi < 6 {
            gaps.push(format!("signals to other processes are open: landlock {abi} knows none, 6 does"));
        }
        for masked in &confinement.masked {
            if SYSTEM.iter().any(|system| masked.starts_with(system)) {
                gaps.push(format!("{} lies in a system folder and is readable", masked.display()));
            }
            for bind in confinement.read_only.iter().chain(&confinement.writable) {
                if masked.starts_with(&bind.from) {
                    gaps.push(format!("{} lies in a folder that is open", masked.display()));
                }
            }
        }
        ConfinementStamp { mechanism: format!("landlock {abi}"), confined: "files only".into(), gaps }
    }
}
