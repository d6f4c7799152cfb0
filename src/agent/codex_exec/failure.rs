//! What Codex's error texts mean: `codex exec` has no codes, its words are all there is.
//!
//! What is not known is `Broken`, which is never tried again. Texts seen with 0.169.0: `tests.rs` beside this.

use crate::model::proposal::AgentFailure;

type Failure = fn(String) -> AgentFailure;

/// A piece of a text and the failure it tells of. The first that is found counts.
const SIGNS: &[(&str, Failure)] = &[
    ("401 Unauthorized", |message| AgentFailure::Auth { message }),
    ("403 Forbidden", |message| AgentFailure::Auth { message }),
    ("Missing environment variable", |message| AgentFailure::Auth { message }),
    ("usage limit", |message| AgentFailure::Quota { message }),
    ("Quota exceeded", |message| AgentFailure::Quota { message }),
    ("Unknown feature flag", |message| AgentFailure::Unsupported { version: message }),
    ("unexpected argument", |message| AgentFailure::Unsupported { version: message }),
    ("429 Too Many Requests", |message| AgentFailure::Transient { message }),
    ("exceeded retry limit", |message| AgentFailure::Transient { message }),
    ("error sending request", |message| AgentFailure::Transient { message }),
    ("stream disconnected", |message| AgentFailure::Transient { message }),
    ("high demand", |message| AgentFailure::Transient { message }),
    ("overloaded", |message| AgentFailure::Transient { message }),
];

/// The failure a text tells of.
pub(super) fn of(message: &str) -> AgentFailure {
    let message = message.trim().to_owned();
    match SIGNS.iter().find(|(sign, _)| message.contains(sign)) {
        Some((_, failure)) => failure(message),
        None => AgentFailure::Broken { message },
    }
}
