//! Any command as an agent: it runs in the workspace and edits it.
//!
//! It gets the brief on standard input and in the file `$OPTILOOP_BRIEF`, and reports by `report_result` of
//! `optiloop mcp --spool $OPTILOOP_SPOOL`, or as JSON in the file `$OPTILOOP_REPORT`, or as JSON in the last
//! line it prints. Tokens are unknown.

use std::collections::BTreeMap;
use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::conversation::{Conversation, Held, Sign, too_deep};
use super::spool::{LARGEST_MESSAGE, Spool};
use super::{Agent, AgentError, Transport};
use crate::fs;
use crate::model::command::Exit;
use crate::model::plan::AgentPlan;
use crate::model::proposal::{
    AgentEvent, AgentFailure, AgentReport, Edit, Proposed, ReportSource, Tokens, Turn, TurnEnd, TurnRequest,
};

pub(super) const TRANSPORT: Transport =
    Transport { name: "command", open: |plan| AnyCommand::open(plan).map(Agent::Command) };

/// A command that is an agent.
#[derive(Debug)]
pub struct AnyCommand {
    argv: Vec<String>,
}

impl AnyCommand {
    fn open(plan: &AgentPlan) -> Result<Self, AgentError> {
        if plan.command.is_empty() {
            return Err(AgentError::Incomplete {
                transport: TRANSPORT.name,
                needs: "`command`, the command to run",
            });
        }
        Ok(Self { argv: plan.command.clone() })
    }

    /// What is started.
    pub(super) fn program(&self) -> &str {
        &self.argv[0]
    }

    pub(super) async fn propose(
        &self,
        request: &TurnRequest,
        events: &mut dyn FnMut(AgentEvent),
        cancel: &CancellationToken,
    ) -> Proposed {
        let brief = request.spool.join("brief.md");
        let report = request.spool.join("report.json");
        let prepared = fs::create_folder(&request.spool)
            .and_then(|()| fs::replace(&brief, request.brief.as_bytes()))
            .and_then(|()| fs::remove_file(&report));
        let failure = too_deep(request).or_else(|| {
            prepared.err().map(|error| AgentFailure::Broken { message: format!("{error}: {}", error.source) })
        });
        let mut last = String::new();
        let held = if let Some(failure) = failure {
            Held { ending: Err(failure), ..Held::default() }
        } else {
            let mut line = |text: &str| {
                text.clone_into(&mut last);
                events(AgentEvent::Said { text: text.to_owned() });
                Sign::Alive
            };
            self.conversation(request, &brief, &report).hold(&mut line, cancel).await
        };
        let (report, report_source) = match (Spool::new(&request.spool).report(), file(&report)) {
            (Ok(Some(report)), _) => (Some(report), ReportSource::Tool),
            (_, Some(report)) => (Some(report), ReportSource::File),
            _ => match serde_json::from_str(&last) {
                Ok(report) => (Some(report), ReportSource::LastMessage),
                Err(_) => (None, ReportSource::None),
            },
        };
        let end = end(held.ending, report.as_ref(), &held.stderr);
        let tokens = Tokens { at_least: end != TurnEnd::Completed, ..Tokens::default() };
        let edit = (end == TurnEnd::Completed).then_some(Edit::InWorkspace);
        let agent = self.argv[0].clone();
        let turn = Turn { end, report, report_source, tokens, agent, took: held.took };
        Proposed { turn, edit, raw: held.stdout }
    }

    fn conversation<'a>(&self, request: &'a TurnRequest, brief: &Path, report: &Path) -> Conversation<'a> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let env = BTreeMap::from([
            ("OPTILOOP_BRIEF".to_owned(), text(brief)),
            ("OPTILOOP_REPORT".to_owned(), text(report)),
            ("OPTILOOP_SPOOL".to_owned(), text(&request.spool)),
        ]);
        Conversation { request, argv: self.argv.clone(), env, input: &request.brief }
    }
}

/// A report in a file; one that cannot be read is none.
fn file(path: &Path) -> Option<AgentReport> {
    serde_json::from_slice(&fs::read_of_others(path, LARGEST_MESSAGE).ok()?).ok()
}

fn end(ending: Result<Exit, AgentFailure>, report: Option<&AgentReport>, stderr: &str) -> TurnEnd {
    match ending {
        Err(failure) => TurnEnd::Failed(failure),
        Ok(exit) if !exit.is_success() => {
            TurnEnd::Failed(AgentFailure::Broken { message: format!("{exit}: {stderr}") })
        }
        Ok(_) if report.is_some_and(|report| report.nothing_more) => TurnEnd::NothingMore,
        Ok(_) => TurnEnd::Completed,
    }
}
