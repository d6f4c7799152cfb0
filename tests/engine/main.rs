//! The engine through its own drive loop, in a simulated world.

mod orders;
mod resume;
mod world;
