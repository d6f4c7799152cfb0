//! Tests of `go_test`: the worked commands, real output, and output that lies.

use proptest::prelude::*;

use super::*;

fn listed(stdout: &[u8]) -> Result<Vec<BenchmarkId>, ParseError> {
    GoTest.read_discovery(&BenchPlan::default(), &[Printed::text(stdout, b"")])
}

fn plan(package: &str) -> BenchPlan {
    BenchPlan { harness: NAME.to_owned(), package: PathBuf::from(package), ..BenchPlan::default() }
}

fn parse(case: &str, stdout: &str) -> Result<Vec<(String, f64, u64)>, String> {
    let printed = Printed::text(stdout.as_bytes(), b"");
    let told =
        GoTest.parse(&plan(""), &BenchmarkId::new(case), printed).map_err(|error| error.to_string())?;
    Ok(told
        .into_iter()
        .map(|told| (told.benchmark.to_string(), told.value.unwrap(), told.iterations.unwrap()))
        .collect())
}

#[test]
fn commands_are_relative_to_the_package_folder() {
    let plan = plan("internal/text");
    let command = |spec: &CommandSpec| format!("{}$ {}", spec.folder.display(), spec.argv.join(" "));
    assert_eq!(
        command(&GoTest.build(&plan)[0]),
        "$ go test -c -trimpath -o internal/text/.optiloop/bench.test ./internal/text"
    );
    let launch = GoTest.launch(&plan, &BenchmarkId::new("BenchmarkX/n=1.5"), Iterations(40)).unwrap();
    assert_eq!(
        command(&launch),
        "internal/text$ ./.optiloop/bench.test -test.run=^$ -test.bench=^BenchmarkX$/^n=1\\.5$ \
         -test.benchtime=40x -test.count=1"
    );
    assert_eq!(GoTest.build(&BenchPlan::default())[0].argv.last().unwrap(), ".");
}

#[test]
fn a_result_is_read_with_and_without_a_processor_suffix() {
    let line = |name: &str| {
        format!("goos: linux\n{name}   \t     100\t    12.5 ns/op\t  29.59 MB/s\t 4706 allocs/op\nPASS\n")
    };
    let expect = |name: &str| Ok(vec![(name.to_owned(), 12.5, 100)]);
    assert_eq!(parse("BenchmarkX", &line("BenchmarkX-8")), expect("BenchmarkX"));
    assert_eq!(parse("BenchmarkX", &line("BenchmarkX")), expect("BenchmarkX"));
    assert_eq!(parse("BenchmarkX/n-3", &line("BenchmarkX/n-3-8")), expect("BenchmarkX/n-3"));
    assert_eq!(parse("BenchmarkX/n-3", &line("BenchmarkX/n-3")), expect("BenchmarkX/n-3"));
    assert_eq!(
        parse("BenchmarkX", "BenchmarkX-2 \thello\n  7\t 3 ns/op\nPASS\n"),
        Ok(vec![("BenchmarkX".into(), 3.0, 7)])
    );
}

#[test]
fn metrics_of_the_benchmarks_own_are_costs_whatever_they_count() {
    let text = include_str!("../../../tests/data/bench/go_test/metrics.txt");
    let told = |case: &str, metric: &str| {
        let plan = BenchPlan { metric: Some(metric.to_owned()), ..plan("") };
        let only = text.lines().filter(|line| line.starts_with(case) || !line.starts_with("Benchmark"));
        let only = only.collect::<Vec<_>>().join("\n");
        let printed = Printed::text(only.as_bytes(), b"");
        let told = GoTest.parse(&plan, &BenchmarkId::new(case), printed).map_err(|error| error.to_string());
        told.map(|told| told[0].value.unwrap())
    };
    for (metric, cost) in [
        ("allocations", 1.0),
        ("allocated-bytes", 4096.0),
        ("p99-ms", 12.5),
        ("docs/s", 4000.0),
        ("MB/s", 1e9 / 1_206_070_000.0),
    ] {
        assert_eq!(told("BenchmarkRate", metric), Ok(cost), "{metric}");
    }
    assert_eq!(told("BenchmarkFree", "allocations"), Ok(0.5), "none is less than one");
    assert!(told("BenchmarkFree", "MB/s").unwrap_err().contains("no value in MB/s"));
}

