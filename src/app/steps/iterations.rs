//! How many iterations a launch of the head does: long enough to be timed, or enough that its start is lost in a count.
//!
//! The rules are `stats::calibration`'s; here are the pilots they ask for. Start at [`search`].

use crate::app::world::{RealWorld, WorldError};
use crate::engine::measure::{BuiltTree, Launched, Work};
use crate::engine::reading::undelayed;
use crate::model::bench::Iterations;
use crate::stats::calibration::{self, CountedPilot, Pilot, choose_iterations, counted_iterations};

use super::calibrate::launch;

/// Pilots of the search for N before it is given up.
const PILOTS: usize = 12;

/// Searches N; the share of a launch that does not grow with it, or `None` where the harness's own value
/// must decide.
pub(super) async fn search(
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
                return match launch(world, subject, work).await? {
                    Launched::Read(reading) if reading.told.is_some() => Ok(Ok(None)),
                    // A command that tells nothing has the clock outside alone, less what is fixed.
                    Launched::Read(_) => Ok(Ok(Some(fixed.fixed_share))),
                    Launched::Failed(detail) => Ok(Err(detail)),
                };
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

/// Searches N for what is counted; the share of the count that is start-up.
pub(super) async fn search_counted(
    world: &RealWorld<'_>,
    subject: BuiltTree,
    work: &mut Work,
) -> Result<Result<Option<f64>, String>, WorldError> {
    let mut n = 1;
    for _ in 0..PILOTS {
        let (mut counts, mut seconds) = ([0.0; 2], 0.0);
        for (count, iterations) in counts.iter_mut().zip([n, 2 * n]) {
            work.iterations = Iterations(iterations);
            match launch(world, subject, work).await? {
                Launched::Read(reading) => {
                    *count = reading.gauge.unwrap_or_default();
                    seconds = reading.wall;
                }
                Launched::Failed(detail) => return Ok(Err(detail)),
            }
        }
        let [once, twice] = counts;
        match counted_iterations(&CountedPilot { iterations: n, at_n: once, at_2n: twice, seconds }) {
            calibration::Iterations::PilotAgain(more) => n = more,
            calibration::Iterations::Fixed(fixed) | calibration::Iterations::HarnessDecides(fixed) => {
                work.iterations = Iterations(fixed.iterations);
                return Ok(Ok(Some(fixed.fixed_share)));
            }
        }
    }
    Ok(Err(format!("no number of iterations changes the count: {n} still add nothing to that of one")))
}
