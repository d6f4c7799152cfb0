//! decision.md part B through the engine's own drive loop, in the simulated world: every decision here is
//! made by `drive`, none by calling the statistics.
//!
//! Shared by the tests (few trials) and by `cargo bench --bench validation` (the full tables). A
//! [`cell::Cell`] is one true effect under one noise with what part B demands of it; [`cells`] are all of
//! them. Start at [`cell::Cell::run`].

#[path = "../../engine/world.rs"]
pub(crate) mod world;

pub(crate) mod cell;
pub(crate) mod cells;
pub(crate) mod decision;
pub(crate) mod demand;
pub(crate) mod gate;
pub(crate) mod guards;
pub(crate) mod long_loop;
pub(crate) mod machine;
pub(crate) mod price;
