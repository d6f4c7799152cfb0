//! A place with a user's repository, a HOME and a workspace, and a way to run scripts there.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use optiloop::confine::{SANDBOXES, Sandbox};
use optiloop::model::command::{Finished, Limits};
use optiloop::model::launch::{
    Bind, Confinement, Job, LauncherPath, Network, Sampling, SandboxFacts, Wrapped,
};
use optiloop::process::error::ProcessError;
use optiloop::process::{facts, run};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const NOBODY: u32 = 65534;

/// Who runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum User {
    Own,
    Nobody,
}

/// One sandbox, one user, folders of their own.
pub(crate) struct World {
    pub(crate) sandbox: &'static dyn Sandbox,
    pub(crate) user: User,
    pub(crate) launcher: LauncherPath,
    folder: TempDir,
}

/// What `SANDBOXES` can do here. A missing one is a failure where `CI` is set.
pub(crate) async fn facts() -> SandboxFacts {
    facts::probe(&LauncherPath(env!("CARGO_BIN_EXE_optiloop").into())).await
}

impl World {
    /// Every sandbox with every user.
    pub(crate) async fn all() -> Vec<Self> {
        let facts = facts().await;
        let mut worlds = Vec::new();
        for sandbox in SANDBOXES {
            if !sandbox.works(&facts) {
                skip(&format!("sandbox {}: {facts:?}", sandbox.name()));
                continue;
            }
            worlds.push(Self::new(*sandbox, User::Own));
            if !rustix::process::geteuid().is_root() {
                continue;
            }
            if facts::tool_version("setpriv", &["--version"]).await.is_none() {
                skip("setpriv: nothing is tried as nobody");
            } else {
                worlds.push(Self::new(*sandbox, User::Nobody));
            }
        }
        worlds
    }

    /// Those that hide and refuse things.
    pub(crate) async fn confined() -> Vec<Self> {
        Self::all().await.into_iter().filter(|world| world.sandbox.name() != "none").collect()
    }

    /// Without a sandbox, as the user who runs the tests.
    pub(crate) fn plain() -> Self {
        Self::new(*SANDBOXES.last().unwrap(), User::Own)
    }

    fn new(sandbox: &'static dyn Sandbox, user: User) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        // Copied, because a user's build folder need not be open to nobody.
        let launcher = folder.path().join("optiloop");
        std::fs::copy(env!("CARGO_BIN_EXE_optiloop"), &launcher).unwrap();
        for name in ["home", "home/tools", "repository", "work", "tmp"] {
            let path = folder.path().join(name);
            std::fs::create_dir(&path).unwrap();
            if user == User::Nobody {
                std::os::unix::fs::chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        for (name, text) in
            [("home/secret", "secret"), ("home/tools/tool", "tool"), ("repository/secret", "secret")]
        {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self { sandbox, user, launcher: LauncherPath(launcher), folder }
    }

    /// A path on the host, the same inside.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn confinement(&self) -> Confinement {
        Confinement {
            read_only: vec![Bind::same(self.path("home/tools"))],
            writable: vec![Bind::same(self.path("work"))],
            masked: vec![self.path("home"), self.path("repository")],
            tmp: self.path("tmp"),
            network: Network::Loopback,
        }
    }

    /// A shell script in the workspace; `$PLACE` is the folder all the paths are in.
    pub(crate) fn script(&self, script: &str) -> Job {
        self.job(&["/bin/sh", "-c", script])
    }

    pub(crate) fn job(&self, argv: &[&str]) -> Job {
        Job {
            argv: argv.iter().map(ToString::to_string).collect(),
            folder: self.path("work"),
            env: BTreeMap::from([
                ("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into()),
                ("PLACE".into(), self.folder.path().to_str().unwrap().into()),
            ]),
            limits: Limits { wall: Duration::from_mins(1), ..Limits::default() },
            sampling: Sampling::Off,
            services: Vec::new(),
        }
    }

    pub(crate) fn wrap(&self, job: Job) -> Wrapped {
        self.wrap_in(job, &self.confinement())
    }

    pub(crate) fn wrap_in(&self, job: Job, confinement: &Confinement) -> Wrapped {
        let mut wrapped = self.sandbox.wrap(job, confinement, &self.launcher);
        if self.user == User::Nobody {
            let to_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
            wrapped.argv.splice(0..0, to_nobody.map(str::to_owned));
        }
        wrapped
    }

    pub(crate) async fn run(&self, job: Job) -> Finished {
        self.try_run(job).await.unwrap()
    }

    pub(crate) async fn try_run(&self, job: Job) -> Result<Finished, ProcessError> {
        run::run(self.wrap(job), &CancellationToken::new()).await
    }

    /// What a script prints, standard error after standard output.
    pub(crate) async fn says(&self, script: &str) -> String {
        let finished = self.run(self.script(script)).await;
        finished.stdout.text() + &finished.stderr.text()
    }
}

impl std::fmt::Display for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} as {:?}", self.sandbox.name(), self.user)
    }
}

/// Says loudly what is not tested; a failure where `CI` is set.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
pub(crate) fn skip(what: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    eprintln!("SKIPPED {test}: {what}");
    assert!(std::env::var_os("CI").is_none(), "{test}: CI has every tool, but not {what}");
}

/// A fifo a tree keeps open for writing: its end says that every process of the tree is gone.
pub(crate) struct Pulse(std::fs::File);

impl Pulse {
    /// Lines for the head of a script, which must run in a folder where `pulse` can be made.
    pub(crate) const HOLD: &str = "exec 9>pulse; ";

    pub(crate) fn new(folder: &Path) -> Self {
        let path = folder.join("pulse");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &path,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o666),
            0,
        )
        .unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        // Not blocking, so that opening does not wait for the writer.
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::NONBLOCK;
        Self(rustix::fs::open(&path, flags, rustix::fs::Mode::empty()).unwrap().into())
    }

    /// Whether nobody holds it now.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(rustix::io::read(&self.0, &mut [0; 1]), Ok(0))
    }

    /// Waits until nobody holds it.
    pub(crate) fn wait_until_gone(&self) {
        rustix::io::ioctl_fionbio(&self.0, false).unwrap();
        assert_eq!(rustix::io::read(&self.0, &mut [0; 1]), Ok(0));
    }
}
