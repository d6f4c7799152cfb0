//! Config and policy of a run: flags over `optiloop.toml` over language defaults over built-ins.
//!
//! Files are read from the user's work tree at start (whether they are committed is part of their origin), and
//! nothing changes them after that. Start at [`load`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::fs;
use crate::model::bench::Instrument;
use crate::model::change::TreePath;
use crate::model::goal::Goal;
use crate::model::id::{BenchmarkId, CommitId};
use crate::model::plan::{AgentPlan, BenchPlan, Budget, Plan, SuitePlan};
use crate::policy::Policy;
use crate::policy::agents_md;
use crate::policy::file::{AgentEntry, Bench, BudgetEntry, ConfigFile};
use crate::policy::glob::{Globs, anchored};
use crate::policy::language::Language;
use crate::policy::layer::Layer;
use crate::policy::origin::{Committed, Origin, Place, Sourced};
use crate::policy::read::{self, Stated};
use crate::policy::resolve::{Overriding, Voice, resolve};
use crate::policy::value::Ratio;
use crate::vcs::FileState;
use crate::vcs::user::UserRepository;

use super::error::AppError;

/// The config file's name.
pub const FILE: &str = "optiloop.toml";
/// The file with the rules in prose.
pub const AGENTS: &str = "AGENTS.md";
/// Wall limit of a suite where config sets none.
const SUITE_LIMIT: Duration = Duration::from_mins(30);
const TURN_LIMIT: Duration = Duration::from_mins(30);
const IDLE_LIMIT: Duration = Duration::from_mins(10);

/// What flags say; `None` where they are silent.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--target`.
    pub target: Option<String>,
    /// `--goal`.
    pub goal: Option<Goal>,
    /// `--agent`.
    pub agent: Option<String>,
    /// `--preset`.
    pub preset: Option<String>,
    /// Policy values given by flags.
    pub policy: Layer,
    /// `--override-policy`.
    pub overriding: Option<Overriding>,
    /// `--iterations`.
    pub iterations: Option<u32>,
    /// `--time`.
    pub time: Option<Duration>,
    /// `--instrument`.
    pub instrument: Option<Instrument>,
    /// `--alpha` and every `--policy KEY=VALUE`, each a voice of its own.
    pub voices: Vec<Voice>,
    /// `--fresh`.
    pub stream: Stream,
}

/// Whether candidates of earlier runs count (decision.md A.7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stream {
    /// They do: a job cannot be run again until it is green.
    #[default]
    CarriedOver,
    /// They do not, which is stamped.
    Fresh,
}

/// Flags that carry a value.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `--target`.
    pub target: Option<String>,
    /// `--preset`.
    pub preset: Option<String>,
    /// `--min-effect`, as a ratio.
    pub min_effect: Option<f64>,
    /// `--instrument`.
    pub instrument: Option<Instrument>,
    /// `--alpha`.
    pub alpha: Option<String>,
    /// `--policy`, each as `KEY=VALUE`.
    pub policy: Vec<String>,
}

/// Flags that are set or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// `--require-sandbox`.
    RequireSandbox,
    /// `--no-code-identity`.
    NoCodeIdentity,
    /// `--override-policy`.
    OverridePolicy,
}

impl Flags {
    /// What these flags say.
    pub fn of(given: Given, switches: impl IntoIterator<Item = Switch>) -> Result<Self, AppError> {
        let said = |name: &str| Origin::Flag { name: name.to_owned() };
        let Given { target, preset, min_effect, instrument, alpha, policy } = given;
        let mut flags = Self { target, preset, instrument, ..Self::default() };
        if let Some(level) = alpha {
            flags.voices.push(voice("alpha", &level, said("--alpha"))?);
        }
        for pair in policy {
            let Some((key, value)) = pair.split_once('=') else {
                return Err(AppError::Usage(format!("--policy {pair}: KEY=VALUE is wanted")));
            };
            flags.voices.push(voice(key.trim(), value.trim(), said(&format!("--policy {pair}")))?);
        }
        if let Some(ratio) = min_effect {
            let ratio = Ratio::try_from(ratio).map_err(|error| AppError::Usage(error.to_string()))?;
            flags.policy.min_effect = Some(Sourced::new(ratio, said("--min-effect")));
        }
        for switch in switches {
            match switch {
                Switch::RequireSandbox => {
                    flags.policy.require_sandbox = Some(Sourced::new(true, said("--require-sandbox")));
                }
                Switch::NoCodeIdentity => {
                    flags.policy.code_identity = Some(Sourced::new(false, said("--no-code-identity")));
                }
                Switch::OverridePolicy => flags.overriding = Some(Overriding::Allowed),
            }
        }
        Ok(flags)
    }
}

/// One key of the policy as a flag says it.
fn voice(key: &str, value: &str, origin: Origin) -> Result<Voice, AppError> {
    let Stated { preset, layer } = read::single(key, value, &origin)?;
    Ok(Voice { origin, preset, layer })
}

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
    let guards = config.guards.clone();
    let plan = plan(config, &language, root, flags);
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

