//! Build outputs of a workspace: real copies between workspaces, never links, with their times.
//!
//! Copy before the checkout: a build tool that goes by time then sees the changed sources as newer than the
//! outputs. What a rejected candidate's build may have poisoned (a time in the future) is replaced whole.

use std::path::Path;

use super::error::VcsError;
use super::workspace::{Workspace, fs_remove};
use crate::fs;

/// Replaces a workspace's outputs by those of another. `folders` are relative to both, as `target`; one the
/// source does not have is removed.
pub fn copy(from: &Workspace, to: &Workspace, folders: &[impl AsRef<Path>]) -> Result<(), VcsError> {
    for folder in folders {
        replace(&from.folder().join(folder), &to.folder().join(folder))?;
    }
    Ok(())
}

/// Replaces one folder by a copy of another.
pub fn replace(from: &Path, to: &Path) -> Result<(), VcsError> {
    fs_remove(to)?;
    if std::fs::symlink_metadata(from).is_ok_and(|meta| meta.is_dir()) {
        fs::copy_folder(from, to)?;
    }
    Ok(())
}
