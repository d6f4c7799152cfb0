//! One machine, one measurement: a lock all users of the machine share.
//!
//! `flock` on a file anybody may write. Not here: what pauses while it is held. Start at [`MeasurementLock`].

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{Access, FileType, FlockOperation, Mode, OFlags, access, fchmod, flock, fstat, open};
use rustix::io::Errno;
use tokio_util::sync::CancellationToken;

use super::error::ProcessError;
use crate::fs::PathError;

const NAME: &str = "optiloop.lock";
/// How often is looked whether it is free; `flock` cannot be waited for and cancelled.
const LOOK: Duration = Duration::from_millis(100);
/// Bytes of the holder's words that are read.
const WORDS: u64 = 512;

/// The machine-wide lock; released when dropped, and by the operating system when we die.
#[derive(Debug)]
pub struct MeasurementLock {
    _file: File,
}

/// Where the lock is unless somebody names another file: in `/run/lock` where that can be written, else `/tmp`.
pub fn default_path() -> PathBuf {
    let shared = Path::new("/run/lock");
    let folder = if access(shared, Access::WRITE_OK).is_ok() || shared.join(NAME).exists() {
        shared
    } else {
        Path::new("/tmp")
    };
    folder.join(NAME)
}

impl MeasurementLock {
    /// Takes it, waiting for whoever has it; `what` is written inside for those who wait after us.
    /// `on_wait` is called once, with what the present holder wrote, if there is a wait.
    pub async fn acquire(
        path: &Path,
        what: &str,
        cancel: &CancellationToken,
        on_wait: impl FnOnce(&str),
    ) -> Result<Self, ProcessError> {
        let fail = |doing, errno: Errno| PathError { doing, path: path.to_owned(), source: errno.into() };
        let mut file = open_shared(path).map_err(|errno| fail("open the lock", errno))?;
        let mut on_wait = Some(on_wait);
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(Errno::WOULDBLOCK | Errno::INTR) => {}
                Err(errno) => return Err(fail("lock", errno).into()),
            }
            if let Some(on_wait) = on_wait.take() {
                on_wait(&holder(&mut file));
            }
            tokio::select! {
                () = cancel.cancelled() => {
                    return Err(ProcessError::Cancelled { what: format!("the lock {}", path.display()) });
                }
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        // For people only: a file of another user that we may not write locks all the same.
        let _ = sign(&mut file, what);
        Ok(Self { _file: file })
    }
}

/// Opens it without following a link, for everybody's use.
fn open_shared(path: &Path) -> Result<File, Errno> {
    let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let everybody = Mode::from_raw_mode(0o666);
    // Creating and opening are two acts: in a sticky folder the kernel refuses O_CREAT on another user's file
    // (fs.protected_regular).
    let file = match open(path, flags, Mode::empty()) {
        Err(Errno::NOENT) => match open(path, flags | OFlags::CREATE | OFlags::EXCL, everybody) {
            Err(Errno::EXIST) => open(path, flags, Mode::empty())?,
            created => {
                let created = created?;
                // The umask took bits away.
                fchmod(&created, everybody)?;
                created
            }
        },
        Err(Errno::ACCESS) => open(path, flags - OFlags::RDWR, Mode::empty())?,
        opened => opened?,
    };
    if FileType::from_raw_mode(fstat(&file)?.st_mode) != FileType::RegularFile {
        return Err(Errno::INVAL);
    }
    Ok(file.into())
}

fn holder(file: &mut File) -> String {
    let mut words = Vec::new();
    let read = file.rewind().and_then(|()| file.take(WORDS).read_to_end(&mut words));
    match read {
        Ok(1..) => String::from_utf8_lossy(&words).trim().to_owned(),
        _ => "somebody unnamed".into(),
    }
}

fn sign(file: &mut File, what: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "pid {}: {what}", std::process::id())
}
