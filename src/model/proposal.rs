//! What an agent proposes: its claims, its usage, never the diff (we take that ourselves).

use std::time::Duration;

use serde::{Deserialize, Serialize};

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
