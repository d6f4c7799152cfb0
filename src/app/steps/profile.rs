//! Collects a profile of a built tree and reads the hotspots out of it.

use crate::app::bin;
use crate::app::hands::{Access, Errand};
use crate::app::world::{RealWorld, WorldError};
use crate::collect;
use crate::collect::acts::{Act, Launch, Yielded};
use crate::engine::measure::BuiltTree;
use crate::engine::record::ProfileOutcome;
use crate::model::bench::Iterations;
use crate::model::command::{Exit, Finished};
use crate::model::hotspot::Hotspot;
use crate::model::id::BenchmarkId;
use crate::profile::hotspots::find;
use crate::profile::project::Project;

use super::build::harness;

/// Hotspots that are kept.
const TOP: usize = 3;
/// Lines of source around a hot line.
const AROUND: usize = 4;
/// Where the child sees its scratch folder.
const SCRATCH: &str = "scratch";

/// Runs the collector's acts; what cannot be collected is said and ends nothing.
pub async fn perform(
    world: &mut RealWorld<'_>,
    subject: BuiltTree,
    benchmark: &BenchmarkId,
    iterations: Iterations,
) -> Result<ProfileOutcome, WorldError> {
    let not = |reason: String| Ok(ProfileOutcome::NotCollected { reason });
    let plan = &world.header.plan;
    if plan.collector.is_none() {
        return not("no collector is configured".to_owned());
    }
    let collector = match collect::of(plan) {
        Ok(collector) => collector,
        Err(error) => return not(error.to_string()),
    };
    let harness = harness(&world.header)?;
    let longer = Iterations(iterations.0.saturating_mul(10).max(1));
    let spec = match harness.launch(&plan.bench, benchmark, longer) {
        Ok(spec) => spec,
        Err(error) => return not(error.to_string()),
    };
    let scratch = world.site.fresh_tmp(SCRATCH)?;
    let mut yielded = Vec::new();
    for act in collector.plan(&Launch { command: &spec, scratch: &scratch }) {
        yielded.push(match act {
            Act::Run(spec) => {
                let folder = bin::folder(&world.site.roots.bin(), subject.artifact);
                let mut errand = Errand::in_workspace(&spec, &folder, &plan.root);
                errand.access = Access::ReadOnly;
                errand.writable = vec![scratch.clone()];
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
    if found.hotspots.is_empty() {
        // It cannot tell that there is nothing to gain: it does not see the project's code at all.
        let samples = found.samples.unwrap_or(0);
        return not(format!(
            "{}: none of {samples} samples shows the project's own code: it is built without names, or run by an \
             interpreter",
            collector.name()
        ));
    }
    let hotspots = found.hotspots.into_iter().map(|hotspot| with_source(world, hotspot)).collect();
    Ok(ProfileOutcome::Read {
        collector: collector.name().to_owned(),
        event: found.event,
        samples: found.samples.unwrap_or(0),
        artifact,
        hotspots,
        notes: found.warnings,
    })
}

/// What counts as the project's own code: its folder as built and as launched, its Go module.
fn project(world: &RealWorld<'_>) -> Project {
    let mut roots = vec![
        "/tmp/optiloop".to_owned(),
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
