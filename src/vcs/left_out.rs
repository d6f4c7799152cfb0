//! What a commit names and nobody here has: submodules and LFS objects. Workspaces have an empty folder and a pointer
//! in their places; here is only said which. Where they are here, `submodules` and `lfs` bring them.

use super::error::{Doing as _, VcsError};
use super::lfs::{LARGEST_POINTER, Pointer};
use super::objects::{commit, entries, tree_id};
use super::user::UserRepository;
use crate::model::change::{EntryKind, TreePath};
use crate::model::id::CommitId;

/// Paths that are named before the rest is counted.
const NAMED: usize = 3;

/// What is left out of the workspaces of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Folders of submodules.
    pub submodules: Vec<TreePath>,
    /// Files of which only the LFS pointer is there.
    pub pointers: Vec<TreePath>,
}

impl UserRepository {
    /// What a commit names without holding it.
    pub fn left_out(&self, id: CommitId) -> Result<LeftOut, VcsError> {
        let repository = self.repository()?;
        let entries = entries(&repository, tree_id(commit(&repository, id)?.tree_id()))?;
        let odb = repository.odb().doing("open the objects")?;
        let objects = self.lfs_objects()?;
        let mut left_out = LeftOut::default();
        // Without attributes nothing goes through LFS, and no file need be looked at.
        let may_be_lfs = entries.keys().any(|path| path.ends_with(b".gitattributes"));
        for (path, entry) in entries {
            if entry.kind == EntryKind::Gitlink {
                continue;
            }
            let pointer = || {
                let is_small = odb.read_header(entry.id).is_ok_and(|(size, _)| size < LARGEST_POINTER);
                is_small.then(|| Pointer::read(odb.read(entry.id).ok()?.data()))?
            };
            if may_be_lfs && pointer().is_some_and(|pointer| !pointer.is_kept(&objects)) {
                left_out.pointers.push(TreePath::new(path));
            }
        }
        for submodule in self.submodules(id)? {
            let path = submodule.path;
            let below = |inner: &TreePath| TreePath::new([path.bytes(), b"/", inner.bytes()].concat());
            match submodule.repository {
                None => left_out.submodules.push(path),
                Some(repository) => {
                    let inner = repository.left_out(submodule.commit)?;
                    left_out.submodules.extend(inner.submodules.iter().map(below));
                    left_out.pointers.extend(inner.pointers.iter().map(below));
                }
            }
        }
        Ok(left_out)
    }
}

impl LeftOut {
    /// A line for people about each kind.
    pub fn lines(&self) -> Vec<String> {
        let say = |paths: &[TreePath], what: &str, how: &str| {
            (!paths.is_empty())
                .then(|| format!("{what}: {}; {how} or `setup` can bring the content", listed(paths)))
        };
        let what = "submodules are empty folders in workspaces";
        let submodules = say(&self.submodules, what, "`git submodule update --init --recursive`");
        let pointers = say(&self.pointers, "LFS files are pointers in workspaces", "`git lfs fetch`");
        submodules.into_iter().chain(pointers).collect()
    }
}

fn listed(paths: &[TreePath]) -> String {
    let names: Vec<String> = paths.iter().take(NAMED).map(ToString::to_string).collect();
    match paths.len() {
        n if n > NAMED => format!("{} and {} more", names.join(", "), n - NAMED),
        _ => names.join(", "),
    }
}
