//! The ignore rules and attributes of one tree, whatever the folder with the files says.
//!
//! libgit2 reads `.gitignore` and `.gitattributes` from a work tree, which an agent may have edited. So the
//! tree's own are written into a scratch folder, and libgit2 is asked about that one.

use std::path::Path;

use git2::{AttrCheckFlags, ObjectType, Oid, Repository};

use super::error::{Doing as _, VcsError, at};
use super::lfs::{FILTER, LARGEST_POINTER, Pointer};
use super::objects::{Entries, as_path};
use super::opening;
use crate::fs;
use crate::model::change::{EntryKind, TreePath};

/// The rules of one tree.
pub(super) struct Rules {
    repository: Repository,
    scratch: tempfile::TempDir,
}

impl Rules {
    /// Reads the rules of the tree with these entries, which is in the store at `store`.
    pub(super) fn of(store: &Path, entries: &Entries) -> Result<Self, VcsError> {
        let repository = opening::open(store)?;
        let scratch = at("create a scratch folder in", store, tempfile::TempDir::new_in(store))?;
        for (path, entry) in entries {
            let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
            let is_rule = name == b".gitignore" || name == b".gitattributes";
            if !is_rule || !matches!(entry.kind, EntryKind::File | EntryKind::Executable) {
                continue;
            }
            let target = scratch.path().join(as_path(path));
            fs::create_folder(target.parent().unwrap_or(scratch.path()))?;
            let blob =
                repository.find_blob(entry.id).doing(format!("read {}", TreePath::new(path.as_slice())))?;
            fs::replace(&target, blob.content())?;
        }
        repository.set_workdir(scratch.path(), false).doing("read ignore rules")?;
        Ok(Self { repository, scratch })
    }

    /// Whether the rules leave a file out; a folder's path ends with a slash.
    pub(super) fn ignores(&self, path: &[u8]) -> Result<bool, VcsError> {
        let asked = self.repository.is_path_ignored(as_path(path));
        asked.doing(format!("ask whether {} is ignored", TreePath::new(path)))
    }

    /// The filter the attributes name for a path.
    pub(super) fn filter(&self, path: &[u8]) -> Result<Option<String>, VcsError> {
        filter_of(&self.repository, path)
    }

    /// What a blob points to, where the attributes say that the path goes through LFS.
    pub(super) fn pointer(&self, path: &[u8], id: Oid) -> Result<Option<Pointer>, VcsError> {
        let is_small =
            |odb: &git2::Odb<'_>| odb.read_header(id).is_ok_and(|(size, _)| size < LARGEST_POINTER);
        if !self.repository.odb().is_ok_and(|odb| is_small(&odb)) {
            return Ok(None);
        }
        let blob = self.repository.find_blob(id).ok();
        let pointer = blob.and_then(|blob| Pointer::read(blob.content()));
        if pointer.is_none() || self.filter(path)?.as_deref() != Some(FILTER) {
            Ok(None)
        } else {
            Ok(pointer)
        }
    }

    /// The name of the blob git would make of a file with this content: line ends and `ident` as the tree's
    /// attributes say; filter programs are not run. With [`Keep::Write`] the blob is written into the store.
    pub(super) fn blob(&self, path: &[u8], content: &[u8], keep: Keep) -> Result<Oid, VcsError> {
        let doing = || format!("store {}", TreePath::new(path));
        if self.converts(path, content)? {
            // libgit2 converts only what it reads from inside its work tree.
            let copy = self.scratch.path().join(as_path(path));
            fs::create_folder(copy.parent().unwrap_or(self.scratch.path()))?;
            fs::replace(&copy, content)?;
            let id = self.repository.blob_path(&copy).doing(doing())?;
            fs::remove_file(&copy)?;
            return Ok(id);
        }
        match keep {
            Keep::Hash => Oid::hash_object(ObjectType::Blob, content).doing(doing()),
            Keep::Write => self.repository.blob(content).doing(doing()),
        }
    }

    /// Whether the tree's own attributes change a file on its way into a folder.
    pub(super) fn converts_when_written(&self, path: &[u8]) -> Result<bool, VcsError> {
        for name in ["text", "eol", "crlf", "ident"] {
            if attribute(&self.repository, path, name)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn converts(&self, path: &[u8], content: &[u8]) -> Result<bool, VcsError> {
        if path.ends_with(b".gitattributes") || path.ends_with(b".gitignore") {
            return Ok(false); // these stand in the scratch folder themselves
        }
        let contains = |text: &[u8]| content.windows(text.len()).any(|window| window == text);
        if !contains(b"\r\n") && !contains(b"$Id") {
            return Ok(false);
        }
        for name in ["text", "eol", "crlf", "ident"] {
            if attribute(&self.repository, path, name)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a blob is only named or also stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Only named.
    Hash,
    /// Stored.
    Write,
}

/// The `filter` attribute of a path in the repository's work tree, else its index.
pub(super) fn filter_of(repository: &Repository, path: &[u8]) -> Result<Option<String>, VcsError> {
    attribute(repository, path, "filter")
}

/// An attribute that is set to something; unset and unspecified are `None`.
fn attribute(repository: &Repository, path: &[u8], name: &str) -> Result<Option<String>, VcsError> {
    let flags = AttrCheckFlags::FILE_THEN_INDEX | AttrCheckFlags::NO_SYSTEM;
    let value = repository.get_attr_bytes(as_path(path), name, flags);
    let value = value.doing(format!("read the attributes of {}", TreePath::new(path)))?;
    Ok(match git2::AttrValue::from_bytes(value) {
        git2::AttrValue::True => Some("set".to_owned()),
        git2::AttrValue::String(text) => Some(text.to_owned()),
        git2::AttrValue::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        git2::AttrValue::False | git2::AttrValue::Unspecified => None,
    })
}
