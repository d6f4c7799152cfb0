//! Signals that stop a run: it ends resumable, within seconds.
//!
//! They are heard on a thread of their own: an act that blocks (a large repository, a patch from a terminal)
//! must not keep anybody from stopping.
#![expect(clippy::print_stderr, reason = "a person is told that it is stopping")]

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::app::exit::Exit;

/// How long an orderly end may take. What is cut after that is what a killed driver would leave: a step that
/// `resume` repeats, and no process, as they end with us.
const PATIENCE: Duration = Duration::from_secs(4);

/// Interrupt, terminate and hang-up.
struct Signals([Signal; 3]);

impl Signals {
    fn new() -> std::io::Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let [interrupt, terminate, hangup] = kinds.map(signal);
        Ok(Self([interrupt?, terminate?, hangup?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// From now on the first signal cancels, and a second one ends the process at once.
pub(super) fn listen(cancel: CancellationToken) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let entered = runtime.enter();
    let mut signals = Signals::new()?;
    drop(entered);
    let follow = move || {
        runtime.block_on(async {
            signals.next().await;
            eprintln!("stopping; once more to stop without waiting");
            cancel.cancel();
            tokio::select! {
                () = signals.next() => {}
                () = tokio::time::sleep(PATIENCE) => {}
            }
        });
        end();
    };
    std::thread::Builder::new().spawn(follow).map(drop)
}

/// Ends without waiting; the kernel and the launchers end the children with us.
#[expect(clippy::exit, clippy::disallowed_methods, reason = "another thread may be blocked for good")]
fn end() -> ! {
    std::process::exit(Exit::Interrupted.code().into())
}
