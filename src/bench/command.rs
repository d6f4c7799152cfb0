//! Any command as a benchmark: config names the cases, the clock outside gives the value.
//!
//! Fixed work where the command takes our number (`{n}` in an argument, or it reads `OPTILOOP_N`); without,
//! one run is the work. The line protocol `METRIC name=value unit` on standard output is the value only where
//! config names the metric: the program then decides what it did, and the value is its own word.

use super::unit::as_cost;
use super::{Discovery, Harness, Printed, UnknownCase};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::{BenchCase, BenchPlan};

/// The variable that holds the iterations of a launch.
pub const VARIABLE: &str = "OPTILOOP_N";
/// What is replaced by the iterations in an argument.
const PLACE: &str = "{n}";
const NAME: &str = "command";

/// The `command` harness.
#[derive(Debug)]
pub struct CommandHarness;

impl Harness for CommandHarness {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, plan: &BenchPlan, case: &BenchmarkId) -> WorkControl {
        let takes_number = plan.cases.iter().find(|known| known.name == *case).is_some_and(takes_number);
        match (plan.work, takes_number, &plan.metric) {
            (Some(work), _, _) => work,
            (None, true, _) => WorkControl::Fixed,
            (None, false, Some(_)) => WorkControl::Adaptive,
            (None, false, None) => WorkControl::Once,
        }
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        Discovery::Listed(plan.cases.iter().map(|case| case.name.clone()).collect())
    }

    fn read_discovery(&self, _: &BenchPlan, _: &[Printed<'_>]) -> Result<Vec<BenchmarkId>, ParseError> {
        Err(ParseError::line(NAME, 0, "benchmarks of this harness are listed in config, not printed", ""))
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        launch_of(NAME, plan, case, n)
    }

    fn parse(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        let Some(metric) = &plan.metric else {
            return Ok(vec![Told { benchmark: case.clone(), value: None, iterations: None }]);
        };
        let value = read_metric(metric, printed.stdout)?;
        Ok(vec![Told { benchmark: case.clone(), value: Some(value), iterations: None }])
    }
}

/// The command that config lists for a case, with the number in place.
pub(super) fn launch_of(
    harness: &'static str,
    plan: &BenchPlan,
    case: &BenchmarkId,
    n: Iterations,
) -> Result<CommandSpec, UnknownCase> {
    let known = plan.cases.iter().find(|known| known.name == *case).ok_or_else(|| UnknownCase {
        harness,
        case: case.clone(),
        known: plan.cases.iter().map(|known| known.name.to_string()).collect(),
    })?;
    let mut command = known.run.clone();
    let number = n.0.to_string();
    for argument in &mut command.argv {
        *argument = argument.replace(PLACE, &number);
    }
    // Set even where nothing seems to read it: a script inside may.
    Ok(command.with_env(VARIABLE, number))
}

/// Whether the command of `case` says that it does as many iterations as we ask for.
fn takes_number(case: &BenchCase) -> bool {
    let mentions = |text: &String| text.contains(PLACE) || text.contains(VARIABLE);
    case.run.argv.iter().any(mentions)
        || case.run.env.iter().any(|(name, value)| name == VARIABLE || mentions(value))
}

