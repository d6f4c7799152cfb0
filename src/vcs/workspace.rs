//! A plain folder with a tree of the store in it: no `.git`, its index kept elsewhere.
//!
//! [`Workspace::switch`] writes only paths that differ, so that build tools find their outputs fresh, and
//! removes what is neither of the tree nor ignored by it. [`Workspace::take`] makes a tree of what lies there
//! by the rules of the tree it was switched to. Not here: build outputs (`outputs`), the agent's
//! workspace with its throw-away `.git` (`agent_workspace`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use git2::build::CheckoutBuilder;
use git2::{Delta, Index, Repository};

use super::error::{Doing as _, VcsError, at};
use super::lfs::Pointer;
use super::objects::{Entries, as_path, drop_path, entries, entries_of, index_of, put, tree, write_tree};
use super::opening;
use super::rules::{Keep, Rules};
use super::scan::{LARGEST, Scan, Scanner};
use super::store::Store;
use super::submodules::expand;
use crate::fs;
use crate::model::change::{EntryKind, TreePath};
use crate::model::id::TreeId;

/// How many ignored files [`Taken`] lists.
const LISTED: usize = 100;

/// A folder that holds one tree at a time.
#[derive(Debug, Clone)]
pub struct Workspace {
    store: PathBuf,
    lfs: Option<PathBuf>,
    folder: PathBuf,
    index: PathBuf,
}

/// A tree made of what lies in a folder, and what was left out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The tree.
    pub tree: TreeId,
    /// Repositories inside, by their folder, whose new files are not in the tree.
    pub nested: Vec<TreePath>,
    /// New files and folders the ignore rules leave out, at most the first hundred.
    pub ignored: Vec<TreePath>,
    /// Files too large to be stored, which the tree has as they were, or not at all.
    pub oversized: Vec<TreePath>,
    /// Paths in submodules that are not as their commits have them; the tree only names those commits.
    pub in_submodules: Vec<TreePath>,
}

impl Taken {
    /// A tree from which nothing was left out.
    pub fn whole(tree: TreeId) -> Self {
        let [nested, ignored, oversized, in_submodules] = Default::default();
        Self { tree, nested, ignored, oversized, in_submodules }
    }
}

/// What a switch did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Switched {
    /// Paths that were written.
    pub written: Vec<TreePath>,
    /// Paths that were removed.
    pub removed: Vec<TreePath>,
    /// Paths that hold the content their LFS pointer stands for.
    pub filled: Vec<TreePath>,
}

