//! The report of a real load, what is refused of it, and what is no report.

use super::*;
use crate::model::plan::BenchCase;

const REPORT: &str = include_str!("../../../tests/data/bench/vegeta/report.json");
const MISSING: &str = include_str!("../../../tests/data/bench/vegeta/missing.json");
const REFUSED: &str = include_str!("../../../tests/data/bench/vegeta/refused.json");
const BEHIND: &str = include_str!("../../../tests/data/bench/vegeta/behind.json");

fn plan(metric: Option<&str>, run: &str) -> BenchPlan {
    let run = CommandSpec::new(["sh", "-c", run]);
    BenchPlan {
        harness: NAME.to_owned(),
        cases: vec![BenchCase { name: BenchmarkId::new("render"), run }],
        metric: metric.map(str::to_owned),
        ..BenchPlan::default()
    }
}

fn told(plan: &BenchPlan, stdout: &str) -> Result<Option<f64>, String> {
    let printed = Printed::text(stdout.as_bytes(), b"");
    let told = Vegeta.parse(plan, &BenchmarkId::new("render"), printed);
    told.map(|told| told[0].value).map_err(|error| error.to_string())
}

fn cost(metric: Option<&str>, stdout: &str) -> Result<Option<f64>, String> {
    told(&plan(metric, "vegeta attack -rate=250"), stdout)
}

#[test]
fn a_report_gives_the_percentile_that_is_asked_for_or_the_time_per_request() {
    assert_eq!(cost(None, REPORT), Ok(Some(4_071_352.0)));
    assert_eq!(cost(Some("p95"), REPORT), cost(None, REPORT));
    assert_eq!(cost(Some("p50"), REPORT), Ok(Some(948_910.0)));
    assert_eq!(cost(Some("p90"), &format!("{{\"other\": 1}}\n{REPORT}\n")), Ok(Some(1_367_312.0)));
    assert_eq!(cost(Some("throughput"), REPORT), Ok(Some(1e9 / 250.432_096_164_802_97)));
}

#[test]
fn what_cannot_be_believed_is_refused_with_the_reason() {
    for (metric, stdout, what) in [
        (
            Some("p99"),
            REPORT,
            "p99 wants at least 2000 requests a launch, better five times as many, and this one made 500",
        ),
        (Some("p75"), REPORT, "no p75; it has p50, p90, p95, p99"),
        (Some("fast"), REPORT, "neither a percentile, as \"p95\", nor \"throughput\""),
        (None, MISSING, "100 of 100 requests failed"),
        (None, MISSING, "404 Not Found"),
        (None, REFUSED, "connection refused"),
        (None, BEHIND, "requests a second were served of 50"),
        (None, "Requests [total] 500\n", "must end in `vegeta report -type=json`"),
        (None, &REPORT[..200], "line 1: no report of vegeta"),
    ] {
        let error = cost(metric, stdout).unwrap_err();
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn a_closed_loop_has_no_percentiles_but_a_throughput() {
    for run in
        ["vegeta attack -rate=0 -max-workers=9", "vegeta attack --rate 0", "vegeta attack -rate infinity"]
    {
        assert!(told(&plan(None, run), REPORT).unwrap_err().contains("name a rate"), "{run}");
        assert!(told(&plan(Some("throughput"), run), REPORT).is_ok(), "{run}");
    }
}

#[test]
fn where_the_load_is_the_work_the_report_is_checked_and_its_figure_no_value() {
    let plan = BenchPlan { work: Some(WorkControl::Once), ..plan(None, "vegeta attack -rate=250") };
    assert_eq!(told(&plan, REPORT), Ok(None));
    assert!(told(&plan, MISSING).is_err());
}

#[test]
fn a_launch_is_the_command_of_the_case() {
    let plan = plan(None, "vegeta attack -rate=250 | vegeta report -type=json");
    let launch = Vegeta.launch(&plan, &BenchmarkId::new("render"), Iterations(1)).unwrap();
    assert_eq!(launch.argv, ["sh", "-c", "vegeta attack -rate=250 | vegeta report -type=json"]);
    let error = Vegeta.launch(&plan, &BenchmarkId::new("rendr"), Iterations(1)).unwrap_err();
    assert_eq!(error.to_string(), "vegeta: config has no benchmark named rendr; it has [\"render\"]");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_every_value_is_one(
        cut in 0..REPORT.len(),
        bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..99),
    ) {
        let stdout = [&REPORT.as_bytes()[..cut], &bytes, &REPORT.as_bytes()[cut..]].concat();
        let plan = plan(None, "vegeta attack -rate=250");
        if let Ok(told) = Vegeta.parse(&plan, &BenchmarkId::new("render"), Printed::text(&stdout, b"")) {
            proptest::prop_assert!(told[0].value.is_some_and(|value| value.is_finite() && value > 0.0));
        }
    }
}
