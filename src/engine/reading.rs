//! From a launch's readings to the one value that enters a comparison.
//!
//! The instrument is chosen at calibration ([`crate::stats::instrument::choose`]); here it is applied,
//! and asked again for each candidate. Start at [`cost`].

use crate::model::bench::{Instrument as Asked, WorkControl};
use crate::stats::instrument::{self, Accounting, Choice, Instrument};
use crate::stats::pair::is_value;

use super::measure::{Launched, MeasuredPair, Reading};
use super::record::{Calibrated, CostFrom};

/// The cost of a launch as the calibration wants it read; `None` where the reading has no such value.
pub fn cost(reading: &Reading, calibrated: &Calibrated) -> Option<f64> {
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
    fn a_launch_no_look_fell_into_had_one_thread() {
        let reading = Reading { wall: 0.02, cpu: 0.006, threads: Some(0), ..Reading::default() };
        assert_eq!(accounting(&reading).threads, 1);
    }
}
