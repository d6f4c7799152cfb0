//! What a commit names without holding it: submodules and LFS objects. Workspaces have an empty folder and a
//! pointer in their places; here is only said which.

use super::error::{Doing as _, VcsError};
use super::objects::{commit, entries, tree_id};
use super::user::UserRepository;
use crate::model::change::{EntryKind, TreePath};
use crate::model::id::CommitId;

/// How every LFS pointer begins (<https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>).
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// A pointer is smaller than this, in bytes.
const LARGEST_POINTER: usize = 1024;
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
        let mut left_out = LeftOut::default();
        // Without attributes nothing goes through LFS, and no file need be looked at.
        let may_be_lfs = entries.keys().any(|path| path.ends_with(b".gitattributes"));
        for (path, entry) in entries {
            if entry.kind == EntryKind::Gitlink {
                left_out.submodules.push(TreePath::new(path));
            } else if may_be_lfs
                && odb.read_header(entry.id).is_ok_and(|(size, _)| size < LARGEST_POINTER)
                && odb.read(entry.id).is_ok_and(|object| object.data().starts_with(POINTER))
            {
                left_out.pointers.push(TreePath::new(path));
            }
        }
        Ok(left_out)
    }
}

impl LeftOut {
    /// A line for people about each kind.
    pub fn lines(&self) -> Vec<String> {
        let say = |paths: &[TreePath], what: &str| {
            (!paths.is_empty()).then(|| format!("{what}: {}; `setup` can bring the content", listed(paths)))
        };
        let submodules = say(&self.submodules, "submodules are empty folders in workspaces");
        let pointers = say(&self.pointers, "LFS files are pointers in workspaces");
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
