//! Criterion, divan, libtest, Google Benchmark and hyperfine; nextest and ctest.

use std::path::{Path, PathBuf};

use optiloop::bench::{self, Discovery, Printed};
use optiloop::model::bench::{Iterations, WorkControl};
use optiloop::model::command::CommandSpec;
use optiloop::model::id::{BenchmarkId, TestId};
use optiloop::model::plan::{BenchCase, BenchPlan};
use optiloop::model::tests::{SuiteEnd, TestEnd};
use optiloop::suite;

use crate::world::{built, edit, has, launched, listed, perform, program, succeeded, suite_plan, write};

/// What `.ci/tools` installs.
fn tools(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools").join(path).to_string_lossy().into_owned()
}

/// A Cargo sample that keeps what it builds from one run to the next.
fn cargo_sample(test: &str, name: &str) -> Option<tempfile::TempDir> {
    let manifest = format!("{}/tests/data/programs/{name}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
    has(test, &["cargo", "fetch", "--offline", "--locked", "--manifest-path", &manifest]).then(|| {
        let folder = program(name);
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/samples").join(name);
        let config =
            format!("[build]\ntarget-dir = \"{}\"\n[env]\nRUSTC_BOOTSTRAP = \"1\"\n", target.display());
        write(&folder.path().join("work/.cargo/config.toml"), &config);
        folder
    })
}

fn plan(harness: &str, programs: &[&str]) -> BenchPlan {
    let programs = programs.iter().map(ToString::to_string).collect();
    BenchPlan { harness: harness.to_owned(), programs, ..BenchPlan::default() }
}

/// Nanoseconds that 100 000 steps can take on any machine.
fn is_plausible(value: Option<f64>) -> bool {
    value.is_some_and(|value| (2e4..1e8).contains(&value))
}

fn names(ids: &[BenchmarkId]) -> Vec<&str> {
    ids.iter().map(BenchmarkId::as_str).collect()
}

#[test]
fn criterion_benchmarks_are_built_listed_and_launched() {
    let Some(folder) = cargo_sample("criterion_benchmarks_are_built_listed_and_launched", "criterion") else {
        return;
    };
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let (plan, harness) = (plan("criterion", &["steps"]), bench::find("criterion").unwrap());
    built(harness, &plan, &work, &neutral);
    let benchmarks = listed(harness, &plan, &work);
    assert_eq!(names(&benchmarks), ["work", "seeds/from input/1", "seeds/from input/7"]);
    for case in [&benchmarks[0], &benchmarks[2]] {
        let told = launched(harness, &plan, case, 1, &neutral);
        assert!(told.len() == 1 && is_plausible(told[0].value), "{told:?}");
    }
    let launch = harness.launch(&plan, &BenchmarkId::new("seeds"), Iterations(1)).unwrap();
    let finished = succeeded(&neutral, &launch);
    let error = harness.parse(&plan, &BenchmarkId::new("seeds"), Printed::of(&finished)).unwrap_err();
    assert!(error.to_string().contains("criterion left no samples of seeds"), "{error}");
}

#[test]
fn divan_benchmarks_are_found_and_do_the_iterations_they_are_told() {
    let Some(folder) =
        cargo_sample("divan_benchmarks_are_found_and_do_the_iterations_they_are_told", "divan")
    else {
        return;
    };
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    // No program is named: all are listed, and their names stand in those of the benchmarks.
    let (plan, harness) = (plan("divan", &[]), bench::find("divan").unwrap());
    built(harness, &plan, &work, &neutral);
    let benchmarks = listed(harness, &plan, &work);
    assert_eq!(
        names(&benchmarks),
        [
            "steps::grows",
            "steps::work",
            "steps::seeds::from_input::1",
            "steps::seeds::from_input::7",
            "steps::seeds::threads"
        ]
    );
    let found = bench::resolve::resolve("from_input", &benchmarks, Vec::new).unwrap_or_default();
    assert!(found.is_empty(), "an argument is a benchmark of its own: {found:?}");
    assert_eq!(bench::resolve::resolve("work", &benchmarks, Vec::new).unwrap(), [benchmarks[1].clone()]);
    for case in [&benchmarks[1], &benchmarks[3], &benchmarks[4]] {
        let launch = harness.launch(&plan, case, Iterations(300)).unwrap();
        let finished = succeeded(&neutral, &launch);
        // Also where the code limits the time: `from_input` has one millisecond.
        assert!(finished.stdout.text().contains("│ 100     │ 300"), "{}", finished.stdout.text());
        let told = harness.parse(&plan, case, Printed::of(&finished)).unwrap();
        assert!(is_plausible(told[0].value), "{told:?}");
    }
}

#[test]
fn libtest_benchmarks_are_launched_and_a_stable_compiler_is_told_what_it_needs() {
    let test = "libtest_benchmarks_are_launched_and_a_stable_compiler_is_told_what_it_needs";
    let Some(folder) = cargo_sample(test, "libtest") else { return };
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let (plan, harness) = (plan("libtest", &["steps"]), bench::find("libtest").unwrap());
    built(harness, &plan, &work, &neutral);
    let benchmarks = listed(harness, &plan, &work);
    assert_eq!(names(&benchmarks), ["seeds::from_input", "work"]);
    let told = launched(harness, &plan, &benchmarks[0], 1, &neutral);
    assert!(is_plausible(told[0].value), "{told:?}");

    let config = work.join(".cargo/config.toml");
    edit(&config, "RUSTC_BOOTSTRAP = \"1\"", "RUSTC_BOOTSTRAP = \"0\"");
    edit(&work.join("benches/steps.rs"), "use test::", "pub use test::");
    let finished = perform(&work, &harness.build(&plan)[1]);
    let said = finished.stderr.text();
    // A nightly compiler builds it.
    assert!(
        finished.exit.is_success() || harness.advice(&said).is_some_and(|text| text.contains("nightly")),
        "{said}"
    );
}

#[test]
fn google_benchmarks_that_cmake_builds_are_listed_and_launched() {
    let test = "google_benchmarks_that_cmake_builds_are_listed_and_launched";
    if !has(test, &["cmake", "--version"])
        || !has(test, &["sh", "-c", "echo '#include <benchmark/benchmark.h>' | c++ -E -x c++ - >/dev/null"])
    {
        return;
    }
    let folder = program("google_benchmark");
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let (plan, harness) = (plan("google_benchmark", &["steps"]), bench::find("google_benchmark").unwrap());
    built(harness, &plan, &work, &neutral);
    let Discovery::Ask(asks) = harness.discovery(&plan) else { panic!("it lists none") };
    let listing = succeeded(&work, &asks[0]);
    let benchmarks = harness.read_discovery(&plan, &[Printed::of(&listing)]).unwrap();
    assert_eq!(names(&benchmarks)[..3], ["Work", "FromInput/1", "FromInput/7"]);
    // Whether iterations can be pinned depends on the library that is installed.
    let plan = BenchPlan { work: harness.control(&[Printed::of(&listing)]), ..plan };
    for case in &benchmarks[1..5] {
        let told = launched(harness, &plan, case, 60, &neutral);
        assert!(is_plausible(told[0].value), "{told:?}");
        let fixed = harness.work(&plan, case) == WorkControl::Fixed;
        assert_eq!(told[0].iterations, fixed.then_some(60), "{case}");
    }
    let fails = benchmarks.last().unwrap();
    let finished = perform(&neutral, &harness.launch(&plan, fails, Iterations(3)).unwrap());
    let error = harness.parse(&plan, fails, Printed::of(&finished)).unwrap_err().to_string();
    assert!(error.contains("Fails told an error: \"no input\""), "{error}");
}

#[test]
fn a_library_that_can_pin_iterations_does_as_many_as_it_is_told() {
    let test = "a_library_that_can_pin_iterations_does_as_many_as_it_is_told";
    let path = format!("PYTHONPATH={}", tools("google-benchmark-1.9.5"));
    if !has(test, &["env", &path, "python3", "-c", "import google_benchmark"]) {
        return;
    }
    let folder = program("google_benchmark");
    let work = folder.path().join("work");
    let plan =
        BenchPlan { build: vec![CommandSpec::new(["true"])], ..plan("google_benchmark", &["steps.py"]) };
    let harness = bench::find("google_benchmark").unwrap();
    let with_path = |spec: CommandSpec| spec.with_env("PYTHONPATH", tools("google-benchmark-1.9.5"));
    let Discovery::Ask(mut asks) = harness.discovery(&plan) else { panic!("it lists none") };
    let listing = succeeded(&work, &with_path(asks.remove(0)));
    let benchmarks = harness.read_discovery(&plan, &[Printed::of(&listing)]).unwrap();
    assert_eq!((names(&benchmarks), harness.control(&[Printed::of(&listing)])), (vec!["work"], None));
    let launch = harness.launch(&plan, &benchmarks[0], Iterations(123)).unwrap();
    let finished = succeeded(&work, &with_path(launch));
    let told = harness.parse(&plan, &benchmarks[0], Printed::of(&finished)).unwrap();
    assert_eq!(told[0].iterations, Some(123));
}

#[test]
fn commands_are_run_by_hyperfine_as_often_as_it_is_told() {
    let test = "commands_are_run_by_hyperfine_as_often_as_it_is_told";
    if !has(test, &["hyperfine", "--version"]) || !has(test, &["make", "--version"]) {
        return;
    }
    let folder = program("hyperfine");
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let case = |name: &str, run: &[&str]| BenchCase {
        name: BenchmarkId::new(name),
        run: CommandSpec::new(run.to_vec()),
    };
    let plan = BenchPlan {
        build: vec![CommandSpec::new(["make", "work"])],
        artifacts: vec![PathBuf::from("work")],
        cases: vec![
            case("work", &["./work"]),
            case("own", &["hyperfine", "--warmup=1", "-N", "./work"]),
            case("fails", &["sh", "-c", "exit 3"]),
        ],
        ..plan("hyperfine", &[])
    };
    let harness = bench::find("hyperfine").unwrap();
    built(harness, &plan, &work, &neutral);
    for (name, n) in [("work", 1), ("work", 3), ("own", 2)] {
        let told = launched(harness, &plan, &BenchmarkId::new(name), n, &neutral);
        assert_eq!(told[0].iterations, Some(n));
        assert!(told[0].value.is_some_and(|value| value > 1e5), "{told:?}");
    }
    let fails = harness.launch(&plan, &BenchmarkId::new("fails"), Iterations(2)).unwrap();
    assert!(!perform(&neutral, &fails).exit.is_success());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "nextest lies before the user's own tools")]
