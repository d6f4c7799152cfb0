//! Commands as they are, captured results whole, cut off and mixed with noise.

use proptest::prelude::*;

use super::*;

const MIX: &str = include_str!("../../../tests/data/bench/jmh/mix.json");
const LOWER: &str = include_str!("../../../tests/data/bench/jmh/lower.json");
const ALLOCATED: &str = include_str!("../../../tests/data/bench/jmh/allocated.json");
const TIMED: &str = include_str!("../../../tests/data/bench/jmh/timed.json");
const LIST: &str = include_str!("../../../tests/data/bench/jmh/list.txt");

fn read(plan: &BenchPlan, case: &str, json: &[u8]) -> Result<Vec<Told>, ParseError> {
    let results = BTreeMap::from([(PathBuf::from(FILE), json.to_vec())]);
    Jmh.parse(plan, &BenchmarkId::new(case), Printed { stdout: b"", stderr: b"", results: &results })
}

fn told(case: &str, json: &str) -> Vec<Told> {
    read(&BenchPlan::default(), case, json.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn words(plan: &BenchPlan, case: &str, n: u64) -> String {
    launch(plan, &BenchmarkId::new(case), Iterations(n)).unwrap().argv.join(" ")
}

#[test]
fn benchmarks_are_listed_by_the_jar() {
    let Discovery::Ask(asks) = Jmh.discovery(&BenchPlan::default()) else { panic!("it asks") };
    let line = "java -XX:-UsePerfData -Djmh.ignoreLock=true -Djava.io.tmpdir={results} -jar target/benchmarks.jar -l";
    assert_eq!(asks[0].argv.join(" "), line);
    let listed = Jmh.read_discovery(&BenchPlan::default(), &[Printed::text(LIST.as_bytes(), b"")]).unwrap();
    let names: Vec<&str> = listed.iter().map(BenchmarkId::as_str).collect();
    assert_eq!(names, ["sample.WorkBenchmark.lower", "sample.WorkBenchmark.mix"]);
    for wrong in ["", "no main manifest attribute, in x.jar\n", "Benchmarks:\nError: boom\n"] {
        let read = Jmh.read_discovery(&BenchPlan::default(), &[Printed::text(wrong.as_bytes(), b"")]);
        assert!(read.is_err(), "{wrong}");
    }
}

#[test]
fn a_module_is_built_offline_with_what_it_stands_on() {
    let plan = BenchPlan { package: PathBuf::from("tools/bench"), ..BenchPlan::default() };
    assert_eq!(Jmh.build(&plan)[0].argv.join(" "), "mvn -B -o -q -DskipTests -pl tools/bench -am package");
    assert_eq!(Jmh.artifacts(&plan), [PathBuf::from("tools/bench/target/benchmarks.jar")]);
}

#[test]
fn a_launch_does_exactly_the_invocations_it_is_told() {
    for n in [1, 2, 3, 7, 19, 20, 21, 1000, 12_345_678] {
        let Shape { warm, batches, batch } = Shape::of(Iterations(n));
        assert_eq!(warm + batches * batch, n);
        assert!(n < 20 || (batches == BATCHES && warm >= n / 2), "{n}: {warm} before {batches} of {batch}");
    }
    let line = words(&BenchPlan::default(), "a.B$C.run", 1000);
    let expected = r"-jar target/benchmarks.jar ^a\.B\$C\.run$ -bm ss -f 1 -foe true -tu ns -wi 1 -wbs 500 -i 10 -bs 50 -rf json -rff {results}/jmh.json";
    assert!(line.ends_with(expected), "{line}");
}

#[test]
fn parameters_and_a_profilers_metric_go_onto_the_command_line() {
    let plan = BenchPlan { metric: Some("gc.alloc.rate.norm".to_owned()), ..BenchPlan::default() };
    let line = words(&plan, "a.B.run(size=10,word=A b)", 1);
    let expected = r" ^a\.B\.run$ -bm ss -f 1 -foe true -tu ns -wi 0 -wbs 1 -i 1 -bs 1 -rf json -rff {results}/jmh.json -p size=10 -p word=A b -prof gc";
    assert!(line.ends_with(expected), "{line}");
}

#[test]
fn the_median_batch_is_told_by_invocation() {
    let told = told("sample.WorkBenchmark.mix", MIX);
    let entries: serde_json::Value = serde_json::from_str(MIX).unwrap();
    let mut batches: Vec<f64> = entries[0]["primaryMetric"]["rawData"][0]
        .as_array()
        .unwrap()
        .iter()
        .map(|batch| batch.as_f64().unwrap())
        .collect();
    batches.sort_by(f64::total_cmp);
    assert_eq!(batches.len(), 10);
    assert_eq!((told.len(), told[0].iterations), (1, Some(1000)));
    assert_eq!(told[0].value, Some(batches[4].midpoint(batches[5]) / 50.0));
}

#[test]
fn a_benchmark_with_parameters_is_told_by_each_of_them() {
    let names =
        |told: &[Told]| -> Vec<String> { told.iter().map(|told| told.benchmark.to_string()).collect() };
    let group = told("sample.WorkBenchmark.lower", LOWER);
    assert_eq!(
        names(&group),
        ["sample.WorkBenchmark.lower(word=Short)", "sample.WorkBenchmark.lower(word=A Longer Word)"]
    );
    let one = told("sample.WorkBenchmark.lower(word=A Longer Word)", ALLOCATED);
    assert_eq!(names(&one), ["sample.WorkBenchmark.lower(word=A Longer Word)"]);
    let plan = BenchPlan { programs: vec!["a.jar".to_owned(), "b.jar".to_owned()], ..BenchPlan::default() };
    let told = read(&plan, "b.jar::sample.WorkBenchmark.mix", MIX.as_bytes()).unwrap();
    assert_eq!(names(&told), ["b.jar::sample.WorkBenchmark.mix"]);
}

#[test]
fn a_profilers_metric_is_told_by_invocation() {
    let plan = BenchPlan { metric: Some("gc.alloc.rate.norm".to_owned()), ..BenchPlan::default() };
    let told = read(&plan, "sample.WorkBenchmark.lower(word=A Longer Word)", ALLOCATED.as_bytes()).unwrap();
    // Two arrays of a lowered word, and what the profiler itself adds to a batch.
    let bytes = told[0].value.unwrap();
    assert!((40.0..200.0).contains(&bytes), "{bytes}");
}

#[test]
fn what_is_no_result_is_named_with_its_place_and_the_reason() {
    let (mix, none) = ("sample.WorkBenchmark.mix", BenchPlan::default());
    let metric = BenchPlan { metric: Some("gc.time".to_owned()), ..BenchPlan::default() };
    let comma = LOWER.replace("\"Short\"", "\"a, b\"");
    for (plan, case, json, reason) in [
        (&none, mix, "[]", "no result of sample.WorkBenchmark.mix"),
        (&none, "sample.WorkBenchmark.lower", TIMED, "mode avgt where single shots"),
        (&none, "sample.WorkBenchmark.mi", MIX, "another benchmark"),
        (&none, "sample.WorkBenchmark.lower", &comma, "\"word=a, b\" holds a character"),
        (&metric, mix, MIX, "there is no metric \"gc.time\""),
        (&none, mix, &MIX.replace("\"ns/op\"", "\"us/op\""), "us/op where ns/op"),
        (&none, mix, &MIX.replacen("\"mode\"", "\"mood\"", 1), "line 57: jmh.json: missing field `mode`"),
    ] {
        let error = read(plan, case, json.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("jmh: ") && error.contains(reason), "{error}");
    }
    let error = Jmh.parse(&none, &BenchmarkId::new(mix), Printed::text(b"# JMH\nboom", b"")).unwrap_err();
    assert_eq!(error.to_string(), "jmh: the whole output: jmh.json was not written: \"boom\"");
}

proptest! {
    #[test]
    fn results_cut_anywhere_are_an_error(at in 0..MIX.trim_end().len()) {
        prop_assert!(read(&BenchPlan::default(), "sample.WorkBenchmark.mix", &MIX.as_bytes()[..at]).is_err());
    }

    #[test]
    fn foreign_bytes_never_change_what_is_told_unnoticed_to_no_cost(
        at in 0..MIX.len(),
        noise in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        let mut bytes = MIX.as_bytes().to_vec();
        bytes.splice(at..at, noise);
        if let Ok(told) = read(&BenchPlan::default(), "sample.WorkBenchmark.mix", &bytes) {
            prop_assert!(told.iter().all(|told| told.value.is_some_and(|value| value.is_finite() && value > 0.0)));
        }
    }

    #[test]
    fn any_list_is_a_value_or_an_error(text in "(Benchmarks:|[a-c.\n ]|\u{fffd}){0,40}") {
        let _ = Jmh.read_discovery(&BenchPlan::default(), &[Printed::text(text.as_bytes(), b"")]);
    }
}
