//! Collectors: how a profile of a launch is recorded. A file per collector.
//!
//! Pure: a launch becomes acts that `app/steps/profile` performs, what they yielded becomes a [`Capture`]. Where
//! profiles are kept and what they mean is not decided here. Start at [`Collector`].

pub mod acts;
pub mod go_pprof;
pub mod perf;

use std::time::Duration;

use crate::model::plan::Plan;
use crate::model::registry;
use acts::{Act, Capture, CollectError, Kind, Launch, Tool, Yielded};

/// One way to record a profile.
pub trait Collector: Sync {
    /// Its name in config, equal to its file's name.
    fn name(&self) -> &'static str;

    /// What it records.
    fn kind(&self) -> Kind;

    /// The program it needs besides what is launched; `None` where it needs none.
    fn needs(&self) -> Option<Tool>;

    /// How long a launch should take to give enough samples: choose its iterations by it.
    fn wanted(&self) -> Duration;

    /// The acts that record one launch, in order.
    fn plan(&self, launch: &Launch<'_>) -> Vec<Act>;

    /// Reads what the acts of [`Self::plan`] yielded, one each, in order; they end at the first that failed.
    fn read(&self, yielded: &[Yielded]) -> Result<Capture, CollectError>;
}

/// Every collector; a test compares it with this folder.
pub static COLLECTORS: &[&dyn Collector] = &[&go_pprof::GoPprof, &perf::Perf];

/// The collector of this name.
pub fn find(name: &str) -> Result<&'static dyn Collector, registry::Unknown> {
    registry::find("collector", name, COLLECTORS.iter().map(|collector| (collector.name(), *collector)))
}

/// The collector a plan means: the one it names, else Go's own where its test binary is launched, else perf.
pub fn of(plan: &Plan) -> Result<&'static dyn Collector, registry::Unknown> {
    match (&plan.collector, plan.bench.harness.as_str()) {
        (Some(name), _) => find(name),
        (None, "go_test") => Ok(&go_pprof::GoPprof),
        (None, _) => Ok(&perf::Perf),
    }
}
