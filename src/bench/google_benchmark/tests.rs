//! Google Benchmark's list and JSON, real and spoiled.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::bench::hostile::{holds, hostile};

const OLD_LIST: &[u8] = include_bytes!("../../../tests/data/bench/google_benchmark/list-1.7.txt");
const NEW_LIST: &[u8] = include_bytes!("../../../tests/data/bench/google_benchmark/list-1.9.txt");
const REPEATED: &[u8] = include_bytes!("../../../tests/data/bench/google_benchmark/repeated-1.7.json");
const FIXED: &[u8] = include_bytes!("../../../tests/data/bench/google_benchmark/fixed-1.9.json");
const FAILED: &[u8] = include_bytes!("../../../tests/data/bench/google_benchmark/failed-1.7.json");

fn plan(work: Option<WorkControl>) -> BenchPlan {
    BenchPlan { programs: vec!["steps".to_owned()], work, ..BenchPlan::default() }
}

fn parse(case: &str, json: &[u8]) -> Result<Vec<Told>, ParseError> {
    let results: BTreeMap<PathBuf, Vec<u8>> = [(PathBuf::from(FILE), json.to_vec())].into();
    let out = Printed { stdout: b"", stderr: b"it was here", results: &results };
    GoogleBenchmark.parse(&plan(None), &BenchmarkId::new(case), out)
}

fn launch(case: &str, work: Option<WorkControl>) -> String {
    GoogleBenchmark.launch(&plan(work), &BenchmarkId::new(case), Iterations(7)).unwrap().argv.join(" ")
}

#[test]
fn a_launch_is_of_one_benchmark_and_as_many_iterations_as_we_say() {
    insta::assert_snapshot!(launch("FromInput/7", None), @"./.optiloop/bench/steps --benchmark_filter=^FromInput/7$ --benchmark_out={results}/benchmark.json --benchmark_out_format=json --benchmark_min_time=7x");
    insta::assert_snapshot!(launch("Sort<int>/3", Some(WorkControl::Adaptive)), @"./.optiloop/bench/steps --benchmark_filter=^Sort<int>/3$ --benchmark_out={results}/benchmark.json --benchmark_out_format=json --benchmark_min_time=0.05 --benchmark_repetitions=7");
    // The code pins them itself.
    insta::assert_snapshot!(launch("Pinned/iterations:50", Some(WorkControl::Adaptive)), @"./.optiloop/bench/steps --benchmark_filter=^Pinned/iterations:50$ --benchmark_out={results}/benchmark.json --benchmark_out_format=json");
}

#[test]
fn the_help_of_an_old_library_says_that_its_launches_are_time_boxed() {
    let control = |lists: &[&[u8]]| {
        let lists: Vec<Printed<'_>> = lists.iter().map(|list| Printed::text(list, b"")).collect();
        GoogleBenchmark.control(&lists)
    };
    assert_eq!(control(&[NEW_LIST]), None);
    assert_eq!(control(&[OLD_LIST]), Some(WorkControl::Adaptive));
    assert_eq!(control(&[NEW_LIST, OLD_LIST]), Some(WorkControl::Adaptive));
}

#[test]
fn real_lists_name_benchmarks_and_no_flags() {
    let names = |list| GoogleBenchmark.read_discovery(&plan(None), &[Printed::text(list, b"")]).unwrap();
    assert_eq!(names(NEW_LIST), [BenchmarkId::new("work")]);
    let old = names(OLD_LIST);
    assert_eq!((old.len(), &old[2]), (6, &BenchmarkId::new("FromInput/7")));
    let none = GoogleBenchmark.read_discovery(&BenchPlan::default(), &[]).unwrap_err().to_string();
    assert!(none.contains("`[bench] programs` names no program"), "{none}");
}

#[test]
fn real_results_give_the_median_of_the_repetitions() {
    let report: Report = serde_json::from_slice(REPEATED).unwrap();
    let median = report.benchmarks.iter().find(|run| run.name == "FromInput/7_median").unwrap();
    let told = parse("FromInput/7", REPEATED).unwrap();
    assert!((told[0].value.unwrap() / 1e3 - median.real_time.unwrap()).abs() < 1e-6, "in microseconds");
    let told = parse("work", FIXED).unwrap();
    assert_eq!(told[0].iterations, Some(200));
}

#[test]
fn what_is_no_result_is_an_error_that_says_why() {
    let spoiled = |from: &str, to: &str| String::from_utf8_lossy(FIXED).replace(from, to).into_bytes();
    for (case, json, says) in [
        ("Fails", FAILED.to_vec(), "Fails told an error: \"no input\""),
        ("work", REPEATED.to_vec(), "a result of another benchmark, FromInput/7, than work"),
        ("work", FIXED[..60].to_vec(), "line 4: benchmark.json: EOF"),
        ("work", b"{\"benchmarks\":[]}".to_vec(), "has no result of work; it said: \"it was here\""),
        ("work", spoiled("\"time_unit\": \"ns\"", "\"time_unit\": \"d\""), "\"d\" is no unit of time"),
        ("work", spoiled("\"real_time\": ", "\"real_time\": -"), "is no cost"),
        ("work", spoiled("\"real_time\": ", "\"real_time\": NaN, \"x\": "), "has no real_time"),
    ] {
        let message = parse(case, &json).unwrap_err().to_string();
        assert!(message.starts_with("google_benchmark: ") && message.contains(says), "{message}");
    }
    let nothing = GoogleBenchmark.parse(&plan(None), &BenchmarkId::new("work"), Printed::text(b"", b"gone"));
    assert!(nothing.unwrap_err().to_string().contains("work left no benchmark.json; it said: \"gone\""));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_every_value_is_a_cost(json in hostile(&[FIXED, REPEATED, FAILED])) {
        holds(NAME, "work", parse("work", &json));
    }

    #[test]
    fn no_list_makes_it_panic(list in hostile(&[OLD_LIST, NEW_LIST, FIXED])) {
        let names = GoogleBenchmark.read_discovery(&plan(None), &[Printed::text(&list, b"")]);
        prop_assert!(names.unwrap_or_default().iter().all(|name| !name.as_str().is_empty()));
    }
}
