//! A short run: a C program in a repository of its own, an agent that is a script, and a counter.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use optiloop::app::roots::Roots;
use optiloop::engine::record::{Entry, Record};
use optiloop::journal::Journal;
use optiloop::model::id::RunId;
use optiloop::model::verdict::Verdict;

use super::counter::Counter;

/// What starts a run.
pub(crate) const RUN: &[&str] = &["run", "--preset", "quick"];

/// A repository with its store, agent and counter.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    pub(crate) counter: Counter,
}

/// How a run ended, as far as no clock and no coin has a part in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct End {
    verdicts: Vec<String>,
    changes: String,
    stopped: bool,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self::edited(&[])
    }

    /// With `(file, what, by what)` replaced before the first commit.
    pub(crate) fn edited(edits: &[(&str, &str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), counter: Counter::new() };
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/programs/counted");
        for folder in [project.repository(), project.home(), project.agent()] {
            std::fs::create_dir_all(folder).unwrap();
        }
        for entry in std::fs::read_dir(program).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, project.repository().join(path.file_name().unwrap())).unwrap();
        }
        let script = project.agent().join("agent.sh");
        std::fs::rename(project.repository().join("agent.sh"), &script).unwrap();
        let socket = format!("#define SOCKET \"{}\"\n", project.counter.path().display());
        project.write("socket.h", &socket);
        project.write(".gitignore", "/bench\n/check\n*.ignored\n");
        let config = std::fs::read_to_string(project.repository().join("optiloop.toml")).unwrap();
        let agent =
            format!("\n[agent]\ntransport = \"command\"\ncommand = [\"sh\", \"{}\"]\n", script.display());
        project.write("optiloop.toml", &(config + &agent));
        for (file, what, by) in edits {
            let text = std::fs::read_to_string(project.repository().join(file)).unwrap();
            assert!(text.contains(what), "{file} has no {what}");
            project.write(file, &text.replace(what, by));
        }
        let mut cc = Command::new("cc");
        let told = cc.current_dir(project.repository()).args(["-o"]).arg(project.agent().join("tell"));
        assert!(told.args(["tell.c", "count.c"]).status().unwrap().success());
        project.git(&["init", "-q", "-b", "main"]);
        project.git(&["config", "user.name", "A Person"]);
        project.git(&["config", "user.email", "person@example.invalid"]);
        project.git(&["add", "-A"]);
        project.git(&["commit", "-q", "-m", "first"]);
        project
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn repository(&self) -> PathBuf {
        self.folder().join("repository")
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.folder().join("store")
    }

    /// Where the script lies; the file `hang` in it makes the agent hang and ignore every signal that asks.
    pub(crate) fn agent(&self) -> PathBuf {
        self.folder().join("agent")
    }

    fn home(&self) -> PathBuf {
        self.folder().join("home")
    }

    pub(crate) fn roots(&self) -> Roots {
        Roots::below(&self.store(), &self.repository().join(".git"))
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.repository().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn set_mode(&self, file: &str, mode: u32) {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.repository().join(file), permissions).unwrap();
    }

    /// What git says to this, without hooks and without the machine's configuration.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        let output = git.current_dir(self.repository()).args(["-c", "core.hooksPath=/dev/null"]);
        let output = output.args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The program in the repository, with a HOME, a lock and a store of its own.
    pub(crate) fn optiloop(&self, arguments: &[&str]) -> Command {
        self.with_store(&self.store(), arguments)
    }

    pub(crate) fn with_store(&self, store: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_optiloop"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("HOME", self.home()).env("PATH", path).env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.env("OPTILOOP_LOCK", self.folder().join("lock"));
        command.current_dir(self.repository()).arg("--store").arg(store).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Every record of the one run; none where none was begun.
    pub(crate) fn records(&self) -> Vec<Entry> {
        let path = self.roots().journal();
        if !path.exists() {
            return Vec::new();
        }
        let journal = Journal::open(&path).unwrap();
        let runs = journal.runs().unwrap();
        let Some(run) = runs.first() else { return Vec::new() };
        journal.records(&run.run).unwrap().iter().map(|row| row.read().unwrap()).collect()
    }

    pub(crate) fn run(&self) -> RunId {
        match &self.records().first().expect("a run has begun").record {
            Record::Started(header) => header.run.clone(),
            other => panic!("a run begins with {}", other.kind()),
        }
    }

    /// How the run ended, by the journal and by the branch, which must agree.
    pub(crate) fn end(&self) -> End {
        let records = self.records();
        let verdict = |verdict: &Verdict| match verdict {
            Verdict::Accepted => "accepted".to_owned(),
            Verdict::Rejected { reason } => reason.kind().to_owned(),
            Verdict::Held { .. } => "held".to_owned(),
        };
        let (mut verdicts, mut landed) = (Vec::new(), Vec::new());
        for entry in &records {
            match &entry.record {
                Record::Judged(judged) => verdicts.push(verdict(&judged.verdict)),
                Record::Landed(head) => landed.push(head.head.tree.to_string()),
                _ => {}
            }
        }
        let branch = format!("optiloop/{}", self.run());
        let trees = self.git(&["log", "--reverse", "--format=%T", &format!("main..{branch}")]);
        assert_eq!(trees.lines().collect::<Vec<_>>(), landed, "the branch holds what the journal says");
        let stopped = matches!(records.last().map(|entry| &entry.record), Some(Record::Stopped { .. }));
        End { verdicts, changes: self.changes(), stopped }
    }

    /// Every landed change with the digests of the files before and after it. The trees themselves hold the path
    /// of this project's own counter.
    pub(crate) fn changes(&self) -> String {
        let range = ["--glob=refs/heads/optiloop/*", "--not", "main"];
        self.git(&[&["log", "-p", "--full-index", "--format=%s"][..], &range].concat())
    }

    /// Processes of the run that are still there after five seconds, by what they are.
    pub(crate) fn left_behind(&self) -> Vec<String> {
        let limit = Instant::now() + Duration::from_secs(5);
        loop {
            let there = processes(self.folder());
            if there.is_empty() || Instant::now() > limit {
                return there;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Processes whose words or environment name `folder`.
fn processes(folder: &Path) -> Vec<String> {
    let mark = folder.to_string_lossy().into_owned();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let read = |name: &str| std::fs::read(entry.path().join(name)).unwrap_or_default();
        let words = String::from_utf8_lossy(&read("cmdline")).replace('\0', " ");
        if words.contains(&mark) || String::from_utf8_lossy(&read("environ")).contains(&mark) {
            found.push(format!("{}: {words}", entry.file_name().display()));
        }
    }
    found
}

/// A run that nobody disturbed, made once for all tests, which must leave it as it is.
pub(crate) struct Whole {
    pub(crate) project: Project,
    pub(crate) took: Duration,
}

pub(crate) fn whole() -> &'static Whole {
    static WHOLE: OnceLock<Whole> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let project = Project::new();
        let begun = Instant::now();
        let output = project.optiloop(RUN).output().unwrap();
        let took = begun.elapsed();
        assert_eq!(code(&output), 0, "{}", said(&output));
        let end = project.end();
        assert_eq!(end.verdicts, ["tests_failed", "protected_path", "accepted", "same_code"]);
        assert!(end.stopped && end.changes.starts_with("Turn 3\n"), "{end:?}");
        Whole { project, took }
    })
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}
