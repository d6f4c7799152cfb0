//! Between our names and git2's, and the entries of a tree as one sorted map.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use git2::{Index, IndexEntry, IndexTime, Oid, Repository};

use super::error::{Doing as _, VcsError};
use crate::model::change::{EntryKind, TreePath};
use crate::model::id::{CommitId, TreeId};

/// What a tree holds at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: Oid,
    pub(super) kind: EntryKind,
}

/// All entries of a tree, by path.
pub(super) type Entries = BTreeMap<Vec<u8>, Entry>;

pub(super) fn commit_id(oid: Oid) -> CommitId {
    CommitId::new(raw(oid))
}

pub(super) fn tree_id(oid: Oid) -> TreeId {
    TreeId::new(raw(oid))
}

fn raw(oid: Oid) -> [u8; 20] {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(&oid.as_bytes()[..20]);
    bytes
}

pub(super) fn commit_oid(id: CommitId) -> Oid {
    oid(id.bytes())
}

pub(super) fn tree_oid(id: TreeId) -> Oid {
    oid(id.bytes())
}

fn oid(bytes: &[u8; 20]) -> Oid {
    Oid::from_bytes(bytes).expect("20 bytes are an object name")
}

pub(super) fn as_path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

pub(super) fn tree(repository: &Repository, id: TreeId) -> Result<git2::Tree<'_>, VcsError> {
    repository.find_tree(tree_oid(id)).doing(format!("find tree {id}"))
}

pub(super) fn commit(repository: &Repository, id: CommitId) -> Result<git2::Commit<'_>, VcsError> {
    repository.find_commit(commit_oid(id)).doing(format!("find commit {id}"))
}

/// An index in memory with the entries of a tree.
pub(super) fn index_of(repository: &Repository, id: TreeId) -> Result<Index, VcsError> {
    let mut index = Index::new().doing("make an index")?;
    index.read_tree(&tree(repository, id)?).doing(format!("read tree {id}"))?;
    Ok(index)
}

/// The entries of a tree.
pub(super) fn entries(repository: &Repository, id: TreeId) -> Result<Entries, VcsError> {
    Ok(entries_of(&index_of(repository, id)?))
}

pub(super) fn entries_of(index: &Index) -> Entries {
    index.iter().map(|entry| (entry.path, Entry { id: entry.id, kind: kind(entry.mode) })).collect()
}

/// Puts an entry into an index.
pub(super) fn put(index: &mut Index, path: &[u8], entry: Entry) -> Result<(), VcsError> {
    let none = IndexTime::new(0, 0);
    let entry = IndexEntry {
        ctime: none,
        mtime: none,
        dev: 0,
        ino: 0,
        mode: mode(entry.kind),
        uid: 0,
        gid: 0,
        file_size: 0,
        id: entry.id,
        flags: 0,
        flags_extended: 0,
        path: path.to_vec(),
    };
    index.add(&entry).doing(format!("record {}", TreePath::new(path)))
}

/// Takes a path out of an index; one that is not there is no error.
pub(super) fn drop_path(index: &mut Index, path: &[u8]) -> Result<(), VcsError> {
    match index.remove(as_path(path), 0) {
        Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(()),
        result => result.doing(format!("take out {}", TreePath::new(path))),
    }
}

pub(super) fn write_tree(index: &mut Index, repository: &Repository) -> Result<TreeId, VcsError> {
    Ok(tree_id(index.write_tree_to(repository).doing("write a tree")?))
}

pub(super) fn kind(mode: u32) -> EntryKind {
    match mode {
        0o120_000 => EntryKind::Link,
        0o160_000 => EntryKind::Gitlink,
        mode if mode & 0o111 != 0 => EntryKind::Executable,
        _ => EntryKind::File,
    }
}

pub(super) fn mode(kind: EntryKind) -> u32 {
    match kind {
        EntryKind::File => 0o100_644,
        EntryKind::Executable => 0o100_755,
        EntryKind::Link => 0o120_000,
        EntryKind::Gitlink => 0o160_000,
    }
}

/// Whether any entry lies below the folder.
pub(super) fn holds(entries: &Entries, folder: &[u8]) -> bool {
    let prefix = [folder, b"/"].concat();
    entries.range(prefix.clone()..).next().is_some_and(|(path, _)| path.starts_with(&prefix))
}
