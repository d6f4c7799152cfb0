//! The tools of one turn: `brief`, `attempts`, `report_result`.
//!
//! Not here: checking a report (`app::spool`). Start at [`SpoolTools`].

use std::path::{Path, PathBuf};

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::tool::schema_for_output;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, ContentBlock, Implementation, ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::spool::{self, SpoolRefusal};
use crate::model::proposal::AgentReport;

const INSTRUCTIONS: &str = "optiloop measures and judges; you propose one change. Call `brief` first and \
    `attempts` to see what was tried. Edit files in your working directory, then call `report_result` once. \
    Do not commit, and do not measure: optiloop takes the change from the directory and measures it itself.";

/// The server of one turn.
#[derive(Debug, Clone)]
pub struct SpoolTools {
    folder: PathBuf,
    tool_router: ToolRouter<Self>,
}

/// What this proposal is about.
#[derive(Debug, Serialize, JsonSchema)]
struct Brief {
    /// Which proposal of the run, from 1
    iteration: u32,
    /// The brief as text
    text: String,
    /// Handles of the hotspots it names
    hotspots: Vec<String>,
}

/// What was tried before, oldest first.
#[derive(Debug, Serialize, JsonSchema)]
struct Attempts {
    /// The attempts
    attempts: Vec<Attempt>,
}

/// One earlier attempt.
#[derive(Debug, Serialize, JsonSchema)]
struct Attempt {
    /// Which proposal of the run, from 1
    iteration: u32,
    /// The hotspot it attacked
    hotspot: Option<String>,
    /// Why it should have been cheaper
    hypothesis: String,
    /// How it ended
    outcome: String,
    /// The measured effect with its 95 % interval, where it was measured
    effect: Option<String>,
}

/// What you propose.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Report {
    /// Why the change makes the target cheaper, in a sentence or two
    hypothesis: String,
    /// The hotspot it attacks, by its handle in the brief
    hotspot: Option<String>,
    /// The part of the target's cost it saves, by your estimate: 0.2 is 20 % cheaper
    #[schemars(range(min = 0, max = 1))]
    predicted: Option<f64>,
    /// True when you changed nothing because you see nothing more to gain
    #[serde(default)]
    nothing_more: bool,
}

/// A report was taken.
#[derive(Debug, Serialize, JsonSchema)]
struct Reported {
    /// Always true: a report that is not taken is an error
    recorded: bool,
}

/// A call that was not carried out.
#[derive(Debug, Serialize)]
struct Refused {
    error: String,
}

#[tool_router]
impl SpoolTools {
    /// The tools over this spool folder.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), tool_router: Self::tool_router() }
    }

    #[tool(
        title = "Brief",
        description = "The brief of this proposal: goal, hotspot, source, limits. Read it first",
        annotations(read_only_hint = true, open_world_hint = false),
        output_schema = schema_for_output::<Brief>()
    )]
    async fn brief(&self) -> CallToolResult {
        answer(spool::brief(&self.folder).map(|brief| {
            // The text itself, not a summary: there are clients that show a model nothing else.
            let said = brief.text.clone();
            (said, Brief { iteration: brief.iteration.0, text: brief.text, hotspots: brief.hotspots })
        }))
    }

    #[tool(
        title = "Earlier attempts",
        description = "What was tried before in this run and how it ended, oldest first",
        annotations(read_only_hint = true, open_world_hint = false),
        output_schema = schema_for_output::<Attempts>()
    )]
    async fn attempts(&self) -> CallToolResult {
        answer(spool::attempts(&self.folder).map(|tried| {
            let attempts: Vec<Attempt> = tried
                .attempts
                .into_iter()
                .map(|attempt| Attempt {
                    iteration: attempt.iteration.0,
                    hotspot: attempt.hotspot,
                    hypothesis: attempt.hypothesis,
                    outcome: attempt.outcome,
                    effect: attempt.effect,
                })
                .collect();
            (said(&attempts), Attempts { attempts })
        }))
    }

    #[tool(
        title = "Report the result",
        description = "Say what you changed and why it should be cheaper; call it once, when the edit is done",
        annotations(
            read_only_hint = false,
            destructive_hint = false,
            idempotent_hint = true,
            open_world_hint = false
        ),
        output_schema = schema_for_output::<Reported>()
    )]
    async fn report_result(&self, Parameters(report): Parameters<Report>) -> CallToolResult {
        let Report { hypothesis, hotspot, predicted, nothing_more } = report;
        let report = AgentReport { hypothesis, hotspot, predicted, nothing_more };
        answer(
            spool::report(&self.folder, report)
                .map(|()| ("Recorded. End your turn now.".to_owned(), Reported { recorded: true })),
        )
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for SpoolTools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("optiloop", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }
}

/// The attempts as text, a line each.
fn said(attempts: &[Attempt]) -> String {
    if attempts.is_empty() {
        return "Nothing was tried before.".into();
    }
    let line = |attempt: &Attempt| {
        let effect = attempt.effect.as_ref().map(|effect| format!(" ({effect})")).unwrap_or_default();
        format!("{}. {}: {}{effect}", attempt.iteration, attempt.hypothesis, attempt.outcome)
    };
    attempts.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A result as typed content with a short text beside it; a refusal as an error the agent can act on.
fn answer(result: Result<(String, impl Serialize), SpoolRefusal>) -> CallToolResult {
    let refused = |error: String| {
        let mut refused = CallToolResult::error(vec![ContentBlock::text(error.clone())]);
        refused.structured_content = serde_json::to_value(Refused { error }).ok();
        refused
    };
    let (said, value) = match result {
        Ok(answer) => answer,
        Err(refusal) => return refused(refusal.to_string()),
    };
    match serde_json::to_value(value) {
        Ok(value) => {
            let mut answer = CallToolResult::structured(value);
            answer.content = vec![ContentBlock::text(said)];
            answer
        }
        Err(error) => refused(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
