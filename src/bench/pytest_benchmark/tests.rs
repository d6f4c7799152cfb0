//! Tests of `pytest_benchmark`: its commands, and real files, whole and hurt.

use std::path::PathBuf;

use super::*;
use crate::bench::driver::tests::{listed, plan, survives, told};

const WORK: &[u8] = include_bytes!("../../../tests/data/bench/pytest_benchmark/test_work.json");
const SEEDS: &[u8] = include_bytes!("../../../tests/data/bench/pytest_benchmark/test_seeds2.json");
const PEDANTIC: &[u8] = include_bytes!("../../../tests/data/bench/pytest_benchmark/test_pedantic.json");

#[test]
fn the_commands_are_pytest_through_the_driver() {
    let case = BenchmarkId::new("tests/test_x.py::test_work[a b]");
    let words = |spec: &CommandSpec| {
        assert_eq!(spec.argv[..3], ["python3", "-c", DRIVER]);
        format!("{}$ {}", spec.folder.display(), spec.argv[3..].join(" "))
    };
    let plan = BenchPlan { package: PathBuf::from("core"), ..plan(NAME, &["tests/test_x.py"]) };
    let Discovery::Ask(asks) = PytestBenchmark.discovery(&plan) else { panic!("it asks") };
    assert_eq!(words(&asks[0]), "core$ list 0 -p no:cacheprovider --collect-only -q tests/test_x.py");
    let launch = |plan: &BenchPlan| words(&PytestBenchmark.launch(plan, &case, Iterations(7)).unwrap());
    assert_eq!(
        launch(&plan),
        "core$ run 7 -p no:cacheprovider -q --benchmark-enable --benchmark-only \
         --benchmark-json={results}/told.json tests/test_x.py::test_work[a b]"
    );
    let adaptive = BenchPlan { work: Some(WorkControl::Adaptive), ..plan };
    assert!(launch(&adaptive).starts_with("core$ run 0 "), "{}", launch(&adaptive));
}

#[test]
fn real_files_tell_the_median_and_the_iterations_of_all_three_kinds() {
    let plan = plan(NAME, &[]);
    for (name, file) in [("work", WORK), ("seeds[2]", SEEDS), ("pedantic", PEDANTIC)] {
        let case = format!("test_generator.py::test_{name}");
        let (value, iterations) = told(&PytestBenchmark, &plan, (&case, file)).unwrap();
        assert!((1e6..1e9).contains(&value), "{value}");
        assert_eq!(iterations, Some(20), "{case}");
    }
    let adaptive = BenchPlan { work: Some(WorkControl::Adaptive), ..plan };
    assert_eq!(told(&PytestBenchmark, &adaptive, ("test_generator.py::test_work", WORK)).unwrap().1, None);
}

#[test]
fn a_file_that_is_not_of_the_one_benchmark_is_an_error() {
    let told = |case: &str, file: &str| told(&PytestBenchmark, &plan(NAME, &[]), (case, file.as_bytes()));
    assert_eq!(
        told(
            "x.py::a",
            r#"{"benchmarks":[{"fullname":"x.py::b","stats":{"median":1,"rounds":1,"iterations":1}}]}"#
        ),
        Err("pytest_benchmark: the whole output: a result of another benchmark than x.py::a: \"x.py::b\""
            .to_owned())
    );
    assert_eq!(
        told("x.py::a", r#"{"benchmarks":[]}"#),
        Err("pytest_benchmark: the whole output: not the one result of x.py::a; pytest-xdist and \
             --benchmark-disable take it away"
            .to_owned())
    );
    let zero = r#"{"benchmarks":[{"fullname":"a","stats":{"median":0,"rounds":1,"iterations":1}}]}"#;
    assert_eq!(
        told("a", zero),
        Err("pytest_benchmark: the whole output: a value must be finite and above zero: \"0\"".to_owned())
    );
}

#[test]
fn hurt_files_are_errors_with_their_line() {
    survives(&PytestBenchmark, &plan(NAME, &[]), ("test_generator.py::test_work", WORK));
}

#[test]
fn a_real_listing_has_the_benchmarks_and_no_other_test() {
    let text = include_str!("../../../tests/data/bench/pytest_benchmark/list.txt");
    let names = listed(&PytestBenchmark, &plan(NAME, &[]), text).unwrap();
    let of_file = ["work", "seeds[1]", "seeds[2]", "pedantic", "passed_over", "unused"];
    assert_eq!(names, of_file.map(|name| format!("test_generator.py::test_{name}")));
}
