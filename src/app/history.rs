//! What the journal knows of this repository's runs, read without driving anything.
//!
//! Start at [`History::open`].

use crate::engine::record::{Entry, Header, Record};
use crate::journal::{Artifacts, Journal, RunLock};
use crate::model::id::RunId;
use crate::vcs::user::UserRepository;

use super::error::AppError;
use super::inbox::{self, Message};
use super::judge::entries;
use super::report::summary::Outcome;
use super::roots::Roots;
use super::start::Context;

/// The journal of a repository.
pub struct History {
    /// Where everything lies.
    pub roots: Roots,
    /// The records.
    pub journal: Journal,
    /// The artifacts.
    pub artifacts: Artifacts,
    /// The repository.
    pub user: UserRepository,
}

/// Kinds that decide how a run stands; samples are not read.
const DECIDING: &[&str] =
    &["started", "calibrated", "proposed", "judged", "landed", "found", "set_aside", "stopped"];

impl History {
    /// Opens it; a repository without runs is an error that says so.
    pub fn open(context: &Context) -> Result<Self, AppError> {
        let user = UserRepository::discover(&context.folder)?;
        let roots = Roots::of(&user, context.store.as_deref(), &context.environment)?;
        if !roots.journal().exists() {
            return Err(AppError::NoRun { wanted: "in this repository yet".to_owned() });
        }
        let journal = Journal::open(&roots.journal())?;
        let artifacts = Artifacts::open(&roots.artifacts())?;
        Ok(Self { roots, journal, artifacts, user })
    }

    /// The run of this name, or the last one.
    pub fn run(&self, wanted: Option<&str>) -> Result<RunId, AppError> {
        let runs = self.journal.runs()?;
        let found = runs
            .iter()
            .rev()
            .map(|overview| &overview.run)
            .find(|run| wanted.is_none_or(|w| w == run.as_str()));
        found
            .cloned()
            .ok_or_else(|| AppError::NoRun { wanted: wanted.unwrap_or("in this repository yet").to_owned() })
    }

    /// Every run, oldest first, with what it came to.
    pub fn runs(&self) -> Result<Vec<(Header, Outcome)>, AppError> {
        self.journal.runs()?.iter().map(|overview| self.overview(&overview.run)).collect()
    }

    /// One run without its samples.
    pub fn overview(&self, run: &RunId) -> Result<(Header, Outcome), AppError> {
        let rows = self.journal.records_of_kinds(run, DECIDING)?;
        let entries: Vec<Entry> = rows.iter().map(crate::journal::Entry::read).collect::<Result<_, _>>()?;
        Ok((header(&entries)?, Outcome::of(&entries)))
    }

    /// One run whole.
    pub fn entries(&self, run: &RunId) -> Result<Vec<Entry>, AppError> {
        entries(&self.journal, run)
    }

    /// Tells a run something: its driver where one lives, else the next `resume`.
    pub fn tell(&self, run: &RunId, message: &Message) -> Result<Told, AppError> {
        let name = crate::clock::now().as_nanosecond().to_string();
        inbox::put(&self.roots, run, &name, message)?;
        let driven = RunLock::holder(&self.roots.lock())?.is_some();
        Ok(if driven { Told::Driver } else { Told::NextResume })
    }
}

/// Who will read a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The driver that lives.
    Driver,
    /// Whoever resumes the run.
    NextResume,
}

/// The header of a run's records.
pub fn header(entries: &[Entry]) -> Result<Header, AppError> {
    match entries.first().map(|entry| &entry.record) {
        Some(Record::Started(header)) => Ok((**header).clone()),
        _ => Err(AppError::Records("a run does not begin with its header".to_owned())),
    }
}