impl Workspace {
    /// A workspace at `folder`, which is made if it is not there. `index` is a file outside of it that no one
    /// else uses; if it is lost, the next switch writes everything.
    pub fn open(store: &Store, folder: &Path, index: &Path) -> Result<Self, VcsError> {
        own_folder(folder)?;
        if let Some(parent) = index.parent() {
            fs::create_folder(parent)?;
        }
        let folder = at("resolve", folder, folder.canonicalize())?;
        Ok(Self { store: store.path.clone(), lfs: store.lfs.clone(), folder, index: index.to_owned() })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What lies there besides `tree` and what its rules ignore: files, and folders with nothing in them.
    pub fn besides(&self, tree_id: TreeId) -> Result<Vec<TreePath>, VcsError> {
        let repository = opening::open(&self.store)?;
        let tracked = entries(&repository, expand(&repository, tree_id)?)?;
        let rules = Rules::of(&self.store, &tracked)?;
        let scan = Scanner { root: &self.folder, tracked: &tracked, rules: &rules }.scan()?;
        let files = scan.files.into_keys().filter(|path| !tracked.contains_key(path));
        Ok(files.chain(scan.empty).map(TreePath::new).collect())
    }

    /// From now on switches leave these alone, as they leave what is ignored; those named before are forgotten.
    pub fn keep(&self, paths: &[TreePath]) -> Result<(), VcsError> {
        let text: Vec<u8> = paths.iter().flat_map(|path| [path.bytes(), b"\0"].concat()).collect();
        Ok(fs::replace(&self.kept_list(), &text)?)
    }

    fn kept(&self) -> Result<BTreeSet<Vec<u8>>, VcsError> {
        let list = self.kept_list();
        if !list.exists() {
            return Ok(BTreeSet::new());
        }
        let text = fs::read(&list)?;
        Ok(text.split(|byte| *byte == 0).filter(|path| !path.is_empty()).map(<[u8]>::to_vec).collect())
    }

    /// Beside the index.
    fn kept_list(&self) -> PathBuf {
        self.index.with_extension("kept")
    }

    /// Makes the folder hold exactly `tree`, ignored files and those of [`Self::keep`] aside.
    pub fn switch(&self, tree_id: TreeId) -> Result<Switched, VcsError> {
        own_folder(&self.folder)?;
        let repository = opening::open(&self.store)?;
        let tree_id = expand(&repository, tree_id)?;
        let wanted = entries(&repository, tree_id)?;
        let rules = Rules::of(&self.store, &wanted)?;
        let mut switched = Switched::default();
        // A whole `.git` is removed, then what it hid is seen.
        let scanner = Scanner { root: &self.folder, tracked: &wanted, rules: &rules };
        for git in scanner.scan()?.nested {
            self.remove(&git, &mut switched)?;
        }
        fs_remove(&self.folder.join(".git"))?;
        let scan = scanner.scan()?;
        let mut index = self.index()?;
        let before = entries_of(&index);
        let gone = before.keys().filter(|path| !wanted.contains_key(*path));
        let kept = self.kept()?;
        let strange = scan.files.keys().chain(&scan.special).chain(&scan.empty);
        let strange = strange.filter(|path| !wanted.contains_key(*path) && !kept.contains(*path));
        for path in gone.chain(strange) {
            self.remove(path, &mut switched)?;
        }
        repository.set_workdir(&self.folder, false).doing("attach the workspace")?;
        repository.set_index(&mut index).doing("attach the workspace's index")?;
        let mut paths = self.differing(&repository, &index, &wanted)?;
        let pointers = self.pointers(&rules, &wanted)?;
        for (path, pointer) in &pointers {
            if pointer.is_of(&self.folder.join(as_path(path))) {
                paths.remove(path);
            } else {
                paths.insert(path.clone());
            }
        }
        index.read_tree(&tree(&repository, tree_id)?).doing(format!("read tree {tree_id}"))?;
        if !paths.is_empty() {
            // libgit2 lets the machine's /etc/gitattributes speak too; it is heard only where the tree itself
            // asks for a conversion.
            let (converted, plain) = split(&rules, &paths)?;
            for (paths, filters_off) in [(plain, true), (converted, false)] {
                if paths.is_empty() {
                    continue;
                }
                let mut checkout = CheckoutBuilder::new();
                checkout.force().disable_pathspec_match(true).disable_filters(filters_off);
                for path in paths {
                    self.clear_the_way(path)?;
                    checkout.path(path.as_slice());
                }
                let done = repository.checkout_index(Some(&mut index), Some(&mut checkout));
                done.doing(format!("write into {}", self.folder.display()))?;
            }
        }
        index.write().doing("write the workspace's index")?;
        if let Some(lfs) = &self.lfs {
            for (path, pointer) in pointers.iter().filter(|(path, _)| paths.contains(*path)) {
                pointer.fill(lfs, &self.folder.join(as_path(path)), path)?;
            }
        }
        switched.filled = pointers.into_keys().map(TreePath::new).collect();
        switched.written = paths.into_iter().map(TreePath::new).collect();
        Ok(switched)
    }

    /// Makes a tree of what lies in the folder and writes it into the store. Ignore rules and attributes are
    /// those of `base`; filter programs are not run; pipes and empty folders are dropped.
    pub fn take(&self, base: TreeId) -> Result<Taken, VcsError> {
        own_folder(&self.folder)?;
        let repository = opening::open(&self.store)?;
        let tracked = entries(&repository, base)?;
        let rules = Rules::of(&self.store, &tracked)?;
        let scanner = Scanner { root: &self.folder, tracked: &tracked, rules: &rules };
        let scan = scanner.scan()?;
        let mut index = index_of(&repository, base)?;
        let mut oversized = Vec::new();
        for (path, entry) in &tracked {
            if entry.kind != EntryKind::Gitlink && !scan.files.contains_key(path) {
                drop_path(&mut index, path)?;
            }
        }
        for (path, meta) in &scan.files {
            let known = tracked.get(path);
            if known.is_none() && in_nested(&scan, path) {
                continue;
            }
            if let Some(known) = known
                && meta.len() > LARGEST
                && scanner.is_filled(path, meta, known)?
            {
                continue;
            }
            if meta.is_file() && meta.len() > LARGEST {
                oversized.push(TreePath::new(path.as_slice()));
                continue;
            }
            if known != Some(&scanner.entry(path, meta, Keep::Hash)?) {
                put(&mut index, path, scanner.entry(path, meta, Keep::Write)?)?;
            }
        }
        let listed = |paths: &[Vec<u8>]| paths.iter().map(|path| TreePath::new(path.as_slice())).collect();
        let folders: Vec<Vec<u8>> = scan.nested.iter().map(|git| parent(git).to_vec()).collect();
        Ok(Taken {
            tree: write_tree(&mut index, &repository)?,
            nested: listed(&folders),
            ignored: listed(&scan.ignored[..scan.ignored.len().min(LISTED)]),
            oversized,
            in_submodules: listed(&self.edited_submodules(&repository, base)?),
        })
    }

    /// Paths in submodules that are here whose content is not that of the commits `base` names.
    fn edited_submodules(&self, repository: &Repository, base: TreeId) -> Result<Vec<Vec<u8>>, VcsError> {
        let tracked = entries(repository, base)?;
        let expanded = expand(repository, base)?;
        if expanded == base {
            return Ok(Vec::new());
        }
        let inside = entries(repository, expanded)?;
        let rules = Rules::of(&self.store, &inside)?;
        let scanner = Scanner { root: &self.folder, tracked: &inside, rules: &rules };
        let mut paths = scanner.differing(&scanner.scan()?)?;
        let is_link = |path: &[u8]| tracked.get(path).is_some_and(|entry| entry.kind == EntryKind::Gitlink);
        paths.retain(|path| {
            let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
            slashes.into_iter().any(|(at, _)| is_link(&path[..at]))
        });
        Ok(paths)
    }

    /// The paths where the folder is not exactly `tree`, ignored files aside; every file is read.
    pub fn verify(&self, tree: TreeId) -> Result<Vec<TreePath>, VcsError> {
        let repository = opening::open(&self.store)?;
        let tracked = entries(&repository, expand(&repository, tree)?)?;
        let rules = Rules::of(&self.store, &tracked)?;
        let scanner = Scanner { root: &self.folder, tracked: &tracked, rules: &rules };
        let scan = scanner.scan()?;
        let mut paths = scanner.differing(&scan)?;
        paths.extend(scan.nested);
        paths.extend(scan.special);
        Ok(paths.into_iter().map(TreePath::new).collect())
    }

    /// The LFS pointers whose objects are here.
    fn pointers(&self, rules: &Rules, wanted: &Entries) -> Result<BTreeMap<Vec<u8>, Pointer>, VcsError> {
        let mut pointers = BTreeMap::new();
        let Some(lfs) = &self.lfs else { return Ok(pointers) };
        if !wanted.keys().any(|path| path.ends_with(b".gitattributes")) {
            return Ok(pointers);
        }
        for (path, entry) in wanted {
            if matches!(entry.kind, EntryKind::File | EntryKind::Executable)
                && let Some(pointer) = rules.pointer(path, entry.id)?
                && pointer.is_kept(lfs)
            {
                pointers.insert(path.clone(), pointer);
            }
        }
        Ok(pointers)
    }

    /// The index; a damaged one is as good as none.
    fn index(&self) -> Result<Index, VcsError> {
        if let Ok(index) = Index::open(&self.index) {
            return Ok(index);
        }
        fs::remove_file(&self.index)?;
        Index::open(&self.index).doing(format!("open the index {}", self.index.display()))
    }

    /// The paths that must be written: where the tree differs from the index, or the folder from the index.
    fn differing(
        &self,
        repository: &Repository,
        index: &Index,
        wanted: &Entries,
    ) -> Result<BTreeSet<Vec<u8>>, VcsError> {
        let before = entries_of(index);
        let mut paths: BTreeSet<Vec<u8>> = wanted
            .iter()
            .filter(|(path, entry)| before.get(*path) != Some(*entry) && entry.kind != EntryKind::Gitlink)
            .map(|(path, _)| path.clone())
            .collect();
        let diff = repository.diff_index_to_workdir(Some(index), None);
        for delta in diff.doing(format!("compare {} with its index", self.folder.display()))?.deltas() {
            let path = delta.old_file().path_bytes().unwrap_or_default();
            let is_file = wanted.get(path).is_some_and(|entry| entry.kind != EntryKind::Gitlink);
            if delta.status() != Delta::Untracked && is_file {
                paths.insert(path.to_vec());
            }
        }
        let rewrites = |path: &[u8]| path == b".gitattributes" || path.ends_with(b"/.gitattributes");
        let dropped = before.keys().any(|path| rewrites(path) && !wanted.contains_key(path));
        if dropped || paths.iter().any(|path| rewrites(path)) {
            // Attributes decide how other files look in the folder (line ends).
            paths.extend(
                wanted
                    .iter()
                    .filter(|(_, entry)| entry.kind != EntryKind::Gitlink)
                    .map(|(path, _)| path.clone()),
            );
        }
        Ok(paths)
    }

    /// Removes a file or folder, and folders above it that become empty.
    fn remove(&self, path: &[u8], switched: &mut Switched) -> Result<(), VcsError> {
        // A link may stand where a folder of the path was: what is behind it is not ours.
        if self.blocked_above(path).is_some() || !fs_remove(&self.folder.join(as_path(path)))? {
            return Ok(());
        }
        switched.removed.push(TreePath::new(path));
        let mut folder = parent(path);
        while !folder.is_empty() && std::fs::remove_dir(self.folder.join(as_path(folder))).is_ok() {
            folder = parent(folder);
        }
        Ok(())
    }

    /// Removes what stands where a file must be written, and a file in place of a folder above. libgit2 writes
    /// into what it finds: through a symbolic link, or into another name's file through a hard one.
    fn clear_the_way(&self, path: &[u8]) -> Result<(), VcsError> {
        if let Some(blocked) = self.blocked_above(path) {
            fs_remove(&blocked)?;
        }
        fs_remove(&self.folder.join(as_path(path))).map(drop)
    }

    /// The first place above `path` that is there and is no folder.
    fn blocked_above(&self, path: &[u8]) -> Option<PathBuf> {
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(end, _)| end);
        ends.map(|end| self.folder.join(as_path(&path[..end])))
            .find(|place| std::fs::symlink_metadata(place).is_ok_and(|meta| !meta.is_dir()))
    }
}

