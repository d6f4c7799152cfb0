//! Messages from people to the driver of a run: files under the state root, told once.
//!
//! `hint` and `accept` put them there; only the driver writes the journal. Start at [`read`] and [`put`].

use serde::{Deserialize, Serialize};

use crate::engine::record::Record;
use crate::fs;
use crate::model::id::{Iteration, RunId};

use super::roots::Roots;
use super::world::WorldError;

/// What a person may tell a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case", deny_unknown_fields)]
pub enum Message {
    /// A line for the next brief.
    Hint {
        /// The line.
        text: String,
    },
    /// A held proposal is accepted.
    Accept {
        /// Which.
        iteration: Iteration,
        /// Who accepts it.
        by: String,
    },
}

impl From<Message> for Record {
    fn from(message: Message) -> Self {
        match message {
            Message::Hint { text } => Self::Hinted { text },
            Message::Accept { iteration, by } => Self::AcceptAsked { iteration, by },
        }
    }
}

/// Leaves a message for the driver of a run. `name` orders messages and must be unique.
pub fn put(roots: &Roots, run: &RunId, name: &str, message: &Message) -> Result<(), WorldError> {
    let folder = roots.inbox(run);
    fs::create_private_folder(&folder)?;
    let text = serde_json::to_vec(message).map_err(|error| WorldError::Config(error.to_string()))?;
    Ok(fs::replace(&folder.join(format!("{name}.json")), &text)?)
}

/// The messages that have come in, oldest first. One that cannot be read is an error that names it.
pub fn read(roots: &Roots, run: &RunId) -> Result<Vec<Record>, WorldError> {
    let mut records = Vec::new();
    for path in waiting(roots, run)? {
        let text = fs::read_text(&path)?;
        let message: Message = serde_json::from_str(&text).map_err(|error| {
            WorldError::Config(format!("{}: {error}; remove it to go on", path.display()))
        })?;
        records.push(message.into());
    }
    Ok(records)
}

/// Removes the messages that [`read`] told, once they are in the journal.
pub fn clear(roots: &Roots, run: &RunId) -> Result<(), WorldError> {
    for path in waiting(roots, run)? {
        fs::remove_file(&path)?;
    }
    Ok(())
}

fn waiting(roots: &Roots, run: &RunId) -> Result<Vec<std::path::PathBuf>, WorldError> {
    let folder = roots.inbox(run);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths = fs::entries(&folder)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    Ok(paths)
}
