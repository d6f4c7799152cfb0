//! Ways to reach a coding agent. A file per transport.
//!
//! An agent edits its workspace, or hands over a patch, and reports what it thinks it did. Not here: the brief
//! (`engine`), taking the diff (`vcs`), believing anything. Start at [`Agent::open`] and [`Agent::propose`].

mod codex_exec;
mod command;
mod conversation;
mod replay;
pub mod spool;

use tokio_util::sync::CancellationToken;

use crate::fs::PathError;
use crate::model::plan::AgentPlan;
use crate::model::proposal::{AgentEvent, Proposed, TurnRequest};
use crate::model::registry;

/// A transport as config names it.
#[derive(Debug)]
pub struct Transport {
    /// Its name.
    pub name: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    open: fn(&AgentPlan) -> Result<Agent, AgentError>,
}

/// Every transport.
pub static TRANSPORTS: &[Transport] = &[codex_exec::TRANSPORT, command::TRANSPORT, replay::TRANSPORT];

/// An agent made ready from its plan.
#[derive(Debug)]
pub enum Agent {
    /// `codex exec`, one process a turn.
    CodexExec(codex_exec::CodexExec),
    /// Any command.
    Command(command::AnyCommand),
    /// Recorded proposals.
    Replay(replay::Replay),
}

impl Agent {
    /// Makes the agent of `plan` ready; nothing is started.
    pub fn open(plan: &AgentPlan) -> Result<Self, AgentError> {
        let known = TRANSPORTS.iter().map(|transport| (transport.name, transport));
        let transport = registry::find("agent transport", &plan.transport, known)?;
        (transport.open)(plan)
    }

    /// Asks for one proposal. Every way an agent can fail is in the answer; no process of it is left when this
    /// returns or is dropped.
    pub async fn propose(
        &self,
        request: &TurnRequest,
        events: &mut dyn FnMut(AgentEvent),
        cancel: &CancellationToken,
    ) -> Proposed {
        match self {
            Self::CodexExec(codex) => codex.propose(request, events, cancel).await,
            Self::Command(command) => command.propose(request, events, cancel).await,
            Self::Replay(replay) => replay.propose(request),
        }
    }
}

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
        path: std::path::PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A file could not be read.
    #[error(transparent)]
    File(#[from] PathError),
}

#[cfg(test)]
mod tests;
