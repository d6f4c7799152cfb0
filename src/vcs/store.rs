//! Our object database: a bare repository under the state root, with a pinned configuration.
//!
//! Every tree that is built, tested or measured is in it. It holds nothing later than what was asked for
//! (`seed`), and what is not known to be wanted again stays only under `refs/optiloop/<run>/…`.
//! The other acts on trees are `impl`s of [`Store`] in `seed`, `changes`, `apply` and `compose`.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryInitOptions, Signature, Time};

use super::error::{Doing as _, VcsError};
use super::objects::{commit, commit_id, commit_oid, entries, tree};
use super::opening;
use super::user::{Person, blob_in, revision};
use crate::model::change::TreePath;
use crate::model::id::{CommitId, Iteration, Revision, RunId, TreeId};

/// The object database of one repository's runs.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) path: PathBuf,
    /// Where the user's LFS objects lie.
    pub(super) lfs: Option<PathBuf>,
}

/// A commit to be made.
#[derive(Debug, Clone)]
pub struct CommitDraft {
    /// What it holds.
    pub tree: TreeId,
    /// What it stands on.
    pub parents: Vec<CommitId>,
    /// Subject, body and trailers.
    pub message: String,
    /// Whose work it is.
    pub author: Person,
    /// Who commits it.
    pub committer: Person,
    /// When, in seconds since 1970 (UTC).
    pub at: i64,
}

/// What a run keeps a commit as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The revision the run began at.
    Original,
    /// The last landed commit.
    Head,
    /// A proposal, whatever its verdict.
    Proposal(Iteration),
}

/// Settings of the store, so that no configuration of the user or the machine reaches a workspace.
const PINNED: &[(&str, &str)] = &[
    ("core.autocrlf", "false"),
    ("core.eol", "lf"),
    ("core.excludesFile", "/dev/null"),
    ("core.attributesFile", "/dev/null"),
    ("core.fileMode", "true"),
    ("core.symlinks", "true"),
    ("core.ignoreCase", "false"),
    ("core.precomposeUnicode", "false"),
    ("core.protectNTFS", "false"),
    ("core.protectHFS", "false"),
    ("core.logAllRefUpdates", "false"),
];

/// Writes the pinned settings into a repository's own configuration.
pub(super) fn pin(repository: &Repository) -> Result<(), VcsError> {
    let config = repository.config().and_then(|config| config.open_level(git2::ConfigLevel::Local));
    let mut config = config.doing("open the store's configuration")?;
    for (name, value) in PINNED {
        config.set_str(name, value).doing(format!("pin {name}"))?;
    }
    Ok(())
}

impl Store {
    /// Opens the store at `path`, making it first if nothing is there. A creation that was cut is finished.
    pub fn create(path: &Path) -> Result<Self, VcsError> {
        let mut options = RepositoryInitOptions::new();
        options.bare(true).external_template(false).mkpath(true).initial_head("optiloop");
        let repository =
            Repository::init_opts(path, &options).doing(format!("create the store {}", path.display()))?;
        pin(&repository)?;
        Ok(Self { path: repository.path().to_owned(), lfs: None })
    }

    /// The same with LFS objects of this folder, which workspaces opened from now on hold in place of pointers.
    #[must_use]
    pub fn with_lfs(self, folder: PathBuf) -> Self {
        Self { lfs: Some(folder), ..self }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn repository(&self) -> Result<Repository, VcsError> {
        opening::open(&self.path)
    }

    /// Whether the store has the commit.
    pub fn has(&self, id: CommitId) -> Result<bool, VcsError> {
        Ok(self.repository()?.find_commit(commit_oid(id)).is_ok())
    }

    /// A commit with its tree.
    pub fn revision(&self, id: CommitId) -> Result<Revision, VcsError> {
        Ok(revision(&commit(&self.repository()?, id)?))
    }

    /// The parents of a commit.
    pub fn parents(&self, id: CommitId) -> Result<Vec<CommitId>, VcsError> {
        Ok(commit(&self.repository()?, id)?.parent_ids().map(commit_id).collect())
    }

    /// The message of a commit, lossily.
    pub fn message(&self, id: CommitId) -> Result<String, VcsError> {
        Ok(String::from_utf8_lossy(commit(&self.repository()?, id)?.message_bytes()).into_owned())
    }

    /// Makes a commit; the same draft always gives the same one.
    pub fn commit(&self, draft: &CommitDraft) -> Result<CommitId, VcsError> {
        let repository = self.repository()?;
        let sign = |person: &Person| {
            let signature = Signature::new(&person.name, &person.email, &Time::new(draft.at, 0));
            signature.doing(format!("sign as {} <{}>", person.name, person.email))
        };
        let (author, committer) = (sign(&draft.author)?, sign(&draft.committer)?);
        let parents: Result<Vec<_>, _> = draft.parents.iter().map(|id| commit(&repository, *id)).collect();
        let parents = parents?;
        let parents: Vec<&git2::Commit<'_>> = parents.iter().collect();
        let tree = tree(&repository, draft.tree)?;
        let made = repository.commit(None, &author, &committer, &draft.message, &tree, &parents);
        Ok(commit_id(made.doing("make a commit")?))
    }

    /// Keeps a commit under the run's name; keeping it again, or another in its place, is fine.
    pub fn keep(&self, run: &RunId, kept: Kept, id: CommitId) -> Result<(), VcsError> {
        let name = reference(run, kept);
        let made = self.repository()?.reference(&name, commit_oid(id), true, "optiloop").map(drop);
        made.doing(format!("keep {id} as {name}"))
    }

    /// The commit kept under the run's name.
    pub fn kept(&self, run: &RunId, kept: Kept) -> Result<Option<CommitId>, VcsError> {
        match self.repository()?.refname_to_id(&reference(run, kept)) {
            Ok(id) => Ok(Some(commit_id(id))),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error).doing(format!("look up {}", reference(run, kept))),
        }
    }

    /// Forgets all a run kept (its objects stay until the store is rebuilt).
    pub fn forget(&self, run: &RunId) -> Result<(), VcsError> {
        let repository = self.repository()?;
        let pattern = format!("refs/optiloop/{run}/*");
        for found in repository.references_glob(&pattern).doing(format!("list {pattern}"))? {
            found.and_then(|mut found| found.delete()).doing(format!("delete {pattern}"))?;
        }
        Ok(())
    }

    /// The bytes of a file in a tree; `None` where there is no file.
    pub fn read_blob(&self, id: TreeId, path: &TreePath) -> Result<Option<Vec<u8>>, VcsError> {
        let repository = self.repository()?;
        blob_in(&repository, &tree(&repository, id)?, path)
    }

    /// Bytes of all files of a tree.
    pub fn bytes(&self, id: TreeId) -> Result<u64, VcsError> {
        let repository = self.repository()?;
        let odb = repository.odb().doing("open the store's objects")?;
        let sizes =
            entries(&repository, id)?.into_values().filter_map(|entry| odb.read_header(entry.id).ok());
        Ok(sizes.map(|(size, _)| size as u64).sum())
    }

    /// All paths of a tree, sorted.
    pub fn paths(&self, id: TreeId) -> Result<Vec<TreePath>, VcsError> {
        Ok(entries(&self.repository()?, id)?.into_keys().map(TreePath::new).collect())
    }
}

fn reference(run: &RunId, kept: Kept) -> String {
    match kept {
        Kept::Original => format!("refs/optiloop/{run}/original"),
        Kept::Head => format!("refs/optiloop/{run}/head"),
        Kept::Proposal(iteration) => format!("refs/optiloop/{run}/{iteration}"),
    }
}
