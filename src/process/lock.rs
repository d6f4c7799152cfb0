//! One machine, one measurement: a lock all users of the machine share.

use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use super::error::ProcessError;

/// The machine-wide lock; released when dropped, and by the operating system when we die.
#[derive(Debug)]
pub struct MeasurementLock {
    _file: std::fs::File,
}

/// Where the lock is unless somebody names another file: `/run/lock/optiloop.lock`, else in `/tmp`.
pub fn default_path() -> PathBuf {
    todo!()
}

impl MeasurementLock {
    /// Takes it, waiting for whoever has it; `what` is written inside for those who wait after us.
    /// `on_wait` is called once with what the present holder wrote, if we have to wait.
    pub async fn acquire(
        path: &Path,
        what: &str,
        cancel: &CancellationToken,
        on_wait: impl FnOnce(&str),
    ) -> Result<Self, ProcessError> {
        let _ = (path, what, cancel, on_wait);
        todo!()
    }
}
