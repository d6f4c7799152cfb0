//! The lines `codex exec --json` prints: `thread.*`, `turn.*`, `item.*` and `error`, one JSON object each.
//!
//! Format: codex-rs/exec/src/exec_events.rs of openai/codex. Kinds that are not known are passed over; what
//! counts is how the turn ended, the last message, and the usage. Start at [`Transcript`].

use serde::Deserialize;

use super::failure;
use crate::agent::conversation::Sign;
use crate::model::command::Exit;
use crate::model::proposal::{AgentEvent, AgentFailure, AgentReport, Tokens};

/// What was heard so far.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    last_message: Option<String>,
    usage: Option<Usage>,
    ended: Option<Ended>,
    last_error: Option<String>,
}

#[derive(Debug)]
enum Ended {
    Completed,
    Failed(String),
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
enum Line {
    #[serde(rename = "turn.completed")]
    TurnCompleted { usage: Option<Usage> },
    #[serde(rename = "turn.failed")]
    TurnFailed { error: Message },
    #[serde(rename = "error")]
    Error(Message),
    #[serde(rename = "item.started")]
    ItemStarted { item: Item },
    #[serde(rename = "item.completed")]
    ItemCompleted { item: Item },
    #[serde(other)]
    Other,
}

#[derive(Debug, Default, Deserialize)]
struct Message {
    #[serde(default)]
    message: String,
}

/// Sums over the whole thread; a turn of ours is a thread of its own.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Usage {
    #[serde(rename = "input_tokens")]
    input: Option<u64>,
    #[serde(rename = "cached_input_tokens")]
    cached: Option<u64>,
    #[serde(rename = "output_tokens")]
    output: Option<u64>,
    #[serde(rename = "reasoning_output_tokens")]
    reasoning: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Item {
    AgentMessage {
        text: String,
    },
    CommandExecution {
        command: String,
        exit_code: Option<i64>,
    },
    McpToolCall {
        server: String,
        tool: String,
        error: Option<Message>,
    },
    FileChange {
        changes: Vec<FileChange>,
    },
    Error(Message),
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct FileChange {
    path: String,
}

impl Transcript {
    /// Takes in a line; says whether it is a sign of life and what of it is for people.
    pub(super) fn read(&mut self, line: &str) -> (Sign, Option<AgentEvent>) {
        let event = match serde_json::from_str(line) {
            Ok(Line::ItemStarted { item: Item::CommandExecution { command, .. } }) => {
                Some(AgentEvent::Runs { command })
            }
            Ok(Line::ItemCompleted { item }) => self.item(item),
            Ok(Line::TurnCompleted { usage }) => {
                self.ended = Some(Ended::Completed);
                self.usage = usage.or(self.usage);
                Some(AgentEvent::Used { tokens: self.tokens() })
            }
            Ok(Line::TurnFailed { error }) => {
                self.ended = Some(Ended::Failed(error.message));
                None
            }
            Ok(Line::Error(error)) => {
                self.last_error = Some(error.message.clone());
                return (Sign::Waiting, Some(AgentEvent::Warned { message: error.message }));
            }
            Ok(Line::ItemStarted { .. } | Line::Other) | Err(_) => None,
        };
        (Sign::Alive, event)
    }

    fn item(&mut self, item: Item) -> Option<AgentEvent> {
        Some(match item {
            Item::AgentMessage { text } => {
                self.last_message = Some(text.clone());
                AgentEvent::Said { text }
            }
            Item::CommandExecution { command, exit_code } => AgentEvent::Ran { command, exit: exit_code },
            Item::McpToolCall { server, tool, error } => AgentEvent::Called {
                tool: format!("{server}.{tool}"),
                error: error.map(|error| error.message),
            },
            Item::FileChange { changes } => {
                AgentEvent::Edited { paths: changes.into_iter().map(|change| change.path).collect() }
            }
            Item::Error(error) => AgentEvent::Warned { message: error.message },
            Item::Other => return None,
        })
    }

    /// The last message, where it is a report.
    pub(super) fn report(&self) -> Option<AgentReport> {
        serde_json::from_str(self.last_message.as_deref()?).ok()
    }

    /// What was used: told only at the end of a turn, so a turn that did not complete used at least this.
    pub(super) fn tokens(&self) -> Tokens {
        let at_least = !matches!(self.ended, Some(Ended::Completed));
        let Some(usage) = self.usage else { return Tokens { at_least, ..Tokens::default() } };
        Tokens {
            input: usage.input,
            cached: usage.cached,
            output: usage.output,
            reasoning: usage.reasoning,
            at_least,
        }
    }

    /// Why the turn failed, if it did. A turn counts when Codex says that it completed and then ends well.
    pub(super) fn failure(&self, ending: Result<Exit, AgentFailure>, stderr: &str) -> Option<AgentFailure> {
        let exit = match ending {
            Ok(exit) => exit,
            Err(failure) => return Some(failure),
        };
        match &self.ended {
            Some(Ended::Completed) if exit.is_success() => None,
            Some(Ended::Failed(message)) => Some(failure::of(message)),
            _ => match &self.last_error {
                Some(message) => Some(failure::of(message)),
                // Failures before the session begins come on standard error alone.
                None => Some(failure::of(&format!("{exit}: {stderr}"))),
            },
        }
    }
}

#[cfg(test)]
mod tests;
