//! Samples the threads of the tree while it runs, for the choice of the instrument (decision.md A.9).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::Pid;

use super::{account, tree};

/// Time between two looks.
const EVERY: Duration = Duration::from_millis(5);

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Sampled {
    delays: HashMap<PathBuf, Duration>,
    /// Most threads seen at once.
    pub(super) most: u32,
}

impl Sampled {
    /// Time threads waited for a core, summed over all that were seen; a lower bound, but for the main
    /// thread of the leader, whose last word is in the zombie. What it waited after the last look is a third
    /// of a short launch on a busy machine.
    pub(super) fn run_delay(mut self, leader: Pid, last: Option<Duration>) -> Duration {
        if let Some(last) = last {
            self.delays.insert(tree::main_thread(leader), last);
        }
        self.delays.values().sum()
    }
}

/// A thread that looks every few milliseconds.
#[derive(Debug)]
pub(super) struct Sampler {
    done: Arc<AtomicBool>,
    thread: JoinHandle<Sampled>,
}

impl Sampler {
    pub(super) fn start() -> std::io::Result<Self> {
        let done = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&done);
        let thread = std::thread::Builder::new().spawn(move || sample_until(&seen))?;
        Ok(Self { done, thread })
    }

    pub(super) fn finish(self) -> Sampled {
        self.done.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
        self.thread.join().unwrap_or_default()
    }
}

fn sample_until(done: &AtomicBool) -> Sampled {
    let mut delays: HashMap<PathBuf, Duration> = HashMap::new();
    let mut most = 0;
    while !done.load(Ordering::Relaxed) {
        let mut now = 0;
        for task in tree::descendants().into_iter().flat_map(tree::tasks) {
            if let Some(delay) = account::run_delay(&task) {
                now += 1;
                delays.insert(task, delay);
            }
        }
        most = most.max(now);
        std::thread::park_timeout(EVERY);
    }
    Sampled { delays, most }
}
