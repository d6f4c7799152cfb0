//! The engine through its own drive loop, in a simulated world.

mod gate;
mod held;
mod orders;
mod resume;
mod world;
