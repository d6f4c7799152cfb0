//! What a harness is handed and what it hands back, beside the values in `model::bench`.

use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;

/// How benchmarks become known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discovery {
    /// Config lists them.
    Listed(Vec<BenchmarkId>),
    /// This command lists them.
    Ask(CommandSpec),
}

/// What a launch printed.
#[derive(Debug, Clone, Copy)]
pub struct Printed<'a> {
    /// Standard output.
    pub stdout: &'a [u8],
    /// Standard error.
    pub stderr: &'a [u8],
}

/// A case the plan does not have.
#[derive(Debug, thiserror::Error)]
#[error("{harness}: config has no benchmark named {case}; it has {known:?}")]
pub struct UnknownCase {
    /// The harness that was asked.
    pub harness: &'static str,
    /// The case that was wanted.
    pub case: BenchmarkId,
    /// The cases there are.
    pub known: Vec<String>,
}
