//! hyperfine's export, real and spoiled.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::bench::hostile::{holds, hostile};

const FIVE: &[u8] = include_bytes!("../../../tests/data/bench/hyperfine/five.json");
const TWO: &[u8] = include_bytes!("../../../tests/data/bench/hyperfine/two.json");
const FAILED: &[u8] = include_bytes!("../../../tests/data/bench/hyperfine/failed.json");

fn plan(run: &[&str]) -> BenchPlan {
    let run = CommandSpec::new(run.to_vec());
    BenchPlan { cases: vec![BenchCase { name: BenchmarkId::new("check"), run }], ..BenchPlan::default() }
}

fn parse(json: &[u8]) -> Result<Vec<Told>, ParseError> {
    let results: BTreeMap<PathBuf, Vec<u8>> = [(PathBuf::from(FILE), json.to_vec())].into();
    let out = Printed { stdout: b"", stderr: b"it was here", results: &results };
    Hyperfine.parse(&plan(&["./check"]), &BenchmarkId::new("check"), out)
}

#[test]
fn a_command_is_run_as_often_as_we_say() {
    let launch = |run: &[&str]| {
        Hyperfine.launch(&plan(run), &BenchmarkId::new("check"), Iterations(7)).unwrap().argv.join(" ")
    };
    insta::assert_snapshot!(launch(&["./check", "a b", "it's", ""]), @r"hyperfine --export-json {results}/hyperfine.json --style=none --runs 7 --shell=none -- ./check 'a b' 'it'\''s' ''");
    insta::assert_snapshot!(launch(&["hyperfine", "--warmup=3", "--prepare", "sync", "./check | wc"]), @"hyperfine --export-json {results}/hyperfine.json --style=none --runs 7 --warmup=3 --prepare sync ./check | wc");
    insta::assert_snapshot!(launch(&["hyperfine", "-r30", "./check"]), @"hyperfine --export-json {results}/hyperfine.json --style=none -r30 ./check");
}

#[test]
fn work_is_ours_unless_the_command_pins_it() {
    let work = |run: &[&str]| Hyperfine.work(&plan(run), &BenchmarkId::new("check"));
    assert_eq!(work(&["./check", "--runs", "3"]), WorkControl::Fixed);
    assert_eq!(work(&["hyperfine", "./check"]), WorkControl::Fixed);
    for pin in [&["--runs", "3"][..], &["--runs=3"], &["-r", "3"], &["-r3"]] {
        assert_eq!(work(&[&["hyperfine"], pin, &["./check"]].concat()), WorkControl::Once, "{pin:?}");
    }
}

#[test]
fn real_exports_give_the_median_of_the_runs() {
    let export: Export = serde_json::from_slice(FIVE).unwrap();
    let mut times = export.results[0].times.clone();
    times.sort_by(f64::total_cmp);
    let told = parse(FIVE).unwrap();
    assert_eq!((told[0].value, told[0].iterations), (Some(times[2] * 1e9), Some(5)));
}

#[test]
fn what_is_no_result_is_an_error_that_says_why() {
    for (json, says) in [
        (TWO, "holds 2 commands: each is a case of its own"),
        (FAILED, "run 0 of \"exit 3\" failed"),
        (&FIVE[..50], "hyperfine.json: EOF"),
        (b"{\"results\":[{\"command\":\"x\"}]}", "holds no run"),
        (b"{\"results\":[{\"command\":\"x\",\"times\":[0.0]}]}", "0 is no cost"),
    ] {
        let message = parse(json).unwrap_err().to_string();
        assert!(message.starts_with("hyperfine: ") && message.contains(says), "{message}");
    }
    let nothing = Hyperfine.parse(&plan(&["x"]), &BenchmarkId::new("check"), Printed::text(b"", b"gone"));
    assert!(
        nothing.unwrap_err().to_string().contains("check left no hyperfine.json; hyperfine said: \"gone\"")
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_every_value_is_a_cost(json in hostile(&[FIVE, TWO, FAILED])) {
        holds(NAME, "check", parse(&json));
    }
}
