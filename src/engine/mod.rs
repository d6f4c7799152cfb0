//! The state machine of a run, and the judge: pure, total, rebuilt from records alone.
//!
//! `run.ready()` says which steps may be done, the world does one, `run.apply(record)` takes what
//! happened. Nothing here knows a disk, a process or a clock. Start at [`run::Run`]; [`step::Step`] is
//! what a run asks for, [`record::Record`] what it is told.

pub mod brief;
pub mod budget;
mod clocks;
mod comparison;
pub mod finding;
mod gate;
mod judge;
pub mod landing;
pub mod measure;
mod next;
pub mod reading;
pub mod record;
pub mod run;
pub mod step;
pub mod words;