fn nextest_tells_tests_by_id_in_both_build_modes() {
    let test = "nextest_tells_tests_by_id_in_both_build_modes";
    let path = format!("{}:{}", tools("nextest-0.9.148/bin"), std::env::var("PATH").unwrap());
    if !has(test, &["env", &format!("PATH={path}"), "cargo", "nextest", "--version"]) {
        return;
    }
    let folder = program("rust");
    let work = folder.path().join("work");
    let (plan, suite) = (suite_plan("nextest"), suite::find("nextest").unwrap());
    let run = |spec: CommandSpec| suite.parse(&perform(&work, &spec.with_env("PATH", &path))).unwrap();
    let full = run(suite.full(&plan).unwrap());
    assert_eq!((full.end, full.tests.len()), (SuiteEnd::Passed, 6));
    assert_eq!(run(suite.benchmarked(&plan).unwrap()), full);
    let near = run(suite.near(&plan, &[Path::new("src/words.rs")]).unwrap());
    let id = TestId::new("sample::sample$words::tests::it_counts");
    let ran = near.tests.into_iter().filter(|(_, end)| *end != TestEnd::Skipped);
    assert_eq!(ran.collect::<Vec<_>>(), [(id.clone(), TestEnd::Passed)]);
    edit(&work.join("src/words.rs"), "c.to_lowercase()", "c");
    let failed = run(suite.full(&plan).unwrap());
    assert_eq!((failed.end, failed.failed()), (SuiteEnd::Failed, vec![id]));
    edit(&work.join("src/words.rs"), "fn ", "fn fn ");
    assert_eq!(run(suite.full(&plan).unwrap()).end, SuiteEnd::NotBuilt);
}

