//! Use cases for the fronts: everything between the engine and the world.

pub mod drive;
pub mod spool;
