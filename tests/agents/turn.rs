//! A turn to ask an agent for: its folders, request and plan.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use optiloop::agent::Agent;
use optiloop::agent::spool::Spool;
use optiloop::fs;
use optiloop::model::id::Iteration;
use optiloop::model::launch::LauncherPath;
use optiloop::model::plan::AgentPlan;
use optiloop::model::proposal::{AgentEvent, Proposed, TurnRequest};
use optiloop::model::spool::{SpoolAttempts, SpoolBrief};
use tokio_util::sync::CancellationToken;

/// The folders of one turn, and what is asked in it.
#[derive(Debug)]
pub(crate) struct Turn {
    folder: tempfile::TempDir,
    pub(crate) request: TurnRequest,
}

impl Turn {
    /// A turn in a workspace that holds `a.txt` with `hello`.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["store/workspace", "store/tmp", "home", "codex"] {
            fs::create_folder(&path(name)).unwrap();
        }
        fs::replace(&path("store/workspace/a.txt"), b"hello\n").unwrap();
        let brief = "Make parse cheaper.".to_owned();
        let hotspots = vec!["h1".to_owned()];
        let spooled = SpoolBrief { iteration: Iteration(1), text: brief.clone(), hotspots };
        Spool::prepare(&path("store/spool"), &spooled, &SpoolAttempts::default()).unwrap();
        let text = |name: &str| path(name).to_string_lossy().into_owned();
        let env = BTreeMap::from([
            ("PATH".to_owned(), "/usr/local/bin:/usr/bin:/bin".to_owned()),
            ("HOME".to_owned(), text("home")),
            ("CODEX_HOME".to_owned(), text("codex")),
            ("MODEL_KEY".to_owned(), "the key".to_owned()),
        ]);
        let request = TurnRequest {
            attempt: 1,
            brief,
            workspace: path("store/workspace"),
            spool: path("store/spool"),
            tmp: path("store/tmp"),
            hidden: path("store"),
            env,
            depth: 0,
            wall: Duration::from_mins(2),
            idle: Duration::from_mins(1),
            optiloop: LauncherPath(env!("CARGO_BIN_EXE_optiloop").into()),
        };
        Self { folder, request }
    }

    /// The folder all of it is in.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// What is in the workspace's only file.
    pub(crate) fn edited(&self) -> String {
        fs::read_text(&self.request.workspace.join("a.txt")).unwrap()
    }

    /// Asks the agent of `plan`.
    pub(crate) async fn ask(&self, plan: &AgentPlan) -> Proposed {
        self.ask_watched(plan, &mut |_| {}, &CancellationToken::new()).await
    }

    /// Asks the agent of `plan`; `events` sees what it shows.
    pub(crate) async fn ask_watched(
        &self,
        plan: &AgentPlan,
        events: &mut dyn FnMut(AgentEvent),
        cancel: &CancellationToken,
    ) -> Proposed {
        Agent::open(plan).unwrap().propose(&self.request, events, cancel).await
    }
}

/// A plan with nothing but its transport and command.
pub(crate) fn plan(transport: &str, command: &[&str]) -> AgentPlan {
    AgentPlan {
        transport: transport.into(),
        command: command.iter().map(|&word| word.to_owned()).collect(),
        proposals: None,
        model: None,
        env: Vec::new(),
        wall: Duration::from_mins(2),
        idle: Duration::from_mins(1),
        settings: Vec::new(),
    }
}

/// The command lines of all processes that name `needle`.
pub(crate) fn processes_naming(needle: &str) -> Vec<String> {
    let numbered =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes()[0].is_ascii_digit());
    let processes = fs::entries(Path::new("/proc")).unwrap().into_iter().filter(numbered);
    // A process may end between being listed and being read.
    let lines = processes.filter_map(|path| fs::read(&path.join("cmdline")).ok());
    lines
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(needle))
        .collect()
}
