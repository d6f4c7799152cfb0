//! What happened: the journal's records, each the answer to a ready step or a message from a person.
//!
//! Not here: how they are stored (`journal`) or printed (`app/reporter`). Start at [`Record`]; what its
//! variants carry is in the files below, in the order in which a run meets them.

mod head;
mod header;
mod proposal;
mod verdict;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::id::Iteration;
use crate::model::verdict::StopReason;

use super::measure::Measured;

pub use self::head::{Calibrated, Calibration, CostFrom, Prepared, ProfileOutcome, Profiled, SuiteBaseline};
pub use self::header::{Header, JudgeLanding, LaidOver, Pursuit, StreamState, Target};
pub use self::proposal::{BuildOutcome, Built, ChangeSize, Inspected, Proposed, TestOutcome, Tested};
pub use self::verdict::{Found, Judged, Landed, Landing, SetAside};

/// The version of this format; a journal with a newer one is refused.
pub const FORMAT: u32 = 1;

/// A record and how long its step took; elapsed time of a run is the sum of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Wall time of the step.
    pub took: Duration,
    /// What happened.
    pub record: Record,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// The run began, with everything it is locked to.
    Started(Box<Header>),
    /// The original was built and tested.
    Prepared(Prepared),
    /// The head was launched alone.
    Calibrated(Calibration),
    /// A profile was collected, or could not be.
    Profiled(Profiled),
    /// The agent had its turn.
    Proposed(Proposed),
    /// The proposal's tree was taken and looked at.
    Inspected(Inspected),
    /// Both sides were built.
    Built(Built),
    /// Tests ran on the candidate.
    Tested(Tested),
    /// Pairs were run.
    Measured(Measured),
    /// A comparison came to a finding.
    Found(Found),
    /// A proposal got its verdict.
    Judged(Judged),
    /// The candidate is on the run's branch.
    Landed(Landed),
    /// The proposal is kept under its ref.
    SetAside(SetAside),
    /// A person gave a hint for the next brief.
    Hinted {
        /// The line.
        text: String,
    },
    /// A person accepts a held proposal.
    AcceptAsked {
        /// Which.
        iteration: Iteration,
        /// Who, as git config names them.
        by: String,
    },
    /// The driver ended before the run did, or started again; nothing but a mark in time.
    Interrupted {
        /// By what.
        by: String,
    },
    /// A comparison whose time was up gets more of it: the same evidence goes on.
    Extended {
        /// How much.
        time: Duration,
    },
    /// The run ended.
    Stopped {
        /// Why.
        reason: StopReason,
    },
}

impl Record {
    /// The proposal it is about; what is measured or profiled of HEAD is about none.
    pub fn iteration(&self) -> Option<Iteration> {
        match self {
            Self::Started(_)
            | Self::Prepared(_)
            | Self::Calibrated(_)
            | Self::Hinted { .. }
            | Self::Interrupted { .. }
            | Self::Extended { .. }
            | Self::Stopped { .. } => None,
            Self::Profiled(profiled) => profiled.iteration,
            Self::Proposed(proposed) => Some(proposed.iteration),
            Self::Inspected(inspected) => Some(inspected.iteration),
            Self::Built(built) => Some(built.iteration),
            Self::Tested(tested) => Some(tested.iteration),
            Self::Measured(measured) => measured.comparison.proposal(),
            Self::Found(found) => found.comparison.proposal(),
            Self::Judged(judged) => Some(judged.iteration),
            Self::Landed(landed) => Some(landed.iteration),
            Self::SetAside(aside) => Some(aside.iteration),
            Self::AcceptAsked { iteration, .. } => Some(*iteration),
        }
    }

    /// The kind as one word, as the journal indexes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Started(_) => "started",
            Self::Prepared(_) => "prepared",
            Self::Calibrated(_) => "calibrated",
            Self::Profiled(_) => "profiled",
            Self::Proposed(_) => "proposed",
            Self::Inspected(_) => "inspected",
            Self::Built(_) => "built",
            Self::Tested(_) => "tested",
            Self::Measured(_) => "measured",
            Self::Found(_) => "found",
            Self::Judged(_) => "judged",
            Self::Landed(_) => "landed",
            Self::SetAside(_) => "set_aside",
            Self::Hinted { .. } => "hinted",
            Self::AcceptAsked { .. } => "accept_asked",
            Self::Interrupted { .. } => "interrupted",
            Self::Extended { .. } => "extended",
            Self::Stopped { .. } => "stopped",
        }
    }
}
