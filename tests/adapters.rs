//! Harness, suite and collector against the real tools: small Go and Rust programs are built, listed, launched,
//! tested and profiled through the pure acts alone, performed here without sandbox or launcher.
//!
//! A tool that is missing skips its test by name on standard error; where `CI` is set it fails it.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "fixtures of tests, and loud skips")]

use std::path::{Path, PathBuf};
use std::process::Command;

use optiloop::bench::{self, Discovery, Harness, Printed};
use optiloop::collect;
use optiloop::collect::acts::{Act, Capture, Launch, Yielded};
use optiloop::model::bench::{Iterations, Told};
use optiloop::model::command::{CommandSpec, Exit, Finished, Output, Usage};
use optiloop::model::id::{BenchmarkId, TestId};
use optiloop::model::plan::{BenchCase, BenchPlan, SuitePlan};
use optiloop::model::tests::{SuiteEnd, TestEnd};
use optiloop::profile::change::{self, PerWork};
use optiloop::profile::hotspots;
use optiloop::profile::project::Project;
use optiloop::suite;

/// Runs a command as a launch would be, in `root`.
#[expect(clippy::disallowed_methods, reason = "the test stands in for process/")]
fn perform(root: &Path, spec: &CommandSpec) -> Finished {
    let mut command = Command::new(&spec.argv[0]);
    command.args(&spec.argv[1..]).current_dir(root.join(&spec.folder)).envs(&spec.env);
    // A run within `cargo test` passes its own on.
    command.env_remove("CARGO_TARGET_DIR").env("GOFLAGS", "-mod=readonly -buildvcs=false");
    let (exit, stdout, stderr) = match command.output() {
        Ok(output) => {
            (output.status.code().map_or(Exit::Signal(0), Exit::Code), output.stdout, output.stderr)
        }
        Err(error) => (Exit::NotStarted(error.to_string()), Vec::new(), Vec::new()),
    };
    Finished { exit, usage: Usage::default(), stdout: Output::whole(stdout), stderr: Output::whole(stderr) }
}

fn succeeded(root: &Path, spec: &CommandSpec) -> Finished {
    let finished = perform(root, spec);
    assert!(finished.exit.is_success(), "{:?}: {}\n{}", spec.argv, finished.exit, finished.stderr.text());
    finished
}

/// Whether a tool works; says so loudly where it does not.
fn has(test: &str, argv: &[&str]) -> bool {
    let works = perform(Path::new("/"), &CommandSpec::new(argv.to_vec())).exit.is_success();
    #[expect(clippy::disallowed_methods, reason = "CI must have every tool")]
    let ci = std::env::var_os("CI").is_some();
    assert!(works || !ci, "{test}: `{}` does not work", argv.join(" "));
    if !works {
        eprintln!("SKIPPED {test}: `{}` does not work", argv.join(" "));
    }
    works
}

/// A copy of a program under `tests/data/programs`.
fn program(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/programs").join(name);
    copy(&source, &folder.path().join("work"));
    folder
}

#[expect(clippy::disallowed_methods, reason = "a fixture")]
fn copy(from: &Path, to: &Path) {
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

#[expect(clippy::disallowed_methods, reason = "a fixture")]
fn edit(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} holds no {from:?}", file.display());
    std::fs::write(file, text.replace(from, to)).unwrap();
}

/// Builds, and copies what a launch needs to a neutral folder.
fn built(harness: &dyn Harness, plan: &BenchPlan, work: &Path, neutral: &Path) {
    for command in harness.build(plan) {
        succeeded(work, &command);
    }
    for artifact in harness.artifacts(plan) {
        if work.join(&artifact).exists() {
            copy(&work.join(&artifact), &neutral.join(&artifact));
        }
    }
}

fn launched(
    harness: &dyn Harness,
    plan: &BenchPlan,
    case: &BenchmarkId,
    n: u64,
    neutral: &Path,
) -> Vec<Told> {
    let finished = succeeded(neutral, &harness.launch(plan, case, Iterations(n)).unwrap());
    let printed = Printed { stdout: &finished.stdout.head, stderr: &finished.stderr.head };
    harness.parse(plan, case, printed).unwrap()
}

