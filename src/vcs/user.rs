//! The user's repository: read, never written, but for the objects and the one branch of `land`.
//!
//! Not here: the work tree as a tree (`work_tree`), the hand-over (`landing`); both are `impl`s of
//! [`UserRepository`]. Nothing here refreshes the user's index or writes into `.git`.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository};

use super::error::{Doing as _, VcsError};
use super::objects::{as_path, commit, commit_id, commit_oid, entries, tree_id};
use super::opening;
use crate::model::change::TreePath;
use crate::model::id::{CommitId, Revision};

/// A repository of the user, checked to be of a kind that works.
#[derive(Debug, Clone)]
pub struct UserRepository {
    pub(super) git: PathBuf,
    pub(super) root: Option<PathBuf>,
}

/// What is judged: a change from one revision to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Before the change.
    pub base: Revision,
    /// After it.
    pub candidate: Revision,
}

/// Who writes a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

impl UserRepository {
    /// Finds the repository at or above `path` and refuses what design.md section 6 refuses, but for missing
    /// objects, which are found when they are needed.
    pub fn discover(path: &Path) -> Result<Self, VcsError> {
        Self::open(&opening::discover(path)?)
    }

    /// As [`Self::discover`], without looking above `git`.
    pub fn open(git: &Path) -> Result<Self, VcsError> {
        let repository = opening::open(git)?;
        let user = Self { git: repository.path().to_owned(), root: repository.workdir().map(Path::to_owned) };
        if repository.object_format() != git2::ObjectFormat::Sha1 {
            return Err(VcsError::Sha256 { path: user.git });
        }
        user.head()?;
        match repository.find_reference("refs/heads/optiloop") {
            Ok(_) => Err(VcsError::BranchInTheWay { path: user.git }),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(user),
            Err(error) => Err(error).doing("look for a branch named `optiloop`"),
        }
    }

    /// The root of the work tree; `None` in a bare repository.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The folder all linked work trees share: what identifies the repository.
    pub fn common_folder(&self) -> Result<PathBuf, VcsError> {
        Ok(self.repository()?.commondir().to_owned())
    }

    /// Where git LFS keeps its objects; the folder need not be there.
    pub fn lfs_objects(&self) -> Result<PathBuf, VcsError> {
        let repository = self.repository()?;
        let named = repository.config().and_then(|config| config.get_path("lfs.storage")).ok();
        let folder = repository.commondir().join(named.unwrap_or_else(|| PathBuf::from("lfs")));
        Ok(folder.join("objects"))
    }

    /// The commit HEAD stands at, on a branch or detached.
    pub fn head(&self) -> Result<Revision, VcsError> {
        let repository = self.repository()?;
        let head = repository.head().map_err(|error| match error.code() {
            ErrorCode::UnbornBranch | ErrorCode::NotFound => VcsError::Unborn { path: self.place() },
            _ => VcsError::Git { doing: "read HEAD".into(), reason: error.message().to_owned() },
        })?;
        Ok(revision(&head.peel_to_commit().doing("read the commit of HEAD")?))
    }

    /// The short name of the branch HEAD is on; `None` if it is detached.
    pub fn branch(&self) -> Result<Option<String>, VcsError> {
        let repository = self.repository()?;
        if repository.head_detached().doing("read HEAD")? {
            return Ok(None);
        }
        let head = repository.head().doing("read HEAD")?;
        Ok(Some(String::from_utf8_lossy(head.shorthand_bytes()).into_owned()))
    }

    /// A commit by any name git understands.
    pub fn resolve(&self, spec: &str) -> Result<Revision, VcsError> {
        let repository = self.repository()?;
        let object = repository.revparse_single(spec);
        let commit = object.and_then(|object| object.peel_to_commit());
        commit.map(|commit| revision(&commit)).map_err(|error| no_commit(spec, &error))
    }

