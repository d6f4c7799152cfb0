//! One launch from start to report: drains its streams, watches its time, ends it.

use std::os::fd::OwnedFd;
use std::time::Duration;

use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{ChildStderr, ChildStdout};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::error::ProcessError;
use crate::model::command::{Finished, Limits};
use crate::model::launch::Wrapped;

/// How long a child that was sent SIGINT may take to end.
const INTERRUPT: Duration = Duration::from_secs(5);
/// How long the launcher may take to kill a tree, and a stream to close once the tree is gone.
const KILL: Duration = Duration::from_secs(10);
/// The longest line passed on as one; what is longer is cut into pieces.
const LINE: usize = 8 << 20;
const CHUNK: usize = 64 << 10;

/// How a child that must end is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// At once.
    Kill,
    /// SIGINT first, then killed.
    InterruptFirst,
}

/// What happens to standard output besides being kept.
#[derive(Debug)]
pub(super) enum Stdout {
    Kept,
    /// Lines are shown to whoever is quick enough.
    Watched(mpsc::Sender<String>),
    /// Lines are handed over, and the child waits for the reader.
    Lines(mpsc::Sender<String>),
}

/// A started launcher with its request sent.
#[derive(Debug)]
pub(super) struct Launch {
    program: String,
    limits: Limits,
    launcher: tokio::process::Child,
    // Closing the writing half is the order to kill everything; the operating system gives it for us when
    // this process dies, and `Drop` when the future does.
    orders: Option<OwnedWriteHalf>,
    report: OwnedReadHalf,
    stdout: ChildStdout,
    stderr: ChildStderr,
}

impl Launch {
    pub(super) fn start(wrapped: Wrapped, input: Option<OwnedFd>) -> Result<Self, ProcessError> {
        let _ = (wrapped, input);
        todo!()
    }

    pub(super) async fn supervise(
        self,
        cancel: &CancellationToken,
        ending: Ending,
        stdout: Stdout,
    ) -> Result<Finished, ProcessError> {
        let _ = (cancel, ending, stdout);
        todo!()
    }
}
