//! The user's work tree, read: as a tree of the store, and the state of single files.
//!
//! Nothing is written into `.git`: the status does not refresh the index, and what git would store goes
//! into memory, then into our store.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use git2::{Odb, Repository, Status, StatusOptions};

use super::error::{Doing as _, VcsError, at};
use super::lfs::Pointer;
use super::objects::{Entries, Entry, as_path, drop_path, entries, index_of, kind, put, write_tree};
use super::rules::filter_of;
use super::scan::LARGEST;
use super::store::Store;
use super::user::UserRepository;
use super::workspace::Taken;
use crate::fs;
use crate::model::change::{EntryKind, TreePath};

/// How a file of the work tree stands to HEAD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// As committed.
    Committed,
    /// Committed, and changed since.
    Modified,
    /// Not in HEAD (ignored or not).
    Untracked,
    /// Not in the work tree.
    Absent,
}

/// In git's index format: the entry is not written into a sparse work tree.
const SKIP_WORKTREE: u16 = 1 << 14;

impl UserRepository {
    /// The work tree on HEAD as a tree of the store: tracked files as they lie there, and untracked ones that
    /// are not ignored (by the user's own rules). HEAD must be in the store.
    pub fn work_tree_change(&self, store: &Store) -> Result<Taken, VcsError> {
        let (root, repository) = (self.require_root()?, self.repository()?);
        let head = self.head()?;
        let (store, head_entries) = (store.repository()?, entries(&store.repository()?, head.tree)?);
        let statuses = changed(&repository, None)?;
        refuse_unmerged(&statuses)?;
        // From here on objects are only in memory. The repository's own must not even stand behind them:
        // writing an object that exists renews its time on disk.
        let objects = Odb::new().doing("keep objects in memory")?;
        objects.add_new_mempack_backend(1).doing("keep objects in memory")?;
        repository.set_odb(&objects).doing("keep objects in memory")?;
        let reader = Reader {
            root,
            repository: &repository,
            store: &store,
            head: &head_entries,
            keeps_modes: keeps_modes(&repository)?,
        };
        let user_index = repository.index().doing("read the index")?;
        let mut index = index_of(&store, head.tree)?;
        let mut taken = Taken::whole(head.tree);
        for (path, status) in statuses {
            let full = root.join(as_path(&path));
            let staged = user_index.get_path(as_path(&path), 0);
            if path.ends_with(b"/") {
                taken.nested.push(TreePath::new(&path[..path.len() - 1]));
                continue;
            }
            let meta =
                std::fs::symlink_metadata(&full).ok().filter(|meta| meta.is_file() || meta.is_symlink());
            let Some(meta) = meta.filter(|_| !status.contains(Status::IGNORED)) else {
                match staged.filter(|staged| staged.flags_extended & SKIP_WORKTREE != 0) {
                    Some(staged) if head_entries.get(&path).is_some_and(|entry| entry.id == staged.id) => {}
                    _ => drop_path(&mut index, &path)?,
                }
                continue;
            };
            if meta.is_file() && meta.len() > LARGEST {
                taken.oversized.push(TreePath::new(path));
                continue;
            }
            let entry = reader.entry(&path, &meta, staged.map(|staged| kind(staged.mode)))?;
            put(&mut index, &path, entry)?;
        }
        for (path, entry) in reader.moved_submodules() {
            put(&mut index, &path, entry)?;
        }
        taken.tree = write_tree(&mut index, &store)?;
        Ok(taken)
    }

    /// How a file stands to HEAD; `path` is relative to the root of the work tree.
    pub fn file_state(&self, path: &TreePath) -> Result<FileState, VcsError> {
        let (root, repository) = (self.require_root()?, self.repository()?);
        if std::fs::symlink_metadata(root.join(as_path(path.bytes()))).is_err() {
            return Ok(FileState::Absent);
        }
        let head = self.head()?.commit;
        if self.read_blob(head, path)?.is_none() {
            return Ok(FileState::Untracked);
        }
        let changed = changed(&repository, Some(path))?;
        Ok(if changed.is_empty() { FileState::Committed } else { FileState::Modified })
    }