fn plan(config: ConfigFile, language: &Language, root: PathBuf, flags: &Flags) -> Plan {
    let mut env = language.env.clone();
    env.extend(config.env);
    let Bench {
        harness,
        package,
        programs,
        build,
        artifacts,
        files,
        metric,
        work,
        iterations,
        instrument,
        timeout,
        cases,
    } = config.bench;
    let bench = BenchPlan {
        harness: harness.or_else(|| language.harness.clone()).unwrap_or_else(|| "command".to_owned()),
        package: package.unwrap_or_default(),
        programs,
        build,
        artifacts,
        cases,
        metric,
        work,
        iterations,
        instrument: flags.instrument.or(instrument).unwrap_or_default(),
        files,
        timeout,
    };
    let suites = if config.suites.is_empty() {
        let usual = language.suite.clone().filter(|suite| suite != "command");
        usual.map(|suite| SuitePlan { suite, command: None, timeout: SUITE_LIMIT }).into_iter().collect()
    } else {
        config
            .suites
            .into_iter()
            .map(|entry| SuitePlan {
                suite: entry.kind,
                command: entry.command,
                timeout: entry.timeout.unwrap_or(SUITE_LIMIT),
            })
            .collect()
    };
    let agent = Some(agent(config.agent, flags.agent.clone()));
    let BudgetEntry { iterations, time, tokens, patience, shams } = config.budget;
    let usual = Budget::default();
    let budget = Budget {
        iterations: flags.iterations.or(iterations).unwrap_or(usual.iterations),
        time: flags.time.or(time).unwrap_or(usual.time),
        tokens: tokens.unwrap_or(usual.tokens),
        patience: patience.unwrap_or(usual.patience),
        shams: shams.unwrap_or(usual.shams),
    };
    let collector = config.collector.or_else(|| language.collector.clone()).filter(|name| name != "none");
    let (language, setup) = (Some(language.name.clone()), config.setup);
    let setup_env = config.setup_env;
    Plan { root, language, setup, setup_env, bench, suites, collector, agent, budget, env }
}

fn agent(entry: Option<AgentEntry>, flag: Option<String>) -> AgentPlan {
    let AgentEntry { transport, command, proposals, model, env, wall, idle, settings } =
        entry.unwrap_or_default();
    AgentPlan {
        transport: flag.or(transport).unwrap_or_else(|| "codex_exec".to_owned()),
        command,
        proposals,
        model,
        env,
        wall: wall.unwrap_or(TURN_LIMIT),
        idle: idle.unwrap_or(IDLE_LIMIT),
        settings,
    }
}

/// The folder of the nearest manifest or config file above where the user stands, relative to the top.
pub(super) fn project_root(top: Option<&Path>, folder: &Path) -> PathBuf {
    let Some(top) = top else { return PathBuf::new() };
    let manifests = crate::policy::language::all().unwrap_or_default();
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let top = top.canonicalize().unwrap_or_else(|_| top.to_owned());
    let marks = |at: &Path| {
        at.join(FILE).exists()
            || manifests.iter().any(|l| l.manifests.iter().any(|name| at.join(name).exists()))
    };
    let nearest = folder.ancestors().take_while(|at| at.starts_with(&top)).find(|at| marks(at));
    nearest.and_then(|at| at.strip_prefix(&top).ok()).map(Path::to_owned).unwrap_or_default()
}

/// The root itself and every folder down to `root`.
fn from_the_root_down(root: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = root.ancestors().map(Path::to_owned).collect();
    folders.reverse();
    folders
}

/// Reads files of the project: from the work tree where there is one, else from the commit.
struct Files<'a> {
    user: &'a UserRepository,
    top: Option<&'a Path>,
    head: CommitId,
}

impl Files<'_> {
    /// A file's path, text, and whether it is committed as it is.
    fn read(
        &self,
        path: &Path,
        stamps: &mut Vec<String>,
    ) -> Result<Option<(String, String, Committed)>, AppError> {
        let name = path.to_string_lossy().into_owned();
        let tree_path = TreePath::new(name.as_bytes());
        let Some(top) = self.top else {
            let blob = self.user.read_blob(self.head, &tree_path)?;
            return Ok(blob.map(|bytes| (name, String::from_utf8_lossy(&bytes).into_owned(), Committed::Yes)));
        };
        let read = fs::read_text_if_present(&top.join(path)).map_err(AppError::Unreadable)?;
        let Some(text) = read else { return Ok(None) };
        let committed = match self.user.file_state(&tree_path)? {
            FileState::Committed => Committed::Yes,
            FileState::Modified | FileState::Untracked | FileState::Absent => {
                stamps.push(format!("{name} is not committed as it was read"));
                Committed::No
            }
        };
        Ok(Some((name, text, committed)))
    }

    /// Names of the files in a folder.
    fn names(&self, folder: &Path) -> Result<Vec<String>, AppError> {
        let Some(top) = self.top else {
            let depth = folder.components().count();
            let paths =
                self.user.paths(self.head)?.into_iter().map(|path| PathBuf::from(path.lossy().into_owned()));
            let inside =
                paths.filter(|path| path.starts_with(folder) && path.components().count() == depth + 1);
            return Ok(inside
                .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
                .collect());
        };
        let entries = fs::entries(&top.join(folder))?;
        Ok(entries.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect())
    }
}
