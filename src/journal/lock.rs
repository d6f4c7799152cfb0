//! The run lock: one driver at a time for a store, and everybody else is told which.
//!
//! A flock, so a killed driver holds nothing. Not here: the machine-wide measuring lock (`process::lock`).

use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::fs::PathError;

/// Who holds a lock, in its own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Its host: the store may be on a shared disk.
    pub host: String,
    /// Since when.
    pub since: jiff::Timestamp,
    /// What it does, as it was called.
    pub command: String,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` (process {} on {}, since {})", self.command, self.pid, self.host, self.since)
    }
}

/// Why a lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// A live process has it.
    #[error("{} is held by {}", path.display(), holder.as_ref().map_or_else(|| "a process that did not say who it is".to_owned(), Holder::to_string))]
    Held {
        /// The lock file.
        path: PathBuf,
        /// Who, where its words can be read.
        holder: Option<Holder>,
    },
    /// The lock file cannot be used.
    #[error(transparent)]
    File(#[from] PathError),
}

impl LockError {
    /// What a person can do next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Held { .. } => Some("wait for it, or stop it with Ctrl-C; a stopped run is resumable"),
            Self::File(_) => None,
        }
    }
}

/// The lock, held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    _file: std::fs::File,
}

impl RunLock {
    /// Takes the lock at `path` without waiting; `command` is what others are told.
    pub fn acquire(path: &Path, command: &str) -> Result<Self, LockError> {
        let failed = |doing| move |source| PathError { doing, path: path.to_owned(), source };
        let mut file = open(path).map_err(failed("open"))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            // A look by `holder` has it for a moment only: those who really hold it have signed it.
            Err(rustix::io::Errno::WOULDBLOCK) => {
                std::thread::sleep(Duration::from_millis(20));
                if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
                    return Err(LockError::Held { path: path.to_owned(), holder: signature(&mut file) });
                }
            }
            Err(error) => return Err(failed("lock")(error.into()).into()),
        }
        let holder = Holder {
            pid: std::process::id(),
            host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
            since: crate::clock::now(),
            command: command.to_owned(),
        };
        let text = serde_json::to_string(&holder).unwrap_or_default();
        file.set_len(0).map_err(failed("write"))?;
        file.write_all(text.as_bytes()).map_err(failed("write"))?;
        Ok(Self { _file: file })
    }

    /// Who holds the lock at `path`; `None` when nobody does.
    pub fn holder(path: &Path) -> Result<Option<Holder>, LockError> {
        match Self::probe(path) {
            Ok(()) => Ok(None),
            Err(LockError::Held { holder: Some(holder), .. }) => Ok(Some(holder)),
            Err(error) => Err(error),
        }
    }

    fn probe(path: &Path) -> Result<(), LockError> {
        let failed = |doing| move |source| PathError { doing, path: path.to_owned(), source };
        let mut file = open(path).map_err(failed("open"))?;
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::WOULDBLOCK) => {
                Err(LockError::Held { path: path.to_owned(), holder: signature(&mut file) })
            }
            Err(error) => Err(failed("lock")(error.into()).into()),
        }
    }
}

fn open(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn signature(file: &mut std::fs::File) -> Option<Holder> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(64 << 10).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_is_told_who_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.lock");
        let lock = RunLock::acquire(&path, "optiloop run --target parse").unwrap();
        let Err(LockError::Held { holder: Some(holder), .. }) = RunLock::acquire(&path, "optiloop run")
        else {
            panic!("the lock was given twice");
        };
        assert_eq!((holder.pid, &*holder.command), (std::process::id(), "optiloop run --target parse"));
        assert_eq!(RunLock::holder(&path).unwrap(), Some(holder));
        drop(lock);
        assert_eq!(RunLock::holder(&path).unwrap(), None);
        RunLock::acquire(&path, "optiloop resume").unwrap();
    }

    #[test]
    fn a_signature_nobody_can_read_is_said_to_be_unknown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.lock");
        let _lock = RunLock::acquire(&path, "optiloop run").unwrap();
        crate::fs::read(&path).unwrap();
        std::fs::OpenOptions::new().write(true).truncate(true).open(&path).unwrap();
        let error = RunLock::acquire(&path, "optiloop run").unwrap_err();
        assert!(error.to_string().ends_with("held by a process that did not say who it is"), "{error}");
    }
}
