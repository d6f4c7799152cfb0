//! What children of the project need of the user's machine: toolchains, caches, a pinned environment.
//!
//! HOME itself is masked; what is named here is bound back read-only, without the credentials that lie beside
//! it. Start at [`hands`].

mod online;
mod versions;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::engine::record::Header;
use crate::model::command::{CommandSpec, Exit, Limits};
use crate::model::launch::{Job, LAUNCH_VERB, LauncherPath, Request, Sampling, Wrapped};
use crate::process;
use crate::vcs::user::UserRepository;

use super::environment::{Environment, OPTILOOP_DEPTH, OPTILOOP_LOCK};
use super::error::AppError;
use super::hands::{Hands, choose_sandbox};
use super::interpreters;
use super::roots::Roots;
use super::start::Context;

use online::{caches, module_cache, online};
pub use versions::versions;

/// Parts of HOME that toolchains live in; no folder here holds credentials.
const IN_HOME: &[&str] = &[
    ".cargo/bin",
    ".cargo/registry",
    ".cargo/git",
    ".cargo/env",
    ".rustup",
    "go/bin",
    "go/pkg",
    ".pyenv",
    ".asdf",
    ".local/share/mise",
    "miniconda3",
    "miniforge3",
    "anaconda3",
    ".nvm/versions",
    ".volta",
    ".local/share/fnm",
    ".local/bin",
    ".local/lib",
    ".local/share/uv",
    ".m2/repository",
    ".sdkman/candidates",
];
/// Variables that name toolchains and caches: taken from the user, with the place in HOME they default to.
const NAMED: &[(&str, Option<&str>)] = &[
    ("CARGO_HOME", Some(".cargo")),
    ("RUSTUP_HOME", Some(".rustup")),
    ("RUSTUP_TOOLCHAIN", None),
    ("GOROOT", None),
    ("GOPATH", Some("go")),
    ("GOMODCACHE", Some("go/pkg/mod")),
    ("GOTOOLCHAIN", None),
    ("PYENV_ROOT", Some(".pyenv")),
    ("JAVA_HOME", None),
    ("LD_LIBRARY_PATH", None),
];
/// Probes the machine and makes hands for the repository.
pub async fn hands(context: &Context, user: &UserRepository, roots: &Roots) -> Result<Hands, AppError> {
    let environment = &context.environment;
    let launcher = LauncherPath(environment.program.clone());
    let (facts, sandbox) = choose_sandbox(&launcher).await;
    let mut masked: Vec<PathBuf> = environment.home().into_iter().collect();
    masked.extend(user.root().map(Path::to_owned));
    masked.push(user.common_folder()?);
    masked.extend([roots.state.clone(), roots.work.clone()]);
    let interpreters = interpreters::find(environment, &context.folder, user.root()).await;
    let mut read_only = toolchains(environment, &masked);
    read_only.extend(interpreters.read_only);
    let mut env = pinned(environment);
    let first = interpreters.path.iter().map(|bin| bin.to_string_lossy().into_owned());
    let path: Vec<String> = first.chain(env.remove("PATH")).collect();
    env.insert("PATH".to_owned(), path.join(":"));
    Ok(Hands {
        launcher,
        facts,
        sandbox,
        env,
        read_only,
        caches: caches(environment),
        online: online(environment),
        of_user: environment.variables.clone(),
        masked,
        tmp: roots.tmp(),
        cancel: context.cancel.clone(),
    })
}

