//! Reports, reporters, `verify` and the JSON lines, on the records of a whole run in the simulated world.

#[path = "../engine/world.rs"]
#[expect(dead_code, reason = "shared with the engine's tests, which use all of it")]
mod world;

mod document;
mod json;
mod live;
mod sample;
mod texts;
mod verify;
