//! Small projects with a quadratic spot, and the real binary run on them with nothing of this machine's user.
#![expect(clippy::disallowed_methods, reason = "a test finds toolchains and fingerprints a checkout")]

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use optiloop::engine::record::{Entry, Header, Record};
use optiloop::fs;
use optiloop::journal::Journal;
use optiloop::model::id::Digest;
use optiloop::model::verdict::Verdict;
use tempfile::TempDir;

/// What an agent is asked to make cheaper, and the edits of its script.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject {
    /// The target as the user names it.
    pub(crate) target: &'static str,
    /// `optiloop.toml` without the agent.
    config: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// A patch that changes nothing a machine could notice.
    pub(crate) no_op: &'static str,
    /// A patch that takes the quadratic spot away.
    pub(crate) fix: &'static str,
}

/// A Go module.
pub(crate) const GO: Subject = Subject {
    target: "BenchmarkUnique",
    config: "[bench]\niterations = 80\n\n[[suite]]\nkind = \"go_test\"\ncommand = \"go test -vet=off ./...\"\n",
    files: &[
        ("go.mod", "module example.invalid/words\n\ngo 1.21\n"),
        (".gitignore", "/.optiloop/\n"),
        (
            "words.go",
            "// Package words counts words.\npackage words\n\n// Unique gives each word once, in the order of first use.\n\
             func Unique(words []string) []string {\n\tvar unique []string\n\tfor _, word := range words {\n\
             \t\tseen := false\n\t\tfor _, known := range unique {\n\t\t\tif known == word {\n\t\t\t\tseen = true\n\
             \t\t\t}\n\t\t}\n\t\tif !seen {\n\t\t\tunique = append(unique, word)\n\t\t}\n\t}\n\treturn unique\n}\n",
        ),
        (
            "words_test.go",
            "package words\n\nimport (\n\t\"strconv\"\n\t\"testing\"\n)\n\n\
             func TestUnique(t *testing.T) {\n\tgot := Unique([]string{\"a\", \"b\", \"a\"})\n\
             \tif len(got) != 2 || got[0] != \"a\" || got[1] != \"b\" {\n\t\tt.Fatal(got)\n\t}\n}\n\n\
             func BenchmarkUnique(b *testing.B) {\n\tvar words []string\n\tfor i := 0; i < 800; i++ {\n\
             \t\twords = append(words, strconv.Itoa(i%600))\n\t}\n\tb.ResetTimer()\n\
             \tfor i := 0; i < b.N; i++ {\n\t\tUnique(words)\n\t}\n}\n\n\
             func BenchmarkSizes(b *testing.B) {\n\tfor _, size := range []int{300, 600} {\n\
             \t\tb.Run(strconv.Itoa(size), func(b *testing.B) {\n\t\t\tvar words []string\n\
             \t\t\tfor i := 0; i < size; i++ {\n\t\t\t\twords = append(words, strconv.Itoa(i))\n\t\t\t}\n\
             \t\t\tfor i := 0; i < b.N; i++ {\n\t\t\t\tUnique(words)\n\t\t\t}\n\t\t})\n\t}\n}\n",
        ),
    ],
    no_op: "*** Begin Patch\n*** Update File: words.go\n@@\n-\t\tfor _, known := range unique {\n\
            -\t\t\tif known == word {\n+\t\tfor _, other := range unique {\n+\t\t\tif other == word {\n*** End Patch\n",
    fix: "*** Begin Patch\n*** Update File: words.go\n@@\n \tvar unique []string\n+\tknown := make(map[string]bool)\n\
          \x20\tfor _, word := range words {\n-\t\tseen := false\n-\t\tfor _, known := range unique {\n\
          -\t\t\tif known == word {\n-\t\t\t\tseen = true\n-\t\t\t}\n-\t\t}\n-\t\tif !seen {\n+\t\tif !known[word] {\n\
          +\t\t\tknown[word] = true\n \t\t\tunique = append(unique, word)\n*** End Patch\n",
};

/// A Cargo package that builds, tests and runs only with the variable its config sets.
pub(crate) const RUST: Subject = Subject {
    target: "unique",
    config: "[bench]\nbuild = \"cargo build --release --offline --bin unique_bench\"\n\
             artifacts = [\"target/release/unique_bench\"]\niterations = 60\nfiles = [\"src/bin/**\"]\n\n\
             [[bench.case]]\nname = \"unique\"\nrun = \"target/release/unique_bench {n}\"\n\n\
             [[suite]]\nkind = \"cargo\"\ncommand = \"cargo test --offline\"\n\n\
             [env]\nWORDS = \"set\"\n",
    files: &[
        (
            "Cargo.toml",
            "[package]\nname = \"words\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[lib]\ndoctest = false\n\n\
             [[bin]]\nname = \"unique_bench\"\ntest = false\n",
        ),
        ("Cargo.lock", "version = 3\n\n[[package]]\nname = \"words\"\nversion = \"0.1.0\"\n"),
        (".gitignore", "/target\n"),
        (
            "src/lib.rs",
            "//! Counts words.\n\n/// Each word once, in the order of first use.\n\
             pub fn unique(words: &[String]) -> Vec<&str> {\n    let mut unique: Vec<&str> = Vec::new();\n\
             \x20   for word in words {\n        let mut seen = false;\n        for known in &unique {\n\
             \x20           seen |= known == word;\n        }\n        if !seen {\n            unique.push(word);\n\
             \x20       }\n    }\n    unique\n}\n",
        ),
        (
            "tests/unique.rs",
            "#[test]\nfn each_word_is_given_once() {\n    assert_eq!(std::env::var(\"WORDS\").as_deref(), Ok(\"set\"));\n    let words = [\"a\", \"b\", \"a\"].map(str::to_owned);\n\
             \x20   assert_eq!(words::unique(&words), [\"a\", \"b\"]);\n}\n",
        ),
        (
            "src/bin/unique_bench.rs",
            "fn main() {\n    assert_eq!(std::env::var(\"WORDS\").as_deref(), Ok(env!(\"WORDS\")));\n    let n: u32 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);\n\
             \x20   let words: Vec<String> = (0..800).map(|i| (i % 600).to_string()).collect();\n\
             \x20   for _ in 0..n {\n        std::hint::black_box(words::unique(std::hint::black_box(&words)));\n    }\n}\n",
        ),
    ],
    no_op: "*** Begin Patch\n*** Update File: src/lib.rs\n@@\n-        for known in &unique {\n\
            -            seen |= known == word;\n+        for other in &unique {\n+            seen |= other == word;\n\
            *** End Patch\n",
    fix: "*** Begin Patch\n*** Update File: src/lib.rs\n@@\n     let mut unique: Vec<&str> = Vec::new();\n\
          +    let mut known = std::collections::HashSet::new();\n     for word in words {\n-        let mut seen = false;\n\
          -        for known in &unique {\n-            seen |= known == word;\n-        }\n-        if !seen {\n\
          +        if known.insert(word) {\n             unique.push(word);\n*** End Patch\n",
};

