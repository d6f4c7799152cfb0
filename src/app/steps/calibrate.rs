//! Launches the head alone: how much work a launch does, which instrument reads it, how noisy it is.

use std::time::Duration;

use crate::app::reporter::progress::Progress;
use crate::app::world::{RealWorld, WorldError};
use crate::engine::measure::{BuiltTree, Launched, Reading, Work};
use crate::engine::reading::{self, accounting, cost, undelayed};
use crate::engine::record::{Calibrated, Calibration, CostFrom, Pursuit};
use crate::gauge::{self, Gauge, Source};
use crate::model::bench::{Iterations, WorkControl};
use crate::model::id::BenchmarkId;
use crate::model::launch::Sampling;
use crate::process::lock::MeasurementLock;
use crate::stats::calibration;
use crate::stats::counters;
use crate::stats::instrument;
use crate::stats::location::{self, median};
use crate::stats::pair::{Order, Pair};
use crate::stats::provable::smallest_provable;
use crate::stats::sequential::Rule;

use super::build::harness;
use super::iterations::{search, search_counted};
use super::launch::{Launch, gauge_of, slot};

/// Launches whose readings are kept: two sides of six.
const LAUNCHES: usize = 12;
/// Seconds that a launch is made to last at most for the sake of a coarse clock.
const LONGEST: f64 = 10.0;
/// Wall limit of a launch before one is known.
const FIRST_LIMIT: Duration = Duration::from_mins(10);
/// A timeout is this many times the slowest calibration launch, and at least ten seconds.
const TIMEOUT_FACTOR: f64 = 10.0;

/// A share of a launch that is start-up from which on it is told.
const TOLD_SHARE: f64 = 0.01;

/// Why there is no value of peak memory (decision.md A.11).
const NOT_MEASURABLE: &str = "peak memory is not measurable: it is below twice the launcher's own";

/// Calibrates every benchmark; the first that fails ends it.
pub async fn perform(
    world: &mut RealWorld<'_>,
    subject: BuiltTree,
    benchmarks: &[BenchmarkId],
    alpha: f64,
) -> Result<Calibration, WorldError> {
    let lock = world.lock.clone();
    let progress = &mut *world.progress;
    let _alone = MeasurementLock::acquire(&lock, "calibration", &world.hands.cancel, |holder| {
        progress(Progress::Waiting { why: format!("another measurement is running: {holder}") });
    })
    .await?;
    let (mut calibrated, mut notes) = (Vec::new(), Vec::new());
    let of_target = world.header.target.benchmarks.clone();
    let gauge = world.header.plan.gauge.clone();
    for benchmark in benchmarks {
        let gauge = gauge.as_deref().filter(|_| of_target.contains(benchmark));
        let told = world.header.plan.told && of_target.contains(benchmark);
        let by = if told { By::Told } else { By::of(gauge)? };
        match one(world, subject, (benchmark, by)).await? {
            Ok(one) => calibrated.push(one),
            // One of many that is broken already is no reason not to look at the others.
            Err(detail)
                if matches!(world.header.pursuit, Pursuit::Compare { .. }) && benchmarks.len() > 1 =>
            {
                let message = format!("{benchmark} is not compared, it fails on the base: {detail}");
                (world.progress)(Progress::Warning { message });
            }
            Err(detail) => return Ok(Calibration::Failed { detail: format!("{benchmark}: {detail}") }),
        }
    }
    if calibrated.is_empty() {
        return Ok(Calibration::Failed { detail: "every benchmark fails on the base".to_owned() });
    }
    // Of a family each benchmark is judged by the metric alone.
    let resources = match world.header.pursuit {
        Pursuit::Compare { .. } => Vec::new(),
        _ => world.header.plan.resources.clone(),
    };
    for resource in resources {
        let by = By::of(Some(resource.as_str()).filter(|resource| *resource != gauge::TIME))?;
        // What was built is the same for each of its benchmarks.
        let whole = matches!(by, By::Gauge(gauge) if gauge.source() == Source::Artifact);
        for benchmark in of_target.iter().take(if whole { 1 } else { usize::MAX }) {
            match one(world, subject, (benchmark, by)).await? {
                Ok(one) => calibrated.push(one),
                Err(detail) => notes.push(format!("{resource} of {benchmark} is not guarded: {detail}")),
            }
        }
    }
    let smallest_provable = calibrated.first().map_or(1.0, |first| provable(world, first, alpha));
    Ok(Calibration::Ready { benchmarks: calibrated, smallest_provable, notes })
}

