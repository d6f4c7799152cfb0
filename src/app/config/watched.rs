//! What is to become less, and what must not become more: time, what a gauge reads, what the benchmark tells itself.
//!
//! Start at [`Watched::of`].

use crate::gauge;
use crate::model::id::BenchmarkId;
use crate::policy::file::ConfigFile;
use crate::policy::language::Language;

use super::Flags;
use super::plan::harness;

/// What decides and what is watched besides.
pub(super) struct Watched {
    /// The gauge that decides, where one does.
    pub(super) gauge: Option<String>,
    /// What the benchmark tells itself.
    pub(super) told: Option<String>,
    /// Resources that must not get worse.
    pub(super) resources: Vec<String>,
    /// Benchmarks that must not.
    pub(super) guards: Vec<BenchmarkId>,
}

impl Watched {
    /// A metric is time, a gauge, or a word of the benchmark's own, which a harness may know by the same name as we do
    /// (Go tells its allocations itself). A goal that is not about time has time as a guard.
    pub(super) fn of(config: &ConfigFile, language: &Language, flags: &Flags) -> Self {
        let named = flags.metric.clone().or_else(|| config.metric.clone());
        let metric = named.filter(|metric| metric != gauge::TIME);
        let harness = harness(config, language);
        let tells = |metric: &str| crate::bench::find(&harness).is_ok_and(|harness| harness.tells(metric));
        let by_gauge =
            metric.as_deref().filter(|metric| !tells(metric)).and_then(|metric| gauge::find(metric).ok());
        let is_resource =
            |guard: &&BenchmarkId| guard.as_str() == gauge::TIME || gauge::find(guard.as_str()).is_ok();
        let (named, guards): (Vec<&BenchmarkId>, Vec<&BenchmarkId>) =
            config.guards.iter().partition(is_resource);
        let canonical = |guard: &BenchmarkId| match gauge::find(guard.as_str()) {
            Ok(gauge) => gauge.name().to_owned(),
            Err(_) => guard.to_string(),
        };
        let mut resources: Vec<String> = named.into_iter().map(canonical).collect();
        // What a load tells is its time already.
        let drives = crate::bench::find(&harness).is_ok_and(crate::bench::Harness::drives_a_load);
        if metric.is_some() && !(drives && by_gauge.is_none()) {
            resources.insert(0, gauge::TIME.to_owned());
        }
        let mut seen = std::collections::BTreeSet::new();
        resources.retain(|resource| {
            by_gauge.is_none_or(|gauge| gauge.name() != resource) && seen.insert(resource.clone())
        });
        Self {
            gauge: by_gauge.map(|gauge| gauge.name().to_owned()),
            told: metric.filter(|_| by_gauge.is_none()),
            resources,
            guards: guards.into_iter().cloned().collect(),
        }
    }
}