/// A subject as a committed repository, with a HOME and a store of its own.
#[derive(Debug)]
pub(crate) struct Project {
    folder: TempDir,
}

/// How the binary ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// The repository of `subject`, the `[agent]` table in its committed config.
    pub(crate) fn new(subject: Subject, agent: &toml::Table) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        for name in ["home", "user"] {
            fs::create_folder(&project.path(name)).unwrap();
        }
        project.git(&["init", "-q", "-b", "main"]);
        project.git(&["config", "user.name", "A Person"]);
        project.git(&["config", "user.email", "person@example.invalid"]);
        for (name, text) in subject.files {
            project.write(name, text);
        }
        // On a busy machine such short launches seem to wait for other things than a core, one side more.
        let policy = toml::Table::from_iter([("parallelism".to_owned(), "allow".into())]);
        let tables = [("agent".to_owned(), agent.clone().into()), ("policy".to_owned(), policy.into())];
        let agent = toml::Table::from_iter(tables);
        project.write("optiloop.toml", &format!("{}\n{agent}", subject.config));
        project.git(&["add", "-A"]);
        project.git(&["commit", "-q", "-m", "first"]);
        // Work in progress that no run may touch.
        project.write("notes.txt", "not committed\n");
        project
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path("user").join(name);
        fs::create_folder(path.parent().unwrap()).unwrap();
        fs::replace(&path, text.as_bytes()).unwrap();
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        let output = command.current_dir(self.path("user")).args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Runs the binary and waits, without holding up whoever else runs on this thread.
    pub(crate) async fn optiloop(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::cargo_bin("optiloop").unwrap();
        command
            .env_clear()
            .env("HOME", self.path("home"))
            .env("PATH", path())
            .env("MODEL_KEY", "the key")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            // These tests measure one after the other, and wait for nobody else's measurements.
            .env("OPTILOOP_LOCK", Path::new(env!("CARGO_TARGET_TMPDIR")).join("agents.lock"))
            .current_dir(self.path("user"))
            .arg("--store")
            .arg(self.path("store"))
            .args(arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// A place in the store of this repository.
    pub(crate) fn stored(&self, place: &str) -> PathBuf {
        fs::entries(&self.path("store")).unwrap().remove(0).join(place)
    }

    /// Every record of the only run.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let journal = Journal::open(&self.stored("state/journal.db")).unwrap();
        let runs = journal.runs().unwrap();
        assert_eq!(runs.len(), 1);
        journal.records(&runs[0].run).unwrap().iter().map(|row| row.read().unwrap()).collect()
    }

    /// Every file of the checkout with its mode, time and content, but for what a landing adds to `.git`.
    pub(crate) fn fingerprint(&self) -> BTreeMap<PathBuf, String> {
        let ours = [".git/objects", ".git/refs/heads/optiloop", ".git/logs/refs/heads/optiloop"];
        let mut found = BTreeMap::new();
        let mut open = vec![self.path("user")];
        while let Some(path) = open.pop() {
            for path in fs::entries(&path).unwrap() {
                let name = path.strip_prefix(self.path("user")).unwrap().to_owned();
                let meta = std::fs::symlink_metadata(&path).unwrap();
                if ours.iter().any(|ours| name.starts_with(ours)) {
                    continue;
                }
                let what = if meta.is_dir() {
                    open.push(path);
                    format!("folder {:o}", meta.mode())
                } else {
                    let content = Digest::of(&fs::read(&path).unwrap());
                    format!("{:o} {}.{} {content}", meta.mode(), meta.mtime(), meta.mtime_nsec())
                };
                found.insert(name, what);
            }
        }
        found
    }
}

/// The header of a run.
pub(crate) fn header(entries: &[Entry]) -> &Header {
    match &entries[0].record {
        Record::Started(header) => header,
        other => panic!("{other:?}"),
    }
}

/// The verdicts in order.
pub(crate) fn verdicts(entries: &[Entry]) -> Vec<&Verdict> {
    let judged = entries.iter().filter_map(|entry| match &entry.record {
        Record::Judged(judged) => Some(&judged.verdict),
        _ => None,
    });
    judged.collect()
}

/// `PATH` with the very toolchain that runs this test first: under another HOME rustup would not find it.
fn path() -> String {
    let printed = Command::new("rustc").args(["--print", "sysroot"]).output().unwrap().stdout;
    let sysroot = String::from_utf8(printed).unwrap();
    format!("{}/bin:{}", sysroot.trim(), std::env::var("PATH").unwrap_or_default())
}
