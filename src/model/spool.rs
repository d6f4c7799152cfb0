//! The files by which driver and agent meet in a folder: the driver writes the first two kinds, our MCP server
//! (a child of the agent) the last.
//!
//! Unknown fields are refused in what an agent writes and ignored in what it reads. Start at [`SpoolMessage`].

use serde::{Deserialize, Serialize};

use super::id::Iteration;
use super::proposal::AgentReport;

/// `brief.json`: what this proposal is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpoolBrief {
    /// Which proposal of the run.
    pub iteration: Iteration,
    /// The brief as text.
    pub text: String,
    /// Handles of the hotspots it names; a report names one of them.
    pub hotspots: Vec<String>,
}

/// `attempts.json`: what was tried before, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpoolAttempts {
    /// The attempts.
    pub attempts: Vec<SpoolAttempt>,
}

/// One earlier attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpoolAttempt {
    /// Which proposal.
    pub iteration: Iteration,
    /// The hotspot it attacked, by its handle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hotspot: Option<String>,
    /// Why it should have been faster, in the agent's words.
    pub hypothesis: String,
    /// How it ended: `accepted`, `held` or the rejection with its reason.
    pub outcome: String,
    /// The measured effect with its interval, where it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
}

/// One message to the driver, a file each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum SpoolMessage {
    /// What an agent says of its proposal; the last one counts.
    Report {
        /// Its words.
        report: AgentReport,
    },
}
