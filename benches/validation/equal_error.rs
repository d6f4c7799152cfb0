//! G9: how many launches benchstat's rule needs for the error that ours has, and how many ours needs.
//!
//! Equal error: at most 1 % accepted at a true 0 and 3 %, at least 95 % at a true 10 %. benchstat gets
//! interleaved launches, the kinder schedule, and the smallest size that does it. Ours runs through the
//! drive loop, but for ci and memory: there 60 pairs have too little power, and a run ties its pairs to
//! alpha, so the same rule is walked here with 160.

use optiloop::stats::coin::{CoinKey, ComparisonKind, Flip};
use optiloop::stats::location::{count, mean};
use optiloop::stats::noise::{Noise, NoiseStream};
use optiloop::stats::pair::{Pair, log_effect};
use optiloop::stats::peers::benchstat_at;
use optiloop::stats::sequential::{Finding, Look, Rule, SequentialTest};

use super::peers::{Schedule, share};
use super::suite::cell::{Cell, seed};
use super::suite::cells;
use super::suite::demand::Checked;

/// Launches a side that benchstat is tried at.
const SIZES: [usize; 16] = [5, 6, 8, 10, 12, 16, 20, 24, 30, 40, 60, 80, 120, 160, 200, 240];
/// Pairs where 60 are too few.
const MANY_PAIRS: usize = 160;

/// Share accepted and mean launches.
type Outcome = (f64, f64);

/// Each noise with its comparison; wanted is a fifth of benchstat's launches.
pub(crate) fn compare(trials: u32, threads: u32) -> Vec<(&'static str, Checked)> {
    let [_, (_, vm), (_, ci), _] = <[_; 4]>::try_from(cells::models()).expect("four models");
    let memory = cells::cpu_time().swap_remove(1).1;
    let driven = |improvement| {
        let figures = Cell::new(&format!("equal error {improvement}"), &vm, improvement).run(trials, threads);
        (f64::from(figures.accepted) / f64::from(trials), figures.mean_launches())
    };
    vec![
        ("vm, through the drive loop", beside_benchstat(&vm, driven, trials)),
        ("ci, 160 pairs", beside_benchstat(&ci, |improvement| walked(&ci, improvement, trials), trials)),
        (
            "mem by CPU time, 160 pairs",
            beside_benchstat(&memory, |improvement| walked(&memory, improvement, trials), trials),
        ),
    ]
}

fn beside_benchstat(noise: &Noise, ours: impl Fn(f64) -> Outcome, trials: u32) -> Checked {
    let [none, three, ten] = [0.0, 0.03, 0.10].map(ours);
    let fits = |none: f64, three: f64, ten: f64| none <= 0.01 && three <= 0.01 && ten >= 0.95;
    let size = SIZES.into_iter().find(|size| {
        let at =
            |improvement| share(&benchstat_at(*size), noise, improvement, (Schedule::Interleaved, trials));
        fits(at(0.0), at(0.03), at(0.10))
    });
    let equal = fits(none.0, three.0, ten.0);
    let launches = 0.9 * none.1 + 0.1 * ten.1;
    let own = format!(
        "ours {launches:.1} on average ({:.1} a no-op, {:.1} a gain of 10 %, power {:.1} %)",
        none.1,
        ten.1,
        100.0 * ten.0
    );
    let Some(size) = size else {
        return Checked { text: format!("benchstat needs more than 480 launches, {own}"), met: Some(equal) };
    };
    let theirs = 2.0 * count(size);
    let times = theirs / launches;
    let text = format!("benchstat {theirs} launches, {own}: {times:.1} times fewer ≥ 5");
    Checked { text, met: Some(equal && times >= 5.0) }
}

/// The rule with more pairs than a run allows at this alpha.
fn walked(noise: &Noise, improvement: f64, trials: u32) -> Outcome {
    let theta0 = log_effect(0.05);
    let decisions = (0..trials).map(|trial| {
        let seed = seed("equal error", trial);
        let mut stream = NoiseStream::new(noise.clone(), seed);
        let key = CoinKey::new(u128::from(seed).to_le_bytes());
        let mut test = SequentialTest::new(Rule { n_max: MANY_PAIRS, ..Rule::new(theta0, 0.01) });
        for pair in 1.. {
            let flip = Flip { kind: ComparisonKind::Test, benchmark: "walked", candidate_tree: &[1], pair };
            let order = key.order(flip);
            let y = order.sign() * (stream.launch() - stream.launch());
            // The first launch is the base's if it ran first: base over candidate is first over second.
            let pair = Pair::new(order, y + log_effect(improvement)).expect("noise is finite");
            if let Look::Decided(decision) = test.push(pair) {
                return (f64::from(u8::from(decision.finding == Finding::Improved)), 2.0 * count(decision.n));
            }
        }
        unreachable!("a test ends at its last pair")
    });
    let (accepted, launches): (Vec<f64>, Vec<f64>) = decisions.unzip();
    (mean(&accepted).unwrap_or(f64::NAN), mean(&launches).unwrap_or(f64::NAN))
}
