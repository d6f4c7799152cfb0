//! The spool: a folder in which driver and agent leave each other JSON files, whole or not at all.
//!
//! Not here: what the files mean (`model::spool`), tools that serve them (`mcp`). Start at [`Spool`].

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fs::{self, PathError};
use crate::model::proposal::AgentReport;
use crate::model::spool::{SpoolAttempts, SpoolBrief, SpoolMessage};

const BRIEF: &str = "brief.json";
const ATTEMPTS: &str = "attempts.json";
const MESSAGES: &str = "messages";

/// The largest message that is read, in bytes: an agent's words go into briefs and reports.
pub(super) const LARGEST_MESSAGE: usize = 64 << 10;

/// The largest brief that is read, in bytes.
const LARGEST_BRIEF: usize = 64 << 20;

/// A spool folder.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: PathBuf,
}

/// A spool file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// It is not what it should be.
    #[error("{} is not usable: {what}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The file system refused.
    #[error(transparent)]
    File(#[from] PathError),
}

impl Spool {
    /// A spool that the driver has made.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Makes the folder and writes what the agent may read. Messages of an earlier, cut turn are removed.
    pub fn prepare(folder: &Path, brief: &SpoolBrief, attempts: &SpoolAttempts) -> Result<Self, SpoolError> {
        let spool = Self::new(folder);
        fs::create_folder(folder)?;
        fs::remove_folder(&folder.join(MESSAGES))?;
        fs::create_folder(&folder.join(MESSAGES))?;
        spool.write(Path::new(BRIEF), brief)?;
        spool.write(Path::new(ATTEMPTS), attempts)?;
        Ok(spool)
    }

    /// The brief.
    pub fn brief(&self) -> Result<SpoolBrief, SpoolError> {
        read(&self.folder.join(BRIEF), LARGEST_BRIEF)
    }

    /// What was tried before.
    pub fn attempts(&self) -> Result<SpoolAttempts, SpoolError> {
        read(&self.folder.join(ATTEMPTS), LARGEST_BRIEF)
    }

    /// Leaves a message; messages are read in the order they were left.
    pub fn post(&self, message: &SpoolMessage) -> Result<(), SpoolError> {
        let now = crate::clock::now().as_nanosecond();
        let name = format!("{now:020}-{}.json", std::process::id());
        self.write(&Path::new(MESSAGES).join(name), message)
    }

    /// All messages so far, and apart from them what could not be read: an agent's garbage stops nothing.
    pub fn messages(&self) -> Result<(Vec<SpoolMessage>, Vec<SpoolError>), SpoolError> {
        let folder = self.folder.join(MESSAGES);
        let mut messages = Vec::new();
        let mut faults = Vec::new();
        let entries = match fs::entries(&folder) {
            Err(error) if error.is_not_found() => Vec::new(),
            entries => entries?,
        };
        for path in entries.into_iter().filter(|path| path.extension().is_some_and(|found| found == "json")) {
            match read(&path, LARGEST_MESSAGE) {
                Ok(message) => messages.push(message),
                Err(error) => faults.push(error),
            }
        }
        Ok((messages, faults))
    }

    /// The last report that was left.
    pub fn report(&self) -> Result<Option<AgentReport>, SpoolError> {
        let (messages, _) = self.messages()?;
        Ok(messages.into_iter().next_back().map(|SpoolMessage::Report { report }| report))
    }

    fn write(&self, name: &Path, value: &impl Serialize) -> Result<(), SpoolError> {
        let path = self.folder.join(name);
        let bytes = serde_json::to_vec_pretty(value)
            .map_err(|error| SpoolError::Unreadable { path: path.clone(), what: error.to_string() })?;
        Ok(fs::replace(&path, &bytes)?)
    }
}

fn read<T: DeserializeOwned>(path: &Path, largest: usize) -> Result<T, SpoolError> {
    let bytes = fs::read_of_others(path, largest)?;
    let unreadable = |what: String| SpoolError::Unreadable { path: path.to_owned(), what };
    serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))
}
