//! What can go wrong with repositories, each with the way out where there is one.
//!
//! A patch that does not apply and a merge that conflicts are no errors but values
//! ([`super::Applied`], [`super::Merged`]).

use std::path::PathBuf;

use crate::fs::PathError;
use crate::model::change::TreePath;
use crate::model::id::CommitId;

/// Why an act on a repository failed.
#[derive(Debug, thiserror::Error)]
pub enum VcsError {
    /// Nothing there is a git repository.
    #[error("no git repository at or above {}", path.display())]
    NoRepository {
        /// Where the search began.
        path: PathBuf,
    },
    /// HEAD names a branch without a commit.
    #[error("{} has no commit yet", path.display())]
    Unborn {
        /// The repository.
        path: PathBuf,
    },
    /// Objects are not there, as in a partial clone.
    #[error(
        "{count} objects of commit {commit} are missing (the first is {first}): a partial clone without them"
    )]
    MissingObjects {
        /// The commit that needs them.
        commit: CommitId,
        /// How many.
        count: usize,
        /// The path or the object name of the first one.
        first: String,
    },
    /// The repository names its objects by SHA-256.
    #[error("{} uses SHA-256 object names, which optiloop cannot read", path.display())]
    Sha256 {
        /// The repository.
        path: PathBuf,
    },
    /// The repository keeps its refs as reftable.
    #[error("{} keeps its refs as reftable, which optiloop cannot read", path.display())]
    Reftable {
        /// The repository.
        path: PathBuf,
    },
    /// A branch `optiloop` makes `optiloop/<run>` impossible.
    #[error("{} has a branch named `optiloop`, so `optiloop/<run>` cannot be created", path.display())]
    BranchInTheWay {
        /// The repository.
        path: PathBuf,
    },
    /// Another user owns the repository.
    #[error("{} belongs to another user", path.display())]
    ForeignOwner {
        /// The repository.
        path: PathBuf,
    },
    /// The git configuration cannot be read.
    #[error("the git configuration cannot be read: {reason}")]
    Config {
        /// What libgit2 said.
        reason: String,
    },
    /// A bare repository has no work tree.
    #[error("{} is bare: it has no work tree to judge", path.display())]
    NoWorkTree {
        /// The repository.
        path: PathBuf,
    },
    /// A merge is not finished.
    #[error("{count} files of the work tree are unmerged, the first is {first}")]
    Unmerged {
        /// How many.
        count: usize,
        /// The first of them.
        first: TreePath,
    },
    /// A revision that does not exist.
    #[error("no commit is named {spec:?}: {reason}")]
    NoCommit {
        /// What was asked for.
        spec: String,
        /// What libgit2 said.
        reason: String,
    },
    /// A commit to judge on its parent has none (here).
    #[error("commit {commit} has no parent in this repository")]
    NoParent {
        /// The commit.
        commit: CommitId,
    },
    /// git knows no name and address for commits.
    #[error("git does not know who you are (user.name and user.email are not set)")]
    NoAuthor,
    /// The branch is not an ancestor of what should become its tip.
    #[error("branch {branch} stands at {tip}, which is not behind {commit}: it was moved by someone else")]
    NotFastForward {
        /// The branch, as `optiloop/<run>`.
        branch: String,
        /// Where it stands.
        tip: CommitId,
        /// Where it should go.
        commit: CommitId,
    },
    /// The branch is checked out, so that moving it would change what git says about a work tree.
    #[error("branch {branch} is checked out in {}", path.display())]
    CheckedOut {
        /// The branch, as `optiloop/<run>`.
        branch: String,
        /// The work tree.
        path: PathBuf,
    },
    /// An LFS object is not what its name says.
    #[error("the LFS object of {path} is damaged: {}", object.display())]
    LfsObject {
        /// The file that points to it.
        path: TreePath,
        /// Where it lies.
        object: PathBuf,
    },
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] PathError),
    /// Anything else libgit2 said.
    #[error("cannot {doing}: {reason}")]
    Git {
        /// What was being done.
        doing: String,
        /// What libgit2 said.
        reason: String,
    },
}

impl VcsError {
    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoRepository { .. } => {
                "run optiloop inside a git repository, or `git init` and commit first".into()
            }
            Self::Unborn { .. } => "commit the code first: optiloop compares commits".into(),
            Self::MissingObjects { .. } => {
                "run `git fetch --refetch --no-filter` to make the clone complete".into()
            }
            Self::Sha256 { .. } => {
                "use a clone with SHA-1 object names (`git init --object-format=sha1`)".into()
            }
            Self::Reftable { .. } => {
                "run `git refs migrate --ref-format=files`, or use a clone with `--ref-format=files`".into()
            }
            Self::BranchInTheWay { .. } => "rename it: `git branch -m optiloop optiloop-old`".into(),
            Self::ForeignOwner { path } => {
                format!("if you trust it: `git config --global --add safe.directory {}`", path.display())
            }
            Self::Config { .. } => {
                "make ~/.gitconfig and the repository's config readable, or set HOME".into()
            }
            Self::NoWorkTree { .. } => "name a commit or a range: `optiloop judge HEAD`".into(),
            Self::Unmerged { .. } => "finish or abort the merge (`git merge --abort`)".into(),
            Self::NoCommit { .. } => {
                "name a patch file, a commit or a range A..B; `git log --oneline` shows what exists".into()
            }
            Self::NoParent { .. } => {
                "judge a range (`A..B`); in a shallow clone run `git fetch --deepen=1`".into()
            }
            Self::NoAuthor => "run `git config user.name NAME` and `git config user.email ADDRESS`".into(),
            Self::NotFastForward { branch, .. } => {
                format!("move it away: `git branch -m {branch} {branch}-kept`")
            }
            Self::CheckedOut { .. } => {
                "switch that work tree to another branch (`git switch -`), then resume".into()
            }
            Self::LfsObject { .. } => "run `git lfs fsck`, then `git lfs fetch`".into(),
            Self::File(_) | Self::Git { .. } => return None,
        })
    }
}

/// Says what was being done when libgit2 failed.
pub(super) trait Doing<T> {
    /// Wraps the error.
    fn doing(self, what: impl Into<String>) -> Result<T, VcsError>;
}

impl<T> Doing<T> for Result<T, git2::Error> {
    fn doing(self, what: impl Into<String>) -> Result<T, VcsError> {
        self.map_err(|error| VcsError::Git { doing: what.into(), reason: error.message().to_owned() })
    }
}

/// Wraps an error of the operating system with the path it happened at.
pub(super) fn at<T>(
    doing: &'static str,
    path: &std::path::Path,
    result: std::io::Result<T>,
) -> Result<T, VcsError> {
    result.map_err(|source| PathError { doing, path: path.to_owned(), source }.into())
}
