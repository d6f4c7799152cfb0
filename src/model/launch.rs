//! What the driver and the launcher say to each other, and what a sandbox is asked for.
//!
//! The launcher is a re-exec of our own binary (`__launch`): pid 1 of the sandbox or a subreaper, it starts
//! the command restricted, accounts, and leaves nothing behind. Start at [`Request`] and [`Report`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::command::{Exit, Limits, Usage};
use super::service::ServicePlan;

/// The hidden verb that makes our binary the launcher.
pub const LAUNCH_VERB: &str = "__launch";

/// Our own binary, absolute, as it is started again to be the launcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LauncherPath(pub PathBuf);

/// A file or folder of the host and where the child sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// Path on the host.
    pub from: PathBuf,
    /// Path the child uses, where the sandbox can move it (`Sandbox::seen` tells). It must exist on the
    /// host or lie beneath `/tmp`, `/run` or a masked folder: everything else is read-only.
    pub to: PathBuf,
}

impl Bind {
    /// Seen where it is.
    pub fn same(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { from: path.clone(), to: path }
    }
}

/// Network a child may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// Its own loopback, nothing else.
    Loopback,
    /// The host's network (`setup`, agents).
    Host,
}

/// What a child may reach; a sandbox turns it into a wrapped command and says what it could enforce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Readable, on top of the system.
    pub read_only: Vec<Bind>,
    /// Writable.
    pub writable: Vec<Bind>,
    /// Hidden, each an existing folder: the user's repository, HOME, the state root. What is in
    /// `read_only` or `writable` beneath one is seen again (toolchains in HOME).
    pub masked: Vec<PathBuf>,
    /// A private temporary folder, made and removed by the caller; the child sees it at the same path and
    /// the sandbox points `TMPDIR` at it.
    pub tmp: PathBuf,
    /// Network.
    pub network: Network,
}

/// A command made ready to start: absolute folder, whole environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Program and arguments.
    pub argv: Vec<String>,
    /// Absolute working directory, as the child sees it.
    pub folder: PathBuf,
    /// The whole environment; nothing is inherited.
    pub env: BTreeMap<String, String>,
    /// Limits.
    pub limits: Limits,
    /// Whether run delay and threads are sampled over all threads while it runs.
    pub sampling: Sampling,
    /// Services it needs, in the order they are started; their folders are absolute, as the child sees them, and
    /// their environment is this job's, with the ports in place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServicePlan>,
}

/// Whether `/proc/PID/task` is sampled while a child runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// Not sampled.
    #[default]
    Off,
    /// Sampled about every 5 ms, for the choice of the instrument.
    Threads,
}

/// Whether a child may start when a restriction cannot be enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enforcement {
    /// It is the only wall: without it nothing is started.
    Required,
    /// A second wall behind another one.
    BestEffort,
}

/// Landlock rules for the command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landlock {
    /// What happens where the kernel has no Landlock.
    pub enforcement: Enforcement,
    /// Readable and executable.
    pub read: Vec<PathBuf>,
    /// Writable as well.
    pub write: Vec<PathBuf>,
    /// `Host`: TCP is left alone; `Loopback`: Landlock cannot tell addresses apart, so TCP is refused but to the
    /// ports of services.
    pub network: Network,
}

/// What the launcher is asked to do: the first JSON line on its standard input, a socket. A file descriptor
/// sent along with it becomes the command's standard input, else that is `/dev/null`. Afterwards the driver
/// may send [`Order`]s; when it shuts its side of the socket, or dies, everything is killed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The command.
    pub job: Job,
    /// Landlock rules, where the sandbox uses Landlock.
    pub landlock: Option<Landlock>,
}

/// What the driver may say while a command runs, one JSON line each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// SIGINT to the command's process group: end in good order.
    Interrupt,
}

/// What the launcher answers, one JSON line on the same socket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How the leader ended (never `TimedOut` or `Cancelled`: those the driver knows).
    pub exit: Exit,
    /// What the tree used.
    pub usage: Usage,
}

/// A job as a sandbox wraps it: what the driver starts, and what it tells the launcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// Program and arguments to start: the sandbox's own, ending in our launcher.
    pub argv: Vec<String>,
    /// The launcher's request.
    pub request: Request,
}

/// What this machine offers to confine children with; probed in `process`, judged in `confine`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxFacts {
    /// Version of bubblewrap, as it tells it (`0.8.0`); `None` where it is not installed.
    pub bubblewrap: Option<String>,
    /// Why a launch through bubblewrap fails here; `None` where it works or is not installed.
    pub bubblewrap_refused: Option<String>,
    /// Landlock ABI of the kernel, where it has Landlock.
    pub landlock_abi: Option<u32>,
}

/// What confinement was in force, stamped into the journal and every commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfinementStamp {
    /// Mechanism with version: `bubblewrap 0.8.0 + landlock 7`, `landlock 7`, `none`.
    pub mechanism: String,
    /// In words for people: `yes`, `files only`, `no`.
    pub confined: String,
    /// What is not enforced, one line each.
    pub gaps: Vec<String>,
}
