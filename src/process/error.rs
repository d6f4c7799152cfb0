//! What can go wrong around a child, as opposed to in it: that is an `Exit`.

use crate::fs::PathError;

/// The environment failed, not the command.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The sandbox or the launcher itself could not be started.
    #[error("cannot start {program}")]
    Start {
        /// Program that was started: the sandbox's or our own.
        program: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It was started and ended without a report: the sandbox refused, or something killed the launcher.
    #[error("{program} ended with {ended} before it reported: {said:?}")]
    NoReport {
        /// Program that was started: the sandbox's or our own.
        program: String,
        /// How it ended.
        ended: String,
        /// The end of what it wrote to standard error.
        said: String,
    },
    /// The socket or a pipe to the child failed.
    #[error("cannot talk to the launcher of {program}")]
    Talk {
        /// Program of the command.
        program: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The lock file cannot be used.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Waiting was interrupted.
    #[error("interrupted while waiting for {what}")]
    Cancelled {
        /// What was waited for.
        what: String,
    },
}

impl ProcessError {
    /// What to do next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoReport { .. } | Self::Start { .. } => {
                Some("run `optiloop doctor`: it tries each sandbox and says what is missing")
            }
            Self::Path(_) => Some("name another lock file, or make this one readable and writable"),
            Self::Talk { .. } | Self::Cancelled { .. } => None,
        }
    }
}
