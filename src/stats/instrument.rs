//! Which instrument reads the goal's wall time with least noise, and what a coarse timer costs.
//!
//! Chosen once per run on the original and asked again for each candidate: one that starts threads,
//! sleeps or leaves work to others no longer qualifies. Start at [`choose`].

use serde::{Deserialize, Serialize};

use super::location::median;
use super::pair::is_value;

/// Calibration launches a side that CPU time needs.
pub const LAUNCHES: usize = 4;
/// CPU time over wall time of a launch that runs on one core, with room for accounting.
const LARGEST_CPU_SHARE: f64 = 1.1;
/// Share of the undelayed wall time that must be CPU time.
const LEAST_CPU_SHARE: f64 = 0.9;
/// How far the sides' shares may lie apart.
const SIDES_APART: f64 = 0.05;

/// How a launch's cost is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instrument {
    /// CPU time of the process tree.
    CpuTime,
    /// Wall time less the time the single thread waited for a core.
    WallMinusRunDelay,
    /// Wall time.
    Wall,
}

/// Whether both sides do the same number of iterations a launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// The same N on both sides: outside instruments are valid.
    Fixed,
    /// The harness decides: only its own value per iteration is.
    Adaptive,
}

/// What accounting says about one launch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accounting {
    /// Wall time in seconds.
    pub wall: f64,
    /// CPU time of the whole tree in seconds; `None` where the tree was not fully reaped.
    pub cpu: Option<f64>,
    /// Time spent runnable but waiting, in seconds, summed over all threads; `None` if not known.
    pub run_delay: Option<f64>,
    /// The largest number of threads seen at once in the process tree.
    pub threads: u32,
}

/// The instrument and the reason, to be printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// How a launch's cost is read.
    pub instrument: Instrument,
    /// One sentence without a full stop.
    pub reason: String,
}

/// Chooses from calibration launches of both sides: the original's two copies, or base and candidate.
pub fn choose(work: Work, base: &[Accounting], candidate: &[Accounting]) -> Choice {
    if work == Work::Adaptive {
        return wall("the harness chooses its own number of iterations, so CPU time says nothing".to_owned());
    }
    let Some(against_cpu) = why_not_cpu(base, candidate) else {
        let reason = "busy on one core at a time: CPU time is wall time without the waiting".to_owned();
        return Choice { instrument: Instrument::CpuTime, reason };
    };
    let launches = || base.iter().chain(candidate);
    let single = launches().all(|launch| launch.threads == 1 && launch.run_delay.is_some());
    if single && launches().next().is_some() {
        let reason = format!("{against_cpu}, but one thread whose waiting for a core is known");
        return Choice { instrument: Instrument::WallMinusRunDelay, reason };
    }
    wall(against_cpu)
}

/// The cost this instrument reads from a launch, in seconds; `None` if it cannot.
pub fn read(instrument: Instrument, launch: &Accounting) -> Option<f64> {
    let cost = match instrument {
        Instrument::CpuTime => launch.cpu?,
        Instrument::WallMinusRunDelay => launch.wall - launch.run_delay?,
        Instrument::Wall => launch.wall,
    };
    is_value(cost).then_some(cost)
}

fn wall(reason: String) -> Choice {
    Choice { instrument: Instrument::Wall, reason }
}

/// The first condition of CPU time that fails.
fn why_not_cpu(base: &[Accounting], candidate: &[Accounting]) -> Option<String> {
    let fewest = base.len().min(candidate.len());
    if fewest < LAUNCHES {
        return Some(format!("{fewest} calibration launches a side, {LAUNCHES} needed for CPU time"));
    }
    let mut shares = [0.0; 2];
    for (share, side) in shares.iter_mut().zip([base, candidate]) {
        match busy_share(side) {
            Ok(busy) => *share = busy,
            Err(reason) => return Some(reason),
        }
    }
    let [first, second] = shares;
    if (first - second).abs() > SIDES_APART * first.max(second) {
        let (first, second) = (100.0 * first, 100.0 * second);
        return Some(format!("the sides are busy for {first:.0} % and {second:.0} % of their time"));
    }
    None
}

/// Median CPU time over median undelayed wall time of one side, or why CPU time is not for it.
fn busy_share(side: &[Accounting]) -> Result<f64, String> {
    let mut cpu = Vec::new();
    let mut undelayed = Vec::new();
    for launch in side {
        let Some(used) = launch.cpu.filter(|used| is_value(*used)) else {
            return Err("CPU time of the process tree is not known".to_owned());
        };
        let share = used / launch.wall;
        if share.is_nan() || share > LARGEST_CPU_SHARE {
            return Err(format!("uses {share:.1} cores at once"));
        }
        let Some(delay) = launch.run_delay else {
            return Err("the time spent waiting for a core is not known".to_owned());
        };
        cpu.push(used);
        // Threads that wait at once (a runtime's, on a busy machine) wait longer in sum than the launch lasts; it ran
        // at least as long as it used a core.
        undelayed.push((launch.wall - delay).max(used));
    }
    let share = median(&cpu).unwrap_or(0.0) / median(&undelayed).unwrap_or(f64::INFINITY);
    if share < LEAST_CPU_SHARE {
        return Err(format!("busy for only {:.0} % of the time it could run", 100.0 * share));
    }
    Ok(share)
}

