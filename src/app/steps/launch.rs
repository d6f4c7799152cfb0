//! One launch of a benchmark: runs it, reads what it told and what it cost.

use std::path::Path;

use crate::app::bin;
use crate::app::hands::{Access, Errand};
use crate::app::world::{RealWorld, WorldError};
use crate::bench::Printed;
use crate::engine::measure::{Launched, Reading, Work};
use crate::gauge::{Gauge, Source};
use crate::model::bench::Told;
use crate::model::command::{Exit, Finished, Limits};
use crate::model::id::Digest;
use crate::model::launch::Sampling;

use super::build::{failure, harness};

/// Name of the variable whose size moves the stack, as a layout of its own.
const PADDING: &str = "OPTILOOP_PADDING";
/// Bytes a layout adds to the environment: no multiple of a page or a cache line.
const STEP: usize = 1041;

/// What is launched.
#[derive(Debug, Clone, Copy)]
pub struct Launch<'a> {
    /// The built side.
    pub artifact: Digest,
    /// The benchmark and its work.
    pub work: &'a Work,
    /// Which layout of the environment.
    pub layout: u32,
    /// Whether threads are sampled.
    pub sampling: Sampling,
}

/// A slot: as many launches as the work's batch says, and the mean of their readings.
pub async fn slot(world: &RealWorld<'_>, launch: Launch<'_>) -> Result<Launched, WorldError> {
    let mut readings = Vec::new();
    for _ in 0..launch.work.batch.max(1) {
        match once(world, launch).await? {
            Launched::Read(reading) => readings.push(reading),
            failed @ Launched::Failed(_) => return Ok(failed),
        }
    }
    Ok(Launched::Read(mean(&readings)))
}

async fn once(world: &RealWorld<'_>, launch: Launch<'_>) -> Result<Launched, WorldError> {
    let plan = &world.header.plan;
    let harness = harness(&world.header.plan)?;
    let Launch { artifact, work, layout, sampling } = launch;
    let folder = bin::folder(&world.site.roots.bin(), artifact);
    let gauge = gauge_of(work)?;
    if gauge.is_some_and(|gauge| gauge.source() == Source::Artifact) {
        return size(&folder);
    }
    let mut spec = harness
        .launch(&plan.bench, &work.benchmark, work.iterations)
        .map_err(|error| WorldError::Config(error.to_string()))?;
    if let Some(gauge) = gauge {
        spec = gauge.wrap(spec);
    }
    let mut errand = Errand::in_workspace(&spec, &folder, &plan.root);
    errand.access = Access::ReadOnly;
    errand.limits = Limits { wall: work.timeout, ..Limits::default() };
    errand.sampling = sampling;
    errand.services = &plan.services;
    if layout > 0 {
        errand.env.insert(PADDING.to_owned(), "x".repeat(STEP * layout as usize));
    }
    let finished = world.hands.run(errand).await?;
    if !finished.exit.is_success() || finished.usage.leftovers > 0 {
        let why = match finished.exit {
            Exit::TimedOut => format!(" (its limit, `[bench] timeout`, is {:?})", work.timeout),
            _ if finished.usage.leftovers > 0 => ": a launch must end all it starts".to_owned(),
            _ => String::new(),
        };
        let told = failure(&finished);
        let (ending, said) = told.split_once('\n').unwrap_or((&told, ""));
        return Ok(Launched::Failed(format!("{ending}{why}\n{said}").trim_end().to_owned()));
    }
    let told = match harness.parse(&plan.bench, &work.benchmark, Printed::of(&finished)) {
        Ok(told) => told,
        Err(error) => return Ok(Launched::Failed(error.to_string())),
    };
    let mut launched = reading(&finished, work, &told);
    if let (Some(gauge), Launched::Read(reading)) = (gauge, &mut launched)
        && gauge.source() == Source::Files
    {
        match gauge.read(&finished.results) {
            Ok(value) => reading.gauge = Some(value),
            Err(error) => return Ok(Launched::Failed(error.to_string())),
        }
    }
    Ok(launched)
}

/// The gauge of the work.
pub fn gauge_of(work: &Work) -> Result<Option<&'static dyn Gauge>, WorldError> {
    let found = work.gauge.as_deref().map(crate::gauge::find).transpose();
    found.map_err(|error| WorldError::Config(error.to_string()))
}

/// What was built, weighed: nothing is started.
fn size(folder: &Path) -> Result<Launched, WorldError> {
    let mut files = Vec::new();
    for path in bin::files(folder)? {
        files.push(crate::fs::read_with_kind(&folder.join(path))?.1);
    }
    #[expect(clippy::cast_precision_loss, reason = "no build has 2^52 bytes")]
    let size = crate::gauge::size::of(files.iter().map(Vec::as_slice)) as f64;
    Ok(Launched::Read(Reading { gauge: Some(size), ..Reading::default() }))
}

/// Every clock of the launch. The harness must have done the iterations it was told to do.
fn reading(finished: &Finished, work: &Work, told: &[Told]) -> Launched {
    let own = told.iter().find(|told| told.benchmark == work.benchmark);
    if let Some(done) = own.and_then(|told| told.iterations)
        && work.iterations.0 > 0
        && done != work.iterations.0
    {
        return Launched::Failed(format!("did {done} iterations where {} were wanted", work.iterations.0));
    }
    let value = own.and_then(|told| told.value);
    if let Some(value) = value
        && !crate::stats::pair::is_value(value)
    {
        return Launched::Failed(format!("told {value}, which is no cost"));
    }
    let usage = &finished.usage;
    if let Some(services) = &usage.services {
        // What is measured is the service. What drives it waits for it, on cores of its own.
        return Launched::Read(Reading {
            told: value,
            cpu: services.cpu.as_secs_f64(),
            wall: usage.wall.as_secs_f64(),
            peak: services.peak_memory,
            ..Reading::default()
        });
    }
    Launched::Read(Reading {
        told: value,
        cpu: usage.cpu.as_secs_f64(),
        wall: usage.wall.as_secs_f64(),
        run_delay: usage.run_delay.map(|delay| delay.as_secs_f64()),
        run_delay_threads: usage.run_delay_threads.map(|delay| delay.as_secs_f64()),
        threads: usage.threads,
        peak: usage.peak_memory,
        switches: usage.switches,
        gauge: None,
    })
}

/// The mean of a slot's readings; what one of them lacks the mean lacks.
fn mean(readings: &[Reading]) -> Reading {
    #[expect(clippy::cast_precision_loss, reason = "a slot has at most some thousand launches")]
    let n = readings.len().max(1) as f64;
    let all = |pick: fn(&Reading) -> Option<f64>| -> Option<f64> {
        readings.iter().map(pick).sum::<Option<f64>>().map(|sum| sum / n)
    };
    Reading {
        told: all(|reading| reading.told),
        cpu: all(|reading| Some(reading.cpu)).unwrap_or_default(),
        wall: all(|reading| Some(reading.wall)).unwrap_or_default(),
        run_delay: all(|reading| reading.run_delay),
        run_delay_threads: all(|reading| reading.run_delay_threads),
        threads: readings.iter().filter_map(|reading| reading.threads).max(),
        peak: readings.iter().filter_map(|reading| reading.peak).max(),
        switches: readings.iter().map(|reading| reading.switches).sum(),
        gauge: all(|reading| reading.gauge),
    }
}
