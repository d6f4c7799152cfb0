//! What is run and how it ended, free of how it is confined.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::service::{ServiceFailure, ServiceUsage};

/// In an argument or a variable: a folder of the command's own, empty when it starts, whose files are read when it
/// has ended ([`Finished::results`]).
pub const RESULTS: &str = "{results}";

/// A command as a pure value: harnesses, suites and collectors make them, `app` has them run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandSpec {
    /// Program and arguments; the program is looked up in the child's `PATH`.
    pub argv: Vec<String>,
    /// Working directory, relative to the root of the workspace or artifact folder it runs in.
    pub folder: PathBuf,
    /// Variables added to the pinned environment.
    pub env: BTreeMap<String, String>,
    /// Globs of files it writes in its workspace, from the project's root: removed before, read after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<String>,
}

impl CommandSpec {
    /// A command in the root folder without extra variables.
    pub fn new<S: Into<String>>(argv: impl IntoIterator<Item = S>) -> Self {
        Self {
            argv: argv.into_iter().map(Into::into).collect(),
            folder: PathBuf::new(),
            env: BTreeMap::new(),
            takes: Vec::new(),
        }
    }

    /// The same command in another folder.
    #[must_use]
    pub fn in_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// The same command with one more variable.
    #[must_use]
    pub fn with_env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// The same command, whose files that match this glob are read when it has ended.
    #[must_use]
    pub fn taking(mut self, glob: impl Into<String>) -> Self {
        self.takes.push(glob.into());
        self
    }

    /// Whether an argument or a variable holds [`RESULTS`].
    pub fn wants_results(&self) -> bool {
        self.argv.iter().chain(self.env.values()).any(|text| text.contains(RESULTS))
    }
}

/// What a child may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Wall time; after it the whole tree is killed and the exit is [`Exit::TimedOut`].
    pub wall: Duration,
    /// Bytes of each of stdout and stderr that are kept: half from the head, half from the tail.
    pub output: usize,
    /// Largest file a child may write, in bytes.
    pub file_size: Option<u64>,
    /// Largest address space of one process, in bytes.
    pub address_space: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { wall: Duration::from_mins(10), output: 1 << 20, file_size: None, address_space: None }
    }
}

/// How a child ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// It ended by itself with this code.
    Code(i32),
    /// It was killed by this signal, not by us.
    Signal(i32),
    /// It ran into [`Limits::wall`] and was killed.
    TimedOut,
    /// It was killed because the run was interrupted.
    Cancelled,
    /// It could not be started, and why (program not found, sandbox refused).
    NotStarted(String),
    /// A service it needs did not do its part; it was not started, or killed.
    Service(Box<ServiceFailure>),
}

impl Exit {
    /// Whether it ended by itself with code 0.
    pub fn is_success(&self) -> bool {
        *self == Self::Code(0)
    }
}

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "killed by signal {signal}"),
            Self::TimedOut => f.write_str("timed out"),
            Self::Cancelled => f.write_str("interrupted"),
            Self::NotStarted(why) => write!(f, "not started: {why}"),
            Self::Service(failure) => write!(f, "{failure}"),
        }
    }
}

/// What the whole tree of a child used, told by the launcher, outside the child's reach.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Wall time from start to the end of the leader, or of helpers that end by themselves right after it.
    pub wall: Duration,
    /// CPU time, user and system, of every process of the tree.
    pub cpu: Duration,
    /// Time the leader's main thread waited for a core (`/proc/PID/schedstat`, field 2).
    pub run_delay: Option<Duration>,
    /// The same summed over all threads, where sampling was asked for.
    pub run_delay_threads: Option<Duration>,
    /// Most threads seen at once in the tree, where sampling was asked for.
    pub threads: Option<u32>,
    /// Largest resident set of one process in bytes; `None` where it is not measurable.
    pub peak_memory: Option<u64>,
    /// How often a thread of the tree lost its core to another, over all that were reaped; `None` beside services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switches: Option<u64>,
    /// Processes that ran on 200 ms after the leader had ended, and were killed.
    pub leftovers: u32,
    /// What services beside it used; the figures above are without them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<ServiceUsage>,
}

/// Output of one stream: all of it, or its head and tail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// From the start.
    pub head: Vec<u8>,
    /// From the end, empty unless something was dropped in between.
    pub tail: Vec<u8>,
    /// Bytes dropped between head and tail.
    pub dropped: u64,
}

impl Output {
    /// Output that is whole.
    pub fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        Self { head: bytes.into(), tail: Vec::new(), dropped: 0 }
    }

    /// Everything kept, as text; where something was dropped a line says how much.
    pub fn text(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.head).into_owned();
        if self.dropped > 0 {
            text.push_str(&format!("\n[… {} bytes dropped …]\n", self.dropped));
            text.push_str(&String::from_utf8_lossy(&self.tail));
        }
        text
    }
}

/// A child that is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// How it ended.
    pub exit: Exit,
    /// What it used.
    pub usage: Usage,
    /// Standard output.
    pub stdout: Output,
    /// Standard error.
    pub stderr: Output,
    /// Files it left below [`RESULTS`] by their path there, and those it was to leave in its workspace by their path
    /// from the project's root.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub results: BTreeMap<PathBuf, Vec<u8>>,
}

impl Finished {
    /// A child that ended so and printed this, of which nothing else is known.
    pub fn ended(exit: Exit, stdout: Output, stderr: Output) -> Self {
        Self { exit, usage: Usage::default(), stdout, stderr, results: BTreeMap::new() }
    }
}
