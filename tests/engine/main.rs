//! The engine through its own drive loop, in a simulated world.

mod controls;
mod family;
mod gate;
mod goal;
mod held;
mod near;
mod orders;
mod resume;
mod world;
