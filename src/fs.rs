//! Files: atomic replacement, synced append, and errors that always name their path.
//!
//! Not here: any knowledge of what the files mean. Start at [`PathError`], which every function returns.
#![expect(clippy::disallowed_methods, reason = "this is the sanctioned place for file access")]

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// An input/output error that says which path it happened at and what was being done.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {}", path.display())]
pub struct PathError {
    /// The verb: `read`, `write`, `create`…
    pub doing: &'static str,
    /// Where.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: std::io::Error,
}

impl PathError {
    /// Whether no space is left, or a quota or a limit of the file's size is reached.
    pub fn is_full(&self) -> bool {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self.source.kind(), StorageFull | QuotaExceeded | FileTooLarge)
    }

    /// Whether the path does not exist.
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == std::io::ErrorKind::NotFound
    }
}

fn at<T>(doing: &'static str, path: &Path, result: std::io::Result<T>) -> Result<T, PathError> {
    result.map_err(|source| PathError { doing, path: path.to_owned(), source })
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, PathError> {
    at("read", path, std::fs::read(path))
}

/// Reads a file that someone else wrote: at most `largest` bytes of a regular file. A pipe would make the
/// reader wait for good, a link would read what is not theirs.
pub fn read_of_others(path: &Path, largest: usize) -> Result<Vec<u8>, PathError> {
    use std::io::Read as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let opened = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path);
    let file = at("open", path, opened)?;
    let refuse = |what: String| at("read", path, Err(std::io::Error::other(what)));
    if !at("inspect", path, file.metadata())?.is_file() {
        return refuse("it is no regular file".to_owned());
    }
    let mut bytes = Vec::new();
    at("read", path, file.take(largest as u64 + 1).read_to_end(&mut bytes))?;
    if bytes.len() > largest { refuse(format!("it has more than {largest} bytes")) } else { Ok(bytes) }
}

/// What a path is, and its bytes: `link` with its target (never followed), `executable` or `file` with its content.
pub fn read_with_kind(path: &Path) -> Result<(&'static str, Vec<u8>), PathError> {
    use std::os::unix::ffi::OsStringExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    let meta = at("inspect", path, std::fs::symlink_metadata(path))?;
    if meta.is_symlink() {
        let target = at("read the link", path, std::fs::read_link(path))?;
        return Ok(("link", target.into_os_string().into_vec()));
    }
    let kind = if meta.permissions().mode() & 0o100 == 0 { "file" } else { "executable" };
    Ok((kind, read(path)?))
}

/// Reads a whole file as UTF-8.
pub fn read_text(path: &Path) -> Result<String, PathError> {
    at("read", path, std::fs::read_to_string(path))
}

/// Reads a whole file as UTF-8, or `None` where there is none.
pub fn read_text_if_present(path: &Path) -> Result<Option<String>, PathError> {
    match read_text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces `path` by `bytes`: a temporary file beside it, synced, then renamed over it, so that a reader
/// or a crash sees the old content or the new one and nothing between.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = at("create a file in", folder, tempfile::NamedTempFile::new_in(folder))?;
    at("write", path, file.write_all(bytes))?;
    at("sync", path, file.as_file().sync_all())?;
    at("replace", path, file.persist(path).map_err(|error| error.error))?;
    // The name must outlive a power cut too: whoever is told of the file may be synced before the folder.
    at("sync", folder, std::fs::File::open(folder).and_then(|folder| folder.sync_all()))
}

/// As [`replace`], for files that are the user's: readable as the user's umask says, not by them alone.
pub fn publish(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let readable = std::fs::Permissions::from_mode(0o666);
    let made = tempfile::Builder::new().permissions(readable).tempfile_in(folder);
    let mut file = at("create a file in", folder, made)?;
    at("write", path, file.write_all(bytes))?;
    at("replace", path, file.persist(path).map_err(|error| error.error).map(drop))
}

/// Creates a folder and its parents.
pub fn create_folder(path: &Path) -> Result<(), PathError> {
    at("create", path, std::fs::create_dir_all(path))
}

/// Creates a folder and its parents, readable by its owner alone (mode 0700).
pub fn create_private_folder(path: &Path) -> Result<(), PathError> {
    use std::os::unix::fs::PermissionsExt as _;
    create_folder(path)?;
    at("restrict", path, std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)))
}

