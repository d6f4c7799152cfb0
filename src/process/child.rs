//! A command that is talked to while it runs: agents, servers on standard input and output.

use std::os::fd::OwnedFd;

use tokio::io::AsyncWriteExt as _;
use tokio::net::unix::pipe;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::drain::Lines;
use super::error::ProcessError;
use super::supervise::{Ending, Launch};
use crate::model::command::Finished;
use crate::model::launch::Wrapped;

/// Lines of output that may wait for the reader before the child is made to wait.
const LINES: usize = 64;

/// A running command. Dropping it kills it and all its processes.
#[derive(Debug)]
pub struct Child {
    program: String,
    input: Option<pipe::Sender>,
    lines: mpsc::Receiver<String>,
    // One task; a set, because dropping a set aborts what is in it.
    ending: JoinSet<Result<Finished, ProcessError>>,
}

impl Child {
    /// Starts it. When `cancel` fires it gets SIGINT, three seconds to end, and is killed then; its time limit
    /// ends it the same way.
    pub fn start(wrapped: Wrapped, cancel: CancellationToken) -> Result<Self, ProcessError> {
        let program = wrapped.request.job.argv.first().cloned().unwrap_or_default();
        let talk = |source: std::io::Error| ProcessError::Talk { program: program.clone(), source };
        let (reader, writer) = std::io::pipe().map_err(talk)?;
        rustix::io::ioctl_fionbio(&writer, true).map_err(|error| talk(error.into()))?;
        let input = pipe::Sender::from_owned_fd(OwnedFd::from(writer)).map_err(talk)?;
        let launch = Launch::start(wrapped, Some(&OwnedFd::from(reader)))?;
        let (sender, lines) = mpsc::channel(LINES);
        let mut ending = JoinSet::new();
        ending.spawn(async move {
            launch.supervise(&cancel, Ending::InterruptFirst, Lines::HandedOver(sender)).await
        });
        Ok(Self { program, input: Some(input), lines, ending })
    }

    /// Writes to its standard input; a child that no longer reads is an error of kind `BrokenPipe` inside.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ProcessError> {
        let Some(input) = &mut self.input else { return Ok(()) };
        input
            .write_all(bytes)
            .await
            .map_err(|source| ProcessError::Talk { program: self.program.clone(), source })
    }

    /// Closes its standard input.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// The next line of its standard output without the line end; `None` at the end.
    pub async fn next_line(&mut self) -> Option<String> {
        self.lines.recv().await
    }

    /// Waits for its end, with input closed and further lines dropped. The standard output in the result is
    /// whole or capped as for every child.
    pub async fn finish(mut self) -> Result<Finished, ProcessError> {
        self.input = None;
        self.lines.close();
        match self.ending.join_next().await {
            Some(Ok(finished)) => finished,
            Some(Err(error)) => {
                Err(ProcessError::Talk { program: self.program, source: std::io::Error::other(error) })
            }
            None => Err(ProcessError::Cancelled { what: self.program }),
        }
    }
}