/// The environment of build, test and launch: the same whoever runs it and when.
fn pinned(environment: &Environment) -> BTreeMap<String, String> {
    let mut pinned: BTreeMap<String, String> = [
        ("LANG", "C.UTF-8"),
        ("LC_ALL", "C.UTF-8"),
        ("TZ", "UTC"),
        ("TERM", "dumb"),
        ("CARGO_TERM_COLOR", "never"),
        ("CARGO_NET_OFFLINE", "true"),
        ("CARGO_INCREMENTAL", "0"),
        ("GOFLAGS", "-buildvcs=false"),
        ("GOPROXY", "off"),
        ("GOTOOLCHAIN", "local"),
        ("PYTHONHASHSEED", "0"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("SOURCE_DATE_EPOCH", "315532800"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    if let Some(path) = environment.get("PATH") {
        pinned.insert("PATH".to_owned(), path.to_owned());
    }
    if let Some(modules) = module_cache(environment) {
        pinned.insert("GOMODCACHE".to_owned(), modules.to_string_lossy().into_owned());
    }
    for (name, place) in NAMED {
        let in_home = || Some(environment.home()?.join((*place)?)).filter(|path| path.exists());
        let value = environment.get(name).map(str::to_owned);
        let value = value.or_else(|| in_home().map(|path| path.to_string_lossy().into_owned()));
        if let Some(value) = value {
            pinned.insert((*name).to_owned(), value);
        }
    }
    pinned
}

/// Programs whose installation a build or a launch needs, wherever `PATH` finds them.
const INSTALLED: &[&str] = &["cargo", "rustc", "go", "node", "python3", "java", "mvn", "cc", "perf"];

/// Folders and files that are bound back: toolchains in HOME, what the user's variables name, and what `PATH`
/// finds outside of the system's own folders. Nothing that holds one of the `masked` folders is among them.
fn toolchains(environment: &Environment, masked: &[PathBuf]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let home = environment.home();
    if let Some(home) = &home {
        found.extend(IN_HOME.iter().map(|place| home.join(place)));
    }
    if let Some(cargo) = environment.get("CARGO_HOME").map(PathBuf::from) {
        found.extend(["bin", "registry", "git"].map(|part| cargo.join(part)));
    }
    let named = ["RUSTUP_HOME", "GOROOT", "GOPATH", "GOMODCACHE", "PYENV_ROOT", "JAVA_HOME"];
    found.extend(named.iter().filter_map(|name| environment.get(name)).map(PathBuf::from));
    let path: Vec<PathBuf> =
        environment.get("PATH").unwrap_or_default().split(':').map(PathBuf::from).collect();
    let programs = INSTALLED
        .iter()
        .filter_map(|name| path.iter().map(|folder| folder.join(name)).find(|at| at.is_file()));
    found.extend(programs.filter_map(|program| installation(&program, home.as_deref())));
    found.extend(path);
    found.retain(|at| at.is_absolute() && at.exists() && !masked.iter().any(|hidden| hidden.starts_with(at)));
    found.sort();
    found.dedup();
    found
}

/// The folder a program is installed in: `X` of `X/bin/program`, links followed. None right below HOME, where
/// credentials lie beside `bin` (`~/.cargo`): what is needed of those is listed by name.
fn installation(program: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let real = program.canonicalize().ok()?;
    let bin = real.parent().filter(|folder| folder.ends_with("bin"))?;
    let prefix = bin.parent().filter(|prefix| prefix.parent().is_some())?;
    (prefix.parent() != home).then(|| prefix.to_owned())
}

/// The agent's environment: the pinned variables, and those its plan names.
pub fn agent_environment(environment: &Environment, header: &Header) -> BTreeMap<String, String> {
    let mut allowed: BTreeMap<String, String> = BTreeMap::new();
    let plan = header.plan.agent.as_ref();
    let named = plan.into_iter().flat_map(|plan| plan.env.iter().map(String::as_str));
    for name in ["HOME", "PATH", "LANG", "USER", "SHELL", "TERM", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]
        .into_iter()
        .chain(named)
    {
        if let Some(value) = environment.get(name) {
            allowed.insert(name.to_owned(), value.to_owned());
        }
    }
    allowed
}

/// How many optiloops drive agents above this one.
pub fn depth(environment: &Environment) -> u32 {
    environment.get(OPTILOOP_DEPTH).and_then(|depth| depth.parse().ok()).unwrap_or(0)
}

/// The machine-wide measurement lock.
pub fn measurement_lock(environment: &Environment) -> PathBuf {
    environment.get(OPTILOOP_LOCK).map_or_else(process::lock::default_path, PathBuf::from)
}

/// Runs a command of our own (git for the demo), unconfined; what it must not do is fail.
pub async fn trusted(environment: &Environment, spec: &CommandSpec, folder: &Path) -> Result<(), AppError> {
    let mut env: BTreeMap<String, String> = BTreeMap::new();
    for name in ["PATH", "HOME"] {
        env.extend(environment.get(name).map(|value| (name.to_owned(), value.to_owned())));
    }
    let job = Job {
        argv: spec.argv.clone(),
        folder: folder.to_owned(),
        env,
        limits: Limits::default(),
        sampling: Sampling::Off,
        services: Vec::new(),
    };
    let wrapped = Wrapped {
        argv: vec![environment.program.to_string_lossy().into_owned(), LAUNCH_VERB.to_owned()],
        request: Request { job, landlock: None },
    };
    let finished = process::run::run(wrapped, &tokio_util::sync::CancellationToken::new()).await;
    let finished = finished.map_err(|error| AppError::World(error.into()))?;
    if let Exit::NotStarted(why) = &finished.exit {
        return Err(AppError::Environment {
            what: format!("{} is needed and could not be started: {why}", spec.argv[0]),
            hint: format!("install {} and put it on PATH", spec.argv[0]),
        });
    }
    if finished.exit.is_success() {
        return Ok(());
    }
    let said = finished.stderr.text();
    Err(AppError::Usage(format!("`{}`: {}: {}", spec.argv.join(" "), finished.exit, said.trim())))
}

#[cfg(test)]
mod tests;
