//! Launches the head alone: how much work a launch does, which instrument reads it, how noisy it is.

use std::time::Duration;

use crate::app::reporter::progress::Progress;
use crate::app::world::{RealWorld, WorldError};
use crate::engine::measure::{BuiltTree, Launched, Reading, Work};
use crate::engine::reading::{self, accounting, cost, undelayed};
use crate::engine::record::{Calibrated, Calibration, CostFrom, Pursuit};
use crate::model::bench::{Iterations, WorkControl};
use crate::model::id::BenchmarkId;
use crate::model::launch::Sampling;
use crate::process::lock::MeasurementLock;
use crate::stats::calibration::{self, Pilot, choose_iterations};
use crate::stats::instrument;
use crate::stats::location::{self, median};
use crate::stats::pair::{Order, Pair};
use crate::stats::provable::smallest_provable;
use crate::stats::sequential::Rule;

use super::build::harness;
use super::launch::{Launch, slot};

/// Launches whose readings are kept: two sides of six.
const LAUNCHES: usize = 12;
/// Pilots of the search for N before it is given up.
const PILOTS: usize = 12;
/// Seconds that a launch is made to last at most for the sake of a coarse clock.
const LONGEST: f64 = 10.0;
/// Wall limit of a launch before one is known.
const FIRST_LIMIT: Duration = Duration::from_mins(10);
/// A timeout is this many times the slowest calibration launch, and at least ten seconds.
const TIMEOUT_FACTOR: f64 = 10.0;

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
    let mut calibrated = Vec::new();
    for benchmark in benchmarks {
        match one(world, subject, benchmark).await? {
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
    let smallest_provable = calibrated.first().map_or(1.0, |first| provable(world, first, alpha));
    Ok(Calibration::Ready { benchmarks: calibrated, smallest_provable })
}

async fn one(
    world: &mut RealWorld<'_>,
    subject: BuiltTree,
    benchmark: &BenchmarkId,
) -> Result<Result<Calibrated, String>, WorldError> {
    let plan = &world.header.plan.bench;
    let control = harness(&world.header.plan)?.work(plan, benchmark);
    let pinned = plan.iterations;
    let mut work = Work {
        benchmark: benchmark.clone(),
        iterations: Iterations(pinned.unwrap_or(1)),
        batch: 1,
        timeout: plan.timeout.unwrap_or(FIRST_LIMIT),
    };
    let mut fixed_share = None;
    let mut cost_from = CostFrom::Outside;
    match control {
        WorkControl::Fixed if pinned.is_none() => match search(world, subject, &mut work).await? {
            Ok(Some(share)) => fixed_share = Some(share),
            Ok(None) => cost_from = CostFrom::Told,
            Err(detail) => return Ok(Err(detail)),
        },
        WorkControl::Adaptive => cost_from = CostFrom::Told,
        WorkControl::Fixed | WorkControl::Once => {}
    }
    let first = match launch(world, subject, &work).await? {
        Launched::Read(reading) => reading,
        Launched::Failed(detail) => return Ok(Err(detail)),
    };
    work.batch = calibration::launches_per_slot(undelayed(&first));
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
    calibrated.fixed_share = fixed_share;
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
    };
    let costs: Option<Vec<f64>> =
        calibrated.readings.iter().map(|reading| cost(reading, &calibrated)).collect();
    let Some(costs) = costs else {
        return Ok(Err(
            "a launch told no cost above zero; print one, or let optiloop control the work".to_owned()
        ));
    };
    calibrated.cost = median(&costs).unwrap_or_default();
    calibrated.noise = calibration::launch_noise(&costs);
    // A slot's value is the mean of its launches: it moves by a part of the tick that each of them has.
    calibrated.resolution = instrument::resolution(&costs) * batch;
    Ok(Ok(calibrated))
}

/// Searches N; the share of a launch that does not grow with it, or `None` where the harness's own value
/// must decide.
async fn search(
    world: &mut RealWorld<'_>,
    subject: BuiltTree,
    work: &mut Work,
) -> Result<Result<Option<f64>, String>, WorldError> {
    let mut n = 1;
    for _ in 0..PILOTS {
        let mut at = [0.0; 2];
        for (wall, iterations) in at.iter_mut().zip([n, 2 * n]) {
            *wall = match shortest(world, subject, work, iterations).await? {
                Ok(wall) => wall,
                Err(detail) => return Ok(Err(detail)),
            };
        }
        let mut chosen = choose_iterations(&Pilot { iterations: n, at_n: at[0], at_2n: at[1] });
        if let calibration::Iterations::Fixed(fixed) = chosen {
            chosen = match shortest(world, subject, work, fixed.iterations).await? {
                Ok(wall) => calibration::check(fixed, wall),
                Err(detail) => return Ok(Err(detail)),
            };
        }
        match chosen {
            calibration::Iterations::PilotAgain(more) => n = more,
            calibration::Iterations::Fixed(fixed) => {
                work.iterations = Iterations(fixed.iterations);
                return Ok(Ok(Some(fixed.fixed_share)));
            }
            calibration::Iterations::HarnessDecides(fixed) => {
                work.iterations = Iterations(fixed.iterations);
                return Ok(Ok(None));
            }
        }
    }
    Ok(Err(format!("no number of iterations makes a launch last: {n} still take no time")))
}

/// The shortest of three launches of `iterations`, less the waiting for a core: whatever else the machine does
/// only ever adds.
async fn shortest(
    world: &RealWorld<'_>,
    subject: BuiltTree,
    work: &mut Work,
    iterations: u64,
) -> Result<Result<f64, String>, WorldError> {
    work.iterations = Iterations(iterations);
    let mut shortest = f64::INFINITY;
    for _ in 0..3 {
        match launch(world, subject, work).await? {
            Launched::Read(reading) => shortest = shortest.min(undelayed(&reading)),
            Launched::Failed(detail) => return Ok(Err(detail)),
        }
    }
    Ok(Ok(shortest))
}

async fn launch(world: &RealWorld<'_>, subject: BuiltTree, work: &Work) -> Result<Launched, WorldError> {
    slot(world, Launch { artifact: subject.artifact, work, layout: 0, sampling: Sampling::Threads }).await
}

/// The smallest provable change from the calibration's own launches, taken as A/A pairs.
fn provable(world: &RealWorld<'_>, first: &Calibrated, alpha: f64) -> f64 {
    let costs: Vec<f64> = first.readings.iter().filter_map(|reading| cost(reading, first)).collect();
    let pairs: Vec<f64> = (costs.as_chunks::<2>().0.iter())
        .filter_map(|[one, other]| Pair::of_costs(Order::BaseFirst, *one, *other))
        .map(Pair::y)
        .collect();
    let least = world.header.policy.min_effect.value.get();
    let rule = Rule::new(crate::stats::pair::log_effect(least) + first.tick(), alpha);
    smallest_provable(&pairs, rule, 1).unwrap_or(1.0)
}
