//! Test suites: what to run, and which tests passed. A file per suite.
//!
//! Pure: a plan becomes a command, what the command printed becomes ends by test id. Quarantine,
//! comparison with the base and the verdict are the engine's. Start at [`Suite`].

pub mod cargo;
pub mod command;
pub mod ctest;
mod exchange;
pub mod go_test;
pub mod junit;
pub mod maven;
pub mod nextest;
pub mod node_test;
pub mod pytest;
pub mod vitest;

use std::path::Path;

use crate::model::command::{CommandSpec, Finished};
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::registry;
use crate::model::tests::SuiteOutcome;

pub use exchange::NoCommand;

/// One way to run tests and read which of them passed.
pub trait Suite: Sync {
    /// Its name in config, equal to its file's name.
    fn name(&self) -> &'static str;

    /// The whole suite: the project's own command where config has one, told to name every test.
    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand>;

    /// The suite in the build mode benchmarks are built in; `None` where there is but one mode, or the
    /// project's command is not one this suite can change.
    fn benchmarked(&self, plan: &SuitePlan) -> Option<CommandSpec>;

    /// The tests near `changed` files (relative to the project root): a cheap first look, never enough
    /// to land. `None` where the suite cannot tell which are near.
    fn near(&self, plan: &SuitePlan, changed: &[&Path]) -> Option<CommandSpec>;

    /// What a finished run said. Its standard output must be whole: a suite that tells ids answers
    /// dropped output with an error, since missing tests would look deleted.
    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError>;
}

/// Every suite; a test compares it with this folder.
pub static SUITES: &[&dyn Suite] = &[
    &cargo::Cargo,
    &command::CommandSuite,
    &ctest::Ctest,
    &go_test::GoTest,
    &maven::Maven,
    &nextest::Nextest,
    &node_test::NodeTest,
    &pytest::Pytest,
    &vitest::Vitest,
];

/// The suite of this name.
pub fn find(name: &str) -> Result<&'static dyn Suite, registry::Unknown> {
    registry::find("suite", name, SUITES.iter().map(|suite| (suite.name(), *suite)))
}
