//! Where a run takes place: the store, the workspaces and the artifacts of one repository.
//!
//! Not here: running anything ([`super::hands`]). Start at [`Site`].

use std::path::{Path, PathBuf};

use crate::fs;
use crate::journal::Artifacts;
use crate::model::id::TreeId;
use crate::vcs::NewFile;
use crate::vcs::agent_workspace::AgentWorkspace;
use crate::vcs::store::Store;
use crate::vcs::user::UserRepository;
use crate::vcs::workspace::Workspace;

use super::roots::{Roots, caches};
use super::world::WorldError;

/// The folders and databases of one repository's runs.
#[derive(Debug)]
pub struct Site {
    /// Where everything lies.
    pub roots: Roots,
    /// Trees and commits.
    pub store: Store,
    /// Raw profiles, logs, answers, patches.
    pub artifacts: Artifacts,
    /// The base's workspace: no candidate's code is ever built in it.
    pub base: Workspace,
    /// The candidate's workspace.
    pub candidate: Workspace,
    /// The agent's workspace.
    pub agent: AgentWorkspace,
    /// Benchmark files of the user's work tree that are laid over both sides, once the run's header says
    /// which.
    pub laid_over: Vec<NewFile>,
}

impl Site {
    /// Opens the site below `roots`, making what is not there yet.
    pub fn open(roots: Roots, user: &UserRepository) -> Result<Self, WorldError> {
        roots.create()?;
        fs::create_folder(&roots.bin())?;
        fs::create_private_folder(&roots.tmp())?;
        let store = Store::create(&roots.objects())?.with_lfs(user.lfs_objects()?);
        let index = |name: &str| roots.state.join(format!("{name}.index"));
        // Names of equal length: where a sandbox cannot move a folder, its path must not tell the sides apart.
        let base = Workspace::open(&store, &roots.workspace("base"), &index("base"))?;
        let candidate = Workspace::open(&store, &roots.workspace("cand"), &index("cand"))?;
        let agent = AgentWorkspace::open(&store, &roots.workspace("agnt"), &index("agnt"))?;
        let artifacts = Artifacts::open(&roots.artifacts())?;
        Ok(Self { roots, store, artifacts, base, candidate, agent, laid_over: Vec::new() })
    }

    /// The tree as it is built, tested and measured: with the user's own benchmark files in it.
    pub fn overlaid(&self, tree: TreeId) -> Result<TreeId, WorldError> {
        if self.laid_over.is_empty() {
            return Ok(tree);
        }
        Ok(self.store.lay_over(tree, &self.laid_over)?)
    }

    /// A folder below the tmp root, empty, for one child.
    pub fn fresh_tmp(&self, name: &str) -> Result<PathBuf, WorldError> {
        let folder = self.roots.tmp().join(name);
        fs::remove_folder(&folder)?;
        fs::create_private_folder(&folder)?;
        Ok(folder)
    }

    /// Makes the candidate's workspace a copy of the base's, outputs and caches included, and then switches it:
    /// what an earlier candidate's build left is gone, and sources are newer than the outputs they change.
    pub fn reset_candidate(&self, tree: TreeId) -> Result<(), WorldError> {
        let (base, candidate) = (self.base.folder(), self.candidate.folder());
        copy_outputs(base, candidate)?;
        copy_outputs(&caches(base), &caches(candidate))?;
        self.candidate.switch(tree)?;
        Ok(())
    }
}

/// Replaces `to` by a copy of `from`; times are kept.
fn copy_outputs(from: &Path, to: &Path) -> Result<(), WorldError> {
    fs::remove_folder(to)?;
    if !from.exists() {
        return Ok(());
    }
    Ok(fs::copy_folder(from, to)?)
}
