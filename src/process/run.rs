//! A command that is started, waited for, and gone.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::drain::Lines;
use super::error::ProcessError;
use super::supervise::{Ending, Launch};
use crate::model::command::Finished;
use crate::model::launch::Wrapped;

/// Runs a command to its end with `/dev/null` as input.
///
/// Failing, running into the time limit and being cancelled are values ([`Finished::exit`]); an error means
/// the environment failed. Whatever happens, no process of the command is left when this returns; dropping
/// the future kills them too.
pub async fn run(wrapped: Wrapped, cancel: &CancellationToken) -> Result<Finished, ProcessError> {
    Launch::start(wrapped, None)?.supervise(cancel, Ending::Kill, Lines::Kept).await
}

/// As [`run`], and shows lines of standard output while it runs. For progress only: lines nobody took are
/// dropped, never waited for, so that watching does not change how long the command takes.
pub async fn run_watched(
    wrapped: Wrapped,
    cancel: &CancellationToken,
    lines: mpsc::Sender<String>,
) -> Result<Finished, ProcessError> {
    Launch::start(wrapped, None)?.supervise(cancel, Ending::Kill, Lines::Watched(lines)).await
}
