//! Built artifacts by content: what a launch needs, copied out of the workspace before any candidate code
//! runs, and bound read-only at one neutral path.

use std::path::{Path, PathBuf};

use sha2::Digest as _;

use crate::fs;
use crate::model::id::Digest;

use super::world::WorldError;

/// Copies `paths` (relative to `root` in `workspace`; empty means all of it) to a folder named by its content.
pub fn keep(bin: &Path, workspace: &Path, root: &Path, paths: &[PathBuf]) -> Result<Digest, WorldError> {
    let draft = bin.join("draft");
    fs::remove_folder(&draft)?;
    fs::create_folder(&draft.join(root))?;
    if paths.is_empty() {
        fs::copy_folder(workspace, &draft)?;
    }
    for path in paths {
        let (from, to) = (workspace.join(root).join(path), draft.join(root).join(path));
        if from.is_dir() {
            fs::copy_folder(&from, &to)?;
        } else if from.exists() {
            fs::create_folder(to.parent().unwrap_or(&draft))?;
            fs::copy_file(&from, &to)?;
        }
    }
    let digest = digest(&draft)?;
    let kept = bin.join(digest.to_string());
    if kept.exists() {
        fs::remove_folder(&draft)?;
    } else {
        fs::rename(&draft, &kept)?;
    }
    Ok(digest)
}

/// The folder of an artifact.
pub fn folder(bin: &Path, digest: Digest) -> PathBuf {
    bin.join(digest.to_string())
}

/// Files below an artifact's folder, relative, sorted.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, WorldError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for path in fs::entries(&folder)? {
            if path.is_dir() && !path.is_symlink() { open.push(path) } else { found.push(path) }
        }
    }
    let mut relative: Vec<PathBuf> =
        found.iter().filter_map(|path| path.strip_prefix(folder).ok()).map(Path::to_owned).collect();
    relative.sort();
    Ok(relative)
}

/// SHA-256 over paths and contents in order.
fn digest(folder: &Path) -> Result<Digest, WorldError> {
    let mut hasher = sha2::Sha256::new();
    for path in files(folder)? {
        let name = path.as_os_str().as_encoded_bytes();
        let whole = folder.join(&path);
        let content = if whole.is_symlink() { Vec::new() } else { fs::read(&whole)? };
        for part in [name, &content] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    Ok(Digest::new(hasher.finalize().into()))
}
