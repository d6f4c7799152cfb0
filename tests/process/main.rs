//! Real processes through the real launcher, in every sandbox this machine has, as the user who runs the tests
//! and, where that is root, as `nobody` too. Start at `world`.
#![expect(clippy::unwrap_used, reason = "a test may fail by panic, helpers of tests too")]
#![expect(clippy::disallowed_methods, reason = "the world around the tested code is made by hand")]

mod accounting;
mod confinement;
mod endings;
mod lock;
mod output;
mod services;
mod talking;
mod world;
