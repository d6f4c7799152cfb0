//! libtest's lines, real and spoiled.

use proptest::prelude::*;

use super::*;
use crate::bench::hostile::{holds, hostile};

const LIST: &[u8] = include_bytes!("../../../tests/data/bench/libtest/list.txt");
const REAL: &[u8] = include_bytes!("../../../tests/data/bench/libtest/seeds-from_input.txt");
const NOTHING: &[u8] = include_bytes!("../../../tests/data/bench/libtest/nothing.txt");
const CASE: &str = "seeds::from_input";

fn plan() -> BenchPlan {
    BenchPlan { programs: vec!["steps".to_owned()], ..BenchPlan::default() }
}

fn parse(stdout: &[u8]) -> Result<Vec<Told>, ParseError> {
    Libtest.parse(&plan(), &BenchmarkId::new(CASE), Printed::text(stdout, b""))
}

#[test]
fn a_launch_is_of_one_benchmark() {
    let launch = Libtest.launch(&plan(), &BenchmarkId::new(CASE), Iterations(7)).unwrap();
    insta::assert_snapshot!(launch.argv.join(" "), @"./.optiloop/bench/steps --bench --color=never --exact -- seeds::from_input");
}

#[test]
fn real_lines_give_their_number() {
    let expected = Told { benchmark: BenchmarkId::new(CASE), value: Some(679_201.66), iterations: None };
    assert_eq!(parse(REAL), Ok(vec![expected]));
    let older =
        b"\nrunning 1 test\ntest seeds::from_input      ... bench:   1,234,567 ns/iter (+/- 12) = 3 MB/s\n";
    assert_eq!(parse(older).unwrap()[0].value, Some(1_234_567.0));
}

#[test]
fn real_lists_name_benchmarks_and_no_tests() {
    let names = Libtest.read_discovery(&plan(), &[Printed::text(LIST, b"")]).unwrap();
    assert_eq!(names, [CASE, "work"].map(BenchmarkId::new));
}

#[test]
fn what_is_no_result_is_an_error_with_its_line() {
    for (stdout, says) in [
        (NOTHING, "the whole output: no result of seeds::from_input; it said"),
        (b"x\ntest seeds::from_input ... FAILED\n", "line 2: the benchmark told no time"),
        (b"test work ... bench: 3 ns/iter (+/- 1)", "line 1: a result of another benchmark"),
        (b"test seeds::from_input ... bench: 3 ns", "line 1: expected `N ns/iter (+/- N)`"),
        (b"test seeds::from_input ... bench: x ns/iter (+/- 1)", "line 1: expected a number before ns/iter"),
        (b"test seeds::from_input ... bench: 0 ns/iter (+/- 1)", "line 1: 0 is no cost"),
        (b"test seeds::from_input ... bench: NaN ns/iter (+/- 1)", "line 1: NaN is no cost"),
    ] {
        let message = parse(stdout).unwrap_err().to_string();
        assert!(message.starts_with("libtest: ") && message.contains(says), "{message}");
    }
    let twice = [REAL, REAL].concat();
    assert!(parse(&twice).unwrap_err().to_string().contains("the same benchmark told twice"));
}

#[test]
fn a_build_on_a_stable_compiler_is_told_what_it_needs() {
    let said = "error[E0554]: `#![feature]` may not be used on the stable release channel";
    assert!(
        Libtest
            .advice(said)
            .is_some_and(|advice| advice.contains("nightly") && advice.contains("RUSTC_BOOTSTRAP"))
    );
    assert_eq!(Libtest.advice("error[E0308]: mismatched types"), None);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_every_value_is_a_cost(stdout in hostile(&[REAL, NOTHING, LIST])) {
        holds(NAME, CASE, parse(&stdout));
    }
}
