//! What the driver and the launcher say to each other, and what a sandbox is asked for.
//!
//! The launcher is a re-exec of our own binary: stage one (`__launch`, pid 1 of the sandbox or a
//! subreaper) accounts and reaps, stage two (`__enter`) restricts itself and becomes the command.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::command::{Exit, Limits, Usage};

/// A file or folder of the host and where the child sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// Path on the host.
    pub from: PathBuf,
    /// Path the child uses; equal to `from` where the sandbox cannot move it.
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
    /// Hidden: the user's repository, HOME, the state root.
    pub masked: Vec<PathBuf>,
    /// A private temporary folder, made and removed by the caller; `TMPDIR` names it.
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

/// Landlock rules for stage two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landlock {
    /// Readable and executable.
    pub read: Vec<PathBuf>,
    /// Writable as well.
    pub write: Vec<PathBuf>,
    /// Whether TCP is allowed.
    pub network: Network,
}

/// What stage one is asked to do, one JSON line on its standard input (a socket).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The command.
    pub job: Job,
    /// Landlock rules, where the sandbox uses Landlock.
    pub landlock: Option<Landlock>,
}

/// What stage one answers, one JSON line on the same socket.
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
