//! The workspace an agent edits: a [`Workspace`] with a throw-away `.git` of one commit, so that the agent's
//! `git diff` works and shows its own edits.
//!
//! That repository has no remote, no history and no path to the store. It is written and never read: the
//! tree is taken from the files, by the rules of the base.

use std::path::Path;

use git2::{Repository, RepositoryInitOptions, Signature, Time};

use super::error::{Doing as _, VcsError};
use super::objects::{as_path, tree_oid};
use super::opening;
use super::store::{Store, pin};
use super::workspace::{Switched, Taken, Workspace};
use crate::fs;
use crate::model::id::TreeId;

/// The bit of an index entry that tells git not to look at the file.
const ASSUME_VALID: u16 = 0x8000;

/// An agent's workspace.
#[derive(Debug, Clone)]
pub struct AgentWorkspace {
    workspace: Workspace,
    store: Store,
}

impl AgentWorkspace {
    /// As [`Workspace::open`].
    pub fn open(store: &Store, folder: &Path, index: &Path) -> Result<Self, VcsError> {
        Ok(Self { workspace: Workspace::open(store, folder, index)?, store: store.clone() })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.workspace.folder()
    }

    /// Makes the folder hold exactly `tree` and gives it a new `.git` that knows nothing else. `at` is the
    /// time of its commit, in seconds since 1970.
    pub fn switch(&self, tree: TreeId, at: i64) -> Result<Switched, VcsError> {
        let switched = self.workspace.switch(tree)?;
        let git = self.folder().join(".git");
        let mut options = RepositoryInitOptions::new();
        options.no_reinit(true).external_template(false).initial_head("optiloop-base");
        let repository =
            Repository::init_opts(self.folder(), &options).doing(format!("create {}", git.display()))?;
        pin(&repository)?;
        let pack = git.join("objects").join("pack");
        fs::create_folder(&pack)?;
        let store = opening::open(self.store.path())?;
        let mut builder = store.packbuilder().doing("start a pack")?;
        builder
            .insert_tree(tree_oid(tree))
            .and_then(|()| builder.write(&pack, 0o444))
            .doing("pack the base")?;
        let found = repository.find_tree(tree_oid(tree)).doing("find the base")?;
        let who =
            Signature::new("optiloop", "optiloop@localhost", &Time::new(at, 0)).doing("sign the base")?;
        repository.commit(Some("HEAD"), &who, &who, "base\n", &found, &[]).doing("commit the base")?;
        let mut index = repository.index().doing("open the agent's index")?;
        index.read_tree(&found).doing("read the base into the agent's index")?;
        for path in &switched.filled {
            // What LFS holds is no edit of the agent's: its git is not to look at it.
            if let Some(mut entry) = index.get_path(as_path(path.bytes()), 0) {
                entry.flags |= ASSUME_VALID;
                index.add(&entry).doing("write the agent's index")?;
            }
        }
        index.write().doing("write the agent's index")?;
        Ok(switched)
    }

    /// As [`Workspace::take`]: what the agent did under `.git` changes nothing.
    pub fn take(&self, base: TreeId) -> Result<Taken, VcsError> {
        self.workspace.take(base)
    }
}
