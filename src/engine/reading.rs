//! From a launch's readings to the one value that enters a comparison.
//!
//! The instrument is chosen at calibration ([`crate::stats::instrument::choose`]); here it is applied,
//! and asked again for each candidate. Start at [`cost`].

use crate::model::bench::{Instrument as Asked, WorkControl};
use crate::stats::instrument::{self, Accounting, Choice, Instrument};
use crate::stats::location::median;
use crate::stats::pair::is_value;

use super::measure::{Launched, MeasuredPair, Reading};
use super::record::{Calibrated, CostFrom};

/// The share of a launch that is believed to be work at least.
const LEAST_WORK: f64 = 0.01;
/// The share of a launch that is believed to be fixed at most: the search for N leaves a tenth.
const LARGEST_FIXED: f64 = 0.5;

/// The cost of a launch as the calibration wants it read, less what every launch costs before it does any work;
/// `None` where the reading has no such value.
pub fn cost(reading: &Reading, calibrated: &Calibrated) -> Option<f64> {
    let whole = whole_cost(reading, calibrated)?;
    // A candidate that starts faster than the original, and works for hardly anything, still costs something.
    Some((whole - fixed(calibrated)).max(LEAST_WORK * whole))
}

/// What a launch costs that does not grow with its iterations, by the current instrument: the intercept of a line
/// through launches of fewer iterations and of all. Both sides pay the original's: else an effect on the work is
/// seen smaller by the share that is start-up.
pub fn fixed(calibrated: &Calibrated) -> f64 {
    let middle = |readings: &[Reading]| {
        let costs: Vec<f64> = readings.iter().filter_map(|one| whole_cost(one, calibrated)).collect();
        median(&costs)
    };
    let (fewer, all) = (real(calibrated.fewer), real(calibrated.work.iterations.0));
    if calibrated.cost_from != CostFrom::Outside || calibrated.fewer == 0 || all <= fewer {
        return 0.0;
    }
    let (Some(at_fewer), Some(at_all)) = (middle(&calibrated.at_fewer), middle(&calibrated.readings)) else {
        return 0.0;
    };
    let intercept = (at_fewer * all - at_all * fewer) / (all - fewer);
    intercept.clamp(0.0, LARGEST_FIXED * at_all)
}

#[expect(clippy::cast_precision_loss, reason = "iterations of a launch stay far below 2^52")]
fn real(iterations: u64) -> f64 {
    iterations as f64
}

/// The cost of a whole launch.
fn whole_cost(reading: &Reading, calibrated: &Calibrated) -> Option<f64> {
    match calibrated.cost_from {
        CostFrom::Told => reading.told,
        CostFrom::Outside => instrument::read(calibrated.instrument, &accounting(reading)),
        CostFrom::Cpu => Some(reading.cpu),
        #[expect(clippy::cast_precision_loss, reason = "no machine has 2^52 bytes")]
        CostFrom::Peak => reading.peak.map(|peak| peak as f64),
        CostFrom::Counter | CostFrom::Size => reading.gauge,
    }
    .filter(|cost| is_value(*cost))
}

/// Wall time of a launch; of an adaptive one the harness's own value, since its wall time is fixed.
pub(super) fn wall_cost(reading: &Reading) -> f64 {
    reading.wall
}

/// What the launch would have taken with a core of its own: how much work a launch does must not depend on
/// what else the machine did at calibration. A program on several cores waits on all of them, so that its
/// wall time or the CPU time of one core is the least.
pub fn undelayed(reading: &Reading) -> f64 {
    let delay = reading.run_delay_threads.or(reading.run_delay).unwrap_or(0.0);
    (reading.wall - delay).max(reading.cpu.min(reading.wall))
}

/// A reading as the choice of the instrument wants it.
pub fn accounting(reading: &Reading) -> Accounting {
    Accounting {
        wall: reading.wall,
        cpu: is_value(reading.cpu).then_some(reading.cpu),
        run_delay: reading.run_delay_threads.or(reading.run_delay),
        // A short launch may be over before the first look.
        threads: reading.threads.unwrap_or(1).max(1),
    }
}

/// How `choose` names the control of work.
fn work(control: WorkControl) -> instrument::Work {
    if control.is_fixed() { instrument::Work::Fixed } else { instrument::Work::Adaptive }
}

/// The instrument: the one asked for, else the one with least noise that qualifies by launches of both sides.
pub fn choose(
    asked: Asked,
    control: WorkControl,
    (base, candidate): (&[Accounting], &[Accounting]),
) -> Choice {
    let instrument = match asked {
        Asked::Auto => return instrument::choose(work(control), base, candidate),
        Asked::Cpu => Instrument::CpuTime,
        Asked::WallMinusRunDelay => Instrument::WallMinusRunDelay,
        Asked::Wall => Instrument::Wall,
    };
    Choice { instrument, reason: "as was asked for".to_owned() }
}

