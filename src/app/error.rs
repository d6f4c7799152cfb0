//! Why a use case could not do what was asked, with the exit code and the next step.
//!
//! What merely went badly in a run is not here: that is a record. Start at [`AppError`].

use crate::agent::AgentError;
use crate::bench::resolve::NoBenchmark;
use crate::fs::PathError;
use crate::journal::{JournalError, LockError};
use crate::model::id::BenchmarkId;
use crate::model::proposal::AgentFailure;
use crate::policy::error::{PolicyError, ReadError};
use crate::process::error::ProcessError;
use crate::vcs::error::VcsError;

use super::drive::DriveError;
use super::exit::Exit;
use super::templates::TemplateError;
use super::world::WorldError;

/// An error of a use case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The arguments make no sense together.
    #[error("{0}")]
    Usage(String),
    /// Config that cannot be used.
    #[error("{0}")]
    Config(String),
    /// A config file.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The original does not build, or its benchmarks cannot be listed.
    #[error("the original fails: {detail}")]
    OriginalFails {
        /// What and how.
        detail: String,
    },
    /// No benchmark fits the target.
    #[error(transparent)]
    NoBenchmark(#[from] NoBenchmark),
    /// No benchmark fits the target, and a file git does not have looks like one.
    #[error("{error}")]
    Forgotten {
        /// What was searched.
        error: NoBenchmark,
        /// The line to add.
        hint: String,
    },
    /// There is no benchmark at all, or there are several and none was named.
    #[error("{}", which(known))]
    NoTarget {
        /// Those there are.
        known: Vec<BenchmarkId>,
    },
    /// No confinement where policy demands it.
    #[error("policy demands a sandbox and none works here: {0}")]
    NoSandbox(String),
    /// The machine, or what is installed on it.
    #[error("{what}")]
    Environment {
        /// What is wrong.
        what: String,
        /// What helps.
        hint: String,
    },
    /// A file of config or policy that cannot be read.
    #[error(transparent)]
    Unreadable(PathError),
    /// The agent's program is not there.
    #[error("the agent {transport}: {failure}")]
    AgentMissing {
        /// Its transport.
        transport: String,
        /// What was looked for.
        failure: AgentFailure,
    },
    /// A template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The agent's plan.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// The repository.
    #[error(transparent)]
    Vcs(#[from] VcsError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Another run.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A file.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A step could not be performed.
    #[error(transparent)]
    World(#[from] WorldError),
    /// No such run.
    #[error("there is no run {wanted}")]
    NoRun {
        /// As named, or `to go on with`.
        wanted: String,
    },
    /// This repository has no runs at all.
    #[error("there is no run in this repository yet")]
    NoRunYet,
    /// The records do not fit together.
    #[error("the journal's records do not fit together: {0}")]
    Records(String),
    /// Evidence that does not verify.
    #[error("{0}")]
    Evidence(String),
    /// We have done what must not happen; the journal holds everything up to it.
    #[error("this is a bug in optiloop: {0}")]
    Bug(String),
}

impl AppError {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_)
            | Self::NoBenchmark(_)
            | Self::Forgotten { .. }
            | Self::NoTarget { .. }
            | Self::NoRun { .. }
            | Self::NoRunYet
            | Self::Vcs(VcsError::NoCommit { .. } | VcsError::NoParent { .. }) => Exit::Usage,
            Self::AgentMissing { .. } => Exit::AgentFailed,
            Self::OriginalFails { .. } => Exit::OriginalFails,
            Self::Config(_)
            | Self::Read(_)
            | Self::Unreadable(_)
            | Self::Policy(_)
            | Self::Template(_)
            | Self::Agent(_)
            | Self::World(WorldError::Config(_)) => Exit::Config,
            Self::Vcs(_) | Self::World(WorldError::Vcs(_)) => Exit::Repository,
            Self::World(WorldError::Interrupted | WorldError::Process(ProcessError::Cancelled { .. })) => {
                Exit::Interrupted
            }
            Self::Evidence(_) | Self::Records(_) => Exit::NotVerified,
            Self::Bug(_) => Exit::Bug,
            Self::Journal(error) | Self::World(WorldError::Journal(error)) => journal(error),
            Self::NoSandbox(_)
            | Self::Environment { .. }
            | Self::Lock(_)
            | Self::Path(_)
            | Self::World(WorldError::Process(_) | WorldError::Path(_)) => Exit::Environment,
        }
    }

    /// What to do next, where something helps.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Read(error) => error.hint(),
            Self::Policy(error) => error.hint(),
            Self::NoBenchmark(error) => Some(error.hint()),
            Self::NoTarget { known } if known.is_empty() => Some(
                "write a first optiloop.toml with `optiloop init`, and name the benchmark under [[bench.case]]"
                    .to_owned(),
            ),
            Self::NoTarget { .. } => {
                Some("name one: --target NAME, or `[target] name` in optiloop.toml".to_owned())
            }
            Self::NoSandbox(_) => Some("install bubblewrap, or drop --require-sandbox".to_owned()),
            Self::Vcs(error) | Self::World(WorldError::Vcs(error)) => error.hint(),
            Self::Journal(error) | Self::World(WorldError::Journal(error)) => error.hint().map(str::to_owned),
            Self::Lock(error) => error.hint().map(str::to_owned),
            Self::World(WorldError::Interrupted | WorldError::Process(ProcessError::Cancelled { .. })) => {
                Some("optiloop resume goes on where it stopped".to_owned())
            }
            Self::World(WorldError::Process(error)) => error.hint().map(str::to_owned),
            Self::Path(error) | Self::World(WorldError::Path(error)) if error.is_full() => {
                Some("free some space, then `optiloop resume`".to_owned())
            }
            Self::Unreadable(_) => {
                Some("make it a file that you may read, with text in UTF-8, or remove it".to_owned())
            }
            Self::AgentMissing { transport, .. } if transport == "codex_exec" => Some(
                "`npm install -g @openai/codex`, or name another with `[agent] command` or `--agent`".to_owned(),
            ),
            Self::AgentMissing { .. } => {
                Some("put it on PATH, or write its whole path in `[agent] command`".to_owned())
            }
            Self::Path(error) => place(error),
            Self::NoRunYet => Some("`optiloop run` or `optiloop judge` makes the first".to_owned()),
            Self::NoRun { .. } => Some("optiloop log lists the runs of this repository".to_owned()),
            Self::OriginalFails { .. } => Some("make the original build and pass, then run again".to_owned()),
            Self::Environment { hint, .. } | Self::Forgotten { hint, .. } => Some(hint.clone()),
            _ => None,
        }
    }
}

