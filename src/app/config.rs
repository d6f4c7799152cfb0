//! Config and policy of a run: flags over `optiloop.toml` over language defaults over built-ins.
//!
//! Files are read from the user's work tree at start (whether they are committed is part of their origin), and
//! nothing changes them after that. Start at [`load`].

mod files;
mod flags;
mod plan;
mod watched;

use std::path::Path;

use crate::model::change::TreePath;
use crate::model::goal::Goal;
use crate::model::id::{BenchmarkId, CommitId};
use crate::model::plan::Plan;
use crate::policy::Policy;
use crate::policy::agents_md;
use crate::policy::file::ConfigFile;
use crate::policy::glob::{Globs, anchored};
use crate::policy::language::Language;
use crate::policy::origin::{Origin, Place, Sourced};
use crate::policy::resolve::{Overriding, Voice, resolve};
use crate::vcs::user::UserRepository;

use super::error::AppError;

pub(super) use files::project_root;
use files::{Files, from_the_root_down};
pub use flags::{Flags, Given, Stream, Switch};
use plan::plan;
use watched::Watched;

/// The config file's name.
pub const FILE: &str = "optiloop.toml";
/// The file with the rules in prose.
pub const AGENTS: &str = "AGENTS.md";

/// Which benchmarks are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scope {
    /// The target, and guards beside it.
    #[default]
    Target,
    /// Each of these; all there are where none is named.
    Every(Vec<String>),
}

impl Scope {
    /// What the target is called in a report.
    pub fn name(&self) -> String {
        match self {
            Self::Target => "the target".to_owned(),
            Self::Every(names) if names.is_empty() => "all benchmarks".to_owned(),
            Self::Every(names) => names.join(", "),
        }
    }
}

/// Where config and policy are read.
#[derive(Debug, Clone, Copy)]
pub enum From {
    /// The user's work tree, where HEAD is this commit.
    WorkTree(CommitId),
    /// This commit: a change does not judge itself.
    Commit(CommitId),
}

/// Everything that is decided before a run begins.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How things are done.
    pub plan: Plan,
    /// The rules that judge.
    pub policy: Policy,
    /// The target, where it was named.
    pub target: Option<String>,
    /// The goal, where one is set.
    pub goal: Option<Goal>,
    /// Secondary benchmarks.
    pub guards: Vec<BenchmarkId>,
    /// Sentences passed to the agent as advice.
    pub advice: Vec<String>,
    /// The same with their places, and the sentences that became policy.
    pub reading: agents_md::Reading,
    /// What is stamped: uncommitted config, overridden policy.
    pub stamps: Vec<String>,
    /// Whether candidates of earlier runs count.
    pub stream: Stream,
    /// Which benchmarks are meant.
    pub scope: Scope,
}

impl Settings {
    /// Whether a path is a benchmark file: its text may lead from a function to a benchmark.
    pub fn is_benchmark(&self, path: &TreePath) -> bool {
        // What merely steers names anything: a word in it leads nowhere.
        let name = path.lossy().rsplit('/').next().unwrap_or_default().to_owned();
        if name == FILE || name.starts_with("AGENTS.") {
            return false;
        }
        let globs = self.policy.benchmarks.iter().chain(&self.policy.protected);
        let by_glob = Globs::new(globs).is_ok_and(|globs| globs.matches(path));
        by_glob || (self.plan.language.as_deref() == Some("go") && path.lossy().ends_with("_test.go"))
    }
}

/// Reads and resolves all of it for the project that `folder` stands in.
pub fn load(
    user: &UserRepository,
    folder: &Path,
    head: CommitId,
    flags: &Flags,
) -> Result<Settings, AppError> {
    load_from(From::WorkTree(head), user, folder, flags)
}

/// The same from where it is said.
pub fn load_from(
    from: From,
    user: &UserRepository,
    folder: &Path,
    flags: &Flags,
) -> Result<Settings, AppError> {
    let top = user.root().map(Path::to_owned);
    let root = project_root(top.as_deref(), folder);
    let (head, read_at) = match from {
        From::WorkTree(head) => (head, top.as_deref()),
        From::Commit(commit) => (commit, None),
    };
    let files = Files { user, top: read_at, head };
    let mut stamps = Vec::new();
    let config = match files.read(&root.join(FILE), &mut stamps)? {
        Some((path, text, committed)) => {
            let origin = Origin::File { place: Place { path: path.clone(), line: 1 }, committed };
            Some((ConfigFile::read(&path, &text, &origin)?, origin))
        }
        None => None,
    };
    let (config, config_origin) = config.map_or_else(|| (ConfigFile::default(), None), |(c, o)| (c, Some(o)));
    let said_in = root.to_string_lossy().into_owned();
    let mut config = config;
    config.bench.files = config.bench.files.iter().map(|glob| anchored(&said_in, glob)).collect();
    let root = config.root.clone().unwrap_or(root);
    if super::preflight::leads_out(&root) || top.as_ref().is_some_and(|top| !top.join(&root).is_dir()) {
        return Err(AppError::Config(format!(
            "{FILE}: `root` = {:?} is no folder inside the repository; name one relative to its top",
            root.display().to_string()
        )));
    }
    let language = match &config.language {
        Some(name) => {
            let all = crate::policy::language::all()?;
            let known = all.iter().map(|language| (language.name.as_str(), language.clone()));
            crate::model::registry::find("language", name, known)
                .map_err(|error| AppError::Config(format!("{FILE}: {error}")))?
        }
        None => Language::detect(&files.names(&root)?)?,
    };
    let mut agents = Vec::new();
    for folder in from_the_root_down(&root) {
        agents.extend(files.read(&folder.join(AGENTS), &mut stamps)?);
    }
    let reading = agents_md::read(
        &agents
            .iter()
            .map(|(path, text, committed)| agents_md::File { path, text, committed: *committed })
            .collect::<Vec<_>>(),
    )?;
    let mut voices = reading.voices.clone();
    voices.push(Voice::new(Origin::Language { name: language.name.clone() }, language.layer.clone()));
    if let Some(origin) = config_origin {
        let mut layer = config.policy.layer.clone();
        layer
            .protected
            .extend(config.bench.files.iter().map(|glob| Sourced::new(glob.clone(), origin.clone())));
        voices.push(Voice { origin, preset: config.policy.preset.clone(), layer });
    }
    let flag = Origin::Flag { name: "--preset".to_owned() };
    let preset = flags.preset.clone().map(|name| Sourced::new(name, flag.clone()));
    voices.push(Voice { origin: flag, preset, layer: flags.policy.clone() });
    voices.extend(flags.voices.iter().cloned());
    if flags.stream == Stream::Fresh {
        stamps.push("the stream of candidates starts afresh (--fresh)".to_owned());
    }
    let policy = resolve(voices, flags.overriding.unwrap_or(Overriding::Refused))?;
    for over in &policy.overrides {
        stamps.push(format!(
            "policy overridden: {} is {} ({}) where {} demands {}",
            over.key, over.to.value, over.to.origin, over.from.origin, over.from.value
        ));
    }
    stamps.extend(user.left_out(head)?.lines());
    let advice = reading.advice.iter().map(|quote| quote.sentence.clone()).collect();
    let (target, goal) = (flags.target.clone().or(config.target.clone()), flags.goal.or(config.goal));
    let watched = Watched::of(&config, &language, flags);
    let guards = watched.guards.clone();
    let plan = plan(config, &language, root, (flags, watched));
    Ok(Settings {
        plan,
        policy,
        target,
        goal,
        guards,
        advice,
        reading,
        stamps,
        stream: flags.stream,
        scope: Scope::Target,
    })
}
