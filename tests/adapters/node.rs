//! Node: tinybench, mitata, vitest and node:test.

use optiloop::bench::{self, Printed};
use optiloop::model::bench::{Iterations, WorkControl};
use optiloop::model::command::CommandSpec;
use optiloop::model::id::{BenchmarkId, TestId};
use optiloop::model::plan::{BenchPlan, SuitePlan};
use optiloop::model::tests::{SuiteEnd, TestEnd};
use optiloop::suite;

use crate::world::{edit, has, launched, listed, node_program, perform, program, succeeded, suite_plan};

fn plan(harness: &str, program: &str) -> BenchPlan {
    BenchPlan { harness: harness.to_owned(), programs: vec![program.to_owned()], ..BenchPlan::default() }
}

/// Whether Node and what `.ci/tools` installs for it are there.
fn has_node(test: &str) -> bool {
    has(test, &["node", "--version"]) && has(test, &["vitest", "--version"])
}

#[test]
fn tinybench_and_mitata_scripts_are_listed_and_do_the_iterations_they_are_told() {
    if !has_node("tinybench_and_mitata_scripts_are_listed_and_do_the_iterations_they_are_told") {
        return;
    }
    for (name, names, others) in [
        ("tinybench", 2, &["generator > work", "generator > one"][..]),
        ("mitata", 7, &["work", "seed 2 of b", "parameter", "state"]),
    ] {
        let folder = node_program(name);
        let work = folder.path().join("work");
        let (plan, harness) = (plan(name, "bench.js"), bench::find(name).unwrap());
        let found = listed(harness, &plan, &work);
        assert_eq!(found.len(), names, "{found:?}");
        for case in others.iter().map(|case| BenchmarkId::new(*case)) {
            assert!(found.contains(&case), "{case}");
            for n in [1, 300] {
                let told = launched(harness, &plan, &case, n, &work);
                assert_eq!((&told[0].benchmark, told[0].iterations), (&case, Some(n)));
                assert!((1e4..1e9).contains(&told[0].value.unwrap()), "{told:?}");
            }
        }
        let unknown = BenchmarkId::new("nothing");
        let finished = perform(&work, &harness.launch(&plan, &unknown, Iterations(3)).unwrap());
        assert!(harness.parse(&plan, &unknown, Printed::of(&finished)).is_err(), "{name}");
        let adaptive = BenchPlan { work: Some(WorkControl::Adaptive), ..plan };
        let told = launched(harness, &adaptive, &found[0], 1, &work);
        assert!(told[0].value.is_some() && told[0].iterations.is_none(), "{told:?}");
    }
}

#[test]
fn vitest_benchmarks_are_listed_and_one_is_run() {
    if !has_node("vitest_benchmarks_are_listed_and_one_is_run") {
        return;
    }
    let folder = node_program("vitest");
    let work = folder.path().join("work");
    let (plan, harness) =
        (BenchPlan { programs: Vec::new(), ..plan("vitest", "") }, bench::find("vitest").unwrap());
    let found = listed(harness, &plan, &work);
    let one = BenchmarkId::new("generator.bench.js > generator > one (1 + 0)");
    assert!(found.len() == 3 && found.contains(&one), "{found:?}");
    for case in [&one, &BenchmarkId::new("generator.bench.js > top")] {
        let told = launched(harness, &plan, case, 1, &work);
        assert_eq!((told.len(), &told[0].benchmark, told[0].iterations), (1, case, None));
        assert!((1e4..1e9).contains(&told[0].value.unwrap()), "{told:?}");
    }
    let unknown = BenchmarkId::new("generator.bench.js > nothing");
    let finished = perform(&work, &harness.launch(&plan, &unknown, Iterations(1)).unwrap());
    assert!(harness.parse(&plan, &unknown, Printed::of(&finished)).is_err());
}

#[test]
fn node_tests_are_told_by_file_suite_and_name() {
    if !has("node_tests_are_told_by_file_suite_and_name", &["node", "--version"]) {
        return;
    }
    let folder = program("tinybench");
    let work = folder.path().join("work");
    let suite = suite::find("node_test").unwrap();
    let full = suite.full(&suite_plan("node_test")).unwrap();
    let passed = suite.parse(&succeeded(&work, &full)).unwrap();
    assert_eq!((passed.end, passed.tests.len()), (SuiteEnd::Passed, 8));
    let through_npm =
        SuitePlan { command: Some(CommandSpec::new(["npm", "test"])), ..suite_plan("node_test") };
    assert_eq!(suite.parse(&perform(&work, &suite.full(&through_npm).unwrap())).unwrap(), passed);
    edit(&work.join("generator.js"), "x ^= x << 13", "x ^= 1");
    let failed = suite.parse(&perform(&work, &full)).unwrap();
    let zero = TestId::new("generator.test.js > zero stays zero");
    assert_eq!((failed.end, failed.failed()), (SuiteEnd::Failed, vec![zero]));
    let crashed = suite.parse(&perform(&work, &full.clone().with_env("CRASH", "1"))).unwrap();
    assert_eq!(crashed.tests[&TestId::new("other.test.js")], TestEnd::Failed);
}

#[test]
fn vitest_tests_are_told_by_file_suite_and_name() {
    if !has_node("vitest_tests_are_told_by_file_suite_and_name") {
        return;
    }
    let folder = node_program("vitest");
    let work = folder.path().join("work");
    let (plan, suite) = (suite_plan("vitest"), suite::find("vitest").unwrap());
    let full = suite.full(&plan).unwrap();
    let passed = suite.parse(&succeeded(&work, &full)).unwrap();
    assert_eq!((passed.end, passed.tests.len()), (SuiteEnd::Passed, 5));
    let near = suite.near(&plan, &[std::path::Path::new("generator.js")]).unwrap();
    assert_eq!(suite.parse(&succeeded(&work, &near)).unwrap(), passed);
    edit(&work.join("generator.js"), "x ^= x << 13", "x ^= 1");
    let failed = suite.parse(&perform(&work, &full)).unwrap();
    let zero = TestId::new("generator.test.js > zero stays zero");
    assert_eq!((failed.end, failed.failed()), (SuiteEnd::Failed, vec![zero]));
}
