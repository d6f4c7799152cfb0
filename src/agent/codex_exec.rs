//! The Codex CLI, one `codex exec --json` process a turn, our MCP server attached to it.
//!
//! Codex confines its own shell: it may write in the workspace and in a private temporary folder, sees nothing
//! else of our store, and has no network. Of the user's configuration only the credentials are used, unless the
//! setting `user_config` is given (the store is then readable to the shell); every other setting is a `key=value`
//! for `-c`, such as a provider's `base_url` and `env_key`.
//! Tried with codex-cli 0.169.0. Start at [`CodexExec::propose`].

mod arguments;
mod events;
mod failure;
mod program;

use std::collections::BTreeMap;

use tokio_util::sync::CancellationToken;

use self::events::Transcript;
use self::program::Program;
use super::conversation::{Conversation, Held, too_deep};
use super::spool::Spool;
use super::{Agent, AgentError, Transport};
use crate::model::plan::AgentPlan;
use crate::model::proposal::{
    AgentEvent, AgentFailure, Edit, Proposed, ReportSource, Turn, TurnEnd, TurnRequest,
};

pub(super) const TRANSPORT: Transport =
    Transport { name: "codex_exec", open: |plan| CodexExec::open(plan).map(Agent::CodexExec) };

/// The setting that has Codex read the user's own `config.toml` too.
const USER_CONFIG: &str = "user_config";

/// Whose configuration Codex reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Configuration {
    /// Ours alone.
    Ours,
    /// The user's `config.toml`, with ours on top.
    UserAndOurs,
}

/// The Codex CLI.
#[derive(Debug)]
pub struct CodexExec {
    program: String,
    model: Option<String>,
    configuration: Configuration,
    /// `key=value`, the user's.
    settings: Vec<String>,
    /// Found once a run: its digest is of hundreds of megabytes.
    found: tokio::sync::OnceCell<Program>,
}

impl CodexExec {
    /// What is started.
    pub(super) fn program(&self) -> &str {
        &self.program
    }

    fn open(plan: &AgentPlan) -> Result<Self, AgentError> {
        let (words, settings): (Vec<_>, Vec<_>) =
            plan.settings.iter().cloned().partition(|setting| !setting.contains('='));
        if let Some(setting) = words.iter().find(|word| *word != USER_CONFIG) {
            let wanted = "`key=value` for codex -c, nor the word `user_config`";
            return Err(AgentError::Setting { transport: TRANSPORT.name, setting: setting.clone(), wanted });
        }
        // It would put our profile of permissions out of force.
        if let Some(setting) = settings.iter().find(|setting| setting.starts_with("sandbox_mode")) {
            let wanted = "one to be set: optiloop confines Codex itself";
            return Err(AgentError::Setting { transport: TRANSPORT.name, setting: setting.clone(), wanted });
        }
        let configuration = if words.is_empty() { Configuration::Ours } else { Configuration::UserAndOurs };
        let program = plan.command.first().map_or("codex", String::as_str).to_owned();
        Ok(Self {
            program,
            model: plan.model.clone(),
            configuration,
            settings,
            found: tokio::sync::OnceCell::new(),
        })
    }

    pub(super) async fn propose(
        &self,
        request: &TurnRequest,
        events: &mut dyn FnMut(AgentEvent),
        cancel: &CancellationToken,
    ) -> Proposed {
        let mut transcript = Transcript::default();
        let mut agent = self.program.clone();
        let held = match self.found(request, cancel).await {
            Ok(program) => {
                agent = program.stamp();
                let conversation = Conversation {
                    request,
                    argv: arguments::of(self, program, request),
                    env: BTreeMap::new(),
                    input: &request.brief,
                };
                let mut line = |text: &str| {
                    let (sign, event) = transcript.read(text);
                    event.into_iter().for_each(&mut *events);
                    sign
                };
                conversation.hold(&mut line, cancel).await
            }
            Err(failure) => Held { ending: Err(failure), ..Held::default() },
        };
        let (report, report_source) = match Spool::new(&request.spool).report() {
            Ok(Some(report)) => (Some(report), ReportSource::Tool),
            _ => match transcript.report() {
                Some(report) => (Some(report), ReportSource::LastMessage),
                None => (None, ReportSource::None),
            },
        };
        let end = match transcript.failure(held.ending, &held.stderr) {
            Some(failure) => TurnEnd::Failed(failure),
            None if report.as_ref().is_some_and(|report| report.nothing_more) => TurnEnd::NothingMore,
            None => TurnEnd::Completed,
        };
        let edit = (end == TurnEnd::Completed).then_some(Edit::InWorkspace);
        let tokens = transcript.tokens();
        let turn = Turn { end, report, report_source, tokens, agent, took: held.took };
        Proposed { turn, edit, raw: held.stdout }
    }

    async fn found(
        &self,
        request: &TurnRequest,
        cancel: &CancellationToken,
    ) -> Result<&Program, AgentFailure> {
        if let Some(failure) = too_deep(request) {
            return Err(failure);
        }
        self.found.get_or_try_init(|| Program::find(&self.program, request, cancel)).await
    }
}
