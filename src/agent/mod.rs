//! Ways to reach a coding agent. A file per transport.
//!
//! An agent edits its workspace, or hands over a patch, and reports what it thinks it did. Not here: the brief
//! (`engine`), taking the diff (`vcs`), believing anything. Start at [`Agent::open`] and [`Agent::propose`].

mod codex_exec;
mod command;
mod conversation;
mod error;
mod replay;
pub mod spool;

pub use error::AgentError;
use tokio_util::sync::CancellationToken;

use crate::model::plan::AgentPlan;
use crate::model::proposal::{AgentEvent, AgentFailure, Proposed, TurnRequest};
use crate::model::registry;

/// A transport as config names it.
#[derive(Debug)]
pub struct Transport {
    /// Its name.
    pub name: &'static str,
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

    /// The program it starts, if that is not in `paths` (as in `PATH`); one in the workspace is known only there.
    pub fn missing(&self, paths: &str) -> Option<AgentFailure> {
        let program = match self {
            Self::CodexExec(codex) => codex.program(),
            Self::Command(command) => command.program(),
            Self::Replay(_) => return None,
        };
        conversation::missing(program, paths)
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

#[cfg(test)]
mod tests;
