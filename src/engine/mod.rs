//! The state machine of a run, and the judge: pure, total, rebuilt from records alone.
//!
//! Nothing here knows a disk, a process or a clock: `run.ready()` says which step may be done, the world does
//! it, `run.apply(record)` takes what happened. To walk one proposal from patch to verdict, read in this order:
//!
//! 1. [`step::Step`], what a run asks for, and [`record::Record`], what it is told.
//! 2. [`run::Run`], the state; `run/take` is what each record changes in it.
//! 3. `next`, the order of things above single proposals: prepare, calibrate, profile, propose, goal, end.
//! 4. `gate`, one proposal; `gate/due` is the order of its acts, cheapest first.
//! 5. `comparison`, one series of pairs; `comparison/schedule` draws the coins, [`reading`] and
//!    `comparison/value` make one number of a launch, and the rules of `stats` walk the pairs.
//! 6. `judge`, the only place where a finding or a verdict is made; [`finding::Finding`], `clocks`.
//! 7. [`landing`], the evidence in the commit; [`brief`], what the next proposal is told.
//!
//! The statistics themselves are in [`crate::stats`]; the driver is `app/drive`.

pub mod brief;
pub mod budget;
mod clocks;
mod comparison;
pub mod controls;
mod family;
pub mod finding;
pub mod fitness;
mod gate;
mod judge;
pub mod landing;
pub mod measure;
mod next;
pub mod reading;
pub mod record;
pub mod run;
pub mod samples;
pub mod step;
pub mod words;
