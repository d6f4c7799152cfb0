//! One launch from start to report: drains its streams, watches its time, ends it.

use std::convert::Infallible;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as BlockingStream;
use std::pin::{Pin, pin};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{ChildStderr, ChildStdout, Command};
use tokio_util::sync::CancellationToken;

use super::drain::{Drain, Lines};
use super::error::ProcessError;
use super::wire;
use crate::model::command::{Exit, Finished, Limits};
use crate::model::launch::{Order, Report, Wrapped};

/// How long a child that was sent SIGINT may take to end: an interrupted run must have ended within five seconds.
const INTERRUPT: Duration = Duration::from_secs(3);
/// How long the launcher may take to kill a tree before it is killed itself.
const KILL: Duration = Duration::from_secs(10);
/// Largest report that is read, in bytes; real ones have some hundred.
const REPORT: u64 = 1 << 20;
/// Bytes of the launcher's own words shown in an error.
const SAID: usize = 2 << 10;

/// How a child that must end is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// At once.
    Kill,
    /// SIGINT first, then killed.
    InterruptFirst,
}

/// A started launcher.
#[derive(Debug)]
pub(super) struct Launch {
    /// What was started, for errors.
    program: String,
    limits: Limits,
    launcher: tokio::process::Child,
    /// What of the request is still to be sent.
    request: Vec<u8>,
    // Closing the writing half is the order to kill everything; the operating system gives it for us when
    // this process dies, and dropping this value does too.
    orders: OwnedWriteHalf,
    report: OwnedReadHalf,
    stdout: ChildStdout,
    stderr: ChildStderr,
}

impl Launch {
    /// Starts the launcher; `input` becomes the command's standard input.
    pub(super) fn start(wrapped: Wrapped, input: Option<&OwnedFd>) -> Result<Self, ProcessError> {
        let Wrapped { argv, request } = wrapped;
        let program = argv.first().cloned().unwrap_or_default();
        let failed = |source| ProcessError::Start { program: program.clone(), source };
        let (ours, theirs) = BlockingStream::pair().map_err(failed)?;
        #[expect(clippy::disallowed_methods, reason = "this is where every launcher starts")]
        let mut command = Command::new(&program);
        let child = command
            .args(argv.get(1..).unwrap_or_default())
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn();
        // It holds their end of the socket: while that is open here, the launcher's end goes unnoticed.
        drop(command);
        let mut launcher = child.map_err(failed)?;

        let mut line = serde_json::to_vec(&request).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        if let Some(input) = input {
            // One byte always fits; the rest goes when there is room.
            let sent = wire::send_with(&ours, &line[..1], input).map_err(failed)?;
            line.drain(..sent);
        }
        ours.set_nonblocking(true).map_err(failed)?;
        let (report, orders) = UnixStream::from_std(ours).map_err(failed)?.into_split();
        let no_pipe = || failed(std::io::ErrorKind::BrokenPipe.into());
        let stdout = launcher.stdout.take().ok_or_else(no_pipe)?;
        let stderr = launcher.stderr.take().ok_or_else(no_pipe)?;
        let limits = request.job.limits;
        Ok(Self { program, limits, launcher, request: line, orders, report, stdout, stderr })
    }

    /// Follows it to its end, which comes by itself, by the time limit or by `cancel`.
    pub(super) async fn supervise(
        self,
        cancel: &CancellationToken,
        ending: Ending,
        lines: Lines,
    ) -> Result<Finished, ProcessError> {
        let Self { program, limits, mut launcher, request, mut orders, report, stdout, stderr } = self;
        let gone = CancellationToken::new();
        let mut out = Drain::new(limits.output, lines);
        let mut err = Drain::new(limits.output, Lines::Kept);
        let (cut, report) = {
            let mut work = pin!(async {
                let reported = async {
                    let report = read_report(report).await;
                    gone.cancel();
                    report
                };
                tokio::join!(reported, out.read(stdout, &gone), err.read(stderr, &gone)).0
            });
            let cut = tokio::select! {
                report = &mut work => Err(report),
                () = cancel.cancelled() => Ok(Exit::Cancelled),
                () = tokio::time::sleep(limits.wall) => Ok(Exit::TimedOut),
                never = ask(&mut orders, &request) => match never {},
            };
            match cut {
                Err(report) => (None, report),
                Ok(cut) => (Some(cut), end(work, orders, ending, &mut launcher).await),
            }
        };
        let ended = tokio::time::timeout(KILL, launcher.wait()).await;
        let (stdout, stderr) = (out.finish(), err.finish());
        let (exit, usage) = match (cut, report) {
            (None, Some(report)) => (report.exit, report.usage),
            (Some(cut), report) => (cut, report.map(|report| report.usage).unwrap_or_default()),
            (None, None) => {
                let ended = match ended {
                    Ok(Ok(status)) => status.to_string(),
                    Ok(Err(error)) => error.to_string(),
                    Err(_) => "no end in sight".into(),
                };
                let said = stderr.text();
                let from = said.floor_char_boundary(said.len().saturating_sub(SAID));
                return Err(ProcessError::NoReport { program, ended, said: said[from..].trim().to_owned() });
            }
        };
        Ok(Finished { exit, usage, stdout, stderr, results: std::collections::BTreeMap::new() })
    }
}

/// Sends the request. A launcher that is gone already is noticed by its missing report.
async fn ask(orders: &mut OwnedWriteHalf, request: &[u8]) -> Infallible {
    let _ = orders.write_all(request).await;
    std::future::pending().await
}

/// Ends a launch that goes on, ever less politely, until its report is there.
async fn end(
    mut work: Pin<&mut impl Future<Output = Option<Report>>>,
    mut orders: OwnedWriteHalf,
    ending: Ending,
    launcher: &mut tokio::process::Child,
) -> Option<Report> {
    if ending == Ending::InterruptFirst {
        let mut line = serde_json::to_vec(&Order::Interrupt).ok()?;
        line.push(b'\n');
        let _ = orders.write_all(&line).await;
        if let Ok(report) = tokio::time::timeout(INTERRUPT, &mut work).await {
            return report;
        }
    }
    drop(orders);
    if let Ok(report) = tokio::time::timeout(KILL, &mut work).await {
        return report;
    }
    // A pid namespace dies with its launcher; without one there is no better way left.
    let _ = launcher.start_kill();
    tokio::time::timeout(KILL, work).await.ok().flatten()
}

/// The launcher's answer; `None` where it ended without one.
async fn read_report(socket: OwnedReadHalf) -> Option<Report> {
    let mut line = Vec::new();
    BufReader::new(socket.take(REPORT)).read_until(b'\n', &mut line).await.ok()?;
    serde_json::from_slice(&line).ok()
}
