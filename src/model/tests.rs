//! What a test suite said.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::id::TestId;

/// How one test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestEnd {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It was skipped or ignored.
    Skipped,
}

/// The ids a suite run told, with their ends; empty for suites that tell no ids.
pub type TestEnds = BTreeMap<TestId, TestEnd>;

/// How a whole suite run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuiteEnd {
    /// Everything that ran passed.
    Passed,
    /// Something failed.
    Failed,
    /// The tests did not build; what was told before counts.
    NotBuilt,
    /// The suite says that it cannot tell (exit code 125 of the `command` suite), or was cut.
    Indeterminate,
}

/// What one run of a suite said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuiteOutcome {
    /// How it ended.
    pub end: SuiteEnd,
    /// Tests by id.
    pub tests: TestEnds,
}

impl SuiteOutcome {
    /// Ids of the tests that failed, in order.
    pub fn failed(&self) -> Vec<TestId> {
        self.tests.iter().filter(|(_, end)| **end == TestEnd::Failed).map(|(id, _)| id.clone()).collect()
    }
}
