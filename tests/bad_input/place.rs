//! A small project in a temporary folder, and the real program run on it with nothing of this machine's.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use optiloop::model::id::Digest;
use tempfile::TempDir;

/// A benchmark of about 25 ms, in one launch.
const WORK: &str = "i=0\nwhile [ $i -lt 30000 ]; do i=$((i+1)); done\n";
const CONFIG: &str = r#"language = "generic"
collector = "none"
[target]
name = "spin"
[bench]
files = ["bench.sh"]
[[bench.case]]
name = "spin"
run = "sh bench.sh"
[[suite]]
kind = "command"
command = "sh tests/it.sh"
[agent]
transport = "command"
command = "true"
[budget]
iterations = 1
patience = 99
[policy]
preset = "quick"
"#;

/// The project `user` with one commit, a HOME, a store and a measuring lock of its own.
pub(crate) struct Place {
    base: String,
    _folder: TempDir,
}

/// What the program answered.
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self::without_commit();
        place.write("work.sh", WORK);
        place.write("bench.sh", ". ./work.sh\n");
        place.write("tests/it.sh", ". ./work.sh\ntest $i = 30000\n");
        place.write("optiloop.toml", CONFIG);
        place.commit();
        place
    }

    /// An empty repository.
    pub(crate) fn without_commit() -> Self {
        let folder = TempDir::new().unwrap();
        // The path as /proc shows it.
        let base = folder.path().canonicalize().unwrap().display().to_string();
        let place = Self { base, _folder: folder };
        for name in ["home", "user", "bin"] {
            std::fs::create_dir(place.path(name)).unwrap();
        }
        let config = "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n[protocol \"file\"]\n\tallow = always\n";
        std::fs::write(place.path("home/.gitconfig"), config).unwrap();
        place.git(&["init", "-q"]);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        Path::new(&self.base).join(name)
    }

    pub(crate) fn user(&self) -> PathBuf {
        self.path("user")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.user().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Replaces a text in optiloop.toml, which must be there.
    pub(crate) fn configure(&self, from: &str, to: &str) {
        let path = self.user().join("optiloop.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    /// Makes the agent a script outside of the project.
    pub(crate) fn agent(&self, script: &str) {
        std::fs::write(self.path("agent.sh"), script).unwrap();
        self.configure(
            "command = \"true\"",
            &format!("command = \"sh {}\"", self.path("agent.sh").display()),
        );
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "a commit"]);
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.user(), arguments)
    }

    pub(crate) fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = self.clean("git").args(arguments).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn clean(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.path("home"));
        command.env("GIT_CONFIG_SYSTEM", "/dev/null").env("XDG_STATE_HOME", self.path("state"));
        command.env("OPTILOOP_LOCK", self.path("lock")).current_dir(self.user()).stdin(Stdio::null());
        command
    }

    /// The program in the project, to be changed and started with [`Self::told`].
    pub(crate) fn optiloop(&self, arguments: &[&str]) -> Command {
        let mut command = self.clean(env!("CARGO_BIN_EXE_optiloop"));
        command.args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Told {
        self.told(self.optiloop(arguments))
    }

    /// Runs it; nothing of the user's may change but the runs' branches, and nothing may be left running.
    pub(crate) fn told(&self, mut command: Command) -> Told {
        let before = fingerprint(&self.user());
        let output = command.output().unwrap();
        assert_eq!(fingerprint(&self.user()), before, "the user's files changed");
        assert_eq!(self.left_running(), Vec::<String>::new());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Told {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Processes whose environment names this place. The last of a killed tree may be seen while the kernel
    /// takes it down, so it is looked for again for a while.
    fn left_running(&self) -> Vec<String> {
        let began = Instant::now();
        loop {
            let found = self.mine();
            if found.is_empty() || began.elapsed() > Duration::from_secs(5) {
                return found;
            }
            std::thread::yield_now();
        }
    }

    fn mine(&self) -> Vec<String> {
        let marked = |path: &Path| {
            let environment = std::fs::read(path.join("environ")).unwrap_or_default();
            environment.windows(self.base.len()).any(|window| window == self.base.as_bytes())
        };
        let processes = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        let name = |path: &Path| {
            std::fs::read_to_string(path.join("cmdline")).unwrap_or_default().replace('\0', " ")
        };
        processes
            .filter(|path| marked(path))
            .map(|path| name(&path))
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// The verdicts of the last run, as `(proposal, kind of rejection or verdict, the whole)`.
    pub(crate) fn verdicts(&self) -> Vec<(u64, String, String)> {
        let lines = self.run(&["log", "--json"]).stdout;
        let values = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        values.filter_map(|value| verdict(&value)).collect()
    }
}

impl Told {
    /// Checks the exit code, and that each of the words was said.
    #[track_caller]
    pub(crate) fn ends(&self, code: i32, words: &[&str]) {
        let said = format!("{}{}", self.stderr, self.stdout);
        assert_eq!(self.code, code, "{said}");
        for word in words {
            assert!(said.contains(word), "{word:?} is not in: {said}");
        }
        assert!(!said.contains("panicked"), "{said}");
    }
}

fn verdict(value: &serde_json::Value) -> Option<(u64, String, String)> {
    let record = value.get("record").filter(|record| record.is_object()).unwrap_or(value);
    let verdict = record.get("verdict")?;
    let kind = ["/reason/kind", "/verdict/reason/kind", "/verdict"]
        .iter()
        .find_map(|at| verdict.pointer(at)?.as_str());
    let kind = kind.map_or_else(|| verdict.to_string(), str::to_owned);
    Some((record.get("iteration")?.as_u64()?, kind, verdict.to_string()))
}

/// Every file of the user's with what it is; what a run may add under `.git` is left out.
fn fingerprint(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            let meta = std::fs::symlink_metadata(&path).unwrap();
            let name = path.strip_prefix(folder).unwrap();
            let ours = [".git/objects/", ".git/refs/heads/optiloop", ".git/logs/refs/heads/optiloop"];
            if ours.iter().any(|ours| name.as_os_str().as_bytes().starts_with(ours.as_bytes())) {
                continue;
            }
            if meta.is_dir() {
                open.push(path.clone());
                continue;
            }
            let content = if meta.is_symlink() {
                std::fs::read_link(&path).unwrap().display().to_string()
            } else {
                Digest::of(&std::fs::read(&path).unwrap_or_default()).to_string()
            };
            found.insert(
                name.to_owned(),
                format!("{:o} {}.{} {content}", meta.mode(), meta.mtime(), meta.mtime_nsec()),
            );
        }
    }
    found
}

/// A test that cannot run here is named, and fails where everything should be there.
pub(crate) fn skip(test: &str, why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{test}: {why}");
    eprintln!("SKIPPED {test}: {why}");
}
