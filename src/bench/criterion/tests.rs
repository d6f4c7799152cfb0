//! Criterion's list and files, real and spoiled.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::bench::hostile::{holds, hostile};

const LIST: &[u8] = include_bytes!("../../../tests/data/bench/criterion/list.txt");
const BENCHMARK: &[u8] = include_bytes!("../../../tests/data/bench/criterion/benchmark.json");
const SAMPLE: &[u8] = include_bytes!("../../../tests/data/bench/criterion/sample.json");
const CASE: &str = "seeds/from input/7";

fn plan() -> BenchPlan {
    BenchPlan { programs: vec!["steps".to_owned()], ..BenchPlan::default() }
}

fn parse(case: &str, benchmark: &[u8], sample: &[u8]) -> Result<Vec<Told>, ParseError> {
    let folder = PathBuf::from("seeds/from input/7");
    let results: BTreeMap<PathBuf, Vec<u8>> = [
        (folder.join("base/benchmark.json"), b"old".to_vec()),
        (folder.join("new/benchmark.json"), benchmark.to_vec()),
        (folder.join("new/sample.json"), sample.to_vec()),
    ]
    .into();
    let out = Printed { stdout: b"it was here\n", stderr: b"", results: &results };
    Criterion.parse(&plan(), &BenchmarkId::new(case), out)
}

#[test]
fn a_launch_is_brief_and_of_one_benchmark() {
    let launch = Criterion.launch(&plan(), &BenchmarkId::new(CASE), Iterations(7)).unwrap();
    insta::assert_snapshot!(launch.argv.join(" "), @"./.optiloop/bench/steps --bench --noplot --color=never --warm-up-time=0.1 --measurement-time=0.4 --sample-size=20 --nresamples=1001 --exact -- seeds/from input/7");
    assert_eq!(launch.env["CRITERION_HOME"], RESULTS);
    assert_eq!(Criterion.work(&plan(), &BenchmarkId::new(CASE)), WorkControl::Adaptive);
}

#[test]
fn real_results_give_the_median_of_the_samples() {
    let told = parse(CASE, BENCHMARK, SAMPLE).unwrap();
    let sample: Sample = serde_json::from_slice(SAMPLE).unwrap();
    let mut costs: Vec<f64> = sample.times.iter().zip(&sample.iters).map(|(time, n)| time / n).collect();
    costs.sort_by(f64::total_cmp);
    assert_eq!((costs.len(), told[0].value), (20, Some(f64::midpoint(costs[9], costs[10]))));
    assert_eq!(told[0].iterations, None);
}

#[test]
fn real_lists_name_benchmarks_with_spaces_and_slashes() {
    let names = Criterion.read_discovery(&plan(), &[Printed::text(LIST, b"")]).unwrap();
    assert_eq!(names, ["work", "seeds/from input/1", CASE].map(BenchmarkId::new));
}

#[test]
fn what_is_no_result_says_which_file_and_line() {
    for (case, benchmark, sample, says) in [
        (
            "work",
            BENCHMARK,
            SAMPLE,
            "no samples of work; it left some of [\"seeds/from input/7\"], and said: \"it was here",
        ),
        (CASE, &BENCHMARK[..40], SAMPLE, "line 1: seeds/from input/7/new/benchmark.json: EOF"),
        (CASE, BENCHMARK, &SAMPLE[..60], "line 1: seeds/from input/7/new/sample.json: EOF"),
        (CASE, BENCHMARK, b"{\"iters\":[1.0],\"times\":[]}", "1 iterations and 0 times"),
        (CASE, BENCHMARK, b"{\"iters\":[],\"times\":[]}", "it holds no sample"),
        (CASE, BENCHMARK, b"{\"iters\":[0.0],\"times\":[5.0]}", "sample 0: inf is no cost"),
        (CASE, BENCHMARK, b"{\"iters\":[1.0],\"times\":[-5.0]}", "sample 0: -5 is no cost"),
    ] {
        let message = parse(case, benchmark, sample).unwrap_err().to_string();
        assert!(message.starts_with("criterion: ") && message.contains(says), "{message}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_every_value_is_a_cost(
        benchmark in prop_oneof![Just(BENCHMARK.to_vec()), hostile(&[BENCHMARK, SAMPLE])],
        sample in hostile(&[SAMPLE, BENCHMARK]),
    ) {
        holds(NAME, CASE, parse(CASE, &benchmark, &sample));
    }

    #[test]
    fn no_list_makes_it_panic(list in hostile(&[LIST, BENCHMARK])) {
        let names = Criterion.read_discovery(&plan(), &[Printed::text(&list, b"")]).unwrap_or_default();
        prop_assert!(names.iter().all(|name| !name.as_str().is_empty()));
    }
}
