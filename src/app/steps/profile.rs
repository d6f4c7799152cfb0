//! Collects a profile of a built tree and reads the hotspots out of it.

use std::path::PathBuf;
use std::time::Duration;

use crate::app::bin;
use crate::app::hands::{Access, Errand, NEUTRAL};
use crate::app::world::{RealWorld, WorldError};
use crate::collect;
use crate::collect::acts::{Act, Launch, Yielded};
use crate::engine::measure::BuiltTree;
use crate::engine::record::ProfileOutcome;
use crate::engine::step::ProfiledBefore;
use crate::model::bench::Iterations;
use crate::model::command::{Exit, Finished};
use crate::model::hotspot::Hotspot;
use crate::model::id::{BenchmarkId, TreeId};
use crate::profile::change::{PerWork, ProfileChange, compare};
use crate::profile::hotspots::find;
use crate::profile::project::Project;

use super::build::harness;

/// A launch is made at most so many times as long for the sake of its profile.
const MOST: u128 = 10_000;
/// Hotspots that are kept.
const TOP: usize = 3;
/// Lines of source around a hot line.
const AROUND: usize = 4;
/// Where the child sees its scratch folder.
const SCRATCH: &str = "scratch";

/// What is profiled.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The built tree.
    pub subject: BuiltTree,
    /// The benchmark that runs meanwhile.
    pub benchmark: BenchmarkId,
    /// The work a launch of it is measured with.
    pub iterations: Iterations,
    /// How long such a launch takes.
    pub launch: Duration,
    /// The profile it is compared with.
    pub before: Option<ProfiledBefore>,
}

/// Runs the collector's acts; what cannot be collected is said and ends nothing.
pub async fn perform(world: &mut RealWorld<'_>, wanted: &Wanted) -> Result<ProfileOutcome, WorldError> {
    let Wanted { subject, benchmark, iterations, launch, before } = wanted;
    let not = |reason: String| Ok(ProfileOutcome::NotCollected { reason });
    let plan = &world.header.plan;
    if plan.collector.is_none() {
        return not("no collector is configured".to_owned());
    }
    let collector = match collect::of(plan) {
        Ok(collector) => collector,
        Err(error) => return not(error.to_string()),
    };
    let harness = harness(&world.header.plan)?;
    let longer = Iterations(longer(*iterations, *launch, collector.wanted()));
    let spec = match harness.launch(&plan.bench, benchmark, longer) {
        Ok(spec) => spec,
        Err(error) => return not(error.to_string()),
    };
    let scratch = world.site.fresh_tmp(SCRATCH)?;
    let mut services = plan.services.clone();
    // Of a launch that drives services the last of them is recorded: what drives it is not the project's code.
    let driven = match services.last() {
        Some(_) if collector.needs().is_none() => {
            return not(format!(
                "{} records a benchmark itself, and not a service it drives",
                collector.name()
            ));
        }
        Some(service) => Some((service.start.clone(), spec.clone())),
        None => None,
    };
    let recorded = driven.as_ref().map_or(&spec, |(service, _)| service);
    let mut yielded = Vec::new();
    for act in collector.plan(&Launch { command: recorded, scratch: &scratch }) {
        yielded.push(match act {
            Act::Run(mut spec) => {
                // The first act records; those after it only read what was recorded.
                let records = yielded.is_empty();
                if let (Some((_, load)), Some(service), true) = (&driven, services.last_mut(), records) {
                    service.start = std::mem::replace(&mut spec, load.clone());
                }
                let folder = bin::folder(&world.site.roots.bin(), subject.artifact);
                let mut errand = Errand::in_workspace(&spec, &folder, &plan.root);
                errand.access = Access::ReadOnly;
                errand.writable = vec![scratch.clone()];
                if records {
                    errand.services = &services;
                }
                errand.limits.output = 256 << 20;
                let finished: Finished = world.hands.run(errand).await?;
                if let Exit::NotStarted(why) = &finished.exit {
                    let hint = collector.needs().map_or_else(String::new, |tool| format!("; {}", tool.hint));
                    return not(format!("{why}{hint}"));
                }
                Yielded::Ran(Box::new(finished))
            }
            Act::TakeFile(path) => match crate::fs::read(&path) {
                Ok(bytes) => Yielded::Took(bytes),
                Err(error) => Yielded::NotTaken(error.to_string()),
            },
        });
    }
    let capture = match collector.read(&yielded) {
        Ok(capture) => capture,
        Err(error) => return not(crate::app::reporter::amounts::brief(&error.to_string())),
    };
    let artifact = world.site.artifacts.put(&capture.raw)?;
    let project = project(world);
    let found = find(&capture.profile, &project, TOP);
    if !found.shows_project {
        // It cannot tell that there is nothing to gain: it does not see the project's code at all.
        let samples = found.samples.unwrap_or(0);
        return not(format!(
            "{}: none of {samples} samples shows the project's own code: it is built without names, or run by an \
             interpreter",
            collector.name()
        ));
    }
    let mut notes = found.warnings;
    let mut unexplained = None;
    if let Some(before) = before.as_ref().filter(|before| before.collector == collector.name()) {
        let after = PerWork { profile: &capture.profile, work: real(longer) };
        match change_since(world, before, (subject.tree, after), &project)? {
            Ok(change) => {
                notes.extend(change.notes());
                unexplained = change.unexplained().and_then(|_| notes.last().cloned());
            }
            Err(why) => notes.push(why),
        }
    }
    let hotspots = found.hotspots.into_iter().map(|hotspot| with_source(world, hotspot)).collect();
    Ok(ProfileOutcome::Read {
        collector: collector.name().to_owned(),
        event: found.event,
        samples: found.samples.unwrap_or(0),
        artifact,
        hotspots,
        notes,
        iterations: longer.0,
        unexplained,
    })
}

