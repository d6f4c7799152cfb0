//! Node scripts that declare benchmarks with a tool which a driver stands in for: what these tools have in common.
//!
//! A file a tool says which it is and what its driver leaves. Not here: drivers in general ([`super::driver`]).
//! Start at [`NodeScript`].

use super::{Discovery, Harness, Printed, UnknownCase, driver, program};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

/// A tool whose benchmarks are scripts of Node.
#[derive(Debug)]
pub struct NodeScript {
    /// Its name in config, which the driver's lines begin with as well.
    pub(super) name: &'static str,
    /// The driver's source.
    pub(super) driver: &'static str,
    /// Nanoseconds of the unit that the driver tells costs in.
    pub(super) scale: f64,
}

impl Harness for NodeScript {
    fn name(&self) -> &'static str {
        self.name
    }

    fn work(&self, plan: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        plan.work.unwrap_or(WorkControl::Fixed)
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        let list = |script: &String| driver::node(self.driver, plan, ["list", script.as_str()]);
        Discovery::Ask(plan.programs.iter().map(list).collect())
    }

    fn read_discovery(
        &self,
        plan: &BenchPlan,
        printed: &[Printed<'_>],
    ) -> Result<Vec<BenchmarkId>, ParseError> {
        driver::listed((self.name, &format!("{}: ", self.name)), plan, printed)
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let (script, own) =
            program::split(plan, case).ok_or_else(|| driver::unknown(self.name, plan, case))?;
        let iterations = if self.work(plan, case) == WorkControl::Fixed { n.0 } else { 0 };
        let (n, place) = (iterations.to_string(), driver::place());
        Ok(driver::node(self.driver, plan, ["run", script, own, n.as_str(), place.as_str()]))
    }

    fn parse(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        driver::told((self.name, self.scale), (case, self.work(plan, case)), printed)
    }
}
