//! What a harness is handed and what it hands back, beside the values in `model::bench`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::command::{CommandSpec, Finished};
use crate::model::id::BenchmarkId;

/// How benchmarks become known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discovery {
    /// Config lists them.
    Listed(Vec<BenchmarkId>),
    /// These commands list them, one a program.
    Ask(Vec<CommandSpec>),
}

/// What a launch printed.
#[derive(Debug, Clone, Copy)]
pub struct Printed<'a> {
    /// Standard output.
    pub stdout: &'a [u8],
    /// Standard error.
    pub stderr: &'a [u8],
    /// Files it left, by their path below the folder it was given for them.
    pub results: &'a BTreeMap<PathBuf, Vec<u8>>,
}

impl<'a> Printed<'a> {
    /// Of a child that is gone.
    pub fn of(finished: &'a Finished) -> Self {
        Self { stdout: &finished.stdout.head, stderr: &finished.stderr.head, results: &finished.results }
    }

    /// Output alone.
    pub fn text(stdout: &'a [u8], stderr: &'a [u8]) -> Self {
        static NONE: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
        Self { stdout, stderr, results: &NONE }
    }
}

/// A file of the build and where it is to lie, both relative to the project's root; `from` may be absolute, but
/// must lie in the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Where the build left it.
    pub from: PathBuf,
    /// Where a launch expects it.
    pub to: PathBuf,
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
