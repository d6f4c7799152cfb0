//! Plans from which no agent can be made, told before anything is started.

use std::path::PathBuf;

use crate::fs::PathError;
use crate::model::registry;

/// A plan from which no agent can be made.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// No transport has this name.
    #[error(transparent)]
    UnknownTransport(#[from] registry::Unknown),
    /// The plan lacks what this transport needs.
    #[error("agent transport {transport} needs {needs}")]
    Incomplete {
        /// The transport.
        transport: &'static str,
        /// What is missing.
        needs: &'static str,
    },
    /// A setting is not what the transport takes.
    #[error("agent transport {transport}: setting {setting:?} is not {wanted}")]
    Setting {
        /// The transport.
        transport: &'static str,
        /// The setting as read.
        setting: String,
        /// What a setting looks like.
        wanted: &'static str,
    },
    /// A recorded proposal is not usable.
    #[error("{}: {what}", path.display())]
    Recording {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A file could not be read.
    #[error(transparent)]
    File(#[from] PathError),
}
