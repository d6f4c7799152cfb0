//! What calibration decides: iterations a launch, launches a slot, and the noise.
//!
//! The smallest change these pairs could prove is [`super::provable`].

use serde::{Deserialize, Serialize};

use super::location::{mad_sd, whole};
use super::pair::is_value;

/// What a launch of the head should take, in seconds.
const LAUNCH: f64 = 0.2;
/// What it may take at most, unless a single iteration takes longer.
const LONGEST_LAUNCH: f64 = 1.0;
/// The share of a launch that may be start-up and preparation.
const FIXED_SHARE: f64 = 0.1;
/// The share of a count that is brought down to, as no clock makes more work dear.
const COUNTED_SHARE: f64 = 0.02;
/// Where a second does not drown what is fixed, the work of a launch costs so many times as much, but at most
/// [`LONGEST_WORK`]: the outside clock still sees more than half of an effect (two clocks), and where it decides alone,
/// less what is fixed, no other share proves as much in the same time: pairs go with 1/(1 − f)², launches with 1/f.
const CHECKABLE: f64 = 2.0;
/// In seconds.
const LONGEST_WORK: f64 = 5.0;
/// Iterations that cost less than this, in seconds, say too little about the slope: starting a process
/// under load varies by tens of milliseconds.
const LEAST_GROWTH: f64 = 0.05;
/// A pilot is never made longer than this many times at once, so that noise cannot throw it far.
const FASTEST_GROWTH: f64 = 10.0;
/// What a launch that is counted may take, in seconds.
const LONGEST_COUNT: f64 = 10.0;
/// A slot is never shorter than this, in seconds.
const SLOT: f64 = 0.02;

/// Median launches at N and 2N iterations, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pilot {
    /// N.
    pub iterations: u64,
    /// Median launch at N.
    pub at_n: f64,
    /// Median launch at 2N.
    pub at_2n: f64,
}

/// What the pilot says about N.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Iterations {
    /// The pilot was too short to see a slope: measure again at this N.
    PilotAgain(u64),
    /// N, with what a launch is expected to take and the share of it that does not grow with N.
    Fixed(FixedWork),
    /// Not even a launch of one second keeps the fixed part below 10 %: the harness's own value
    /// decides, and the outer one checks.
    HarnessDecides(FixedWork),
}

/// A launch with a fixed number of iterations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FixedWork {
    /// N.
    pub iterations: u64,
    /// Expected wall time of a launch, in seconds.
    pub launch: f64,
    /// Share of it that is start-up and preparation.
    pub fixed_share: f64,
}

/// Chooses N from a pilot: about .2 s a launch, more where the fixed part would exceed a tenth, at most 1 s.
pub fn choose_iterations(pilot: &Pilot) -> Iterations {
    let Pilot { iterations, at_n, at_2n } = *pilot;
    let n = iterations.max(1);
    let slope = (at_2n - at_n) / real(n);
    if !is_value(at_n) || !is_value(at_2n) {
        return Iterations::PilotAgain(n);
    }
    // One iteration of a second and more is long enough whatever the intercept.
    let grown = at_2n - at_n;
    if (grown < LEAST_GROWTH || at_2n < 1.1 * at_n) && at_n < LONGEST_LAUNCH {
        let longer = (2.0 * LEAST_GROWTH / grown.max(f64::MIN_POSITIVE)).ceil().clamp(2.0, FASTEST_GROWTH);
        return Iterations::PilotAgain(n.saturating_mul(whole(longer) as u64));
    }
    let slope = if slope > 0.0 { slope } else { at_n / real(n) };
    let intercept = (2.0 * at_n - at_2n).max(0.0);
    let wanted = (intercept / FIXED_SHARE).clamp(LAUNCH, LONGEST_LAUNCH);
    let lasting = |seconds: f64| {
        let iterations = (whole((seconds / slope).round()) as u64).max(1);
        let launch = intercept + slope * real(iterations);
        FixedWork { iterations, launch, fixed_share: intercept / launch }
    };
    let work = lasting(wanted - intercept);
    // Rounding N down must not turn a share of exactly 10 % into one too many.
    if work.fixed_share <= FIXED_SHARE * 1.1 {
        return Iterations::Fixed(work);
    }
    let checkable = (CHECKABLE * intercept).min(LONGEST_WORK);
    Iterations::HarnessDecides(lasting(checkable.max(wanted - intercept)))
}

