//! `doctor`, `policy`, `store` and `gc`: what holds for a project, as lines of text.
//!
//! Not here: printing. Each function answers the lines a front shows.

use crate::engine::record::{Entry, Prepared, Record};
use crate::fs;
use crate::journal::RunLock;
use crate::model::launch::LauncherPath;
use crate::process::facts;
use crate::vcs::user::UserRepository;

use super::config::{self, Flags};
use super::disk;
use super::error::AppError;
use super::hands::choose_sandbox;
use super::history::History;
use super::pinned;
use super::report::quarantine;
use super::roots::{Roots, caches};
use super::services;
use super::start::Context;
use super::toolchains;

/// Tools, what they are for, and how to install them.
const TOOLS: &[(&str, &[&str], &str, &str)] = &[
    ("git", &["--version"], "repositories", "apt install git"),
    ("bwrap", &["--version"], "the strongest sandbox", "apt install bubblewrap"),
    ("perf", &["--version"], "profiles of native code", "apt install linux-perf"),
    ("go", &["version"], "Go projects", "https://go.dev/dl"),
    ("cargo", &["--version"], "Rust projects", "https://rustup.rs"),
    ("python3", &["--version"], "Python projects", "apt install python3-venv"),
    ("node", &["--version"], "Node projects", "https://nodejs.org"),
    ("java", &["--version"], "Java projects", "apt install default-jdk-headless"),
    ("mvn", &["-B", "--version"], "Maven builds and tests", "apt install maven"),
    ("codex", &["--version"], "the agent codex_exec", "npm install -g @openai/codex"),
];

/// What the machine and the project offer and lack.
pub async fn doctor(context: &Context) -> Result<Vec<String>, AppError> {
    let (found, sandbox) = choose_sandbox(&LauncherPath(context.environment.program.clone())).await;
    let landlock = found.landlock_abi.map_or_else(|| "none".to_owned(), |abi| format!("ABI {abi}"));
    let mut lines = vec![format!("sandbox: {} (landlock: {landlock})", sandbox.name())];
    for (program, arguments, purpose, install) in TOOLS {
        lines.push(match facts::tool_version(program, arguments).await {
            Some(version) => format!("{program}: {version}"),
            None => format!("{program}: missing, for {purpose}; {install}"),
        });
    }
    let user = UserRepository::discover(&context.folder)?;
    let settings = config::load(&user, &context.folder, user.head()?.commit, &Flags::default())?;
    let suites: Vec<&str> = settings.plan.suites.iter().map(|suite| suite.suite.as_str()).collect();
    lines.push(format!("harness: {}; suites: {}", settings.plan.bench.harness, suites.join(", ")));
    lines.extend(settings.stamps.iter().map(|stamp| format!("note: {stamp}")));
    let roots = Roots::of(&user, context.store.as_deref(), &context.environment)?;
    lines.push(disk::line(&roots)?);
    if let Some(top) = user.root() {
        lines.extend(pinned::lines(top, &settings.plan.root).await?);
        if !settings.plan.services.is_empty() {
            roots.create()?;
            let hands = toolchains::hands(context, &user, &roots).await?;
            lines.extend(services::lines(&hands, &settings.plan, top).await?);
        }
    }
    lines.extend(flaky(context)?);
    Ok(lines)
}

/// What the latest run that tested the original found of its tests.
fn flaky(context: &Context) -> Result<Vec<String>, AppError> {
    let history = match History::open(context) {
        Err(AppError::NoRunYet) => return Ok(Vec::new()),
        history => history?,
    };
    for overview in history.journal.runs()?.iter().rev() {
        for row in history.journal.records_of_kinds(&overview.run, &["prepared"])? {
            if let Record::Prepared(Prepared::Sound { suites, .. }) = row.read::<Entry>()?.record
                && !suites.is_empty()
            {
                let lines = suites.iter().filter_map(quarantine::warnings);
                return Ok(lines.map(|line| format!("tests, by run {}: {line}", overview.run)).collect());
            }
        }
    }
    Ok(Vec::new())
}

/// Every value of the policy with its origin, and the sentences that did not become policy.
pub fn policy(context: &Context, flags: &Flags) -> Result<Vec<String>, AppError> {
    let user = UserRepository::discover(&context.folder)?;
    let settings = config::load(&user, &context.folder, user.head()?.commit, flags)?;
    let mut lines: Vec<String> = settings
        .policy
        .lines()
        .into_iter()
        .map(|(key, value, origin)| format!("{key} = {value}  ({origin})"))
        .collect();
    let advice = settings.reading.advice.iter();
    lines.extend(
        advice.map(|quote| format!("passed to the agent as advice ({}): {}", quote.place, quote.sentence)),
    );
    Ok(lines)
}

/// Where everything of this repository is kept.
pub fn store(context: &Context) -> Result<Vec<String>, AppError> {
    let user = UserRepository::discover(&context.folder)?;
    let roots = Roots::of(&user, context.store.as_deref(), &context.environment)?;
    Ok(vec![format!("state: {}", roots.state.display()), format!("work:  {}", roots.work.display())])
}

/// Removes what is made again when it is needed: the candidate's and the agent's workspaces, temporary folders.
/// The base's workspace stays with its caches: what `setup` fetched is in them, and a run that goes on sets up
/// nothing.
pub fn gc(context: &Context) -> Result<Vec<String>, AppError> {
    let history = History::open(context)?;
    let _alone = RunLock::acquire(&history.roots.lock(), "gc")?;
    let workspace = |name| history.roots.workspace(name);
    let candidate = workspace("cand");
    for folder in [history.roots.tmp(), caches(&candidate), candidate, workspace("agnt")] {
        fs::remove_folder(&folder)?;
    }
    Ok(vec![
        "Removed the workspaces of candidate and agent and temporary folders; the original's build, the journal and \
         all evidence stay."
            .to_owned(),
    ])
}
