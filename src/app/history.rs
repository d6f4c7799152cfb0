//! What the journal knows of this repository's runs, read without driving anything.
//!
//! Start at [`History::open`].

use crate::engine::record::{Entry, Header, Record};
use crate::journal::{Artifacts, Journal, RunLock};
use crate::model::id::{Iteration, RunId};
use crate::vcs::user::UserRepository;

use super::conduct::entries;
use super::error::AppError;
use super::inbox::{self, Message};
use super::report::log::Row;
use super::report::outcome::{Attempt, Outcome};
use super::report::status::{Driver, Seen};
use super::reporter::{Stamped, json_lines};
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
const DECIDING: &[&str] = &[
    "started",
    "calibrated",
    "built",
    "extended",
    "proposed",
    "inspected",
    "judged",
    "landed",
    "found",
    "set_aside",
    "accept_asked",
    "hinted",
    "stopped",
];

impl History {
    /// Opens it; a repository without runs is an error that says so.
    pub fn open(context: &Context) -> Result<Self, AppError> {
        let user = UserRepository::discover(&context.folder)?;
        let roots = Roots::of(&user, context.store.as_deref(), &context.environment)?;
        if !roots.journal().exists() {
            return Err(AppError::NoRunYet);
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
        if found.is_none() {
            // A damaged index hides runs: that there is none is believed of a sound journal alone.
            self.journal.verify_chain()?;
        }
        let none = || match wanted {
            Some(wanted) => AppError::NoRun { wanted: wanted.to_owned() },
            None => AppError::NoRunYet,
        };
        found.cloned().ok_or_else(none)
    }

    /// Every run, oldest first, with what it came to.
    pub fn runs(&self) -> Result<Vec<Row>, AppError> {
        let row = |overview: &crate::journal::RunOverview| {
            let (header, outcome) = self.overview(&overview.run)?;
            Ok(Row { began: overview.began, header, outcome })
        };
        self.journal.runs()?.iter().map(row).collect()
    }

    /// One run without its samples.
    pub fn overview(&self, run: &RunId) -> Result<(Header, Outcome), AppError> {
        let rows = self.journal.records_of_kinds(run, DECIDING)?;
        let entries: Vec<Entry> = rows.iter().map(crate::journal::Entry::read).collect::<Result<_, _>>()?;
        Ok((header(&entries)?, Outcome::of(&entries)))
    }

    /// One run with its samples.
    pub fn whole(&self, run: &RunId) -> Result<(Header, Outcome), AppError> {
        let entries = self.entries(run)?;
        Ok((header(&entries)?, Outcome::of(&entries)))
    }

    /// The records of a run with their numbers and times.
    pub fn stamped(&self, run: &RunId) -> Result<Vec<(i64, jiff::Timestamp, Entry)>, AppError> {
        let rows = self.journal.records(run)?;
        rows.iter().map(|row| Ok((row.seq.0, row.at, row.read()?))).collect()
    }

    /// The records of a run as JSON lines; those of one proposal alone where it is named.
    pub fn json(&self, run: &RunId, of: Option<Iteration>) -> Result<String, AppError> {
        let mut text = String::new();
        for row in self.journal.records(run)? {
            let entry: Entry = row.read()?;
            if of.is_some() && entry.record.iteration() != of {
                continue;
            }
            let stamped = Stamped { seq: row.seq, at: row.at, run, entry: &entry };
            let line = json_lines::record(&stamped).map_err(crate::journal::JournalError::from)?;
            text.push_str(&format!("{line}\n"));
        }
        Ok(text)
    }

    /// A proposal by its number.
    pub fn attempt<'a>(&self, outcome: &'a Outcome, number: u32) -> Result<&'a Attempt, AppError> {
        let found = outcome.attempts.iter().find(|attempt| attempt.iteration.0 == number);
        let known = outcome.attempts.len();
        found.ok_or_else(|| AppError::Usage(format!("this run has no proposal {number}; it has {known}")))
    }

    /// Refuses a proposal that does not wait for a person.
    pub fn held(&self, run: &RunId, number: u32) -> Result<(), AppError> {
        let (_, outcome) = self.overview(run)?;
        let attempt = self.attempt(&outcome, number)?;
        if attempt.held().is_empty() {
            let verdict = super::report::summary::verdict(attempt);
            return Err(AppError::Usage(format!(
                "proposal {number} of run {run} is not held for a person: {verdict}; only a held one can be accepted"
            )));
        }
        Ok(())
    }

    /// The diff of a proposal as text.
    pub fn diff(&self, attempt: &Attempt) -> Result<Option<String>, AppError> {
        let bytes = attempt.diff.map(|digest| self.artifacts.get(digest)).transpose()?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Who drives a run now, and when its first and latest records were written.
    pub fn seen(&self, run: &RunId) -> Result<Seen, AppError> {
        let holder = RunLock::holder(&self.roots.lock())?;
        let driver = holder.map_or(Driver::None, |holder| Driver::Live(holder.to_string()));
        let runs = self.journal.runs()?;
        let found = runs.into_iter().find(|overview| overview.run == *run);
        let overview = found.ok_or_else(|| AppError::NoRun { wanted: run.to_string() })?;
        Ok(Seen { driver, began: overview.began, latest: overview.latest })
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
