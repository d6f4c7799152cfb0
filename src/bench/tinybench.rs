//! tinybench: a script that adds tasks to a `Bench` and runs it.
//!
//! The script decides what it prints, so there is no format to read. `Bench` however is one class for script and
//! driver: it lists the tasks without running them, or runs the one that is wanted for N iterations and leaves its
//! median (<https://github.com/tinylibs/tinybench>). `work = "adaptive"` leaves the script's own times in force.
//! Each iteration is timed by itself, as tinybench does, so that one of a few nanoseconds is mostly clock.

use std::path::PathBuf;

use serde::Deserialize;

use super::{Discovery, Harness, Printed, UnknownCase, driver, program};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "tinybench";
const DRIVER: &str = include_str!("tinybench/driver.mjs");
const MARK: &str = "tinybench: ";

/// The `tinybench` harness.
#[derive(Debug)]
pub struct Tinybench;

impl Harness for Tinybench {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, plan: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        plan.work.unwrap_or(WorkControl::Fixed)
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        Discovery::Ask(plan.programs.iter().map(|script| node(plan, &["list", script])).collect())
    }

    fn read_discovery(
        &self,
        plan: &BenchPlan,
        printed: &[Printed<'_>],
    ) -> Result<Vec<BenchmarkId>, ParseError> {
        driver::listed((NAME, MARK), plan, printed)
    }

    fn build(&self, plan: &BenchPlan) -> Vec<CommandSpec> {
        plan.build.clone()
    }

    fn artifacts(&self, plan: &BenchPlan) -> Vec<PathBuf> {
        plan.artifacts.clone()
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let (script, own) = program::split(plan, case).ok_or_else(|| driver::unknown(NAME, plan, case))?;
        let iterations = if self.work(plan, case) == WorkControl::Fixed { n.0 } else { 0 };
        Ok(node(plan, &["run", script, own, &iterations.to_string(), &driver::place()]))
    }

    fn parse(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        let Said { milliseconds, iterations } = driver::result(NAME, case.as_str(), printed)?;
        let fixed = self.work(plan, case) == WorkControl::Fixed;
        Ok(vec![Told {
            benchmark: case.clone(),
            value: Some(driver::cost(NAME, milliseconds, 1e6)?),
            iterations: iterations.filter(|_| fixed),
        }])
    }
}

/// Node with the driver, which finds the tool where the package does.
fn node(plan: &BenchPlan, arguments: &[&str]) -> CommandSpec {
    let own = ["node", "--input-type=module", "--eval", DRIVER, "--"];
    CommandSpec::new(own.into_iter().chain(arguments.iter().copied())).in_folder(&plan.package)
}

/// What the driver leaves: the cost of an iteration, and how many it did.
#[derive(Deserialize)]
struct Said {
    milliseconds: f64,
    iterations: Option<u64>,
}

#[cfg(test)]
mod tests;
