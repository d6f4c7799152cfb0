//! Errors on stderr: what, why, what to do next.
#![expect(clippy::print_stderr, reason = "the one place that prints errors")]

use std::error::Error as _;
use std::process::ExitCode;

use crate::app::error::AppError;

/// Prints an error with its causes and its hint; the exit code that goes with it.
pub(super) fn print(error: &AppError) -> ExitCode {
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        eprintln!("  because: {source}");
        cause = source.source();
    }
    if let Some(hint) = error.hint() {
        eprintln!("hint: {hint}");
    }
    ExitCode::from(error.exit().code())
}
