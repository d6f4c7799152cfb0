//! tinybench: a script that adds tasks to a `Bench` and runs it.
//!
//! The script decides what it prints, so there is no format to read. `Bench` however is one class for script and
//! driver: it lists the tasks without running them, or runs the one that is wanted for N iterations and leaves its
//! median (<https://github.com/tinylibs/tinybench>). `work = "adaptive"` leaves the script's own times in force.
//! Each iteration is timed by itself, as tinybench does, so that one of a few nanoseconds is mostly clock.

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
        Discovery::Ask(
            plan.programs
                .iter()
                .map(|script| driver::node(DRIVER, plan, ["list", script.as_str()]))
                .collect(),
        )
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
        let iterations = if self.work(plan, case) == WorkControl::Fixed { n.0 } else { 0 };
        let (n, place) = (iterations.to_string(), driver::place());
        Ok(driver::node(DRIVER, plan, ["run", script, own, n.as_str(), place.as_str()]))
    }

    fn parse(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        driver::told((NAME, 1e6), (case, self.work(plan, case)), printed)
    }
}

#[cfg(test)]
mod tests;
