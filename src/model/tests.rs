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
