//! Recorded proposals: a folder of `NN-name.patch`, each with a report in `NN-name.toml` beside it.
//!
//! For demos, tests and for judging what somebody else proposed. Attempt n gets the n-th patch by number; after
//! the last there is nothing more.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Agent, AgentError, Transport};
use crate::fs;
use crate::model::plan::AgentPlan;
use crate::model::proposal::{
    AgentFailure, AgentReport, Edit, Proposed, ReportSource, Tokens, Turn, TurnEnd, TurnRequest,
};

pub(super) const TRANSPORT: Transport =
    Transport { name: "replay", open: |plan| Replay::open(plan).map(Agent::Replay) };

/// An opened folder of recorded proposals.
#[derive(Debug)]
pub struct Replay {
    recordings: Vec<Recording>,
}

#[derive(Debug)]
struct Recording {
    number: u32,
    patch: PathBuf,
    report: Option<AgentReport>,
}

impl Replay {
    fn open(plan: &AgentPlan) -> Result<Self, AgentError> {
        let folder = plan.proposals.as_deref().ok_or(AgentError::Incomplete {
            transport: TRANSPORT.name,
            needs: "`proposals`, a folder of recorded proposals",
        })?;
        let is = |path: &Path, extension: &str| path.extension().is_some_and(|found| found == extension);
        let entries = fs::entries(folder)?;
        let mut recordings = Vec::new();
        for patch in entries.iter().filter(|path| is(path, "patch")) {
            recordings.push(Recording::open(patch)?);
        }
        if let Some(path) =
            entries.iter().find(|path| is(path, "toml") && !entries.contains(&path.with_extension("patch")))
        {
            return Err(recording(path, "there is no patch beside it"));
        }
        recordings.sort_by_key(|recording| recording.number);
        if let Some([first, second]) =
            recordings.array_windows().find(|[first, second]| first.number == second.number)
        {
            let what = format!("has the same number as {}", first.patch.display());
            return Err(recording(&second.patch, &what));
        }
        Ok(Self { recordings })
    }

    pub(super) fn propose(&self, request: &TurnRequest) -> Proposed {
        let index = (request.attempt as usize).wrapping_sub(1);
        let Some(recording) = self.recordings.get(index) else {
            return proposed(TurnEnd::NothingMore, None, None);
        };
        match fs::read(&recording.patch) {
            Ok(patch) => {
                let edit = Some(Edit::Patch(patch.clone()));
                Proposed { raw: patch, ..proposed(TurnEnd::Completed, recording.report.clone(), edit) }
            }
            Err(error) => {
                let message = format!("{error}: {}", error.source);
                proposed(TurnEnd::Failed(AgentFailure::Broken { message }), None, None)
            }
        }
    }
}

impl Recording {
    fn open(file: &Path) -> Result<Self, AgentError> {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let number = name.split_once('-').and_then(|(number, _)| number.parse().ok());
        let number =
            number.ok_or_else(|| recording(file, "the name does not begin with a number and `-`"))?;
        let path = file.with_extension("toml");
        let report = fs::read_text_if_present(&path)?
            .map(|text| toml::from_str(&text).map_err(|error| recording(&path, error.to_string().trim_end())))
            .transpose()?;
        Ok(Self { number, patch: file.to_owned(), report })
    }
}

fn recording(path: &Path, what: &str) -> AgentError {
    AgentError::Recording { path: path.to_owned(), what: what.to_owned() }
}

fn proposed(end: TurnEnd, report: Option<AgentReport>, edit: Option<Edit>) -> Proposed {
    let report_source = if report.is_some() { ReportSource::File } else { ReportSource::None };
    let tokens =
        Tokens { input: Some(0), cached: Some(0), output: Some(0), reasoning: Some(0), at_least: false };
    let agent = TRANSPORT.name.to_owned();
    Proposed {
        turn: Turn { end, report, report_source, tokens, agent, took: Duration::ZERO },
        edit,
        raw: Vec::new(),
    }
}
