//! `doctor`, `policy`, `store` and `gc`: what holds here, and what is kept.

use crate::app::config;
use crate::app::error::AppError;
use crate::app::hands::choose_sandbox;
use crate::app::history::History;
use crate::app::roots::Roots;
use crate::app::start::Context;
use crate::fs;
use crate::journal::RunLock;
use crate::model::launch::LauncherPath;
use crate::process::facts;
use crate::vcs::user::UserRepository;

use super::super::args::Flags;

/// Tools, what they are for, and how to install them.
const TOOLS: &[(&str, &[&str], &str, &str)] = &[
    ("git", &["--version"], "repositories", "apt install git"),
    ("bwrap", &["--version"], "the strongest sandbox", "apt install bubblewrap"),
    ("perf", &["--version"], "profiles of native code", "apt install linux-perf"),
    ("go", &["version"], "Go projects", "https://go.dev/dl"),
    ("cargo", &["--version"], "Rust projects", "https://rustup.rs"),
    ("codex", &["--version"], "the agent codex_exec", "npm install -g @openai/codex"),
];

pub(super) async fn doctor(context: &Context) -> Result<u8, AppError> {
    let (found, sandbox) = choose_sandbox(&LauncherPath(context.environment.program.clone())).await;
    super::print(&format!("sandbox: {} (landlock ABI {:?})", sandbox.name(), found.landlock_abi));
    for (program, arguments, purpose, install) in TOOLS {
        match facts::tool_version(program, arguments).await {
            Some(version) => super::print(&format!("{program}: {version}")),
            None => super::print(&format!("{program}: missing, for {purpose}; {install}")),
        }
    }
    let user = UserRepository::discover(&context.folder)?;
    let head = user.head()?;
    let settings = config::load(&user, &context.folder, head.commit, &config::Flags::default())?;
    let suites: Vec<&str> = settings.plan.suites.iter().map(|suite| suite.suite.as_str()).collect();
    super::print(&format!("harness: {}; suites: {}", settings.plan.bench.harness, suites.join(", ")));
    for stamp in &settings.stamps {
        super::print(&format!("note: {stamp}"));
    }
    Ok(0)
}

pub(super) fn policy(context: &Context, flags: Flags) -> Result<u8, AppError> {
    let user = UserRepository::discover(&context.folder)?;
    let head = user.head()?;
    let settings = config::load(&user, &context.folder, head.commit, &super::flags(flags)?)?;
    for (key, value, origin) in settings.policy.lines() {
        super::print(&format!("{key} = {value}  ({origin})"));
    }
    for quote in &settings.reading.advice {
        super::print(&format!("passed to the agent as advice ({}): {}", quote.place, quote.sentence));
    }
    Ok(0)
}

pub(super) fn store(context: &Context) -> Result<u8, AppError> {
    let user = UserRepository::discover(&context.folder)?;
    let roots = Roots::of(&user, context.store.as_deref(), &context.environment)?;
    super::print(&format!("state: {}\nwork:  {}", roots.state.display(), roots.work.display()));
    Ok(0)
}

/// Removes workspaces, built artifacts and temporary folders: all of it is made again when it is needed.
pub(super) fn gc(context: &Context) -> Result<u8, AppError> {
    let history = History::open(context)?;
    let _alone = RunLock::acquire(&history.roots.lock(), "gc")?;
    for folder in [history.roots.tmp(), history.roots.workspace("cand"), history.roots.workspace("agnt")] {
        fs::remove_folder(&folder)?;
    }
    super::print(
        "Removed the candidate's and the agent's workspace and temporary folders; the journal and all evidence stay.",
    );
    Ok(0)
}
