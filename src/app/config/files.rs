//! Where config lies and what its files say: in the work tree, or in a commit.
//!
//! Start at [`project_root`] and [`Files::read`].

use std::path::{Path, PathBuf};

use crate::app::error::AppError;
use crate::fs;
use crate::model::change::TreePath;
use crate::model::id::CommitId;
use crate::policy::origin::Committed;
use crate::vcs::FileState;
use crate::vcs::user::UserRepository;

use super::FILE;

/// The folder of the nearest manifest or config file above where the user stands, relative to the top.
pub(in crate::app) fn project_root(top: Option<&Path>, folder: &Path) -> PathBuf {
    let Some(top) = top else { return PathBuf::new() };
    let manifests = crate::policy::language::all().unwrap_or_default();
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let top = top.canonicalize().unwrap_or_else(|_| top.to_owned());
    let marks = |at: &Path| {
        at.join(FILE).exists()
            || manifests.iter().any(|l| l.manifests.iter().any(|name| at.join(name).exists()))
    };
    let nearest = folder.ancestors().take_while(|at| at.starts_with(&top)).find(|at| marks(at));
    nearest.and_then(|at| at.strip_prefix(&top).ok()).map(Path::to_owned).unwrap_or_default()
}

/// The root itself and every folder down to `root`.
pub(super) fn from_the_root_down(root: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = root.ancestors().map(Path::to_owned).collect();
    folders.reverse();
    folders
}

/// Reads files of the project: from the work tree where there is one, else from the commit.
pub(super) struct Files<'a> {
    pub(super) user: &'a UserRepository,
    pub(super) top: Option<&'a Path>,
    pub(super) head: CommitId,
}

impl Files<'_> {
    /// A file's path, text, and whether it is committed as it is.
    pub(super) fn read(
        &self,
        path: &Path,
        stamps: &mut Vec<String>,
    ) -> Result<Option<(String, String, Committed)>, AppError> {
        let name = path.to_string_lossy().into_owned();
        let tree_path = TreePath::new(name.as_bytes());
        let Some(top) = self.top else {
            let blob = self.user.read_blob(self.head, &tree_path)?;
            return Ok(blob.map(|bytes| (name, String::from_utf8_lossy(&bytes).into_owned(), Committed::Yes)));
        };
        let read = fs::read_text_if_present(&top.join(path)).map_err(AppError::Unreadable)?;
        let Some(text) = read else { return Ok(None) };
        let committed = match self.user.file_state(&tree_path)? {
            FileState::Committed => Committed::Yes,
            FileState::Modified | FileState::Untracked | FileState::Absent => {
                stamps.push(format!("{name} is not committed as it was read"));
                Committed::No
            }
        };
        Ok(Some((name, text, committed)))
    }

    /// Names of the files in a folder.
    pub(super) fn names(&self, folder: &Path) -> Result<Vec<String>, AppError> {
        let Some(top) = self.top else {
            let depth = folder.components().count();
            let paths =
                self.user.paths(self.head)?.into_iter().map(|path| PathBuf::from(path.lossy().into_owned()));
            let inside =
                paths.filter(|path| path.starts_with(folder) && path.components().count() == depth + 1);
            return Ok(inside
                .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
                .collect());
        };
        let entries = fs::entries(&top.join(folder))?;
        Ok(entries.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect())
    }
}
