//! Tests of `vitest`: its commands, and real files, whole and hurt.

use super::*;
use crate::bench::driver::tests::{listed, plan, survives, told};

const WORK: &[u8] = include_bytes!("../../../tests/data/bench/vitest/work.json");
const TOP: &[u8] = include_bytes!("../../../tests/data/bench/vitest/top.json");
const CASE: &str = "generator.bench.js > generator > work";

#[test]
fn a_launch_is_of_one_file_and_of_the_names_that_fit() {
    let words = |case: &str| {
        let launch = Vitest.launch(&plan(NAME, &[]), &BenchmarkId::new(case), Iterations(1));
        launch.map(|launch| launch.argv[5..].join("|")).map_err(|error| error.to_string())
    };
    assert_eq!(words(CASE), Ok("run|^generator work$|{results}/told.json|generator.bench.js".to_owned()));
    assert_eq!(
        words("a/b.bench.ts > one (1 + 0) [x/y-z]"),
        Ok(r"run|^one \(1 \+ 0\) \[x\/y\-z\]$|{results}/told.json|a/b.bench.ts".to_owned())
    );
    assert!(words("work").is_err());
    let Discovery::Ask(asks) = Vitest.discovery(&plan(NAME, &["a.bench.js"])) else { panic!("it asks") };
    assert_eq!(asks[0].argv[5..], ["list", "", "", "a.bench.js"]);
}

#[test]
fn real_files_tell_the_median_of_the_one_that_ran() {
    let (value, iterations) = told(&Vitest, &plan(NAME, &[]), (CASE, WORK)).unwrap();
    assert!((1e4..1e7).contains(&value) && iterations.is_none(), "{value} {iterations:?}");
    told(&Vitest, &plan(NAME, &[]), ("generator.bench.js > top", TOP)).unwrap();
    assert_eq!(
        told(&Vitest, &plan(NAME, &[]), (CASE, TOP)),
        Err(format!(
            "vitest: the whole output: no result of {CASE}; results there are: \"generator.bench.js > top\""
        ))
    );
}

#[test]
fn hurt_files_are_errors_with_their_line() {
    survives(&Vitest, &plan(NAME, &[]), (CASE, WORK));
}

#[test]
fn a_real_listing_is_read() {
    let text = include_str!("../../../tests/data/bench/vitest/list.txt");
    let names = listed(&Vitest, &plan(NAME, &[]), text).unwrap();
    assert_eq!(names, [CASE, "generator.bench.js > generator > one (1 + 0)", "generator.bench.js > top"]);
}
