//! What suites are handed and what they say when that is not enough.

use std::path::Path;

use crate::model::command::{Exit, Finished, Output};
use crate::model::parse::ParseError;
use crate::model::tests::{SuiteEnd, SuiteOutcome, TestEnd, TestEnds};

/// A suite that has no command of its own and was given none.
#[derive(Debug, thiserror::Error)]
#[error("suite {suite:?} has no command")]
pub struct NoCommand {
    /// The suite.
    pub suite: &'static str,
}

impl NoCommand {
    /// What to do about it.
    pub fn hint(&self) -> String {
        "add `command = [\"make\", \"test\"]` under [[suite]] in optiloop.toml".to_owned()
    }
}

/// Standard output that must be whole.
pub(super) fn whole<'a>(reader: &str, output: &'a Output) -> Result<&'a [u8], ParseError> {
    if output.dropped == 0 {
        return Ok(&output.head);
    }
    let what = format!("{} bytes of output were dropped, and with them tests", output.dropped);
    Err(ParseError::line(reader, output.head.split(|byte| *byte == b'\n').count(), what, ""))
}

/// A file that a finished command was to leave: `None` where the command failed and left none.
pub(super) fn left<'a>(
    reader: &str,
    finished: &'a Finished,
    file: &str,
) -> Result<Option<&'a [u8]>, ParseError> {
    match finished.results.get(Path::new(file)) {
        Some(bytes) => Ok(Some(bytes)),
        None if !finished.exit.is_success() => Ok(None),
        None => {
            let what = format!("{file} is missing: the command did not run {reader}, or not in one process");
            Err(ParseError::line(reader, 0, what, finished.stdout.text().trim()))
        }
    }
}

/// How a run that told these ends itself ended; one that failed before it could report told none.
pub(super) fn outcome(finished: &Finished, tests: TestEnds) -> SuiteOutcome {
    let failed = tests.values().any(|end| *end == TestEnd::Failed);
    let end = match &finished.exit {
        Exit::Cancelled | Exit::NotStarted(_) | Exit::Service(_) => SuiteEnd::Indeterminate,
        Exit::Code(0) if !failed => SuiteEnd::Passed,
        _ => SuiteEnd::Failed,
    };
    SuiteOutcome { end, tests }
}