    /// `A..B` as one change, or a commit on its (first) parent.
    pub fn resolve_span(&self, spec: &str) -> Result<Span, VcsError> {
        if spec.contains("...") {
            let reason = "`A...B` has no single base; write `A..B`".into();
            return Err(VcsError::NoCommit { spec: spec.into(), reason });
        }
        if let Some((base, candidate)) = spec.split_once("..") {
            let or_head = |name: &str| self.resolve(if name.is_empty() { "HEAD" } else { name });
            return Ok(Span { base: or_head(base)?, candidate: or_head(candidate)? });
        }
        let candidate = self.resolve(spec)?;
        let no_parent = VcsError::NoParent { commit: candidate.commit };
        let parent = self.parents(candidate.commit)?.first().copied().ok_or(no_parent)?;
        let base =
            self.resolve(&parent.to_string()).map_err(|_| VcsError::NoParent { commit: candidate.commit })?;
        Ok(Span { base, candidate })
    }

    /// The parents of a commit.
    pub fn parents(&self, id: CommitId) -> Result<Vec<CommitId>, VcsError> {
        let repository = self.repository()?;
        Ok(commit(&repository, id)?.parent_ids().map(commit_id).collect())
    }

    /// The message of a commit, lossily.
    pub fn message(&self, id: CommitId) -> Result<String, VcsError> {
        let repository = self.repository()?;
        Ok(String::from_utf8_lossy(commit(&repository, id)?.message_bytes()).into_owned())
    }

    /// The bytes of a file in a commit; `None` where there is no file.
    pub fn read_blob(&self, id: CommitId, path: &TreePath) -> Result<Option<Vec<u8>>, VcsError> {
        let repository = self.repository()?;
        let tree = commit(&repository, id)?.tree().doing(format!("read the tree of {id}"))?;
        blob_in(&repository, &tree, path)
    }

    /// All paths of a commit, sorted.
    pub fn paths(&self, id: CommitId) -> Result<Vec<TreePath>, VcsError> {
        let repository = self.repository()?;
        let tree = commit(&repository, id)?.tree_id();
        Ok(entries(&repository, tree_id(tree))?.into_keys().map(TreePath::new).collect())
    }

    /// The best commit both are made from; `None` where this clone has none.
    pub fn merge_base(&self, one: CommitId, other: CommitId) -> Result<Option<CommitId>, VcsError> {
        match self.repository()?.merge_base(commit_oid(one), commit_oid(other)) {
            Ok(id) => Ok(Some(commit_id(id))),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error).doing(format!("find where {one} and {other} part")),
        }
    }

    /// The same repository as if it were bare: nothing of its work tree is read.
    #[must_use]
    pub fn without_work_tree(&self) -> Self {
        Self { git: self.git.clone(), root: None }
    }

    /// `user.name` and `user.email` of the git configuration.
    pub fn author(&self) -> Result<Person, VcsError> {
        let repository = self.repository()?;
        let signature = repository.signature().map_err(|_| VcsError::NoAuthor)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Person { name: text(signature.name_bytes()), email: text(signature.email_bytes()) })
    }

    pub(super) fn repository(&self) -> Result<Repository, VcsError> {
        opening::open(&self.git)
    }

    pub(super) fn place(&self) -> PathBuf {
        self.root.clone().unwrap_or_else(|| self.git.clone())
    }

    /// Whether `ancestor` is `id` or behind it.
    pub fn is_behind(&self, ancestor: CommitId, id: CommitId) -> Result<bool, VcsError> {
        let walked = self.repository()?.graph_descendant_of(commit_oid(id), commit_oid(ancestor));
        Ok(ancestor == id || walked.doing(format!("walk from {id} to {ancestor}"))?)
    }
}

pub(super) fn revision(commit: &git2::Commit<'_>) -> Revision {
    Revision { commit: commit_id(commit.id()), tree: tree_id(commit.tree_id()) }
}

pub(super) fn blob_in(
    repository: &Repository,
    tree: &git2::Tree<'_>,
    path: &TreePath,
) -> Result<Option<Vec<u8>>, VcsError> {
    let entry = match tree.get_path(as_path(path.bytes())) {
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        entry => entry.doing(format!("look for {path}"))?,
    };
    if entry.kind() != Some(git2::ObjectType::Blob) {
        return Ok(None);
    }
    let blob = repository.find_blob(entry.id()).doing(format!("read {path}"))?;
    Ok(Some(blob.content().to_vec()))
}

fn no_commit(spec: &str, error: &git2::Error) -> VcsError {
    VcsError::NoCommit { spec: spec.into(), reason: error.message().to_owned() }
}
