//! Built artifacts by content: what a launch needs, copied out of the workspace before any candidate code
//! runs, and bound read-only at one neutral path.

use std::path::{Path, PathBuf};

use sha2::Digest as _;

use crate::fs;
use crate::model::id::Digest;

use super::world::WorldError;

/// Copies `paths` (relative to `root` in `workspace`; empty means all of it) to a folder named by its content. The
/// files are fresh ones even where that content is kept already: a confirmation must not measure the same copy again.
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
    let kept = folder(bin, digest);
    let before = bin.join("before");
    fs::remove_folder(&before)?;
    if kept.exists() {
        fs::rename(&kept, &before)?;
    }
    fs::rename(&draft, &kept)?;
    fs::remove_folder(&before)?;
    Ok(digest)
}

/// Why a path cannot be kept: it leads out of the workspace by a link, where a launch must not look.
pub fn leading_out(workspace: &Path, root: &Path, paths: &[PathBuf]) -> Option<String> {
    let whole = workspace.canonicalize().ok()?;
    let out = paths.iter().find(|path| {
        let at = workspace.join(root).join(path).canonicalize();
        at.is_ok_and(|at| !at.starts_with(&whole))
    })?;
    Some(format!("the artifact {} leads out of the workspace", out.display()))
}

/// The first of these paths that is not there.
pub fn absent<'p>(workspace: &Path, root: &Path, paths: &'p [PathBuf]) -> Option<&'p PathBuf> {
    paths.iter().find(|path| !workspace.join(root).join(path).exists())
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

/// SHA-256 over paths, kinds and contents in order: what differs only in a link's target or in a mode is another
/// artifact.
fn digest(folder: &Path) -> Result<Digest, WorldError> {
    let mut hasher = sha2::Sha256::new();
    for path in files(folder)? {
        let name = path.as_os_str().as_encoded_bytes();
        let whole = folder.join(&path);
        let (kind, content) = fs::read_with_kind(&whole)?;
        for part in [name, kind.as_bytes(), &content] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    Ok(Digest::new(hasher.finalize().into()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    /// The digest of a folder in which `act` was done.
    fn digest_with(act: impl FnOnce(&Path)) -> Digest {
        let folder = tempfile::tempdir().unwrap();
        fs::replace(&folder.path().join("run"), b"#!/bin/sh\n").unwrap();
        act(folder.path());
        digest(folder.path()).unwrap()
    }

    #[test]
    fn artifacts_that_differ_in_a_link_or_a_mode_alone_are_two() {
        let plain = digest_with(|_| ());
        let executable = |at: &Path| {
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::OpenOptions::new()
                .read(true)
                .open(at.join("run"))
                .unwrap()
                .set_permissions(mode)
                .unwrap();
        };
        let to = |target: &'static str| digest_with(move |at| symlink(target, at.join("link")).unwrap());
        assert_ne!(digest_with(executable), plain);
        assert_ne!(to("one"), to("other"));
        assert_eq!(to("one"), to("one"));
    }

    #[test]
    fn the_same_content_is_kept_as_fresh_files() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (bin, workspace) = (folder.path().join("bin"), folder.path().join("work"));
        fs::create_folder(&workspace).unwrap();
        fs::replace(&workspace.join("program"), b"code").unwrap();
        let keep = || keep(&bin, &workspace, Path::new(""), &[PathBuf::from("program")]).unwrap();
        // Held open, so that its inode is not free to be used again.
        let mut open = std::fs::OpenOptions::new();
        open.read(true);
        let first = open.open(super::folder(&bin, keep()).join("program")).unwrap();
        let second = open.open(super::folder(&bin, keep()).join("program")).unwrap();
        assert_ne!(first.metadata().unwrap().ino(), second.metadata().unwrap().ino());
        assert_eq!(fs::entries(&bin).unwrap().len(), 1);
    }

    #[test]
    fn an_artifact_that_is_a_link_to_outside_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = folder.path().join("work");
        fs::create_folder(&workspace).unwrap();
        fs::replace(&folder.path().join("secret"), b"").unwrap();
        symlink("../secret", workspace.join("out")).unwrap();
        let said = |name: &str| leading_out(&workspace, Path::new(""), &[PathBuf::from(name)]);
        assert_eq!(said("out").unwrap(), "the artifact out leads out of the workspace");
        assert_eq!(said("nothing"), None);
    }
}
