//! pytest-benchmark: a test that takes the `benchmark` fixture, run with as many iterations as we say.
//!
//! Format: <https://pytest-benchmark.readthedocs.io/en/latest/usage.html>, produced by
//! `pytest --benchmark-json=FILE`. Rounds can be fixed by its options, iterations cannot, and with a round an
//! iteration it spends microseconds on each; so its driver sets them: one round of N, or N rounds of a
//! `benchmark.pedantic`. `work = "adaptive"` leaves both to pytest-benchmark. Ids are pytest's own.

use serde::Deserialize;

use super::{Discovery, Harness, Printed, UnknownCase, driver};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "pytest_benchmark";
const DRIVER: &str = include_str!("pytest_benchmark/driver.py");
const MARK: &str = "pytest-benchmark: ";

/// The `pytest_benchmark` harness.
#[derive(Debug)]
pub struct PytestBenchmark;

impl Harness for PytestBenchmark {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, plan: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        plan.work.unwrap_or(WorkControl::Fixed)
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        let mut command = pytest(plan, "list", 0);
        command.argv.extend(["--collect-only", "-q"].map(str::to_owned));
        command.argv.extend(plan.programs.iter().cloned());
        Discovery::Ask(vec![command])
    }

    fn read_discovery(&self, _: &BenchPlan, printed: &[Printed<'_>]) -> Result<Vec<BenchmarkId>, ParseError> {
        let mut found = Vec::new();
        for printed in printed {
            found.extend(driver::names(NAME, MARK, printed.stdout)?.into_iter().map(BenchmarkId::new));
        }
        Ok(found)
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let iterations = if self.work(plan, case) == WorkControl::Fixed { n.0 } else { 0 };
        let mut command = pytest(plan, "run", iterations);
        command.argv.extend(["-q", "--benchmark-enable", "--benchmark-only"].map(str::to_owned));
        command.argv.push(format!("--benchmark-json={}", driver::place()));
        command.argv.push(case.to_string());
        Ok(command)
    }

    fn parse(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        let report: Report = driver::result(NAME, case.as_str(), printed)?;
        let names: Vec<&str> =
            report.benchmarks.iter().map(|benchmark| benchmark.fullname.as_str()).collect();
        let [Benchmark { stats, .. }] = report.benchmarks.as_slice() else {
            let what =
                format!("not the one result of {case}; pytest-xdist and --benchmark-disable take it away");
            return Err(ParseError::line(NAME, 0, what, &names.join(", ")));
        };
        if names != [case.as_str()] {
            return Err(ParseError::line(
                NAME,
                0,
                format!("a result of another benchmark than {case}"),
                names[0],
            ));
        }
        let fixed = self.work(plan, case) == WorkControl::Fixed;
        Ok(vec![Told {
            benchmark: case.clone(),
            value: Some(driver::cost(NAME, stats.median, 1e9)?),
            iterations: fixed.then(|| stats.rounds.saturating_mul(stats.iterations)),
        }])
    }
}

/// `pytest` through the driver; it leaves nothing in the project.
fn pytest(plan: &BenchPlan, mode: &str, iterations: u64) -> CommandSpec {
    let iterations = iterations.to_string();
    CommandSpec::new(["python3", "-c", DRIVER, mode, &iterations, "-p", "no:cacheprovider"])
        .in_folder(&plan.package)
}

#[derive(Deserialize)]
struct Report {
    benchmarks: Vec<Benchmark>,
}

#[derive(Deserialize)]
struct Benchmark {
    fullname: String,
    stats: Stats,
}

/// Seconds an iteration, and how many there were.
#[derive(Deserialize)]
struct Stats {
    median: f64,
    rounds: u64,
    iterations: u64,
}

#[cfg(test)]
mod tests;
