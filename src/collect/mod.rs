//! Collectors: how a profile of a launch is recorded. A file per collector.
//!
//! Pure: a launch becomes acts that `app/capture` performs, what they yielded becomes a [`Capture`]. Where
//! profiles are kept and what they mean is not decided here. Start at [`Collector`].

pub mod go_pprof;
pub mod perf;
mod yielded;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::model::command::{CommandSpec, Exit, Finished};
use crate::model::parse::ParseError;
use crate::model::plan::Plan;
use crate::model::registry;
use crate::profile::model::Profile;

/// One way to record a profile.
pub trait Collector: Sync {
    /// Its name in config, equal to its file's name.
    fn name(&self) -> &'static str;

    /// What it records.
    fn kind(&self) -> Kind;

    /// The program it needs besides what is launched; `None` where it needs none.
    fn needs(&self) -> Option<Tool>;

    /// How long a launch should take to give enough samples: choose its iterations by it.
    fn wanted(&self) -> Duration;

    /// The acts that record one launch, in order.
    fn plan(&self, launch: &Launch<'_>) -> Vec<Act>;

    /// Reads what the acts of [`Self::plan`] yielded, one each, in order; they end at the first that failed.
    fn read(&self, yielded: &[Yielded]) -> Result<Capture, CollectError>;
}

/// What a profile shows; chosen by what the metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Time on a processor.
    Cpu,
}

/// A program, and what to do where it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tool {
    /// Looked up in `PATH`.
    pub program: &'static str,
    /// The command that installs it.
    pub hint: &'static str,
}

/// A launch to record.
#[derive(Debug, Clone, Copy)]
pub struct Launch<'a> {
    /// The benchmark's own launch.
    pub command: &'a CommandSpec,
    /// A writable folder, absolute, as the child sees it; recordings go there.
    pub scratch: &'a Path,
}

/// One act of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Run this where a launch would run, confined alike; an exit other than 0 ends the plan.
    Run(CommandSpec),
    /// Take the bytes of this file, a path as the child sees it.
    TakeFile(PathBuf),
}

/// What an act yielded.
#[derive(Debug, Clone, PartialEq)]
pub enum Yielded {
    /// Of [`Act::Run`].
    Ran(Box<Finished>),
    /// Of [`Act::TakeFile`].
    Took(Vec<u8>),
    /// Of [`Act::TakeFile`]: the file could not be read, and why.
    NotTaken(String),
}

/// A recorded profile.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The profile; its origin names the event that was really recorded and what to beware of.
    pub profile: Profile,
    /// The file as it was taken, to keep as an artifact.
    pub raw: Vec<u8>,
}

/// A profile that could not be collected.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// A command failed.
    #[error("{collector}: the recording ended with {exit}: {output:?}")]
    Failed {
        /// The collector.
        collector: &'static str,
        /// How it ended.
        exit: Exit,
        /// The end of its standard error.
        output: String,
        /// What would help, where that is known.
        hint: Option<String>,
    },
    /// The recording is not there.
    #[error("{collector}: the recording was not written{}{why}", if why.is_empty() { "" } else { ": " })]
    NoFile {
        /// The collector.
        collector: &'static str,
        /// What the system said.
        why: String,
    },
    /// The recording cannot be read, or holds nothing.
    #[error("{collector}: {error}")]
    Unreadable {
        /// The collector.
        collector: &'static str,
        /// Where and why.
        error: ParseError,
    },
}

impl CollectError {
    /// What to do next, where that is known.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Failed { hint, .. } => hint.as_deref(),
            Self::NoFile { .. } | Self::Unreadable { .. } => None,
        }
    }
}

/// Every collector; a test compares it with this folder.
pub static COLLECTORS: &[&dyn Collector] = &[&go_pprof::GoPprof, &perf::Perf];

/// The collector of this name.
pub fn find(name: &str) -> Result<&'static dyn Collector, registry::Unknown> {
    registry::find("collector", name, COLLECTORS.iter().map(|collector| (collector.name(), *collector)))
}

/// The collector a plan means: the one it names, else Go's own where its test binary is launched, else perf.
pub fn of(plan: &Plan) -> Result<&'static dyn Collector, registry::Unknown> {
    match (&plan.collector, plan.bench.harness.as_str()) {
        (Some(name), _) => find(name),
        (None, "go_test") => Ok(&go_pprof::GoPprof),
        (None, _) => Ok(&perf::Perf),
    }
}
