//! Starts children, waits for them, and leaves none behind.
//!
//! Every child goes through the launcher, wrapped by a sandbox. Not here: how commands are confined
//! (`confine`) and what they mean. Start at [`run::run`] for a command that is waited for, at
//! [`child::Child`] for one that is talked to, at [`lock::MeasurementLock`] and [`facts::probe`] for the
//! machine.

pub mod child;
mod drain;
pub mod error;
pub mod facts;
pub mod lock;
mod output;
pub mod run;
mod supervise;
mod wire;
