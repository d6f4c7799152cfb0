//! Where the runs of one repository are kept: `state` is never named to agent or candidate, `work` is.
//!
//! Start at [`Roots::of`].

use std::path::{Path, PathBuf};

use crate::model::id::{Digest, Iteration, RunId};
use crate::vcs::error::VcsError;
use crate::vcs::user::UserRepository;

use super::environment::{Environment, XDG_STATE_HOME};

/// The two roots of a repository.
#[derive(Debug, Clone)]
pub struct Roots {
    /// Journal, artifacts, object database, built artifacts.
    pub state: PathBuf,
    /// Workspaces, spools, temporary folders.
    pub work: PathBuf,
}

impl Roots {
    /// Below `store`, or `$XDG_STATE_HOME/optiloop`, or `~/.local/state/optiloop`; a folder a repository.
    pub fn of(
        user: &UserRepository,
        store: Option<&Path>,
        environment: &Environment,
    ) -> Result<Self, VcsError> {
        let common = user.common_folder()?;
        let named = user.root().or(common.parent()).and_then(Path::file_name);
        let name: String = (named.unwrap_or_default().to_string_lossy().chars())
            .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' })
            .take(40)
            .collect();
        let key = Digest::of(common.as_os_str().as_encoded_bytes()).short();
        let usual = || {
            let state = environment.get(XDG_STATE_HOME).map(PathBuf::from);
            let home = environment.home().map(|home| home.join(".local/state"));
            state.or(home).unwrap_or_else(|| PathBuf::from("/tmp")).join("optiloop")
        };
        let folder = store.map_or_else(usual, Path::to_owned).join(format!("{name}-{key}"));
        Ok(Self { state: folder.join("state"), work: folder.join("work") })
    }

    /// The history.
    pub fn journal(&self) -> PathBuf {
        self.state.join("journal.db")
    }

    /// Held by the driver of a run.
    pub fn lock(&self) -> PathBuf {
        self.state.join("lock")
    }

    /// The bare object database.
    pub fn objects(&self) -> PathBuf {
        self.state.join("objects.git")
    }

    /// Content-addressed artifacts.
    pub fn artifacts(&self) -> PathBuf {
        self.state.join("artifacts")
    }

    /// Built artifacts by content.
    pub fn bin(&self) -> PathBuf {
        self.state.join("bin")
    }

    /// A workspace by name.
    pub fn workspace(&self, name: &str) -> PathBuf {
        self.work.join(name)
    }

    /// Private temporary folders.
    pub fn tmp(&self) -> PathBuf {
        self.work.join("tmp")
    }

    /// The folder in which driver and agent meet for one proposal.
    pub fn spool(&self, run: &RunId, iteration: Iteration) -> PathBuf {
        self.work.join("spool").join(run.as_str()).join(iteration.to_string())
    }

    /// Messages from people to a run.
    pub fn inbox(&self, run: &RunId) -> PathBuf {
        self.work.join("spool").join(run.as_str()).join("inbox")
    }
}
