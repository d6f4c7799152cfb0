//! mitata: a script that declares benchmarks and calls `run`.
//!
//! mitata writes JSON only where the script asks for it (`run({ format: 'json' })`), runs all of its benchmarks, and
//! first spends three seconds on the machine. Its driver stands in for `run`: it lists without running, or runs the one
//! that is wanted in one batch of N iterations through mitata's own `measure`
//! (<https://github.com/evanwashere/mitata>). `work = "adaptive"` leaves the budget to mitata. Needs Node 20.6.

use std::path::PathBuf;

use serde::Deserialize;

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
        let Said { nanoseconds, iterations } = driver::result(NAME, case.as_str(), printed)?;
        let fixed = self.work(plan, case) == WorkControl::Fixed;
        Ok(vec![Told {
            benchmark: case.clone(),
            value: Some(driver::cost(NAME, nanoseconds, 1.0)?),
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
    nanoseconds: f64,
    iterations: Option<u64>,
}

#[cfg(test)]
mod tests;
