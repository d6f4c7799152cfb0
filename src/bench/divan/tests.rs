//! Divan's tree and list, real and spoiled.

use proptest::prelude::*;

use super::*;
use crate::bench::hostile::{holds, hostile};

const LIST: &[u8] = include_bytes!("../../../tests/data/bench/divan/list.txt");
const WORK: &[u8] = include_bytes!("../../../tests/data/bench/divan/work.txt");
const DEEP: &[u8] = include_bytes!("../../../tests/data/bench/divan/seeds-from_input-7.txt");
const THREADS: &[u8] = include_bytes!("../../../tests/data/bench/divan/seeds-threads.txt");
const ALLOCATIONS: &[u8] = include_bytes!("../../../tests/data/bench/divan/allocations.txt");
const ALL: &[u8] = include_bytes!("../../../tests/data/bench/divan/all.txt");

fn plan() -> BenchPlan {
    BenchPlan { programs: vec!["steps".to_owned()], ..BenchPlan::default() }
}

fn parse(case: &str, stdout: &[u8]) -> Result<Vec<Told>, ParseError> {
    Divan.parse(&plan(), &BenchmarkId::new(case), Printed::text(stdout, b""))
}

#[test]
fn a_launch_does_a_fixed_number_of_iterations_in_small_samples() {
    let launch =
        |case: &str, n| Divan.launch(&plan(), &BenchmarkId::new(case), Iterations(n)).unwrap().argv.join(" ");
    insta::assert_snapshot!(launch("seeds::from_input::1.5", 1), @r"./.optiloop/bench/steps --bench --color=never --sample-count=1 --sample-size=1 --min-time=0 --max-time=100000 -- ^(steps::)?seeds::from_input::1\.5$");
    for (n, work) in [
        (99, "--sample-count=99 --sample-size=1 "),
        (250, "=125 --sample-size=2 "),
        (5_000_000, "=5000 --sample-size=1000 "),
    ] {
        assert!(launch("work", n).contains(work), "{n}");
    }
    let adaptive = BenchPlan { work: Some(WorkControl::Adaptive), ..plan() };
    let launch = Divan.launch(&adaptive, &BenchmarkId::new("work"), Iterations(9)).unwrap();
    assert!(!launch.argv.iter().any(|word| word.contains("sample")), "{launch:?}");
}

#[test]
fn real_trees_give_the_median() {
    for (case, tree, median) in [
        ("work", WORK, 162_400.0),
        ("seeds::from_input::7", DEEP, 158_200.0),
        // One thread and two: a launch does both.
        ("seeds::threads", THREADS, 300_600.0),
        ("grows", ALLOCATIONS, 34.27),
    ] {
        let told = parse(case, tree).unwrap();
        assert_eq!((told.len(), told[0].iterations), (1, None));
        assert!((told[0].value.unwrap() - median).abs() < 1e-6, "{case}: {told:?}");
    }
}

#[test]
fn real_lists_name_benchmarks_without_the_crate() {
    let names = Divan.read_discovery(&plan(), &[Printed::text(LIST, b"")]).unwrap();
    let expected = ["grows", "work", "seeds::from_input::1", "seeds::from_input::7", "seeds::threads"];
    assert_eq!(names, expected.map(BenchmarkId::new));
}

#[test]
fn what_is_no_result_is_an_error_with_its_line() {
    let spoiled = |from: &str, to: &str| String::from_utf8_lossy(WORK).replace(from, to).into_bytes();
    let median = std::str::from_utf8(WORK).unwrap().split(COLUMN).nth(7).unwrap().trim().to_owned();
    for (tree, says) in [
        (Vec::new(), "the whole output: no result of work; it said"),
        (b"warning: No benchmark function registered\n".to_vec(), "the whole output: no result of work"),
        (ALL.to_vec(), "a result of another benchmark than work"),
        (spoiled(&median, "fast"), "line 2: expected a time with its unit"),
        (spoiled(&median, "0 ns"), "line 2: 0 is no cost"),
        (spoiled(&median, "NaN ns"), "line 2: NaN is no cost"),
        (spoiled(&median, "3 parsec"), "line 2: \"parsec\" is no unit of time"),
    ] {
        let message = parse("work", &tree).unwrap_err().to_string();
        assert!(message.starts_with("divan: ") && message.contains(says), "{message}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_every_value_is_a_cost(tree in hostile(&[WORK, DEEP, THREADS, ALL, ALLOCATIONS])) {
        holds(NAME, "work", parse("work", &tree));
    }

    #[test]
    fn no_list_makes_it_panic(list in hostile(&[LIST, WORK])) {
        let names = Divan.read_discovery(&plan(), &[Printed::text(&list, b"")]).unwrap_or_default();
        prop_assert!(names.iter().all(|name| !name.as_str().is_empty()));
    }
}