#[test]
fn ctest_builds_and_tells_tests_by_name_in_both_build_modes() {
    let test = "ctest_builds_and_tells_tests_by_name_in_both_build_modes";
    if !has(test, &["ctest", "--version"])
        || !has(test, &["sh", "-c", "echo '#include <benchmark/benchmark.h>' | c++ -E -x c++ - >/dev/null"])
    {
        return;
    }
    let folder = program("google_benchmark");
    let work = folder.path().join("work");
    let (plan, suite) = (suite_plan("ctest"), suite::find("ctest").unwrap());
    let run = |spec: CommandSpec| suite.parse(&perform(&work, &spec)).unwrap();
    let full = run(suite.full(&plan).unwrap());
    assert_eq!((full.end, full.tests.len()), (SuiteEnd::Passed, 4));
    assert_eq!(run(suite.benchmarked(&plan).unwrap()), full);
    edit(&work.join("work.cpp"), "x ^= x << 17;", "x ^= x << 17; x |= 1;");
    let failed = run(suite.full(&plan).unwrap());
    assert_eq!((failed.end, failed.failed()), (SuiteEnd::Failed, vec![TestId::new("zero.stays_zero")]));
    edit(&work.join("work.cpp"), "return x;", "return x");
    assert_eq!(run(suite.full(&plan).unwrap()).end, SuiteEnd::NotBuilt);
}
