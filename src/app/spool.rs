//! What an agent may do through our MCP server within one turn: read its brief, read what was tried, report.
//!
//! Not here: the tools themselves (`mcp`) and the files (`agent::spool`). Start at [`report`].

use std::path::Path;

use crate::agent::spool::{Spool, SpoolError};
use crate::model::proposal::AgentReport;
use crate::model::spool::{SpoolAttempts, SpoolBrief, SpoolMessage};

/// The longest hypothesis, in characters: it goes into briefs, commits and reports.
const LONGEST_HYPOTHESIS: usize = 4000;

/// Why a tool call was not carried out; an agent reads it and calls again.
#[derive(Debug, thiserror::Error)]
pub enum SpoolRefusal {
    /// The report says nothing.
    #[error("`hypothesis` is empty: say in a sentence or two why the change makes the target cheaper")]
    NoHypothesis,
    /// The report says too much.
    #[error("`hypothesis` has {characters} characters, at most {LONGEST_HYPOTHESIS} are taken")]
    TooLong {
        /// How many it has.
        characters: usize,
    },
    /// The hotspot is none of the brief's.
    #[error("`hotspot` {hotspot:?} is not in the brief; it names {}", known.join(", "))]
    UnknownHotspot {
        /// What was reported.
        hotspot: String,
        /// Those of the brief.
        known: Vec<String>,
    },
    /// The prediction is no reduction.
    #[error("`predicted` is {predicted}; it is the fraction of cost saved, above 0 and below 1")]
    NotAFraction {
        /// What was reported.
        predicted: f64,
    },
    /// The spool cannot be used.
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

/// The brief of this turn.
pub fn brief(folder: &Path) -> Result<SpoolBrief, SpoolRefusal> {
    Ok(Spool::new(folder).brief()?)
}

/// What was tried before, oldest first.
pub fn attempts(folder: &Path) -> Result<SpoolAttempts, SpoolRefusal> {
    Ok(Spool::new(folder).attempts()?)
}

/// Leaves a report for the driver, once it is one that makes sense. The last report of a turn counts.
pub fn report(folder: &Path, report: AgentReport) -> Result<(), SpoolRefusal> {
    let spool = Spool::new(folder);
    if report.hypothesis.trim().is_empty() {
        return Err(SpoolRefusal::NoHypothesis);
    }
    let characters = report.hypothesis.chars().count();
    if characters > LONGEST_HYPOTHESIS {
        return Err(SpoolRefusal::TooLong { characters });
    }
    if let Some(hotspot) = &report.hotspot {
        let known = spool.brief()?.hotspots;
        if !known.contains(hotspot) {
            return Err(SpoolRefusal::UnknownHotspot { hotspot: hotspot.clone(), known });
        }
    }
    if let Some(predicted) =
        report.predicted.filter(|predicted| !(0. ..1.).contains(predicted) || *predicted == 0.)
    {
        return Err(SpoolRefusal::NotAFraction { predicted });
    }
    Ok(spool.post(&SpoolMessage::Report { report })?)
}
