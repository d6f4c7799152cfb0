//! Counts from outside what a run starts: each child sends a datagram to a socket that the sandbox lets through.

use std::collections::BTreeMap;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Longer than anything waited for may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

type Counts = Arc<(Mutex<BTreeMap<String, u64>>, Condvar)>;

/// A listening socket and what it heard.
pub(crate) struct Counter {
    folder: tempfile::TempDir,
    counts: Counts,
}

impl Counter {
    pub(crate) fn new() -> Self {
        // The temporary folder of the machine is hidden from the sandbox.
        let folder = tempfile::Builder::new().prefix("c").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let path = folder.path().join("s");
        let socket = UnixDatagram::bind(&path).unwrap_or_else(|error| {
            panic!("{}: {error} (a socket's path has at most 107 bytes)", path.display())
        });
        let counts = Counts::default();
        let heard = Arc::clone(&counts);
        std::thread::spawn(move || {
            let mut word = [0; 64];
            while let Ok(length) = socket.recv(&mut word) {
                if length == 0 {
                    break;
                }
                let word = String::from_utf8_lossy(&word[..length]).into_owned();
                *heard.0.lock().unwrap().entry(word).or_default() += 1;
                heard.1.notify_all();
            }
        });
        Self { folder, counts }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    /// How often `what` was told; everything sent before is counted.
    pub(crate) fn of(&self, what: &str) -> u64 {
        let fence = self.counts.0.lock().unwrap().get("fence").copied().unwrap_or(0);
        send(&self.path(), b"fence");
        self.wait_for("fence", fence + 1);
        self.counts.0.lock().unwrap().get(what).copied().unwrap_or(0)
    }

    /// Waits until `what` was told `wanted` times.
    pub(crate) fn wait_for(&self, what: &str, wanted: u64) {
        let counts = self.counts.0.lock().unwrap();
        let enough = |counts: &mut BTreeMap<String, u64>| counts.get(what).copied().unwrap_or(0) < wanted;
        let (told, end) = self.counts.1.wait_timeout_while(counts, PATIENCE, enough).unwrap();
        assert!(!end.timed_out(), "{what} was not told {wanted} times: {told:?}");
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        send(&self.path(), b"");
    }
}

fn send(path: &Path, word: &[u8]) {
    UnixDatagram::unbound().and_then(|socket| socket.send_to(word, path)).unwrap();
}