    /// The files of the work tree that `wanted` names and no ignore rule hides, and how they stand to HEAD.
    pub fn present(
        &self,
        wanted: impl Fn(&TreePath) -> bool,
    ) -> Result<Vec<(TreePath, FileState)>, VcsError> {
        let (root, repository) = (self.require_root()?, self.repository()?);
        let head = self.paths(self.head()?.commit)?.into_iter().map(|path| (path, FileState::Committed));
        let mut states: BTreeMap<TreePath, FileState> = head.collect();
        for (path, status) in changed(&repository, None)? {
            let known = states.entry(TreePath::new(path));
            if !status.contains(Status::IGNORED) {
                known.and_modify(|state| *state = FileState::Modified).or_insert(FileState::Untracked);
            }
        }
        let is_file = |path: &TreePath| {
            std::fs::symlink_metadata(root.join(as_path(path.bytes()))).is_ok_and(|meta| meta.is_file())
        };
        Ok(states.into_iter().filter(|(path, _)| wanted(path) && is_file(path)).collect())
    }

    /// Whether anything in the work tree differs from HEAD, untracked files included.
    pub fn is_dirty(&self) -> Result<bool, VcsError> {
        Ok(self.root.is_some() && !changed(&self.repository()?, None)?.is_empty())
    }

    fn require_root(&self) -> Result<&Path, VcsError> {
        self.root().ok_or_else(|| VcsError::NoWorkTree { path: self.git.clone() })
    }
}

fn refuse_unmerged(statuses: &[(Vec<u8>, Status)]) -> Result<(), VcsError> {
    let unmerged: Vec<_> =
        statuses.iter().filter(|(_, status)| status.contains(Status::CONFLICTED)).collect();
    match unmerged.first() {
        Some((first, _)) => {
            Err(VcsError::Unmerged { count: unmerged.len(), first: TreePath::new(first.as_slice()) })
        }
        None => Ok(()),
    }
}

/// Paths whose state differs from HEAD; a nested repository is one path with a slash at its end.
fn changed(repository: &Repository, only: Option<&TreePath>) -> Result<Vec<(Vec<u8>, Status)>, VcsError> {
    let mut options = StatusOptions::new();
    options.no_refresh(true).include_untracked(true).recurse_untracked_dirs(true).exclude_submodules(true);
    if let Some(path) = only {
        options.disable_pathspec_match(true).pathspec(path.bytes());
    }
    let statuses = repository.statuses(Some(&mut options)).doing("compare the work tree with HEAD")?;
    Ok(statuses.iter().map(|entry| (entry.path_bytes().to_vec(), entry.status())).collect())
}

/// With `core.fileMode=false` the file system's modes say nothing.
fn keeps_modes(repository: &Repository) -> Result<bool, VcsError> {
    let config = repository.config().doing("read the git configuration")?;
    Ok(config.get_bool("core.filemode").unwrap_or(true))
}

struct Reader<'a> {
    root: &'a Path,
    repository: &'a Repository,
    store: &'a Repository,
    head: &'a Entries,
    keeps_modes: bool,
}

impl Reader<'_> {
    /// What `git add` would record for a file, as an entry of the store.
    fn entry(
        &self,
        path: &[u8],
        meta: &std::fs::Metadata,
        staged: Option<EntryKind>,
    ) -> Result<Entry, VcsError> {
        let full = self.root.join(as_path(path));
        let doing = || format!("store {}", TreePath::new(path));
        if meta.is_symlink() {
            let target = at("read the link", &full, std::fs::read_link(&full))?;
            let id = self.store.blob(target.as_os_str().as_bytes()).doing(doing())?;
            return Ok(Entry { id, kind: EntryKind::Link });
        }
        let known = self.head.get(path);
        let kind = match staged.or(known.map(|known| known.kind)) {
            _ if self.keeps_modes && meta.permissions().mode() & 0o100 != 0 => EntryKind::Executable,
            Some(kind) if !self.keeps_modes && kind != EntryKind::Link => kind,
            _ => EntryKind::File,
        };
        if filter_of(self.repository, path)?.as_deref() == Some("lfs") {
            let id = self.store.blob(&Pointer::of(&fs::read(&full)?)).doing(doing())?;
            return Ok(Entry { id, kind });
        }
        let id = self.repository.blob_path(&full).doing(doing())?;
        let blob = self.repository.find_blob(id).doing(doing())?;
        Ok(Entry { id: self.store.blob(blob.content()).doing(doing())?, kind })
    }

    /// Submodules that stand at another commit than HEAD says.
    fn moved_submodules(&self) -> Vec<(Vec<u8>, Entry)> {
        let links = self.head.iter().filter(|(_, entry)| entry.kind == EntryKind::Gitlink);
        let moved = links.filter_map(|(path, entry)| {
            let submodule = super::opening::open(&self.root.join(as_path(path))).ok()?;
            let id = submodule.head().ok()?.target()?;
            (id != entry.id).then(|| (path.clone(), Entry { id, kind: EntryKind::Gitlink }))
        });
        moved.collect()
    }
}
