//! Tests of `tinybench`: its commands, and real files, whole and hurt.

use std::path::PathBuf;

use super::*;
use crate::bench::driver::tests::{listed, plan, survives, told};
use crate::bench::{Discovery, Harness};

use crate::model::bench::{Iterations, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::plan::BenchPlan;

const WORK: &[u8] = include_bytes!("../../../tests/data/bench/tinybench/work.json");
const ADAPTIVE: &[u8] = include_bytes!("../../../tests/data/bench/tinybench/adaptive.json");

#[test]
fn the_commands_are_node_with_the_driver() {
    let plan = BenchPlan { package: PathBuf::from("core"), ..plan(TINYBENCH.name, &["bench.js"]) };
    let words = |spec: &CommandSpec| {
        assert_eq!(spec.argv[..5], ["node", "--input-type=module", "--eval", TINYBENCH.driver, "--"]);
        format!("{}$ {}", spec.folder.display(), spec.argv[5..].join("|"))
    };
    let Discovery::Ask(asks) = TINYBENCH.discovery(&plan) else { panic!("it asks") };
    assert_eq!(words(&asks[0]), "core$ list|bench.js");
    let launch = |plan: &BenchPlan| {
        words(&TINYBENCH.launch(plan, &BenchmarkId::new("a > b c"), Iterations(7)).unwrap())
    };
    assert_eq!(launch(&plan), "core$ run|bench.js|a > b c|7|{results}/told.json");
    let adaptive = BenchPlan { work: Some(WorkControl::Adaptive), ..plan };
    assert_eq!(launch(&adaptive), "core$ run|bench.js|a > b c|0|{results}/told.json");
}

#[test]
fn real_files_tell_the_cost_and_the_iterations() {
    let fixed = plan(TINYBENCH.name, &["bench.js"]);
    let (value, iterations) = told(&TINYBENCH, &fixed, ("work", WORK)).unwrap();
    assert!((1e4..1e7).contains(&value) && iterations == Some(200), "{value} {iterations:?}");
    let adaptive = BenchPlan { work: Some(WorkControl::Adaptive), ..fixed };
    let (value, iterations) = told(&TINYBENCH, &adaptive, ("work", ADAPTIVE)).unwrap();
    assert!((1e4..1e7).contains(&value) && iterations.is_none(), "{value} {iterations:?}");
}

#[test]
fn hurt_files_are_errors_with_their_line() {
    survives(&TINYBENCH, &plan(TINYBENCH.name, &["bench.js"]), ("work", WORK));
    for value in ["0", "-1", "1e999", "null", "\"1\""] {
        let left = format!("{{\"milliseconds\":{value},\"iterations\":1}}");
        assert!(
            told(&TINYBENCH, &plan(TINYBENCH.name, &["bench.js"]), ("work", left.as_bytes())).is_err(),
            "{value}"
        );
    }
}

#[test]
fn a_real_listing_is_read() {
    let text = include_str!("../../../tests/data/bench/tinybench/list.txt");
    let names = listed(&TINYBENCH, &plan(TINYBENCH.name, &["bench.js"]), text).unwrap();
    assert_eq!(names, ["generator > work", "generator > one"]);
}