fn which(known: &[BenchmarkId]) -> String {
    let names: Vec<&str> = known.iter().map(BenchmarkId::as_str).collect();
    if names.is_empty() {
        return "there is no benchmark: optiloop.toml names none, and none was found".to_owned();
    }
    format!("which benchmark? there are {}", names.join(", "))
}

/// Where a place is the matter: another one.
fn place(error: &PathError) -> Option<String> {
    use std::io::ErrorKind::{NotADirectory, PermissionDenied, ReadOnlyFilesystem, StorageFull};
    let kinds = [NotADirectory, PermissionDenied, ReadOnlyFilesystem, StorageFull];
    let hint = "state is kept below $XDG_STATE_HOME or ~/.local/state: make room and rights there, or name another \
                folder with `--store DIR`";
    kinds.contains(&error.source.kind()).then(|| hint.to_owned())
}

/// A journal that cannot be written is the machine's fault; one that lies is evidence that does not verify.
fn journal(error: &JournalError) -> Exit {
    match error {
        JournalError::Damaged { .. }
        | JournalError::Broken { .. }
        | JournalError::ArtifactDamaged { .. }
        | JournalError::ArtifactMissing { .. } => Exit::NotVerified,
        _ => Exit::Environment,
    }
}

impl From<DriveError<WorldError, JournalError>> for AppError {
    fn from(error: DriveError<WorldError, JournalError>) -> Self {
        match error {
            DriveError::World(error) => Self::World(error),
            DriveError::Chronicle(error) => Self::Journal(error),
            DriveError::OutOfOrder(error) => Self::Bug(error.to_string()),
        }
    }
}