/// Removes a folder with all that is in it; a folder that is not there is no error.
pub fn remove_folder(path: &Path) -> Result<(), PathError> {
    match at("remove", path, std::fs::remove_dir_all(path)) {
        Err(error) if error.is_not_found() => Ok(()),
        result => result,
    }
}

/// Removes a file; a file that is not there is no error.
pub fn remove_file(path: &Path) -> Result<(), PathError> {
    match at("remove", path, std::fs::remove_file(path)) {
        Err(error) if error.is_not_found() => Ok(()),
        result => result,
    }
}

/// Moves a file or folder within one file system.
pub fn rename(from: &Path, to: &Path) -> Result<(), PathError> {
    at("rename", from, std::fs::rename(from, to))
}

/// Copies one file with its mode.
pub fn copy_file(from: &Path, to: &Path) -> Result<(), PathError> {
    at("copy", from, std::fs::copy(from, to).map(drop))
}

/// Makes `path` a symbolic link to `target`.
pub fn link(target: &Path, path: &Path) -> Result<(), PathError> {
    at("create a link", path, std::os::unix::fs::symlink(target, path))
}

/// The entries of a folder, sorted by name.
pub fn entries(path: &Path) -> Result<Vec<PathBuf>, PathError> {
    let read = at("list", path, std::fs::read_dir(path))?;
    let paths: std::io::Result<Vec<PathBuf>> = read.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = at("list", path, paths)?;
    paths.sort();
    Ok(paths)
}

/// Copies a folder with modes, times and links (as `cp -a`), never hard-linking.
///
/// Times are kept because build tools compare them: outputs copied with fresh times would look newer than
/// sources that are checked out afterwards.
pub fn copy_folder(from: &Path, to: &Path) -> Result<(), PathError> {
    create_folder(to)?;
    for path in entries(from)? {
        let target = to.join(path.file_name().unwrap_or_default());
        let meta = at("inspect", &path, std::fs::symlink_metadata(&path))?;
        if meta.is_symlink() {
            let link = at("read the link", &path, std::fs::read_link(&path))?;
            at("create a link", &target, std::os::unix::fs::symlink(link, &target))?;
        } else if meta.is_dir() {
            copy_folder(&path, &target)?;
        } else if meta.is_file() {
            copy_file(&path, &target)?;
            let file = at("open", &target, std::fs::OpenOptions::new().read(true).open(&target))?;
            let times = std::fs::FileTimes::new().set_modified(at("inspect", &path, meta.modified())?);
            at("set times of", &target, file.set_times(times))?;
        }
    }
    let meta = at("inspect", from, std::fs::metadata(from))?;
    at("set mode of", to, std::fs::set_permissions(to, meta.permissions()))
}

/// Bytes that are free for us on the disk of a folder.
pub fn available(path: &Path) -> Result<u64, PathError> {
    let found = rustix::fs::statvfs(path).map_err(std::io::Error::from);
    let found = at("ask for the free space of", path, found)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Whether two folders lie on one disk.
pub fn same_disk(one: &Path, other: &Path) -> Result<bool, PathError> {
    use std::os::unix::fs::MetadataExt as _;
    let disk = |path: &Path| Ok(at("inspect", path, std::fs::metadata(path))?.dev());
    Ok(disk(one)? == disk(other)?)
}

/// Bytes that a folder takes on its disk; none where it is not there. What goes away while it is looked at, and what
/// may not be looked into, counts for nothing.
pub fn size(path: &Path) -> Result<u64, PathError> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = match at("inspect", path, std::fs::symlink_metadata(path)) {
        Err(error) if error.is_not_found() => return Ok(0),
        meta => meta?,
    };
    let mut bytes = 512 * meta.blocks();
    if meta.is_dir() {
        for entry in entries(path).unwrap_or_default() {
            bytes += size(&entry)?;
        }
    }
    Ok(bytes)
}

/// The SHA-256 of a file of any size.
pub fn digest(path: &Path) -> Result<[u8; 32], PathError> {
    use std::io::Read as _;

    use sha2::Digest as _;
    let mut file = at("open", path, std::fs::File::open(path))?;
    let (mut hasher, mut piece) = (sha2::Sha256::new(), vec![0; 1 << 16]);
    loop {
        match at("read", path, file.read(&mut piece))? {
            0 => return Ok(hasher.finalize().into()),
            read => hasher.update(&piece[..read]),
        }
    }
}
