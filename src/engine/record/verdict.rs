//! What was concluded of a proposal and what was done about it.
//!
//! Not here: how it was concluded (`engine::judge`). Start at [`Judged`].

use serde::{Deserialize, Serialize};

use crate::engine::finding::Finding;
use crate::engine::measure::ComparisonId;
use crate::model::id::{CommitId, Iteration, Revision, RunId};
use crate::model::verdict::Verdict;
use crate::stats::estimate::Estimate;

/// A comparison's finding with the numbers it was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Which comparison.
    pub comparison: ComparisonId,
    /// The finding.
    pub finding: Finding,
}

/// A proposal's verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Which proposal.
    pub iteration: Iteration,
    /// The verdict.
    pub verdict: Verdict,
    /// The effect that is reported, from the freshest pairs there are; `None` where none were run.
    pub effect: Option<Estimate>,
    /// Findings beside the verdict: guards, clocks, what was not checked.
    pub notes: Vec<String>,
}

/// The evidence a landing carries into its commit message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Landing {
    /// The run.
    pub run: RunId,
    /// The proposal.
    pub iteration: Iteration,
    /// The agent's hypothesis, first line of the message where there is one.
    pub hypothesis: String,
    /// The agent as co-author.
    pub agent: String,
    /// The target.
    pub target: String,
    /// The effect from fresh pairs.
    pub effect: Estimate,
    /// How it was read.
    pub instrument: String,
    /// Trailer lines beside these: confinement, alpha, what was not checked, overrides.
    pub stamps: Vec<(String, String)>,
    /// The person who accepted a held proposal.
    pub accepted_by: Option<String>,
}

/// A landing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Landed {
    /// Which proposal.
    pub iteration: Iteration,
    /// The new head.
    pub head: Revision,
}

/// A proposal kept aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetAside {
    /// Which proposal.
    pub iteration: Iteration,
    /// Its commit, where there is one.
    pub commit: Option<CommitId>,
}