/// The instrument of a launch that drives services: its readings of CPU time and memory are theirs, its wall time is
/// that of what drives them.
pub fn choose_for_services(asked: Asked, cost_from: CostFrom) -> Choice {
    let (instrument, reason) = match (asked, cost_from) {
        (_, CostFrom::Told) => (
            Instrument::Wall,
            "what the load command tells of the service is the launch's own value; CPU time and memory are the \
             service's, not the load generator's",
        ),
        (_, CostFrom::Cpu | CostFrom::Peak | CostFrom::Counter | CostFrom::Size) => (
            Instrument::Wall,
            "CPU time and memory are the service's, from when it was ready; what is counted in the launch is the load \
             command's",
        ),
        (Asked::Cpu, CostFrom::Outside) => (
            Instrument::CpuTime,
            "as was asked for: CPU time of the service from when it was ready, not of what drives it",
        ),
        (Asked::Wall, CostFrom::Outside) => (Instrument::Wall, "as was asked for"),
        (Asked::Auto | Asked::WallMinusRunDelay, CostFrom::Outside) => (
            Instrument::Wall,
            "a service is driven and no metric is told: wall time of what drives it; `instrument = \"cpu\"` reads the \
             service's own CPU time",
        ),
    };
    Choice { instrument, reason: reason.to_owned() }
}

/// Whether nothing stands in for wall time: it is the cost already, or the goal is about something else.
pub(super) fn is_by_wall(calibrated: &Calibrated) -> bool {
    calibrated.cost_from != CostFrom::Outside || calibrated.instrument == Instrument::Wall
}

/// Asks again whether CPU time stands for wall time, on both sides of the pairs whose threads were sampled
/// (the first batch of a test); the choice if it does not.
pub(super) fn requalify(pairs: &[MeasuredPair], work: usize, calibrated: &Calibrated) -> Option<Choice> {
    if is_by_wall(calibrated) {
        return None;
    }
    let side = |pick: fn(&MeasuredPair) -> &Launched| -> Vec<Accounting> {
        (pairs.iter().filter(|pair| pair.work == work))
            .filter_map(|pair| match pick(pair) {
                Launched::Read(reading) => reading.run_delay_threads.map(|_| accounting(reading)),
                Launched::Failed(_) => None,
            })
            .collect()
    };
    let (base, candidate) = (side(|pair| &pair.base), side(|pair| &pair.candidate));
    if candidate.len() < instrument::LAUNCHES || base.len() < instrument::LAUNCHES {
        return None; // A failed launch among the first: the next batch is sampled as well.
    }
    let choice = instrument::choose(self::work(calibrated.control), &base, &candidate);
    // On a busy machine the head may have missed what the candidate now meets: that is no fall.
    let falls = choice.instrument != calibrated.instrument && choice.instrument != Instrument::CpuTime;
    falls.then_some(choice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::measure::Work;
    use crate::model::bench::Iterations;
    use crate::model::id::BenchmarkId;

    fn work() -> Work {
        let timeout = std::time::Duration::from_secs(1);
        Work { benchmark: BenchmarkId::new("b"), iterations: Iterations(1), batch: 1, timeout, gauge: None }
    }

    fn calibrated(readings: Vec<Reading>) -> Calibrated {
        Calibrated {
            work: work(),
            control: WorkControl::Fixed,
            readings,
            cost_from: CostFrom::Outside,
            instrument: Instrument::CpuTime,
            reason: String::new(),
            cost: 0.2,
            noise: 0.0,
            fixed_share: None,
            resolution: 0.0,
            at_fewer: Vec::new(),
            fewer: 0,
            floor: 0.0,
        }
    }

    #[test]
    fn a_launch_is_as_long_as_its_work_however_long_it_waited() {
        let check = |wall, cpu, delay, expected: f64| {
            let reading = Reading { wall, cpu, run_delay_threads: delay, ..Reading::default() };
            assert!((undelayed(&reading) - expected).abs() < 1e-9, "{reading:?}");
        };
        check(0.2, 0.2, None, 0.2);
        check(0.8, 0.2, Some(0.6), 0.2);
        // It sleeps; it keeps two cores busy; its threads waited in turn.
        check(0.2, 0.01, Some(0.0), 0.2);
        check(0.2, 0.4, Some(0.3), 0.2);
        check(0.2, 0.15, Some(0.7), 0.15);
    }

    #[test]
    fn what_is_fixed_is_taken_off_so_that_an_effect_on_the_work_is_seen_whole() {
        let launch = |cpu: f64| Reading { wall: cpu, cpu, ..Reading::default() };
        // 20 ms of start-up and 2 ms an iteration, by launches of 45 and 90 iterations.
        let calibrated = Calibrated {
            work: Work { iterations: Iterations(90), ..work() },
            at_fewer: vec![launch(0.11); 3],
            fewer: 45,
            ..calibrated(vec![launch(0.2); 3])
        };
        let cost = |cpu| cost(&launch(cpu), &calibrated).unwrap();
        assert!((fixed(&calibrated) - 0.02).abs() < 1e-9);
        // 20 % less work.
        assert!((cost(0.164) / cost(0.2) - 0.8).abs() < 1e-9);
        assert!(cost(0.015) > 0.0, "it starts faster than the original and does nothing");
        let told = Calibrated { cost_from: CostFrom::Told, ..calibrated.clone() };
        assert!(fixed(&told) == 0.0 && fixed(&Calibrated { fewer: 0, ..calibrated }) == 0.0);
    }

    #[test]
    fn a_launch_no_look_fell_into_had_one_thread() {
        let reading = Reading { wall: 0.02, cpu: 0.006, threads: Some(0), ..Reading::default() };
        assert_eq!(accounting(&reading).threads, 1);
    }
}
