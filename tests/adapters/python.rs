//! Python: pytest-benchmark, pyperf and pytest.

use optiloop::bench::{self, Printed};
use optiloop::model::bench::{Iterations, Told, WorkControl};
use optiloop::model::id::{BenchmarkId, TestId};
use optiloop::model::plan::BenchPlan;
use optiloop::model::tests::{SuiteEnd, TestEnd};
use optiloop::suite;

use crate::world::{edit, has, launched, listed, perform, program, succeeded, suite_plan};

const BENCHMARK: &[&str] = &["python3", "-c", "import pytest_benchmark"];
const PYPERF: &[&str] = &["python3", "-c", "import pyperf"];

fn plan(harness: &str, programs: &[&str]) -> BenchPlan {
    BenchPlan {
        harness: harness.to_owned(),
        programs: programs.iter().map(ToString::to_string).collect(),
        ..BenchPlan::default()
    }
}

#[test]
fn pytest_benchmarks_are_listed_and_do_the_iterations_they_are_told() {
    if !has("pytest_benchmarks_are_listed_and_do_the_iterations_they_are_told", BENCHMARK) {
        return;
    }
    let folder = program("pytest_benchmark");
    let work = folder.path().join("work");
    let (plan, harness) = (plan("pytest_benchmark", &[]), bench::find("pytest_benchmark").unwrap());
    let names = listed(harness, &plan, &work);
    assert_eq!(names.len(), 6, "{names:?}");
    // A plain one, one whose marker asks for rounds of its own, and one that sets its rounds itself.
    for name in ["test_work", "test_seeds[2]", "test_pedantic"] {
        let case = BenchmarkId::new(format!("test_generator.py::{name}"));
        assert!(names.contains(&case) && harness.work(&plan, &case).is_fixed());
        for n in [1, 12] {
            let told = launched(harness, &plan, &case, n, &work);
            let [Told { benchmark, value: Some(ns), iterations: Some(done) }] = told.as_slice() else {
                panic!("{told:?}")
            };
            assert_eq!((benchmark, *done), (&case, n));
            assert!((1e5..1e10).contains(ns), "{ns}");
        }
    }
    let skipped = BenchmarkId::new("test_generator.py::test_passed_over");
    let finished = succeeded(&work, &harness.launch(&plan, &skipped, Iterations(3)).unwrap());
    let error = harness.parse(&plan, &skipped, Printed::of(&finished)).unwrap_err().to_string();
    assert!(error.contains("no result of test_generator.py::test_passed_over: it was skipped"), "{error}");
    // Left to itself it keeps what the marker says.
    let adaptive = BenchPlan { work: Some(WorkControl::Adaptive), ..plan };
    let told = launched(harness, &adaptive, &BenchmarkId::new("test_generator.py::test_seeds[1]"), 9, &work);
    assert!(told[0].value.is_some() && told[0].iterations.is_none(), "{told:?}");
}

#[test]
fn pyperf_scripts_are_listed_and_one_benchmark_is_run() {
    if !has("pyperf_scripts_are_listed_and_one_benchmark_is_run", PYPERF) {
        return;
    }
    let folder = program("pyperf");
    let work = folder.path().join("work");
    let (plan, harness) = (plan("pyperf", &["bench_generator.py"]), bench::find("pyperf").unwrap());
    let names = listed(harness, &plan, &work);
    assert_eq!(names, ["work", "sum of 100"].map(BenchmarkId::new));
    for case in &names {
        for n in [1, 12] {
            let told = launched(harness, &plan, case, n, &work);
            assert_eq!((&told[0].benchmark, told[0].iterations), (case, Some(n)));
        }
    }
    let unknown = BenchmarkId::new("nothing");
    let finished = succeeded(&work, &harness.launch(&plan, &unknown, Iterations(3)).unwrap());
    assert!(harness.parse(&plan, &unknown, Printed::of(&finished)).is_err());
}

#[test]
fn python_tests_are_told_by_pytests_ids() {
    if !has("python_tests_are_told_by_pytests_ids", BENCHMARK) {
        return;
    }
    let folder = program("pytest_benchmark");
    let work = folder.path().join("work");
    let (plan, suite) = (suite_plan("pytest"), suite::find("pytest").unwrap());
    let full = suite.full(&plan).unwrap().with_env("PYTEST_ADDOPTS", "--benchmark-disable");
    let passed = suite.parse(&perform(&work, &full)).unwrap();
    assert_eq!((passed.end, passed.tests.len()), (SuiteEnd::Passed, 14));
    assert_eq!(passed.tests[&TestId::new("test_generator.py::test_work")], TestEnd::Passed);
    let near = suite.near(&plan, &[std::path::Path::new("test_generator.py")]).unwrap();
    let near = near.with_env("PYTEST_ADDOPTS", "--benchmark-disable");
    assert_eq!(suite.parse(&perform(&work, &near)).unwrap(), passed);
    edit(&work.join("generator.py"), "return x", "return x + 1");
    let failed = suite.parse(&perform(&work, &full)).unwrap();
    let zero = TestId::new("test_generator.py::test_zero_stays_zero");
    assert!(failed.end == SuiteEnd::Failed && failed.failed().contains(&zero), "{:?}", failed.failed());
    edit(&work.join("generator.py"), "def work(x):", "def work(x)");
    let broken = suite.parse(&perform(&work, &full)).unwrap();
    assert_eq!((broken.end, broken.failed()), (SuiteEnd::Failed, vec![TestId::new("test_generator.py")]));
}
