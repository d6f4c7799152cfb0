//! The vocabulary every other module speaks: plain data with serde, no behaviour that needs the world.
//!
//! Not here: decisions (`engine`), numbers about numbers (`stats`), rules (`policy`). Start at
//! [`command::CommandSpec`] for what is run, [`change::Change`] for what a proposal did to a tree, and
//! [`verdict::Verdict`] for how a proposal ends.

pub mod bench;
pub mod change;
pub mod command;
pub mod goal;
pub mod hotspot;
pub mod id;
pub mod launch;
pub mod machine;
pub mod parse;
pub mod plan;
pub mod proposal;
pub mod reason;
pub mod registry;
pub mod service;
pub mod spool;
pub mod tests;
pub mod verdict;