/// The median of the metric's lines as a cost: times in nanoseconds, rates as nanoseconds per operation,
/// other units as they are.
fn read_metric(metric: &str, stdout: &[u8]) -> Result<f64, ParseError> {
    let mut values = Vec::new();
    let mut others = std::collections::BTreeSet::new();
    for (index, line) in stdout.split(|byte| *byte == b'\n').enumerate() {
        let Some(rest) = line.strip_prefix(b"METRIC ") else { continue };
        let text = String::from_utf8_lossy(rest);
        let wrong = |what: &str| ParseError::line(NAME, index + 1, what, &String::from_utf8_lossy(line));
        let (name, reading) =
            text.split_once('=').ok_or_else(|| wrong("expected `METRIC name=value unit`"))?;
        if name.trim() != metric {
            others.insert(name.trim().chars().take(40).collect::<String>());
            continue;
        }
        let mut words = reading.split_whitespace();
        let number = words.next().and_then(|word| word.parse::<f64>().ok());
        let number = number.ok_or_else(|| wrong("expected a number after `=`"))?;
        let cost = as_cost(number, words.next().unwrap_or(""));
        if !(cost.is_finite() && cost > 0.0) {
            return Err(wrong("a value must be finite and above zero"));
        }
        values.push(cost);
    }
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.get(middle) {
        Some(high) if values.len() % 2 == 1 => Ok(*high),
        // Halved before the sum, which could overflow.
        Some(high) => Ok(values[middle - 1] / 2.0 + high / 2.0),
        None => {
            let others: Vec<String> = others.into_iter().take(8).collect();
            let printed = if others.is_empty() { "it printed no metric" } else { "metrics it printed" };
            let what = format!("no line `METRIC {metric}=value unit`; {printed}");
            Err(ParseError::line(NAME, 0, what, &others.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(argv: &[&str], metric: Option<&str>) -> BenchPlan {
        BenchPlan {
            harness: NAME.to_owned(),
            cases: vec![BenchCase { name: BenchmarkId::new("parse"), run: CommandSpec::new(argv.to_vec()) }],
            metric: metric.map(str::to_owned),
            ..BenchPlan::default()
        }
    }

    fn told(metric: Option<&str>, stdout: &str) -> Result<Option<f64>, String> {
        let printed = Printed::text(stdout.as_bytes(), b"");
        let told = CommandHarness.parse(&plan(&["x"], metric), &BenchmarkId::new("parse"), printed);
        told.map(|told| told[0].value).map_err(|error| error.to_string())
    }

    #[test]
    fn work_is_fixed_where_the_command_takes_our_number() {
        let case = BenchmarkId::new("parse");
        let work = |argv: &[&str], metric| CommandHarness.work(&plan(argv, metric), &case);
        assert_eq!(work(&["bench", "-n{n}"], None), WorkControl::Fixed);
        assert_eq!(work(&["sh", "-c", "bench $OPTILOOP_N"], Some("t")), WorkControl::Fixed);
        assert_eq!(work(&["bench"], None), WorkControl::Once);
        assert_eq!(work(&["bench"], Some("t")), WorkControl::Adaptive);
        let told = BenchPlan { work: Some(WorkControl::Fixed), ..plan(&["bench"], None) };
        assert_eq!(CommandHarness.work(&told, &case), WorkControl::Fixed);
    }

    #[test]
    fn a_launch_carries_the_number_in_arguments_and_environment() {
        let plan = plan(&["bench", "--loops={n}"], None);
        let launch = CommandHarness.launch(&plan, &BenchmarkId::new("parse"), Iterations(7)).unwrap();
        assert_eq!(launch, CommandSpec::new(["bench", "--loops=7"]).with_env(VARIABLE, "7"));
        let error = CommandHarness.launch(&plan, &BenchmarkId::new("pars"), Iterations(7)).unwrap_err();
        assert_eq!(error.to_string(), "command: config has no benchmark named pars; it has [\"parse\"]");
    }

    #[test]
    fn metric_lines_count_only_where_config_names_the_metric() {
        assert_eq!(told(None, "METRIC t=5 ms\n"), Ok(None));
        assert_eq!(told(Some("t"), "hello\nMETRIC t=5 ms\nMETRIC u=-1\n"), Ok(Some(5e6)));
        assert_eq!(told(Some("t"), "METRIC t=3 ns\nMETRIC t=9 ns\nMETRIC t=4 ns\n"), Ok(Some(4.0)));
        assert_eq!(told(Some("t"), "METRIC t=2 Mops/s\n"), Ok(Some(500.0)));
        assert_eq!(told(Some("t"), "METRIC t=12 B\n"), Ok(Some(12.0)));
    }

    #[test]
    fn real_output_gives_the_median_of_the_metric() {
        let text = include_str!("../../tests/data/bench/command/metric.txt");
        assert_eq!(told(Some("loop"), text), Ok(Some(8_011_000.0)));
        assert_eq!(told(Some("rate"), text), Ok(Some(1e9 / 1.5e6)));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_every_value_is_one(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..99)) {
            let mut stdout = b"METRIC t=".to_vec();
            stdout.extend(bytes);
            let printed = Printed::text(&stdout, b"");
            if let Ok(told) = CommandHarness.parse(&plan(&["x"], Some("t")), &BenchmarkId::new("parse"), printed) {
                proptest::prop_assert!(told[0].value.is_some_and(|value| value.is_finite() && value > 0.0));
            }
        }
    }

    #[test]
    fn what_is_no_value_is_an_error_with_its_line() {
        let error = |stdout: &str| told(Some("t"), stdout).unwrap_err();
        for (value, what) in [
            ("NaN", "a value must be"),
            ("0", "a value must be"),
            ("-3 ms", "a value must be"),
            ("inf", "a value must be"),
            ("", "expected a number"),
            ("fast", "expected a number"),
            ("0 ops/s", "a value must be"),
        ] {
            let message = error(&format!("x\nMETRIC t={value}\n"));
            assert!(message.starts_with(&format!("command: line 2: {what}")), "{message}");
        }
        assert_eq!(
            error("METRIC u=1 ms\n"),
            "command: the whole output: no line `METRIC t=value unit`; metrics it printed: \"u\""
        );
    }
}