/// What a launch is read by.
#[derive(Debug, Clone, Copy)]
enum By {
    /// An instrument for time.
    Time,
    /// The benchmark's own word.
    Told,
    /// A gauge.
    Gauge(&'static dyn Gauge),
}

impl By {
    fn of(gauge: Option<&str>) -> Result<Self, WorldError> {
        let Some(name) = gauge else { return Ok(Self::Time) };
        gauge::find(name).map(Self::Gauge).map_err(|error| WorldError::Config(error.to_string()))
    }
}

async fn one(
    world: &mut RealWorld<'_>,
    subject: BuiltTree,
    (benchmark, by): (&BenchmarkId, By),
) -> Result<Result<Calibrated, String>, WorldError> {
    let plan = &world.header.plan.bench;
    let harness = harness(&world.header.plan)?;
    let control = harness.work(plan, benchmark);
    let drives = harness.drives_a_load() && !world.header.plan.services.is_empty();
    let gauge = if let By::Gauge(gauge) = by { Some(gauge) } else { None };
    let source = gauge.map(Gauge::source);
    let pinned = match source {
        Some(Source::LeastWork | Source::Artifact) => Some(1),
        _ => plan.iterations,
    };
    if let (Some(gauge), WorkControl::Adaptive) = (gauge, control)
        && !matches!(gauge.source(), Source::Peak | Source::Artifact)
        && !(drives && gauge.source() == Source::Cpu)
    {
        let name = gauge.name();
        return Ok(Err(format!(
            "{name}: the harness chooses itself how much work a launch does, so that it says nothing; pin the work by \
             `[bench] work` and `{{n}}`"
        )));
    }
    let mut work = Work {
        benchmark: benchmark.clone(),
        iterations: Iterations(pinned.unwrap_or(1)),
        batch: 1,
        timeout: plan.timeout.unwrap_or(FIRST_LIMIT),
        gauge: gauge.map(|gauge| gauge.name().to_owned()),
    };
    let mut fixed_share = None;
    let mut cost_from = match source {
        None if matches!(by, By::Told) => CostFrom::Told,
        None | Some(Source::LeastWork) => CostFrom::Outside,
        Some(Source::Cpu) => CostFrom::Cpu,
        Some(Source::Peak) => CostFrom::Peak,
        Some(Source::Files) => CostFrom::Counter,
        Some(Source::Artifact) => CostFrom::Size,
    };
    let searched = match control {
        WorkControl::Fixed if pinned.is_none() && cost_from.counts() => {
            Some(search_counted(world, subject, &mut work).await?)
        }
        WorkControl::Fixed if pinned.is_none() => Some(search(world, subject, &mut work).await?),
        _ => None,
    };
    match searched {
        Some(Ok(Some(share))) => fixed_share = Some(share),
        // Too much of a launch is start-up: only the harness's own time is free of it.
        Some(Ok(None)) if cost_from == CostFrom::Outside => cost_from = CostFrom::Told,
        Some(Err(detail)) => return Ok(Err(detail)),
        Some(Ok(None)) | None => {}
    }
    if control == WorkControl::Adaptive && cost_from == CostFrom::Outside {
        cost_from = CostFrom::Told;
    }
    if !cost_from.counts() {
        let first = match launch(world, subject, &work).await? {
            Launched::Read(reading) => reading,
            Launched::Failed(detail) => return Ok(Err(detail)),
        };
        work.batch = calibration::launches_per_slot(undelayed(&first));
    }
    let mut calibrated = match settle(world, subject, (work, control, cost_from)).await? {
        Ok(calibrated) => calibrated,
        Err(detail) => return Ok(Err(detail)),
    };
    // Work of our own choosing is made long enough for a coarse clock; what it is too coarse for still goes to
    // the boundary of the test.
    let least = world.header.policy.min_effect.value.get();
    let tick = instrument::tick(calibrated.resolution, calibrated.cost, least);
    if tick.batch > 1 && control == WorkControl::Fixed && pinned.is_none() && cost_from == CostFrom::Outside {
        let longest = (LONGEST / calibrated.slot_seconds().max(f64::MIN_POSITIVE)).max(1.0);
        let times = u64::from(tick.batch).min(location::whole(longest) as u64);
        let mut work = calibrated.work.clone();
        work.iterations = Iterations(work.iterations.0.saturating_mul(times));
        calibrated = match settle(world, subject, (work, control, cost_from)).await? {
            Ok(calibrated) => calibrated,
            Err(detail) => return Ok(Err(detail)),
        };
    }
    calibrated.fixed_share = calibrated.fixed_share.or(fixed_share);
    Ok(Ok(calibrated))
}

/// Launches the chosen work and reads from it timeout, instrument, cost, noise and resolution.
async fn settle(
    world: &mut RealWorld<'_>,
    subject: BuiltTree,
    (mut work, control, cost_from): (Work, WorkControl, CostFrom),
) -> Result<Result<Calibrated, String>, WorldError> {
    let mut readings: Vec<Reading> = Vec::new();
    // Of a family each benchmark is calibrated only as far as the choice of its instrument needs.
    let launches = match world.header.pursuit {
        _ if cost_from.counts() => counters::LAUNCHES,
        Pursuit::Compare { .. } => 2 * instrument::LAUNCHES,
        _ => LAUNCHES,
    };
    for _ in 0..launches {
        match launch(world, subject, &work).await? {
            Launched::Read(reading) => readings.push(reading),
            Launched::Failed(detail) => return Ok(Err(detail)),
        }
    }
    let slowest = readings.iter().map(|reading| reading.wall).fold(0.0, f64::max);
    let (plan, services) = (&world.header.plan.bench, &world.header.plan.services);
    if plan.timeout.is_none() {
        work.timeout = Duration::from_secs_f64((slowest * TIMEOUT_FACTOR).max(10.0));
    }
    let accounts: Vec<_> = readings.iter().map(accounting).collect();
    let (one, other) = accounts.split_at(launches / 2);
    let choice = if services.is_empty() {
        reading::choose(plan.instrument, control, (one, other))
    } else {
        reading::choose_for_services(plan.instrument, cost_from)
    };
    let batch = f64::from(work.batch.max(1));
    let gauge = gauge_of(&work)?;
    let fewer = if control == WorkControl::Fixed && cost_from == CostFrom::Outside {
        work.iterations.0 / 2
    } else {
        0
    };
    let mut at_fewer = Vec::new();
    if fewer > 0 {
        let work = Work { iterations: Iterations(fewer), ..work.clone() };
        for _ in 0..launches / 2 {
            match launch(world, subject, &work).await? {
                Launched::Read(reading) => at_fewer.push(reading),
                Launched::Failed(detail) => return Ok(Err(detail)),
            }
        }
    }
    let mut calibrated = Calibrated {
        work,
        control,
        readings,
        cost_from,
        instrument: choice.instrument,
        reason: choice.reason,
        cost: 0.0,
        noise: 0.0,
        fixed_share: None,
        resolution: 0.0,
        at_fewer,
        fewer,
        floor: gauge.map_or(0.0, Gauge::floor),
    };
    let costs: Option<Vec<f64>> =
        calibrated.readings.iter().map(|reading| cost(reading, &calibrated)).collect();
    let Some(costs) = costs else {
        return Ok(Err(match cost_from {
            CostFrom::Peak => NOT_MEASURABLE.to_owned(),
            _ => "a launch told no cost above zero; print one, or let optiloop control the work".to_owned(),
        }));
    };
    calibrated.cost = median(&costs).unwrap_or_default();
    let fixed = reading::fixed(&calibrated);
    calibrated.fixed_share = (fewer > 0).then(|| fixed / (fixed + calibrated.cost));
    if let Some(share) = calibrated.fixed_share.filter(|share| *share >= TOLD_SHARE) {
        let percent = 100.0 * share;
        calibrated
            .reason
            .push_str(&format!("; {percent:.0} % of a launch is start-up, taken off both sides"));
    }
    calibrated.noise = calibration::launch_noise(&costs);
    if let Some(gauge) = gauge {
        let how =
            if cost_from == CostFrom::Outside { format!("; {}", calibrated.reason) } else { String::new() };
        let whose = match gauge.source() {
            Source::Cpu | Source::Peak if !world.header.plan.services.is_empty() => {
                "; of the service, CPU time from when it was ready, not of what drives it"
            }
            _ => "",
        };
        calibrated.reason = format!("{}{whose}{how}", gauge.reason());
    }
    if cost_from.counts() {
        // Counts have a divisor, and no clock has made it.
        return Ok(Ok(calibrated));
    }
    // A slot's value is the mean of its launches: it moves by a part of the tick that each of them has.
    calibrated.resolution = instrument::resolution(&costs) * batch;
    Ok(Ok(calibrated))
}

pub(super) async fn launch(
    world: &RealWorld<'_>,
    subject: BuiltTree,
    work: &Work,
) -> Result<Launched, WorldError> {
    slot(world, Launch { artifact: subject.artifact, work, layout: 0, sampling: Sampling::Threads }).await
}

/// The smallest provable change from the calibration's own launches, taken as A/A pairs.
fn provable(world: &RealWorld<'_>, first: &Calibrated, alpha: f64) -> f64 {
    let least = world.header.policy.min_effect.value.get().max(first.least_share());
    if first.cost_from.counts() && first.noise <= 0.0 {
        return least;
    }
    let costs: Vec<f64> = first.readings.iter().filter_map(|reading| cost(reading, first)).collect();
    let pairs: Vec<f64> = (costs.as_chunks::<2>().0.iter())
        .filter_map(|[one, other]| Pair::of_costs(Order::BaseFirst, *one, *other))
        .map(Pair::y)
        .collect();
    let rule = Rule::new(crate::stats::pair::log_effect(least) + first.tick(), alpha);
    smallest_provable(&pairs, rule, 1).unwrap_or(1.0)
}
