//! What every harness does: four pure acts, discover, build, launch, parse.

use std::path::PathBuf;

use super::{Discovery, Placed, Printed, UnknownCase};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::{CommandSpec, Output};
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

/// One way to build, launch and read benchmarks.
pub trait Harness: Sync {
    /// Its name in config, equal to its file's name.
    fn name(&self) -> &'static str;

    /// Who decides how much work a launch of `case` does.
    fn work(&self, plan: &BenchPlan, case: &BenchmarkId) -> WorkControl;

    /// Whether a launch tells this metric by itself where [`BenchPlan::metric`] names it, so that no gauge of ours is
    /// needed. Metrics that no gauge knows are the harness's in any case.
    fn tells(&self, _metric: &str) -> bool {
        false
    }

    /// Whether a launch is a load on a service, the same each time though none of our numbers makes it so: what it
    /// tells is its time, and what the service used for it can be compared.
    fn drives_a_load(&self) -> bool {
        false
    }

    /// The benchmarks there are, or the commands that list them (in the workspace, after [`Self::build`]).
    fn discovery(&self, plan: &BenchPlan) -> Discovery;

    /// Reads what the commands of [`Discovery::Ask`] printed, in their order. Names of more than one program begin
    /// with the program's ([`super::program::join`]).
    fn read_discovery(
        &self,
        plan: &BenchPlan,
        printed: &[Printed<'_>],
    ) -> Result<Vec<BenchmarkId>, ParseError>;

    /// Who decides the work in these programs, where their listings tell of it and config does not say.
    fn control(&self, _listings: &[Printed<'_>]) -> Option<WorkControl> {
        None
    }

    /// What helps where a build failed saying this.
    fn advice(&self, _failure: &str) -> Option<&'static str> {
        None
    }

    /// The command, after [`Self::build`], whose output [`Self::parse`] reads the members of a group from.
    fn members(&self, _: &BenchPlan, _: &BenchmarkId) -> Option<CommandSpec> {
        None
    }

    /// Commands that build the benchmarks, in order, in the project root of a workspace.
    /// The user's own where the harness knows none.
    fn build(&self, plan: &BenchPlan) -> Vec<CommandSpec> {
        plan.build.clone()
    }

    /// Files that lie where only the build tells, and where they are to lie: copied after the build. `stdout` is
    /// that of the commands of [`Self::build`], in order.
    fn place(&self, _: &BenchPlan, _stdout: &[&Output]) -> Result<Vec<Placed>, ParseError> {
        Ok(Vec::new())
    }

    /// Files and folders a launch needs, relative to the project root and copied to the same paths of the
    /// folder that [`Self::launch`] runs in; what is not there is left out, an empty list is the whole tree.
    fn artifacts(&self, plan: &BenchPlan) -> Vec<PathBuf> {
        plan.artifacts.clone()
    }

    /// One launch of `case`, relative to the copied artifacts, where it cannot write; what it leaves below
    /// [`RESULTS`](crate::model::command::RESULTS) comes back as [`Printed::results`].
    fn launch(&self, plan: &BenchPlan, case: &BenchmarkId, n: Iterations)
    -> Result<CommandSpec, UnknownCase>;

    /// What a launch of `case` that exited with success told: at least one value or one `Told` without. A case that
    /// groups others (Go's sub-benchmarks) is told by the full names of those, which are cases of their own.
    fn parse(&self, plan: &BenchPlan, case: &BenchmarkId, out: Printed<'_>) -> Result<Vec<Told>, ParseError>;
}