/// Iterations that make a launch as long as the collector wants it.
fn longer(Iterations(n): Iterations, launch: Duration, wanted: Duration) -> u64 {
    let times = wanted.as_nanos().div_ceil(launch.as_nanos().max(1)).clamp(1, MOST);
    n.max(1).saturating_mul(u64::try_from(times).unwrap_or(1))
}

fn real(Iterations(n): Iterations) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a relative error of 2⁻⁵³ in N changes nothing")]
    let real = n as f64;
    real
}

/// What changed since an earlier profile, or why that cannot be told.
fn change_since(
    world: &RealWorld<'_>,
    before: &ProfiledBefore,
    (tree, after): (TreeId, PerWork<'_>),
    project: &Project,
) -> Result<Result<ProfileChange, String>, WorldError> {
    let earlier = match crate::profile::read(&world.site.artifacts.get(before.artifact)?) {
        Ok(earlier) => earlier,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let change = world.site.store.changes(before.tree, tree, 0)?;
    let root = &world.header.plan.root;
    let edited: Vec<String> = (change.paths.iter())
        .map(|changed| PathBuf::from(changed.path.lossy().into_owned()))
        .map(|path| path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned())
        .collect();
    let edited: Vec<&str> = edited.iter().map(String::as_str).collect();
    let earlier = PerWork { profile: &earlier, work: real(before.iterations).max(1.0) };
    Ok(compare(earlier, after, project, &edited).map_err(|error| error.to_string()))
}

/// What counts as the project's own code: its folder as built and as launched, its Go module.
fn project(world: &RealWorld<'_>) -> Project {
    let mut roots = vec![
        NEUTRAL.to_owned(),
        world.site.base.folder().to_string_lossy().into_owned(),
        world.site.candidate.folder().to_string_lossy().into_owned(),
    ];
    let manifest = world.site.base.folder().join(&world.header.plan.root).join("go.mod");
    if let Ok(Some(text)) = crate::fs::read_text_if_present(&manifest) {
        roots.extend(
            text.lines().find_map(|line| line.strip_prefix("module ")).map(|module| module.trim().to_owned()),
        );
    }
    let benches: Vec<&str> = world.header.policy.benchmarks.iter().map(|glob| glob.value.as_str()).collect();
    Project::new(roots.iter().map(String::as_str), benches)
}

/// Adds the lines around the hottest one, from the base's workspace.
fn with_source(world: &RealWorld<'_>, mut hotspot: Hotspot) -> Hotspot {
    let root = world.site.base.folder().join(&world.header.plan.root);
    let text = hotspot.file.as_ref().and_then(|file| crate::fs::read_text(&root.join(file)).ok());
    if let (Some(text), Some((line, _))) = (text, hotspot.lines.first()) {
        let first = (*line as usize).saturating_sub(AROUND + 1);
        let shown: Vec<String> = (text.lines().enumerate().skip(first).take(2 * AROUND + 1))
            .map(|(at, line)| format!("{:5} {line}", at + 1))
            .collect();
        hotspot.source = Some(shown.join("\n"));
    }
    hotspot
}
