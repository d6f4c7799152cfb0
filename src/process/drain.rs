//! Reads one stream of a child to its end: keeps head and tail, and passes lines on.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::output::Capped;
use crate::model::command::Output;

/// How long a stream may stay open and silent once the tree is known to be gone.
const QUIET: Duration = Duration::from_secs(1);
/// The longest line passed on as one; what is longer is cut into pieces.
const LINE: usize = 8 << 20;
const CHUNK: usize = 64 << 10;

/// What happens to lines besides being kept.
#[derive(Debug)]
pub(super) enum Lines {
    Kept,
    /// Shown to whoever is quick enough; the child never waits.
    Watched(mpsc::Sender<String>),
    /// Handed over, and the child waits for the reader.
    HandedOver(mpsc::Sender<String>),
}

/// One stream on its way.
#[derive(Debug)]
pub(super) struct Drain {
    kept: Capped,
    lines: Lines,
    begun: Vec<u8>,
}

impl Drain {
    pub(super) fn new(cap: usize, lines: Lines) -> Self {
        Self { kept: Capped::new(cap), lines, begun: Vec::new() }
    }

    /// Reads `pipe` to its end. When the tree is `gone` and something outside still holds the stream open, it
    /// is left after a silence.
    pub(super) async fn read(&mut self, mut pipe: impl AsyncRead + Unpin, gone: &CancellationToken) {
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = tokio::select! {
                biased;
                read = pipe.read(&mut chunk) => read,
                () = silence(gone) => break,
            };
            // A pipe that cannot be read has nothing more to tell; what was read stays.
            let Ok(count @ 1..) = read else { break };
            self.kept.push(&chunk[..count]);
            self.pass_on(&chunk[..count]).await;
        }
        if !self.begun.is_empty() {
            self.send_begun().await;
        }
    }

    pub(super) fn finish(self) -> Output {
        self.kept.finish()
    }

    async fn pass_on(&mut self, bytes: &[u8]) {
        if matches!(self.lines, Lines::Kept) {
            return;
        }
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.begun.extend_from_slice(part);
            if part.ends_with(b"\n") || self.begun.len() >= LINE {
                self.send_begun().await;
            }
        }
    }

    async fn send_begun(&mut self) {
        let line = String::from_utf8_lossy(&self.begun);
        let line = line.strip_suffix('\n').unwrap_or(&line);
        let line = line.strip_suffix('\r').unwrap_or(line).to_owned();
        self.begun.clear();
        // Nobody listening any more is no failure of the child.
        match &self.lines {
            Lines::Kept => {}
            Lines::Watched(sender) => drop(sender.try_send(line)),
            Lines::HandedOver(sender) => drop(sender.send(line).await),
        }
    }
}

async fn silence(gone: &CancellationToken) {
    gone.cancelled().await;
    tokio::time::sleep(QUIET).await;
}
