//! What an agent is asked and what it proposes: its claims, its usage, never the diff (we take that
//! ourselves).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::launch::LauncherPath;

/// One turn an agent is asked for. All paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnRequest {
    /// The number of this proposal in its run, from 1.
    pub attempt: u32,
    /// The brief in full, as text for the agent.
    pub brief: String,
    /// The agent's workspace: the only folder it may edit.
    pub workspace: PathBuf,
    /// The spool folder of this step.
    pub spool: PathBuf,
    /// A private temporary folder, made and removed by the caller.
    pub tmp: PathBuf,
    /// A folder whose content its shell has no business with, but for `workspace` and `tmp` in it: other
    /// workspaces, spools and all evidence. Hidden where the transport can.
    pub hidden: PathBuf,
    /// The agent's whole environment: the pinned variables and those its plan allows. May hold keys, so it is
    /// never journalled.
    #[serde(skip)]
    pub env: BTreeMap<String, String>,
    /// How many optiloops drive agents above this one (`OPTILOOP_DEPTH`); an agent's optiloop drives none.
    pub depth: u32,
    /// Longest time for the whole turn.
    pub wall: Duration,
    /// Longest silence within it.
    pub idle: Duration,
    /// Our own binary: the launcher, and the agent's MCP server.
    pub optiloop: LauncherPath,
}

/// What an agent shows while it works, for people who watch; never evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "agent", rename_all = "snake_case")]
pub enum AgentEvent {
    /// It says something.
    Said {
        /// Its words.
        text: String,
    },
    /// It begins to run a command.
    Runs {
        /// The command line.
        command: String,
    },
    /// It ran a command.
    Ran {
        /// The command line.
        command: String,
        /// Its exit code, where it ended by itself.
        exit: Option<i64>,
    },
    /// It called a tool of a server.
    Called {
        /// Server and tool.
        tool: String,
        /// What went wrong, if so.
        error: Option<String>,
    },
    /// It says that it edited files.
    Edited {
        /// Their paths, as it tells them.
        paths: Vec<String>,
    },
    /// A warning, or a retry it makes by itself.
    Warned {
        /// Its words.
        message: String,
    },
    /// Tokens used so far in this turn, told before its end.
    Used {
        /// How many.
        tokens: Tokens,
    },
}

/// How a proposal's edit is to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// It is in the workspace, whatever it is.
    InWorkspace,
    /// This unified diff is to be applied to the workspace by the caller.
    Patch(Vec<u8>),
}

/// A turn that is over, with what is not journalled as such.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// The turn.
    pub turn: Turn,
    /// Where its edit is; `None` when the turn made none (it failed, or there is nothing more).
    pub edit: Option<Edit>,
    /// The agent's raw answer, to be kept as an artifact before anything is made of it.
    pub raw: Vec<u8>,
}

/// An agent's own words about its proposal. Data for the record and the next brief; never evidence.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentReport {
    /// Why it should be faster.
    pub hypothesis: String,
    /// The hotspot it attacks, by the handle in the brief.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hotspot: Option<String>,
    /// Predicted reduction of cost as a ratio (.2 is 20 % cheaper).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<f64>,
    /// Whether the agent says that it has no further proposal.
    #[serde(default)]
    pub nothing_more: bool,
}

/// Where the report came from, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportSource {
    /// The `report_result` tool.
    Tool,
    /// The file named by `OPTILOOP_REPORT`, or the one beside a recorded patch.
    File,
    /// The last message, as JSON.
    LastMessage,
    /// None came.
    None,
}

/// Tokens an agent used. `None` is unknown, never zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Input tokens, cached ones included.
    pub input: Option<u64>,
    /// Of those, from a cache.
    pub cached: Option<u64>,
    /// Output tokens, reasoning included.
    pub output: Option<u64>,
    /// Of those, reasoning.
    pub reasoning: Option<u64>,
    /// Whether the turn was cut, so that the figures are a lower bound.
    #[serde(default)]
    pub at_least: bool,
}

impl Tokens {
    /// Input and output together, where known.
    pub fn total(&self) -> Option<u64> {
        Some(self.input? + self.output?)
    }
}

/// How an agent's turn ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnEnd {
    /// It finished its turn.
    Completed,
    /// It said that it has nothing more to propose.
    NothingMore,
    /// It failed, and why; typed so that only transient failures are tried again.
    Failed(AgentFailure),
}

/// Why an agent failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AgentFailure {
    /// The program is not there; `looked_for` names it.
    NotInstalled {
        /// The program.
        looked_for: String,
    },
    /// The version is known not to work.
    Unsupported {
        /// What it said its version is.
        version: String,
    },
    /// Credentials were refused.
    Auth {
        /// What the agent said.
        message: String,
    },
    /// The account's quota is used up.
    Quota {
        /// What the agent said.
        message: String,
    },
    /// The service is overloaded or unreachable: worth another try.
    Transient {
        /// What the agent said.
        message: String,
    },
    /// The wall or idle limit was reached.
    TimedOut {
        /// Which limit.
        limit: String,
    },
    /// The run was interrupted.
    Cancelled,
    /// It ended without a usable answer: crash, garbage, protocol error.
    Broken {
        /// What was seen.
        message: String,
    },
}

impl AgentFailure {
    /// Whether the same request may succeed a moment later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Transient { .. })
    }

    /// Whether asking again cannot help.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::NotInstalled { .. } | Self::Unsupported { .. } | Self::Auth { .. } | Self::Quota { .. }
        )
    }
}

/// One turn of an agent, as it is journalled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// How it ended.
    pub end: TurnEnd,
    /// Its words.
    pub report: Option<AgentReport>,
    /// Where they came from.
    pub report_source: ReportSource,
    /// Tokens.
    pub tokens: Tokens,
    /// Name and version of the agent as it told it, with the digest of the program where there is one.
    pub agent: String,
    /// Wall time.
    pub took: Duration,
}
