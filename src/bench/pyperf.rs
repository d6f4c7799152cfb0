//! pyperf: a script that gives its benchmarks to a `pyperf.Runner`, one of them run as the worker it would start.
//!
//! Format: <https://pyperf.readthedocs.io/en/latest/api.html>, produced by `SCRIPT --worker --loops=N -n1 -w0 -o FILE`.
//! pyperf runs whatever a script holds and cannot list it; its driver passes over all but the benchmark that is
//! wanted, and lists without running. A process is spared as well: the worker is the process we start.

use serde::Deserialize;
use std::collections::BTreeMap;

use super::{Discovery, Harness, Printed, UnknownCase, driver, program};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "pyperf";
const DRIVER: &str = include_str!("pyperf/driver.py");
const MARK: &str = "pyperf: ";

/// The `pyperf` harness.
#[derive(Debug)]
pub struct Pyperf;

impl Harness for Pyperf {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, _: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        WorkControl::Fixed
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        let list = |program: &String| {
            CommandSpec::new(["python3", "-c", DRIVER, "list", "", program]).in_folder(&plan.package)
        };
        Discovery::Ask(plan.programs.iter().map(list).collect())
    }

    fn read_discovery(
        &self,
        plan: &BenchPlan,
        printed: &[Printed<'_>],
    ) -> Result<Vec<BenchmarkId>, ParseError> {
        driver::listed((NAME, MARK), plan, printed)
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let (script, own) = program::split(plan, case).ok_or_else(|| driver::unknown(NAME, plan, case))?;
        let mut command = CommandSpec::new(["python3", "-c", DRIVER, "run", own, script]);
        command.argv.extend(["--worker".to_owned(), format!("--loops={}", n.0)]);
        command.argv.extend(["-n1", "-w0", "-q", "-o"].map(str::to_owned));
        command.argv.push(driver::place());
        Ok(command.in_folder(&plan.package))
    }

    fn parse(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        let own = program::split(plan, case).map_or(case.as_str(), |(_, own)| own);
        let report: Report = driver::result(NAME, case.as_str(), printed)?;
        let [benchmark] = report.benchmarks.as_slice() else {
            let what = format!("{} results where one was expected", report.benchmarks.len());
            return Err(ParseError::line(NAME, 0, what, case.as_str()));
        };
        // What all benchmarks of a file have in common is told once, of all.
        let metadata = |key: &str| benchmark.metadata.get(key).or_else(|| report.metadata.get(key));
        let name = metadata("name").and_then(serde_json::Value::as_str).unwrap_or_default();
        if name != own {
            return Err(ParseError::line(NAME, 0, format!("a result of another benchmark than {own}"), name));
        }
        let unit = metadata("unit").and_then(serde_json::Value::as_str).unwrap_or("second");
        let scale = if unit == "second" { 1e9 } else { 1.0 };
        let values: Vec<f64> = benchmark.runs.iter().flat_map(|run| run.values.iter().copied()).collect();
        let [value] = values.as_slice() else {
            let what = format!("{} values where one was expected", values.len());
            return Err(ParseError::line(NAME, 0, what, name));
        };
        Ok(vec![Told {
            benchmark: case.clone(),
            value: Some(driver::cost(NAME, *value, scale)?),
            iterations: metadata("loops").and_then(serde_json::Value::as_u64),
        }])
    }
}

type Metadata = BTreeMap<String, serde_json::Value>;

#[derive(Deserialize)]
struct Report {
    benchmarks: Vec<Benchmark>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Benchmark {
    #[serde(default)]
    metadata: Metadata,
    runs: Vec<Run>,
}

/// Values of a run, in seconds a loop.
#[derive(Deserialize)]
struct Run {
    #[serde(default)]
    values: Vec<f64>,
}

#[cfg(test)]
mod tests;
