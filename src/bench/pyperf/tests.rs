//! Tests of `pyperf`: its commands, and real files, whole and hurt.

use super::*;
use crate::bench::driver::tests::{listed, plan, survives, told};

const WORK: &[u8] = include_bytes!("../../../tests/data/bench/pyperf/work.json");
const SUM: &[u8] = include_bytes!("../../../tests/data/bench/pyperf/sum-of-100.json");
const WHOLE: &[u8] = include_bytes!("../../../tests/data/bench/pyperf/whole-script.json");

#[test]
fn a_launch_is_the_worker_of_one_benchmark() {
    let plan = plan(NAME, &["a.py", "b.py"]);
    let launch = Pyperf.launch(&plan, &BenchmarkId::new("b.py::sum of 100"), Iterations(9)).unwrap();
    assert_eq!(launch.argv[..3], ["python3", "-c", DRIVER]);
    let words = [
        "run",
        "sum of 100",
        "b.py",
        "--worker",
        "--loops=9",
        "-n1",
        "-w0",
        "-q",
        "-o",
        "{results}/told.json",
    ];
    assert_eq!(launch.argv[3..], words);
    let error = Pyperf.launch(&plan, &BenchmarkId::new("c.py::x"), Iterations(9)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "pyperf: config has no benchmark named c.py::x; it has [\"a.py\", \"b.py\"]"
    );
}

#[test]
fn real_files_tell_the_value_and_the_loops() {
    let plan = plan(NAME, &["bench_generator.py"]);
    let (value, loops) = told(&Pyperf, &plan, ("work", WORK)).unwrap();
    assert!((1e6..1e9).contains(&value) && loops == Some(20), "{value} {loops:?}");
    let (value, loops) = told(&Pyperf, &plan, ("sum of 100", SUM)).unwrap();
    assert!((100.0..1e5).contains(&value) && loops == Some(20), "{value} {loops:?}");
}

#[test]
fn what_is_not_the_one_value_of_the_one_benchmark_is_an_error() {
    let told = |case: &str, file: &[u8]| told(&Pyperf, &plan(NAME, &["x.py"]), (case, file)).unwrap_err();
    assert_eq!(told("work", WHOLE), "pyperf: the whole output: 2 results where one was expected: \"work\"");
    assert_eq!(
        told("sum", WORK),
        "pyperf: the whole output: a result of another benchmark than sum: \"work\""
    );
    let two = br#"{"benchmarks":[{"metadata":{"name":"a"},"runs":[{"values":[1,2]},{"warmups":[]}]}]}"#;
    assert_eq!(told("a", two), "pyperf: the whole output: 2 values where one was expected: \"a\"");
    let negative = br#"{"benchmarks":[{"metadata":{"name":"a"},"runs":[{"values":[-1]}]}]}"#;
    assert_eq!(
        told("a", negative),
        "pyperf: the whole output: a value must be finite and above zero: \"-1\""
    );
}

#[test]
fn hurt_files_are_errors_with_their_line() {
    survives(&Pyperf, &plan(NAME, &["bench_generator.py"]), ("work", WORK));
}

#[test]
fn a_real_listing_is_read_and_several_scripts_are_told_apart() {
    let text = include_str!("../../../tests/data/bench/pyperf/list.txt");
    assert_eq!(listed(&Pyperf, &plan(NAME, &["b.py"]), text).unwrap(), ["work", "sum of 100"]);
    let two = plan(NAME, &["a.py", "b.py"]);
    let printed = Printed::text(text.as_bytes(), b"");
    let names = Pyperf.read_discovery(&two, &[printed, printed]).unwrap();
    assert_eq!((names.len(), names[3].as_str()), (4, "b.py::sum of 100"));
}
