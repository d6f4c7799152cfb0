//! Two built copies of a project, and the command that launches each with so many iterations.
//!
//! Not here: deciding anything ([`crate::peers`]). Start at [`Sides::build`].

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use optiloop::clock::Stopwatch;

use crate::judgement::Failed;

/// How a language's project is built and launched; `{n}` stands for the iterations.
const RECIPES: &[(&str, &str, &str)] = &[
    ("c", "cc -O2 -o work work.c", "./work {n}"),
    ("rust", "cargo build --release --offline --bin work", "target/release/work {n}"),
    (
        "go",
        "go test -c -o work.test",
        "./work.test -test.run=^$ -test.bench=^BenchmarkWork$ -test.benchtime={n}x -test.count=1",
    ),
    ("java", "javac -d out Work.java", "java -cp out Work {n}"),
    ("node", "true", "node work.js {n}"),
    ("python", "true", "python3 work.py {n}"),
];

/// Original and change.
pub(crate) struct Sides {
    /// Folders of both, the original's first.
    pub folders: [PathBuf; 2],
    /// The command of a launch in such a folder.
    pub launch: Vec<String>,
    /// Iterations of a launch.
    pub iterations: u64,
}

impl Sides {
    /// Builds both.
    pub(crate) fn build(language: &str, folders: [PathBuf; 2], iterations: u64) -> Result<Self, Failed> {
        let recipe = RECIPES.iter().find(|(name, ..)| *name == language);
        let (_, build, launch) = recipe.ok_or_else(|| Failed::Program {
            what: language.to_owned(),
            detail: "no recipe to build it beside optiloop".to_owned(),
        })?;
        for folder in &folders {
            let words: Vec<String> = build.split(' ').map(str::to_owned).collect();
            succeeded(folder, &words)?;
        }
        let launch = launch.replace("{n}", &iterations.to_string());
        Ok(Self { folders, launch: launch.split(' ').map(str::to_owned).collect(), iterations })
    }

    /// One launch of a side; how long it took, and what it printed.
    pub(crate) fn launch(&self, side: usize) -> Result<(Duration, String), Failed> {
        let clock = Stopwatch::start();
        let output = succeeded(&self.folders[side], &self.launch)?;
        Ok((clock.elapsed(), String::from_utf8_lossy(&output.stdout).into_owned()))
    }
}

/// A command that must succeed.
pub(crate) fn succeeded(folder: &Path, words: &[String]) -> Result<Output, Failed> {
    #[expect(clippy::disallowed_methods, reason = "the tools themselves are measured")]
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).current_dir(folder).env_remove("CARGO_TARGET_DIR");
    let failed = |detail: String| Failed::Program { what: words.join(" "), detail };
    let output = command.output().map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()))
}