/// Performs a collector's plan for one launch.
#[expect(clippy::disallowed_methods, reason = "the test stands in for app/steps/profile")]
fn captured(collector: &str, launch: &CommandSpec, neutral: &Path) -> Capture {
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

fn suite_plan(suite: &str) -> SuitePlan {
    SuitePlan { suite: suite.to_owned(), command: None, timeout: std::time::Duration::from_mins(5) }
}

fn go_plan() -> BenchPlan {
    BenchPlan { harness: "go_test".to_owned(), package: PathBuf::from("text"), ..BenchPlan::default() }
}

#[test]
fn go_benchmarks_are_built_listed_launched_and_profiled() {
    if !has("go_benchmarks_are_built_listed_launched_and_profiled", &["go", "version"]) {
        return;
    }
    let folder = program("go");
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let (plan, harness) = (go_plan(), bench::find("go_test").unwrap());
    built(harness, &plan, &work, &neutral);

    let Discovery::Ask(ask) = harness.discovery(&plan) else { panic!("go lists benchmarks itself") };
    let benchmarks = harness.read_discovery(&succeeded(&work, &ask).stdout.head).unwrap();
    let targets = bench::resolve::resolve("count", &benchmarks, Vec::new).unwrap();
    assert_eq!(targets, [BenchmarkId::new("BenchmarkCount")]);

    let told = launched(harness, &plan, &targets[0], 40, &neutral);
    assert_eq!((told.len(), &told[0].benchmark, told[0].iterations), (1, &targets[0], Some(40)));
    let depth = BenchmarkId::new("BenchmarkDepth");
    let asked = succeeded(&work, &harness.members(&plan, &depth).unwrap()).stdout.head;
    let group = harness.parse(&plan, &depth, Printed { stdout: &asked, stderr: b"" }).unwrap();
    assert_eq!(group.len(), 3);
    for member in group {
        let told = launched(harness, &plan, &member.benchmark, 7, &neutral);
        assert_eq!((told.len(), &told[0].benchmark, told[0].iterations), (1, &member.benchmark, Some(7)));
    }

    // The same benchmark once more, made faster: the profile tells what changed and where.
    let n = 8000;
    let launch = harness.launch(&plan, &targets[0], Iterations(n)).unwrap();
    let project = Project::new(["example.com/sample"], []);
    let before = captured("go_pprof", &launch, &neutral).profile;
    let found = hotspots::find(&before, &project, 3);
    let names: Vec<&str> = found.hotspots.iter().map(|hotspot| hotspot.name.as_str()).collect();
    assert_eq!(names, ["example.com/sample/text.Count", "example.com/sample/text.normalise"]);
    assert!(found.hotspots[1].bound > 0.3, "{:?}", found.hotspots[1]);
    let file = work.join("text/text.go");
    edit(
        &file,
        "\tout := \"\"\n\tfor _, r := range word {\n\t\tout += strings.ToLower(string(r))\n\t}\n\treturn out",
        "\treturn strings.ToLower(word)",
    );
    let faster = folder.path().join("cand");
    built(harness, &plan, &work, &faster);
    let after = captured("go_pprof", &launch, &faster).profile;
    #[expect(clippy::cast_precision_loss, reason = "8000")]
    let work_done = n as f64;
    let (before, after) =
        (PerWork { profile: &before, work: work_done }, PerWork { profile: &after, work: work_done });
    let change = change::compare(before, after, &project, &["text/text.go"]).unwrap();
    assert!(change.total.is_change() && change.total.change() < 0.0, "{:?}", change.notes());
    assert!(
        change.functions.iter().any(|(name, _)| name.ends_with("text.normalise")),
        "{:?}",
        change.notes()
    );
}

#[test]
fn a_go_benchmark_that_fails_is_no_value() {
    if !has("a_go_benchmark_that_fails_is_no_value", &["go", "version"]) {
        return;
    }
    let folder = program("go");
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let (plan, harness) = (go_plan(), bench::find("go_test").unwrap());
    built(harness, &plan, &work, &neutral);
    for (case, env, code) in
        [("BenchmarkFails", "FAIL", 1), ("BenchmarkPanics", "FAIL", 2), ("BenchmarkFails", "X", 0)]
    {
        let case = BenchmarkId::new(case);
        let launch = harness.launch(&plan, &case, Iterations(3)).unwrap().with_env(env, "1");
        let finished = perform(&neutral, &launch);
        assert_eq!(finished.exit, Exit::Code(code), "{case}");
        let printed = Printed { stdout: &finished.stdout.head, stderr: &finished.stderr.head };
        assert!(harness.parse(&plan, &case, printed).is_err(), "{case}");
    }
}

#[test]
fn go_tests_are_told_by_id_and_near_ones_are_the_changed_package() {
    if !has("go_tests_are_told_by_id_and_near_ones_are_the_changed_package", &["go", "version"]) {
        return;
    }
    let folder = program("go");
    let work = folder.path().join("work");
    let (plan, suite) = (suite_plan("go_test"), suite::find("go_test").unwrap());
    let full = suite.parse(&perform(&work, &suite.full(&plan).unwrap())).unwrap();
    assert_eq!((full.end, full.tests.len()), (SuiteEnd::Passed, 6));
    let near = suite.near(&plan, &[Path::new("text/text.go")]).unwrap();
    assert_eq!(suite.parse(&perform(&work, &near)).unwrap(), full);
    edit(&work.join("text/text.go"), "counts[normalise(word)]++", "counts[word]++");
    let failed = suite.parse(&perform(&work, &near)).unwrap();
    assert_eq!(
        (failed.end, failed.failed()),
        (SuiteEnd::Failed, vec![TestId::new("example.com/sample/text.TestCount")])
    );
}

#[test]
fn rust_tests_are_told_by_id_in_both_build_modes() {
    if !has("rust_tests_are_told_by_id_in_both_build_modes", &["cargo", "--version"]) {
        return;
    }
    let folder = program("rust");
    let work = folder.path().join("work");
    let (plan, suite) = (suite_plan("cargo"), suite::find("cargo").unwrap());
    let full = suite.parse(&perform(&work, &suite.full(&plan).unwrap())).unwrap();
    assert_eq!((full.end, full.tests.len()), (SuiteEnd::Passed, 9));
    let benchmarked = suite.parse(&perform(&work, &suite.benchmarked(&plan).unwrap())).unwrap();
    assert_eq!(benchmarked, full);
    let near =
        suite.parse(&perform(&work, &suite.near(&plan, &[Path::new("src/words.rs")]).unwrap())).unwrap();
    let id = TestId::new("unittests src/lib.rs (sample): words::tests::it_counts");
    assert_eq!(near.tests.into_iter().collect::<Vec<_>>(), [(id.clone(), TestEnd::Passed)]);
    edit(&work.join("src/words.rs"), "c.to_lowercase()", "c");
    let failed = suite.parse(&perform(&work, &suite.full(&plan).unwrap())).unwrap();
    assert_eq!((failed.end, failed.failed()), (SuiteEnd::Failed, vec![id]));
}

#[test]
fn a_rust_program_is_launched_by_the_command_harness_and_profiled_by_perf() {
    let test = "a_rust_program_is_launched_by_the_command_harness_and_profiled_by_perf";
    if !has(test, &["cargo", "--version"])
        || !has(test, &["perf", "record", "-N", "-e", "cpu-clock", "-o", "/dev/null", "true"])
    {
        return;
    }
    let folder = program("rust");
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let program = "target/release/examples/count";
    let plan = BenchPlan {
        harness: "command".to_owned(),
        build: vec![CommandSpec::new(["cargo", "build", "--release", "--examples"])],
        artifacts: vec![PathBuf::from(program)],
        cases: vec![BenchCase {
            name: BenchmarkId::new("count"),
            run: CommandSpec::new(["sh", "-c", &format!("OPTILOOP_N=$OPTILOOP_N exec {program}")]),
        }],
        ..BenchPlan::default()
    };
    let harness = bench::find("command").unwrap();
    built(harness, &plan, &work, &neutral);
    let case = BenchmarkId::new("count");
    assert!(harness.work(&plan, &case).is_fixed());
    assert_eq!(
        launched(harness, &plan, &case, 10, &neutral),
        [Told { benchmark: case.clone(), value: None, iterations: None }]
    );

    let launch = harness.launch(&plan, &case, Iterations(4000)).unwrap();
    let capture = captured("perf", &launch, &neutral);
    let profile = capture.profile;
    let (work, neutral) = (work.canonicalize().unwrap(), neutral.canonicalize().unwrap());
    let project = Project::new([work.to_str().unwrap(), neutral.to_str().unwrap()], []);
    let found = hotspots::find(&profile, &project, 3);
    assert!(found.event.starts_with("cpu-clock"), "{}", found.event);
    assert!(found.samples.is_some_and(|samples| samples > 20), "{:?}", found.samples);
    let names: Vec<(&str, Option<&str>)> =
        found.hotspots.iter().map(|hotspot| (hotspot.name.as_str(), hotspot.file.as_deref())).collect();
    assert_eq!(
        names[..2],
        [("sample::count", Some("src/lib.rs")), ("sample::words::normalise", Some("src/words.rs"))]
    );
    assert!(found.hotspots[1].lines.iter().any(|(line, _)| *line == 8), "{:?}", found.hotspots[1].lines);
}
