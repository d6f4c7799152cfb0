//! G13: what a pair costs besides its launches, the whole loop included: step, record, rules, verdict.

use std::time::Duration;

use optiloop::clock::Stopwatch;
use optiloop::stats::location::whole;

use super::cell::Cell;
use super::cells::models;

/// Time a pair, over decisions that need many of them: a true 5 % on a noisy machine.
pub(crate) fn of_a_pair(trials: u32) -> Duration {
    let (name, noise) = &models()[2];
    let cell = Cell::new(&format!("price, {name}"), noise, 0.05);
    let clock = Stopwatch::start();
    let pairs = whole(cell.run(trials, 1).pairs);
    clock.elapsed() / u32::try_from(pairs.max(1)).unwrap_or(u32::MAX)
}