#[test]
fn what_is_no_result_is_an_error_with_its_line() {
    for (stdout, expect) in [
        (
            "PASS\n",
            "go_test: the whole output: no result of BenchmarkX: it was skipped, or there is none of this name",
        ),
        ("--- FAIL: BenchmarkX\n", "go_test: line 1: the benchmark failed: \"--- FAIL: BenchmarkX\""),
        (
            "BenchmarkX-2\t1\t5 ns/op\n--- SKIP: BenchmarkX\n",
            "go_test: line 2: the benchmark was skipped: \"--- SKIP: BenchmarkX\"",
        ),
        ("BenchmarkX-2 \tpanic\npanic: ouch\n", "go_test: line 2: the benchmark crashed: \"panic: ouch\""),
        (
            "BenchmarkX-2 \thello\nPASS\n",
            "go_test: the whole output: a benchmark began and told no result: \"BenchmarkX-2\"",
        ),
        (
            "BenchmarkX 1 NaN ns/op\n",
            "go_test: line 1: a value must be finite and above zero: \"BenchmarkX 1 NaN ns/op\"",
        ),
        (
            "BenchmarkX 1 0 ns/op\n",
            "go_test: line 1: a value must be finite and above zero: \"BenchmarkX 1 0 ns/op\"",
        ),
        (
            "BenchmarkX 1 x ns/op\n",
            "go_test: line 1: expected a number before ns/op: \"BenchmarkX 1 x ns/op\"",
        ),
        (
            "BenchmarkX 1 5 ns/op\nBenchmarkX 1 1 ns/op\n",
            "go_test: line 2: the same benchmark told twice: \"BenchmarkX\"",
        ),
        (
            "BenchmarkY 1 5 ns/op\n",
            "go_test: line 1: a result of another benchmark than BenchmarkX: \"BenchmarkY\"",
        ),
        (" 1 5 ns/op\n", "go_test: line 1: a result without a benchmark's name: \" 1 5 ns/op\""),
    ] {
        assert_eq!(parse("BenchmarkX", stdout).unwrap_err(), expect);
    }
}

#[test]
fn discovery_takes_names_and_leaves_what_the_program_prints() {
    let names = listed(b"init done\nBenchmarkA\r\nBenchmarkB\n").unwrap();
    assert_eq!(names, [BenchmarkId::new("BenchmarkA"), BenchmarkId::new("BenchmarkB")]);
    let error = listed(b"BenchmarkA\nBenchmark B\n").unwrap_err();
    assert_eq!(error.to_string(), "go_test: line 2: not the name of a benchmark: \"Benchmark B\"");
}

proptest! {
    #[test]
    fn no_output_makes_it_panic_and_every_value_is_one(words in prop::collection::vec(prop::sample::select(vec![
        "BenchmarkX", "BenchmarkX-2", "BenchmarkX/a-2", "\t", " ", "\n", "12", "0", "-3", "NaN", "1e999", "ns/op", "B/op", "--- FAIL", "PASS", "é", "\u{0}",
    ]), 0..40)) {
        if let Ok(told) = parse("BenchmarkX", &words.concat()) {
            prop_assert!(!told.is_empty());
            prop_assert!(told.iter().all(|(_, value, n)| value.is_finite() && *value > 0.0 && *n > 0));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let printed = Printed::text(&bytes, &bytes);
        let _ = GoTest.parse(&plan(""), &BenchmarkId::new("BenchmarkX"), printed);
        let _ = listed(&bytes);
    }
}

#[test]
fn real_output_is_read() {
    let names = |told: Result<Vec<(String, f64, u64)>, String>| {
        told.unwrap().into_iter().map(|(name, ..)| name).collect::<Vec<_>>()
    };
    let depth = ["BenchmarkDepth/n=10", "BenchmarkDepth/n=1000", "BenchmarkDepth/a/b_c-3"];
    assert_eq!(
        names(parse("BenchmarkDepth", include_str!("../../../tests/data/bench/go_test/depth.txt"))),
        depth
    );
    assert_eq!(
        names(parse(
            "BenchmarkDepth",
            include_str!("../../../tests/data/bench/go_test/depth-one-processor.txt")
        )),
        depth
    );
    assert_eq!(
        names(parse("BenchmarkCount", include_str!("../../../tests/data/bench/go_test/count.txt"))),
        ["BenchmarkCount"]
    );
    assert_eq!(
        names(parse("BenchmarkNoisy", include_str!("../../../tests/data/bench/go_test/noisy.txt"))),
        ["BenchmarkNoisy"]
    );
    for (case, text) in [
        ("BenchmarkFails", include_str!("../../../tests/data/bench/go_test/failed.txt")),
        ("BenchmarkFails", include_str!("../../../tests/data/bench/go_test/skipped.txt")),
        ("BenchmarkPanics", include_str!("../../../tests/data/bench/go_test/panic.txt")),
    ] {
        assert!(parse(case, text).is_err(), "{text}");
    }
    let list = listed(include_bytes!("../../../tests/data/bench/go_test/list.txt")).unwrap();
    assert_eq!(list.len(), 5);
}
