//! Harnesses: what to run to get a benchmark's value, and how to read what it printed. A file per harness.
//!
//! All pure: `app` performs the commands, `stats` judges the values. Start at [`Harness`]; [`resolve`] turns what
//! a person calls the target into benchmarks.

mod cargo_build;
mod cmake;
pub mod command;
pub mod criterion;
pub mod divan;
mod driver;
mod exchange;
pub mod go_test;
pub mod google_benchmark;
mod harness;
#[cfg(test)]
mod hostile;
pub mod hyperfine;
pub mod jmh;
pub mod libtest;
mod load;
pub mod mitata;
mod node_script;
pub mod program;
pub mod pyperf;
pub mod pytest_benchmark;
pub mod resolve;
pub mod tinybench;
mod told;
mod unit;
pub mod vegeta;
pub mod vitest;

use crate::model::registry;

pub use exchange::{Discovery, Placed, Printed, UnknownCase};
pub use harness::Harness;

/// Every harness; a test compares it with this folder.
pub static HARNESSES: &[&dyn Harness] = &[
    &command::CommandHarness,
    &criterion::Criterion,
    &divan::Divan,
    &go_test::GoTest,
    &google_benchmark::GoogleBenchmark,
    &hyperfine::Hyperfine,
    &jmh::Jmh,
    &libtest::Libtest,
    &mitata::MITATA,
    &pyperf::Pyperf,
    &pytest_benchmark::PytestBenchmark,
    &tinybench::TINYBENCH,
    &vegeta::Vegeta,
    &vitest::Vitest,
];

/// The harness of this name.
pub fn find(name: &str) -> Result<&'static dyn Harness, registry::Unknown> {
    registry::find("harness", name, HARNESSES.iter().map(|harness| (harness.name(), *harness)))
}
