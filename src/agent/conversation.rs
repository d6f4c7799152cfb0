//! One process of an agent from start to end: the brief goes in, lines come out, two limits watch.
//!
//! Not here: what the lines mean (each transport). Start at [`Conversation::hold`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::clock::Stopwatch;
use crate::model::command::{Exit, Limits};
use crate::model::launch::{Job, LAUNCH_VERB, Request, Sampling, Wrapped};
use crate::model::proposal::{AgentFailure, TurnRequest};
use crate::process::child::Child;
use crate::process::error::ProcessError;

/// Bytes of an agent's output that are kept of each stream.
const KEPT: usize = 16 << 20;

/// Whether a line shows that the agent is getting on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// It works.
    Alive,
    /// It says that it waits (reconnects): silence in other words.
    Waiting,
}

/// What is started, within a turn.
#[derive(Debug)]
pub(super) struct Conversation<'a> {
    /// The turn.
    pub request: &'a TurnRequest,
    /// The program, absolute or in the turn's `PATH`, and its arguments.
    pub argv: Vec<String>,
    /// Variables on top of the turn's environment.
    pub env: BTreeMap<String, String>,
    /// What it reads from standard input.
    pub input: &'a str,
}

/// A conversation that is over; no process of it is left.
#[derive(Debug)]
pub(super) struct Held {
    /// How the process ended, or why the conversation itself did not take place.
    pub ending: Result<Exit, AgentFailure>,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// The end of its standard error, as text.
    pub stderr: String,
    /// Wall time.
    pub took: Duration,
}

impl Default for Held {
    /// One that did not take place.
    fn default() -> Self {
        Self {
            ending: Err(AgentFailure::Cancelled),
            stdout: Vec::new(),
            stderr: String::new(),
            took: Duration::ZERO,
        }
    }
}

impl Conversation<'_> {
    /// Holds it: `line` sees each line of standard output as it comes.
    pub(super) async fn hold(self, line: &mut dyn FnMut(&str) -> Sign, cancel: &CancellationToken) -> Held {
        let watch = Stopwatch::start();
        let mut held = Held::default();
        match self.talk(line, cancel, &mut held).await {
            Ok(ending) => held.ending = ending,
            Err(error) => held.ending = Err(AgentFailure::Broken { message: with_source(&error) }),
        }
        held.took = watch.elapsed();
        held
    }

    async fn talk(
        self,
        line: &mut dyn FnMut(&str) -> Sign,
        cancel: &CancellationToken,
        held: &mut Held,
    ) -> Result<Result<Exit, AgentFailure>, ProcessError> {
        let Self { request, argv, env, input } = self;
        let looked_for = argv.first().cloned().unwrap_or_default();
        let stop = cancel.child_token();
        let mut child = Child::start(wrapped(request, argv, env), stop.clone())?;
        let mut silence = Stopwatch::start();
        // One that has no use for the brief closes its input or never reads it: no fault of it.
        let _ = timeout(request.idle, child.write(input.as_bytes())).await;
        child.close_input();
        let mut fell_silent = false;
        loop {
            match timeout(request.idle.saturating_sub(silence.elapsed()), child.next_line()).await {
                Ok(Some(text)) => {
                    if line(&text) == Sign::Alive {
                        silence = Stopwatch::start();
                    }
                }
                Ok(None) => break,
                Err(_) => {
                    fell_silent = true;
                    stop.cancel();
                    break;
                }
            }
        }
        let finished = child.finish().await?;
        held.stdout = finished.stdout.head;
        held.stdout.extend(finished.stdout.tail);
        held.stderr = tail(&finished.stderr.text());
        Ok(match finished.exit {
            _ if fell_silent && !cancel.is_cancelled() => {
                Err(AgentFailure::TimedOut { limit: format!("no sign of life for {:?}", request.idle) })
            }
            Exit::Cancelled => Err(AgentFailure::Cancelled),
            Exit::TimedOut => {
                Err(AgentFailure::TimedOut { limit: format!("{:?} for the whole turn", request.wall) })
            }
            Exit::NotStarted(why) => {
                Err(AgentFailure::NotInstalled { looked_for: format!("{looked_for} ({why})") })
            }
            exit => Ok(exit),
        })
    }
}

/// Starts through the launcher but in no sandbox: an agent brings its own, and needs HOME and network.
fn wrapped(request: &TurnRequest, argv: Vec<String>, extra: BTreeMap<String, String>) -> Wrapped {
    let mut env = request.env.clone();
    env.insert("OPTILOOP_DEPTH".into(), (request.depth + 1).to_string());
    env.insert("TMPDIR".into(), request.tmp.to_string_lossy().into_owned());
    env.extend(extra);
    let limits = Limits { wall: request.wall, output: KEPT, file_size: None, address_space: None };
    let folder = request.workspace.clone();
    let job = Job { argv, folder, env, limits, sampling: Sampling::Off, services: Vec::new() };
    let launcher = request.optiloop.0.to_string_lossy().into_owned();
    Wrapped { argv: vec![launcher, LAUNCH_VERB.to_owned()], request: Request { job, landlock: None } }
}

/// Why an agent is not asked at all, if so: an agent's own optiloop drives no agents.
pub(super) fn too_deep(request: &TurnRequest) -> Option<AgentFailure> {
    (request.depth > 0).then(|| AgentFailure::Broken {
        message: "this optiloop runs inside an agent (OPTILOOP_DEPTH is set) and drives none itself".into(),
    })
}

/// That a program is not there; a path relative to the workspace is not looked for.
pub(super) fn missing(program: &str, paths: &str) -> Option<AgentFailure> {
    let in_workspace = program.contains('/') && !program.starts_with('/');
    let found = in_workspace || look_up(program, paths).is_some();
    (!found).then(|| AgentFailure::NotInstalled { looked_for: program.to_owned() })
}

/// The first file of that name in `paths`; a name with a slash is itself.
pub(super) fn look_up(name: &str, paths: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| path.is_file());
    }
    paths
        .split(':')
        .filter(|folder| folder.starts_with('/'))
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file())
}

/// The last part of a text that is worth showing.
fn tail(text: &str) -> String {
    let text = text.trim_end();
    let from = text.char_indices().rev().nth(4000).map_or(0, |(at, _)| at);
    text[from..].to_owned()
}

fn with_source(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", with_source(source)),
        None => error.to_string(),
    }
}
