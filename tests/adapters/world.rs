//! Acts performed as `app` would, without sandbox or launcher. Start at [`built`] and [`launched`].
#![expect(clippy::disallowed_methods, reason = "the test stands in for the world")]

use std::path::{Path, PathBuf};
use std::process::Command;

use optiloop::app::hands::Errand;
use optiloop::app::results::Results;
use optiloop::bench::{Discovery, Harness, Placed, Printed};
use optiloop::collect;
use optiloop::collect::acts::{Act, Capture, Launch, Yielded};
use optiloop::model::bench::{Iterations, Told};
use optiloop::model::command::{CommandSpec, Exit, Finished, Limits, Output};
use optiloop::model::id::BenchmarkId;
use optiloop::model::launch::{Job, Sampling};
use optiloop::model::plan::{BenchPlan, SuitePlan};

/// Runs a command as a launch would be, in `root`.
pub(crate) fn perform(root: &Path, spec: &CommandSpec) -> Finished {
    let scratch = tempfile::tempdir().unwrap();
    let results =
        Results::expected(&Errand::in_workspace(spec, root, Path::new("")), scratch.path()).unwrap();
    let (argv, env) = (spec.argv.clone(), spec.env.clone());
    let (limits, sampling) = (Limits::default(), Sampling::Off);
    let services = Vec::new();
    let mut job = Job { argv, folder: root.join(&spec.folder), env, limits, sampling, services };
    results.name_in(&mut job);
    let mut command = Command::new(&job.argv[0]);
    command.args(&job.argv[1..]).current_dir(&job.folder).env("PATH", path());
    // A run within `cargo test` passes its own on.
    command.env_remove("CARGO_TARGET_DIR").env("GOFLAGS", "-mod=readonly -buildvcs=false").envs(&job.env);
    let (exit, stdout, stderr) = match command.output() {
        Ok(output) => {
            (output.status.code().map_or(Exit::Signal(0), Exit::Code), output.stdout, output.stderr)
        }
        Err(error) => (Exit::NotStarted(error.to_string()), Vec::new(), Vec::new()),
    };
    let results = results.read().unwrap();
    Finished { results, ..Finished::ended(exit, Output::whole(stdout), Output::whole(stderr)) }
}

/// What `.ci/tools` installed comes first.
pub(crate) fn path() -> String {
    let bins =
        ["python/bin", "node/node_modules/.bin", "go"].map(|bin| tools().join(bin).display().to_string());
    format!("{}:{}", bins.join(":"), std::env::var("PATH").unwrap_or_default())
}

/// Where `.ci/tools` puts what it installs.
fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools")
}

/// A Node program, with the packages that `.ci/tools` installed.
pub(crate) fn node_program(name: &str) -> tempfile::TempDir {
    let folder = program(name);
    let packages = folder.path().join("work/node_modules");
    std::os::unix::fs::symlink(tools().join("node/node_modules"), packages).unwrap();
    folder
}

pub(crate) fn succeeded(root: &Path, spec: &CommandSpec) -> Finished {
    let finished = perform(root, spec);
    assert!(finished.exit.is_success(), "{:?}: {}\n{}", spec.argv, finished.exit, finished.stderr.text());
    finished
}

/// Whether a tool works; says so loudly where it does not.
pub(crate) fn has(test: &str, argv: &[&str]) -> bool {
    let works = perform(Path::new("/"), &CommandSpec::new(argv.to_vec())).exit.is_success();
    let ci = std::env::var_os("CI").is_some();
    assert!(works || !ci, "{test}: `{}` does not work", argv.join(" "));
    if !works {
        eprintln!("SKIPPED {test}: `{}` does not work", argv.join(" "));
    }
    works
}

/// A copy of a program under `tests/data/programs`.
pub(crate) fn program(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/programs").join(name);
    copy(&source, &folder.path().join("work"));
    folder
}

pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }
}

pub(crate) fn write(file: &Path, text: &str) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

pub(crate) fn edit(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} holds no {from:?}", file.display());
    std::fs::write(file, text.replace(from, to)).unwrap();
}

/// Builds, and copies what a launch needs to a neutral folder.
pub(crate) fn built(harness: &dyn Harness, plan: &BenchPlan, work: &Path, neutral: &Path) {
    let answers: Vec<Finished> = harness.build(plan).iter().map(|command| succeeded(work, command)).collect();
    let stdout: Vec<&Output> = answers.iter().map(|answer| &answer.stdout).collect();
    for Placed { from, to } in harness.place(plan, &stdout).unwrap() {
        copy(&work.join(from), &work.join(to));
    }
    let artifacts = harness.artifacts(plan);
    if artifacts.is_empty() {
        copy(work, neutral);
    }
    for artifact in artifacts {
        if work.join(&artifact).exists() {
            copy(&work.join(&artifact), &neutral.join(&artifact));
        }
    }
}

/// The benchmarks that a built project lists.
pub(crate) fn listed(harness: &dyn Harness, plan: &BenchPlan, work: &Path) -> Vec<BenchmarkId> {
    let Discovery::Ask(asks) = harness.discovery(plan) else { panic!("{} lists none", harness.name()) };
    let answers: Vec<Finished> = asks.iter().map(|ask| succeeded(work, ask)).collect();
    let printed: Vec<Printed<'_>> = answers.iter().map(Printed::of).collect();
    harness.read_discovery(plan, &printed).unwrap()
}

/// What a launch of a benchmark told.
pub(crate) fn launched(
    harness: &dyn Harness,
    plan: &BenchPlan,
    case: &BenchmarkId,
    n: u64,
    neutral: &Path,
) -> Vec<Told> {
    let finished = succeeded(neutral, &harness.launch(plan, case, Iterations(n)).unwrap());
    harness.parse(plan, case, Printed::of(&finished)).unwrap()
}

/// Performs a collector's plan for one launch.
pub(crate) fn captured(collector: &str, launch: &CommandSpec, neutral: &Path) -> Capture {
    let scratch = tempfile::tempdir().unwrap();
    let collector = collect::find(collector).unwrap();
    let mut yielded = Vec::new();
    for act in collector.plan(&Launch { command: launch, scratch: scratch.path() }) {
        yielded.push(match act {
            Act::Run(command) => Yielded::Ran(Box::new(perform(neutral, &command))),
            Act::TakeFile(file) => match std::fs::read(&file) {
                Ok(bytes) => Yielded::Took(bytes),
                Err(error) => Yielded::NotTaken(error.to_string()),
            },
        });
    }
    collector.read(&yielded).unwrap_or_else(|error| panic!("{error}\nhint: {:?}", error.hint()))
}

pub(crate) fn suite_plan(suite: &str) -> SuitePlan {
    SuitePlan { suite: suite.to_owned(), command: None, timeout: std::time::Duration::from_mins(5) }
}
