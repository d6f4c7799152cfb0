//! What lies in a workspace's folder, against the entries and the ignore rules of a tree.
//!
//! No stat cache, no index and nothing under a `.git` is believed. Links are never followed.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::error::{VcsError, at};
use super::objects::{Entries, Entry, as_path, holds};
use super::rules::{Keep, Rules};
use crate::fs;
use crate::model::change::EntryKind;

/// The largest file that is taken into the store, in bytes.
pub(super) const LARGEST: u64 = 64 << 20;

/// What was found.
#[derive(Default)]
pub(super) struct Scan {
    /// Files and links of the tree, and others that are not ignored.
    pub(super) files: BTreeMap<Vec<u8>, Metadata>,
    /// `.git` files and folders below the root.
    pub(super) nested: Vec<Vec<u8>>,
    /// New files and folders (with a trailing slash) that the rules leave out.
    pub(super) ignored: Vec<Vec<u8>>,
    /// Pipes, sockets and devices.
    pub(super) special: Vec<Vec<u8>>,
    /// Folders with nothing in them that the tree does not know.
    pub(super) empty: Vec<Vec<u8>>,
}

/// Where to look and by what.
pub(super) struct Scanner<'a> {
    pub(super) root: &'a Path,
    pub(super) tracked: &'a Entries,
    pub(super) rules: &'a Rules,
}

impl Scanner<'_> {
    pub(super) fn scan(&self) -> Result<Scan, VcsError> {
        let mut scan = Scan::default();
        self.folder(b"", &mut scan)?;
        Ok(scan)
    }

    fn folder(&self, folder: &[u8], scan: &mut Scan) -> Result<(), VcsError> {
        let names = list(&self.root.join(as_path(folder)))?;
        let tracked = |path: &[u8]| self.tracked.get(path);
        if !folder.is_empty() && names.is_empty() {
            scan.empty.push(folder.to_vec());
        }
        for name in names {
            let name = name.file_name().unwrap_or_default().as_bytes();
            let path = if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() };
            if name.eq_ignore_ascii_case(b".git") {
                if !folder.is_empty() || name != b".git" {
                    scan.nested.push(path);
                }
                continue;
            }
            let full = self.root.join(as_path(&path));
            let meta = at("inspect", &full, std::fs::symlink_metadata(&full))?;
            if meta.is_dir() {
                if tracked(&path).is_some_and(|entry| entry.kind == EntryKind::Gitlink) {
                    continue;
                }
                let with_slash = [&path[..], b"/"].concat();
                if !holds(self.tracked, &path) && self.rules.ignores(&with_slash)? {
                    scan.ignored.push(with_slash);
                } else {
                    self.folder(&path, scan)?;
                }
            } else if tracked(&path).is_none() && self.rules.ignores(&path)? {
                scan.ignored.push(path);
            } else if meta.is_file() || meta.is_symlink() {
                scan.files.insert(path, meta);
            } else {
                scan.special.push(path);
            }
        }
        Ok(())
    }

    /// What git would record for a file that was found.
    pub(super) fn entry(&self, path: &[u8], meta: &Metadata, keep: Keep) -> Result<Entry, VcsError> {
        let full = self.root.join(as_path(path));
        if meta.is_symlink() {
            let target = at("read the link", &full, std::fs::read_link(&full))?;
            let id = self.rules.blob(path, target.as_os_str().as_bytes(), keep)?;
            return Ok(Entry { id, kind: EntryKind::Link });
        }
        let kind =
            if meta.permissions().mode() & 0o100 != 0 { EntryKind::Executable } else { EntryKind::File };
        if let Some(known) = self.tracked.get(path)
            && self.is_filled(path, meta, known)?
        {
            return Ok(Entry { id: known.id, kind });
        }
        let content = read(&full)?;
        Ok(Entry { id: self.rules.blob(path, &content, keep)?, kind })
    }

    /// Whether a file is what the tree's LFS pointer stands for.
    pub(super) fn is_filled(&self, path: &[u8], meta: &Metadata, known: &Entry) -> Result<bool, VcsError> {
        if !meta.is_file() {
            return Ok(false);
        }
        let pointer = self.rules.pointer(path, known.id)?;
        Ok(pointer.is_some_and(|pointer| pointer.is_of(&self.root.join(as_path(path)))))
    }

    /// The paths where the folder differs from the tree, files only.
    pub(super) fn differing(&self, scan: &Scan) -> Result<Vec<Vec<u8>>, VcsError> {
        let mut paths = Vec::new();
        for (path, meta) in &scan.files {
            let known = self.tracked.get(path);
            let same = match known {
                Some(known) if meta.len() > LARGEST => self.is_filled(path, meta, known)?,
                Some(known) => self.entry(path, meta, Keep::Hash)? == *known,
                None => false,
            };
            if !same {
                paths.push(path.clone());
            }
        }
        for (path, entry) in self.tracked {
            if entry.kind != EntryKind::Gitlink && !scan.files.contains_key(path) {
                paths.push(path.clone());
            }
        }
        Ok(paths)
    }
}

/// A file's mode may have been taken away by what ran in the workspace; it is ours, so it is given back.
fn read(path: &Path) -> Result<Vec<u8>, VcsError> {
    match fs::read(path) {
        Err(error) if error.source.kind() == std::io::ErrorKind::PermissionDenied => {
            let meta = at("inspect", path, std::fs::symlink_metadata(path))?;
            let mode = std::fs::Permissions::from_mode(meta.permissions().mode() | 0o400);
            at("make readable", path, std::fs::set_permissions(path, mode))?;
            Ok(fs::read(path)?)
        }
        content => Ok(content?),
    }
}

fn list(path: &Path) -> Result<Vec<PathBuf>, VcsError> {
    match fs::entries(path) {
        Err(error) if error.source.kind() == std::io::ErrorKind::PermissionDenied => {
            at(
                "make readable",
                path,
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)),
            )?;
            Ok(fs::entries(path)?)
        }
        entries => Ok(entries?),
    }
}