/// What is counted at N and 2N iterations, and how long the longer launch took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountedPilot {
    /// N.
    pub iterations: u64,
    /// The count at N.
    pub at_n: f64,
    /// The count at 2N.
    pub at_2n: f64,
    /// Seconds the launch of 2N took.
    pub seconds: f64,
}

/// Chooses N for what is counted and not timed: as little as leaves the fixed part at 2 %, and no launch above
/// ten seconds. A count needs no length of its own.
pub fn counted_iterations(pilot: &CountedPilot) -> Iterations {
    let CountedPilot { iterations, at_n, at_2n, seconds } = *pilot;
    let n = iterations.max(1);
    let grown = at_2n - at_n;
    if grown < 0.001 * at_n && seconds < LONGEST_COUNT / 10.0 {
        return Iterations::PilotAgain(n.saturating_mul(10));
    }
    let slope = (grown / real(n)).max(f64::MIN_POSITIVE);
    let intercept = (2.0 * at_n - at_2n).max(0.0);
    let wanted = ((1.0 / COUNTED_SHARE - 1.0) * intercept / slope).ceil();
    let most = (2.0 * real(n) * LONGEST_COUNT / seconds.max(1e-3)).floor();
    let chosen = (whole(wanted.min(most)) as u64).max(1);
    let fixed_share = intercept / (intercept + slope * real(chosen));
    let launch = seconds * real(chosen) / (2.0 * real(n));
    Iterations::Fixed(FixedWork { iterations: chosen, launch, fixed_share })
}

/// Holds what a pilot promised to the launch it chose: `measured` is the shortest of some launches of N. Noise
/// makes a slope out of start-up alone, and a launch of hardly any work; that one is far shorter than promised.
pub fn check(work: FixedWork, measured: f64) -> Iterations {
    if measured < 0.5 * work.launch && work.launch > LAUNCH / 2.0 {
        return Iterations::PilotAgain(work.iterations.saturating_mul(4));
    }
    Iterations::Fixed(work)
}

/// A number of iterations as a real number; exact below 2³², which a launch of a second rarely leaves.
fn real(iterations: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a relative error of 2⁻⁵³ in N changes nothing")]
    let real = iterations as f64;
    real
}

/// Launches a slot, k = ⌈20 ms / launch⌉; the slot's value is their mean.
pub fn launches_per_slot(launch: f64) -> u32 {
    if !is_value(launch) || launch >= SLOT {
        return 1;
    }
    u32::try_from(whole((SLOT / launch).ceil())).unwrap_or(u32::MAX)
}

