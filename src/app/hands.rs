//! Runs commands of the project: confined, accounted, with a pinned environment.
//!
//! Not here: which commands (`bench`, `suite`, `collect`), what their output means. Start at [`Hands::run`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::confine::{self, Sandbox};
use crate::model::command::{CommandSpec, Finished, Limits};
use crate::model::launch::{
    Bind, Confinement, ConfinementStamp, Job, LauncherPath, Network, Sampling, SandboxFacts,
};
use crate::model::service::{Ready, ServicePlan, Stop};
use crate::process;

use super::results::Results;
use super::roots;
use super::world::WorldError;

/// Where a child sees the folder it works in, where the sandbox can move it: the same for both sides.
pub(super) const NEUTRAL: &str = "/tmp/optiloop";
/// Where a child sees the caches of its workspace, likewise.
const CACHES: &str = "/tmp/optiloop-caches";
/// Of a child's private folder: its HOME.
const HOME: &str = "home";
/// In a variable: the project's root as the child sees it.
const ROOT: &str = "{root}";
/// Where package managers put a project's own programs.
const OWN_PROGRAMS: &[&str] = &[".venv/bin", "node_modules/.bin"];

/// How children are run on this machine.
#[derive(Clone)]
pub struct Hands {
    /// Our own binary.
    pub launcher: LauncherPath,
    /// What the machine offers.
    pub facts: SandboxFacts,
    /// The sandbox that was chosen.
    pub sandbox: &'static dyn Sandbox,
    /// Pinned environment of build, test and launch.
    pub env: BTreeMap<String, String>,
    /// Toolchains and caches children may read.
    pub read_only: Vec<PathBuf>,
    /// Caches of packages that `setup` may fill and every other child may read, where they are there.
    pub caches: Vec<PathBuf>,
    /// Variables of `setup` alone: the way to the network in place of the pins that close it.
    pub online: BTreeMap<String, String>,
    /// The user's own variables, of which `setup` gets those that config names.
    pub of_user: BTreeMap<String, String>,
    /// What children must not see: HOME, the user's repository, our roots.
    pub masked: Vec<PathBuf>,
    /// Private temporary folders are made below this.
    pub tmp: PathBuf,
    /// Ends everything.
    pub cancel: CancellationToken,
}

impl std::fmt::Debug for Hands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hands").field("sandbox", &self.sandbox.name()).finish_non_exhaustive()
    }
}

/// Whether a child may write in the folder it works in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A workspace, and the caches beside it.
    Writable,
    /// Built artifacts.
    ReadOnly,
}

/// One command to run.
#[derive(Debug)]
pub struct Errand<'a> {
    /// The command, relative to `folder`.
    pub spec: &'a CommandSpec,
    /// The host folder it works in.
    pub folder: &'a Path,
    /// Project root inside that folder, where the command's own folder starts.
    pub root: &'a Path,
    /// Whether it may write there.
    pub access: Access,
    /// Limits.
    pub limits: Limits,
    /// Whether threads are sampled.
    pub sampling: Sampling,
    /// Network.
    pub network: Network,
    /// Variables on top of the pinned ones.
    pub env: BTreeMap<String, String>,
    /// Host folders it may write besides, such as caches of this workspace.
    pub writable: Vec<PathBuf>,
    /// Files of the user's HOME it may read, relative to that; it finds them in its own.
    pub lent: &'a [PathBuf],
    /// Services it needs; their folders are relative to the project's root.
    pub services: &'a [ServicePlan],
}

impl<'a> Errand<'a> {
    /// A confined command in a workspace.
    pub fn in_workspace(spec: &'a CommandSpec, folder: &'a Path, root: &'a Path) -> Self {
        Self {
            spec,
            folder,
            root,
            access: Access::Writable,
            limits: Limits::default(),
            sampling: Sampling::Off,
            network: Network::Loopback,
            env: BTreeMap::new(),
            writable: Vec::new(),
            lent: &[],
            services: &[],
        }
    }
}

impl Hands {
    /// The same with a plan's variables on top of the pinned ones.
    #[must_use]
    pub fn with_env(&self, env: &BTreeMap<String, String>) -> Self {
        let mut hands = self.clone();
        hands.env.extend(env.clone());
        hands
    }

    /// Runs it and waits; whatever way it ends is in the answer.
    pub async fn run(&self, errand: Errand<'_>) -> Result<Finished, WorldError> {
        let tmp = tempfile::Builder::new().prefix("t").tempdir_in(&self.tmp).map_err(|source| {
            crate::fs::PathError { doing: "create a folder in", path: self.tmp.clone(), source }
        })?;
        if errand.access == Access::Writable {
            crate::fs::create_private_folder(&roots::caches(errand.folder))?;
        }
        let lent = self.lend(errand.lent, tmp.path())?;
        let results = Results::expected(&errand, tmp.path())?;
        let (mut job, mut confinement) = self.prepare(errand, tmp.path());
        confinement.read_only.extend(lent);
        results.name_in(&mut job);
        let wrapped = self.sandbox.wrap(job, &confinement, &self.launcher);
        let mut finished = process::run::run(wrapped, &self.cancel).await?;
        if self.cancel.is_cancelled() {
            return Err(WorldError::Interrupted);
        }
        finished.results = results.read()?;
        Ok(finished)
    }

