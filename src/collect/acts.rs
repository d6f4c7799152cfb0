//! What collectors are made of: the acts of a plan, what they yield, and the file a plan ends in.

use std::path::{Path, PathBuf};

use crate::model::command::{CommandSpec, Exit, Finished};
use crate::model::parse::ParseError;
use crate::profile::model::Profile;

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

/// Bytes of standard error an error repeats.
const SHOWN: usize = 600;

/// The file a plan ends in. `hint` is asked what a failed command's error output calls for.
pub(super) fn taken<'a>(
    collector: &'static str,
    yielded: &'a [Yielded],
    hint: impl Fn(&Finished, &str) -> Option<String>,
) -> Result<&'a [u8], CollectError> {
    let mut file = None;
    for act in yielded {
        match act {
            Yielded::Ran(finished) if finished.exit.is_success() => {}
            Yielded::Ran(finished) => {
                let text = finished.stderr.text();
                let start = text.char_indices().rev().nth(SHOWN).map_or(0, |(at, _)| at);
                return Err(CollectError::Failed {
                    collector,
                    exit: finished.exit.clone(),
                    output: text[start..].trim().to_owned(),
                    hint: hint(finished, &text),
                });
            }
            Yielded::Took(bytes) => file = Some(bytes.as_slice()),
            Yielded::NotTaken(why) => return Err(CollectError::NoFile { collector, why: why.clone() }),
        }
    }
    file.ok_or_else(|| CollectError::NoFile { collector, why: String::new() })
}