/// The noise of single launches: 1.4826·MAD of their log costs; values that are none are left out.
pub fn launch_noise(costs: &[f64]) -> f64 {
    let logs: Vec<f64> = costs.iter().filter(|cost| is_value(**cost)).map(|cost| libm::log(*cost)).collect();
    mad_sd(&logs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(pilot: Pilot) -> FixedWork {
        match choose_iterations(&pilot) {
            Iterations::Fixed(work) => work,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_launch_is_brought_to_a_fifth_of_a_second() {
        let work = fixed(Pilot { iterations: 100, at_n: 0.05, at_2n: 0.1 });
        assert_eq!(work.iterations, 400);
        assert!((work.launch - 0.2).abs() < 1e-12 && work.fixed_share < 1e-9);
    }

    #[test]
    fn a_large_fixed_part_raises_n() {
        // 10 ms of start-up and 1 ms an iteration: a fifth of a second is enough.
        let work = fixed(Pilot { iterations: 60, at_n: 0.07, at_2n: 0.13 });
        assert_eq!(work.iterations, 190);
        assert!((work.fixed_share - 0.05).abs() < 1e-9);
        // Of 50 ms half a second leaves a tenth.
        let work = fixed(Pilot { iterations: 60, at_n: 0.11, at_2n: 0.17 });
        assert_eq!(work.iterations, 450);
        assert!((work.fixed_share - 0.1).abs() < 1e-9);
    }

    #[test]
    fn a_fixed_part_that_one_second_cannot_dilute_lets_the_harness_decide() {
        let pilot = Pilot { iterations: 1000, at_n: 0.7, at_2n: 1.1 };
        assert!(
            matches!(choose_iterations(&pilot), Iterations::HarnessDecides(work) if work.fixed_share > 0.25)
        );
    }

    #[test]
    fn a_start_of_a_second_leaves_enough_work_for_the_outside_clock_to_see() {
        // A virtual machine that starts in 1.2 s, and a millisecond an iteration.
        let pilot = Pilot { iterations: 100, at_n: 1.3, at_2n: 1.4 };
        let Iterations::HarnessDecides(work) = choose_iterations(&pilot) else { panic!("{pilot:?}") };
        assert_eq!(work.iterations, 2400);
        assert!(work.fixed_share < 0.5, "{work:?}");
    }

    #[test]
    fn a_pilot_without_a_slope_is_repeated_longer() {
        let again = |at_n, at_2n| choose_iterations(&Pilot { iterations: 1, at_n, at_2n });
        assert_eq!(again(0.001, 0.001), Iterations::PilotAgain(10));
        assert_eq!(again(0.05, 0.049), Iterations::PilotAgain(10));
        assert_eq!(again(0.05, 0.08), Iterations::PilotAgain(4));
        assert_eq!(again(f64::NAN, 0.1), Iterations::PilotAgain(1));
    }

    #[test]
    fn a_start_that_varies_by_milliseconds_is_no_slope() {
        // A Go test binary on a loaded machine, one iteration of 4 µs: the 5 ms are the machine's. Taken
        // as a slope they made N 45, and a launch of 2 ms of work.
        let pilot = Pilot { iterations: 1, at_n: 0.030, at_2n: 0.035 };
        assert_eq!(choose_iterations(&pilot), Iterations::PilotAgain(10));
    }

    #[test]
    fn a_slope_that_was_noise_is_found_out_by_the_launch_it_chose() {
        // 50 ms of start-up alone, read as 43 and 94 ms on a busy machine: N = 5 promises 0.2 s.
        let work = FixedWork { iterations: 5, launch: 0.2, fixed_share: 0.0 };
        assert_eq!(check(work, 0.05), Iterations::PilotAgain(work.iterations * 4));
        assert_eq!(check(work, 0.15), Iterations::Fixed(work));
        let long = FixedWork { iterations: 1, launch: 3.0, fixed_share: 0.0 };
        assert_eq!(check(long, 2.0), Iterations::Fixed(long));
    }

    #[test]
    fn an_iteration_longer_than_a_second_is_run_once() {
        assert_eq!(fixed(Pilot { iterations: 1, at_n: 3.0, at_2n: 6.0 }).iterations, 1);
    }

    #[test]
    fn what_is_counted_gets_just_enough_iterations_to_drown_its_start() {
        let pilot = |at_n, at_2n, seconds| CountedPilot { iterations: 1, at_n, at_2n, seconds };
        // A million instructions of start-up, ten thousand an iteration.
        let Iterations::Fixed(work) = counted_iterations(&pilot(1.01e6, 1.02e6, 0.5)) else { panic!() };
        assert_eq!(work.iterations, 40, "ten seconds are the most");
        let Iterations::Fixed(work) = counted_iterations(&pilot(2e6, 3e6, 0.5)) else { panic!() };
        assert!(work.iterations == 40 && work.fixed_share < 0.03, "{work:?}");
        assert_eq!(counted_iterations(&pilot(1e6, 1.000_01e6, 0.5)), Iterations::PilotAgain(10));
        let Iterations::Fixed(work) = counted_iterations(&pilot(1e6, 2e6, 9.0)) else { panic!() };
        assert_eq!((work.iterations, work.fixed_share), (1, 0.0));
    }

    #[test]
    fn short_processes_are_batched_to_twenty_milliseconds() {
        assert_eq!([0.001, 0.006, 0.02, 1.0, 0.0].map(launches_per_slot), [20, 4, 1, 1, 1]);
    }
}