    /// Puts links to files of the user's HOME into the child's, and lets it see what they lead to.
    fn lend(&self, files: &[PathBuf], tmp: &Path) -> Result<Vec<Bind>, WorldError> {
        let Some(home) = self.of_user.get("HOME").map(Path::new) else { return Ok(Vec::new()) };
        let mut binds = Vec::new();
        for file in files {
            let (from, to) = (home.join(file), tmp.join(HOME).join(file));
            crate::fs::create_private_folder(to.parent().unwrap_or(tmp))?;
            crate::fs::link(&from, &to)?;
            binds.push(Bind::same(from));
        }
        Ok(binds)
    }

    /// A path as a child in `folder` names it, as it is on the host.
    pub fn on_host(&self, path: &Path, folder: &Path) -> PathBuf {
        let bind = Bind { from: folder.to_owned(), to: PathBuf::from(NEUTRAL) };
        match path.strip_prefix(self.sandbox.seen(&bind)) {
            Ok(inside) => folder.join(inside),
            Err(_) => path.to_owned(),
        }
    }

    /// What is in force for build, test and launch.
    pub fn stamp(&self) -> ConfinementStamp {
        let confinement = Confinement {
            read_only: Vec::new(),
            writable: Vec::new(),
            masked: self.masked.clone(),
            tmp: self.tmp.clone(),
            network: Network::Loopback,
        };
        self.sandbox.stamp(&self.facts, &confinement)
    }

    fn prepare(&self, errand: Errand<'_>, tmp: &Path) -> (Job, Confinement) {
        let Errand {
            spec,
            folder,
            root,
            access,
            mut limits,
            sampling,
            network,
            env,
            writable,
            services,
            lent: _,
        } = errand;
        let bind = Bind { from: folder.to_owned(), to: PathBuf::from(NEUTRAL) };
        let seen = self.sandbox.seen(&bind).to_owned();
        let caches = self.caches.iter().filter(|cache| cache.exists());
        let mut read_only: Vec<Bind> = self.read_only.iter().chain(caches).map(Bind::same).collect();
        let mut writable: Vec<Bind> = writable.into_iter().map(Bind::same).collect();
        let mut whole = self.env.clone();
        match access {
            Access::Writable => {
                // HOME is new for each child: tools (Go's build cache) find what they built before only here.
                let caches = Bind { from: roots::caches(folder), to: PathBuf::from(CACHES) };
                let seen = self.sandbox.seen(&caches).to_string_lossy().into_owned();
                whole.insert("XDG_CACHE_HOME".to_owned(), seen);
                writable.extend([bind, caches]);
            }
            Access::ReadOnly => read_only.push(bind),
        }
        let home = tmp.join(HOME);
        whole.insert("HOME".to_owned(), home.to_string_lossy().into_owned());
        whole.extend(env);
        whole.extend(spec.env.clone());
        let seen_root = seen.join(root);
        place(&mut whole, &seen_root, &own_programs(folder, root, &seen));
        // They may take their time; the command has its own.
        limits.wall += services.iter().map(|service| 2 * service.timeout).sum::<Duration>();
        let job = Job {
            argv: spec.argv.clone(),
            folder: seen_root.join(&spec.folder),
            env: whole,
            limits,
            sampling,
            services: services.iter().map(|service| placed(service, &seen_root)).collect(),
        };
        let masked = self.masked.clone();
        (job, Confinement { read_only, writable, masked, tmp: tmp.to_owned(), network })
    }
}

/// A service with its commands where they run.
fn placed(service: &ServicePlan, root: &Path) -> ServicePlan {
    let mut service = service.clone();
    let place = |spec: &mut CommandSpec| spec.folder = root.join(&spec.folder);
    place(&mut service.start);
    if let Ready::Command(command) = &mut service.ready {
        place(command);
    }
    if let Stop::Command(command) = &mut service.stop {
        place(command);
    }
    service
}

/// Puts the project's root, as the child sees it, where a variable asks for it, and the project's own programs first
/// in `PATH`.
fn place(env: &mut BTreeMap<String, String>, root: &Path, own: &[PathBuf]) {
    let root = root.to_string_lossy();
    for value in env.values_mut().filter(|value| value.contains(ROOT)) {
        *value = value.replace(ROOT, &root);
    }
    let own = own.iter().map(|folder| folder.to_string_lossy().into_owned());
    let path: Vec<String> = own.chain(env.remove("PATH")).collect();
    env.insert("PATH".to_owned(), path.join(":"));
}

/// Folders with programs that `setup` made, nearest first: of the project, and of what it is a part of.
fn own_programs(folder: &Path, root: &Path, seen: &Path) -> Vec<PathBuf> {
    let places = root.ancestors().flat_map(|at| OWN_PROGRAMS.iter().map(|programs| at.join(programs)));
    places.filter(|at| folder.join(at).is_dir()).map(|at| seen.join(at)).collect()
}

/// Probes the machine and chooses the strongest sandbox that works on it.
pub async fn choose_sandbox(launcher: &LauncherPath) -> (SandboxFacts, &'static dyn Sandbox) {
    let facts = process::facts::probe(launcher).await;
    let sandbox = confine::choose(&facts);
    (facts, sandbox)
}
