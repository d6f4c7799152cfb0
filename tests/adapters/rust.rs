//! Cargo's suite; a Rust program through `command` and perf.

use std::path::{Path, PathBuf};

use optiloop::bench;
use optiloop::model::bench::{Iterations, Told};
use optiloop::model::command::CommandSpec;
use optiloop::model::id::{BenchmarkId, TestId};
use optiloop::model::plan::{BenchCase, BenchPlan};
use optiloop::model::tests::{SuiteEnd, TestEnd};
use optiloop::profile::hotspots;
use optiloop::profile::project::Project;
use optiloop::suite;

use crate::world::{built, captured, edit, has, launched, perform, program, suite_plan};

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
