//! What Codex's error texts mean: `codex exec` has no codes, its words are all there is.
//!
//! What is not known is `Broken`, which is never tried again. The texts were seen with codex-cli 0.169.0 and are
//! provoked again by `tests/agents`.

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
    ("unexpected status 5", |message| AgentFailure::Transient { message }),
    ("rate limit exceeded", |message| AgentFailure::Transient { message }),
    ("at capacity", |message| AgentFailure::Transient { message }),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_codex_mean_what_they_were_seen_to_mean() {
        let cases = [
            ("unexpected status 401 Unauthorized: no, url: http://127.0.0.1:1/v1/responses", "auth"),
            ("unexpected status 403 Forbidden: no, url: http://127.0.0.1:1/v1/responses", "auth"),
            ("Missing environment variable: `MODEL_KEY`.", "auth"),
            ("You’ve hit your usage limit. Try again later.", "quota"),
            ("Quota exceeded. Check your plan and billing details.", "quota"),
            ("We’re currently experiencing high demand, which may cause temporary errors.", "transient"),
            (
                "unexpected status 503 Service Unavailable: no, url: http://127.0.0.1:1/v1/responses",
                "transient",
            ),
            ("exceeded retry limit, last status: 429 Too Many Requests", "transient"),
            ("rate limit exceeded: Rate limit reached, try again in 0.1s", "transient"),
            ("stream disconnected before completion: stream closed before response.completed", "transient"),
            ("Selected model is at capacity. Please try a different model.", "transient"),
            ("Reconnecting... 1/1 (Connection failed: error sending request)", "transient"),
            ("exit code 1: Error: Unknown feature flag: unbounded_connection_retries", "unsupported"),
            ("exit code 2: error: unexpected argument '--ephemeral' found", "unsupported"),
            ("Codex ran out of room in the model's context window.", "broken"),
            ("exit code 1: Error loading config.toml: unknown configuration field `x`", "broken"),
        ];
        for (text, kind) in cases {
            assert_eq!(serde_json::to_value(of(text)).unwrap()["kind"], kind, "{text}");
        }
    }
}
