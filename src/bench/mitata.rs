//! mitata: a script that declares benchmarks and calls `run`.
//!
//! mitata writes JSON only where the script asks for it (`run({ format: 'json' })`), runs all of its benchmarks, and
//! first spends three seconds on the machine. Its driver stands in for `run`: it lists without running, or runs the one
//! that is wanted in one batch of N iterations through mitata's own `measure`
//! (<https://github.com/evanwashere/mitata>). `work = "adaptive"` leaves the budget to mitata. Needs Node 20.6.

use super::{Discovery, Harness, Printed, UnknownCase, driver, program};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "mitata";
const DRIVER: &str = include_str!("mitata/driver.mjs");
const MARK: &str = "mitata: ";

/// The `mitata` harness.
#[derive(Debug)]
pub struct Mitata;

impl Harness for Mitata {
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
        driver::told((NAME, 1.0), (case, self.work(plan, case)), printed)
    }
}

#[cfg(test)]
mod tests;