/// Makes the folder where it is not. What was put in its place (a link to somewhere, a file) is removed and
/// never followed: behind it may lie what is not ours.
fn own_folder(folder: &Path) -> Result<(), VcsError> {
    match std::fs::symlink_metadata(folder) {
        Ok(meta) if meta.is_dir() => return Ok(()),
        Ok(_) => fs::remove_file(folder)?,
        Err(_) => {}
    }
    Ok(fs::create_folder(folder)?)
}

/// Paths the tree's own attributes convert when they are written, and the others.
fn split<'p>(rules: &Rules, paths: &'p BTreeSet<Vec<u8>>) -> Result<(Paths<'p>, Paths<'p>), VcsError> {
    let (mut converted, mut plain) = (Vec::new(), Vec::new());
    for path in paths {
        if rules.converts_when_written(path)? { converted.push(path) } else { plain.push(path) }
    }
    Ok((converted, plain))
}

type Paths<'p> = Vec<&'p Vec<u8>>;

fn in_nested(scan: &Scan, path: &[u8]) -> bool {
    scan.nested.iter().any(|git| {
        let folder = parent(git);
        !folder.is_empty() && path.strip_prefix(folder).is_some_and(|rest| rest.starts_with(b"/"))
    })
}

fn parent(path: &[u8]) -> &[u8] {
    &path[..path.iter().rposition(|&byte| byte == b'/').unwrap_or(0)]
}

/// Removes whatever is there, never following a link; whether something was.
pub(super) fn fs_remove(path: &Path) -> Result<bool, VcsError> {
    match std::fs::symlink_metadata(path) {
        Err(_) => Ok(false),
        Ok(meta) if meta.is_dir() => Ok(fs::remove_folder(path).map(|()| true)?),
        Ok(_) => Ok(fs::remove_file(path).map(|()| true)?),
    }
}