/// The resolution that costs show by all being multiples of it: their common divisor. 0 where there are none,
/// and where they are all equal: a count that never changes says nothing of a timer.
pub fn resolution(costs: &[f64]) -> f64 {
    let largest = costs.iter().copied().fold(0.0, f64::max);
    let distinct = costs.windows(2).any(|pair| (pair[0] - pair[1]).abs() > f64::EPSILON * largest);
    if !distinct || !costs.iter().all(|cost| is_value(*cost)) {
        return 0.0;
    }
    // Far above what remainders lose, far below a tick that matters.
    let nothing = 1e-5 * largest;
    costs.iter().copied().fold(0.0, |divisor, cost| {
        let (mut larger, mut smaller) = (cost, divisor);
        while smaller > nothing {
            let left = larger % smaller;
            // A remainder just below the divisor is a multiple that rounding made too small.
            (larger, smaller) = (smaller, if smaller - left < nothing { 0.0 } else { left });
        }
        larger
    })
}

/// What a timer or tick of some resolution asks for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tick {
    /// Launches a slot, so that one tick is at most a tenth of the least effect.
    pub batch: u32,
    /// Added to θ0: one tick relative to the batched slot.
    pub theta_shift: f64,
}

/// The rule for resolution τ and median launch m in one unit, and the least effect X. A resolution
/// or launch that is no value asks for nothing.
pub fn tick(resolution: f64, launch: f64, least_effect: f64) -> Tick {
    if !is_value(resolution) || !is_value(launch) || !is_value(least_effect) {
        return Tick { batch: 1, theta_shift: 0.0 };
    }
    let relative = resolution / launch;
    // The small allowance keeps a ratio that is exactly X/10 from asking for another launch.
    let slots = (10.0 * relative / least_effect - 1e-9).ceil().max(1.0);
    let batch = u32::try_from(super::location::whole(slots)).unwrap_or(u32::MAX);
    Tick { batch, theta_shift: relative / f64::from(batch) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launches(wall: f64, cpu: f64, delay: f64, threads: u32) -> Vec<Accounting> {
        vec![Accounting { wall, cpu: Some(cpu), run_delay: Some(delay), threads }; LAUNCHES]
    }

    fn check(work: Work, base: &[Accounting], candidate: &[Accounting], expected: Instrument, says: &str) {
        let choice = choose(work, base, candidate);
        assert_eq!(choice.instrument, expected, "{}", choice.reason);
        assert!(choice.reason.contains(says), "{}", choice.reason);
    }

    #[test]
    fn the_choice_follows_what_the_launches_did() {
        let busy = launches(0.2, 0.15, 0.045, 1);
        check(Work::Fixed, &busy, &busy, Instrument::CpuTime, "busy");
        check(Work::Adaptive, &busy, &busy, Instrument::Wall, "iterations");
        let sleeps = launches(0.2, 0.1, 0.01, 1);
        check(Work::Fixed, &busy, &sleeps, Instrument::WallMinusRunDelay, "53 %");
        let threads = launches(0.2, 0.36, 0.01, 4);
        check(Work::Fixed, &busy, &threads, Instrument::Wall, "1.8 cores");
        check(Work::Fixed, &busy[..3], &busy, Instrument::WallMinusRunDelay, "3 calibration launches");
        check(Work::Fixed, &[], &[], Instrument::Wall, "0 calibration launches");
    }

    #[test]
    fn a_runtime_whose_threads_take_turns_still_qualifies_for_cpu_time() {
        let go = launches(0.2, 0.16, 0.035, 6);
        check(Work::Fixed, &go, &go, Instrument::CpuTime, "busy");
        // Recorded at load 20: 1.3 s of wall time in which the threads of a Go program waited 2.5 s in sum.
        let crowded = launches(1.3, 0.2, 2.5, 6);
        check(Work::Fixed, &crowded, &go, Instrument::CpuTime, "busy");
        let sleeper = launches(1.3, 0.2, 0.1, 6);
        check(Work::Fixed, &sleeper, &go, Instrument::Wall, "busy for only 17 %");
    }

    #[test]
    fn sides_that_differ_in_how_busy_they_are_do_not_qualify() {
        check(
            Work::Fixed,
            &launches(0.2, 0.2, 0.0, 1),
            &launches(0.2, 0.185, 0.0, 1),
            Instrument::WallMinusRunDelay,
            "100 % and 92 %",
        );
    }

    #[test]
    fn unknown_accounting_means_wall() {
        let mut unknown = launches(0.2, 0.2, 0.0, 1);
        unknown[2].cpu = None;
        unknown[2].run_delay = None;
        check(Work::Fixed, &unknown, &unknown, Instrument::Wall, "not known");
    }

    #[test]
    fn a_coarse_timer_is_known_by_its_multiples() {
        let check = |costs: &[f64], expected: f64| {
            let found = resolution(costs);
            assert!((found - expected).abs() < 1e-9, "{costs:?}: {found}");
        };
        check(&[0.204, 0.2, 0.212, 0.208, 0.2], 0.004);
        check(&[0.12, 0.11, 0.12, 0.13], 0.01);
        // Microseconds, and no ticks at all: nothing that matters to a least effect of a percent.
        assert!(resolution(&[0.200_001, 0.203_417, 0.199_958, 0.201_111]) < 1e-5);
        assert!(resolution(&[0.2, 0.2 * std::f64::consts::SQRT_2, 0.3 / 1.7]) < 1e-5);
        check(&[0.2, 0.2, 0.2], 0.0);
        check(&[0.2, f64::NAN], 0.0);
        check(&[], 0.0);
    }

    #[test]
    fn a_tick_is_batched_below_a_tenth_of_the_least_effect() {
        assert_eq!(tick(0.001, 0.2, 0.05), Tick { batch: 1, theta_shift: 0.005 });
        assert_eq!(tick(0.004, 0.2, 0.05), Tick { batch: 4, theta_shift: 0.005 });
        assert_eq!(tick(0.0, 0.2, 0.05), Tick { batch: 1, theta_shift: 0.0 });
    }
}
