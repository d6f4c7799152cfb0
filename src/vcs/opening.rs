//! Opens repositories without searching, and says in our words why one cannot be opened.

use std::path::{Path, PathBuf};

use git2::{ErrorClass, ErrorCode, Repository, RepositoryOpenFlags};

use super::error::VcsError;

/// The git folder at or above `path`.
pub(super) fn discover(path: &Path) -> Result<PathBuf, VcsError> {
    let none: [&Path; 0] = [];
    Repository::discover_path(path, none).map_err(|error| refusal(path, &error))
}

/// Opens exactly this repository: no search upwards, no environment.
pub(super) fn open(path: &Path) -> Result<Repository, VcsError> {
    let none: [&Path; 0] = [];
    Repository::open_ext(path, RepositoryOpenFlags::NO_SEARCH, none).map_err(|error| refusal(path, &error))
}

/// libgit2 tells most kinds of repository it cannot read apart only by its message.
fn refusal(path: &Path, error: &git2::Error) -> VcsError {
    let (message, path) = (error.message(), path.to_owned());
    let lower = message.to_lowercase();
    if error.code() == ErrorCode::Owner {
        return VcsError::ForeignOwner { path: work_tree(path) };
    }
    if lower.contains("refstorage") {
        return VcsError::Reftable { path };
    }
    if lower.contains("object format") || lower.contains("objectformat") {
        return VcsError::Sha256 { path };
    }
    if error.class() == ErrorClass::Config || lower.contains("gitconfig") || lower.contains("git/config") {
        return VcsError::Config { reason: message.to_owned() };
    }
    if error.code() == ErrorCode::NotFound {
        return VcsError::NoRepository { path };
    }
    VcsError::Git { doing: format!("open the repository {}", path.display()), reason: message.to_owned() }
}

/// git's `safe.directory` names the work tree, not the `.git` in it.
fn work_tree(path: PathBuf) -> PathBuf {
    match path.file_name() {
        Some(name) if name == ".git" => path.parent().map(Path::to_owned).unwrap_or(path),
        _ => path,
    }
}
