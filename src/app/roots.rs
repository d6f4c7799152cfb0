//! Where the state of a repository's runs lies: two roots, so that one can be kept from every child.
//!
//! `state/` (journal, artifacts, objects, kept binaries) is never named to an agent or a candidate, but for
//! one folder of `bin/`; `work/` holds the workspaces. Not here: what is in them. Start at [`Roots::of`].

use std::path::{Path, PathBuf};

use crate::fs::{self, PathError};
use crate::model::id::{Digest, Iteration, RunId};
use crate::vcs::user::UserRepository;

use super::environment::{Environment, XDG_STATE_HOME};
use super::error::AppError;

/// The two roots of one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    /// Evidence and objects.
    pub state: PathBuf,
    /// Workspaces, spools, temporary folders.
    pub work: PathBuf,
}

impl Roots {
    /// The roots of the repository: below `store` where one is named, else `$XDG_STATE_HOME/optiloop`, else
    /// `~/.local/state/optiloop`. All linked work trees of a repository share them. Nothing is made.
    pub fn of(
        user: &UserRepository,
        store: Option<&Path>,
        environment: &Environment,
    ) -> Result<Self, AppError> {
        let all = match store {
            Some(store) => store.to_owned(),
            None => usual(environment)?,
        };
        let all = std::path::absolute(&all).map_err(|source| PathError {
            doing: "find the folder of",
            path: all.clone(),
            source,
        })?;
        Ok(Self::below(&all, &user.common_folder()?))
    }

    /// A repository of our own, for what is compared outside of any.
    pub fn elsewhere(store: Option<&Path>, environment: &Environment) -> Result<PathBuf, AppError> {
        let all = store.map_or_else(|| usual(environment), |store| Ok(store.to_owned()))?;
        fs::create_private_folder(&all)?;
        Ok(all.join("elsewhere.git"))
    }

    /// The roots below `all` of the repository whose shared git folder is `git`.
    pub fn below(all: &Path, git: &Path) -> Self {
        let git = git.canonicalize().unwrap_or_else(|_| git.to_owned());
        let folder = all.join(key(&git));
        Self { state: folder.join("state"), work: folder.join("work") }
    }

    /// Makes both roots, for their owner alone (mode 0700).
    pub fn create(&self) -> Result<(), PathError> {
        fs::create_private_folder(&self.all())?;
        fs::create_private_folder(&self.state)?;
        fs::create_private_folder(&self.work)
    }

    /// The folder that holds both.
    pub fn all(&self) -> PathBuf {
        self.state.parent().unwrap_or(&self.state).to_owned()
    }

    /// The history.
    pub fn journal(&self) -> PathBuf {
        self.state.join("journal.db")
    }

    /// Raw profiles, logs, answers and patches, by content.
    pub fn artifacts(&self) -> PathBuf {
        self.state.join("artifacts")
    }

    /// The object database.
    pub fn objects(&self) -> PathBuf {
        self.state.join("objects.git")
    }

    /// Built benchmarks by content.
    pub fn bin(&self) -> PathBuf {
        self.state.join("bin")
    }

    /// The lock of the one driver.
    pub fn lock(&self) -> PathBuf {
        self.state.join("lock")
    }

    /// Private temporary folders of children are made in it.
    pub fn tmp(&self) -> PathBuf {
        self.work.join("tmp")
    }

    /// A workspace by name.
    pub fn workspace(&self, name: &str) -> PathBuf {
        self.work.join(name)
    }

    /// Where driver and agent meet for one proposal.
    pub fn spool(&self, run: &RunId, iteration: Iteration) -> PathBuf {
        self.work.join("spool").join(run.as_str()).join(iteration.to_string())
    }

    /// Where people leave messages for the driver of a run: not in the spool, where an agent writes, or it
    /// could accept its own proposals.
    pub fn inbox(&self, run: &RunId) -> PathBuf {
        self.state.join("inbox").join(run.as_str())
    }

    /// The answer of a turn that was paid for, kept from the agent as well.
    pub fn turn(&self, run: &RunId, iteration: Iteration) -> PathBuf {
        self.state.join("turns").join(run.as_str()).join(format!("{iteration}.json"))
    }
}

/// The caches of a workspace: beside it, written by its own builds and tests alone.
pub fn caches(workspace: &Path) -> PathBuf {
    workspace.with_extension("caches")
}

fn usual(environment: &Environment) -> Result<PathBuf, AppError> {
    let state = environment.get(XDG_STATE_HOME).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = state.or_else(|| environment.home().map(|home| home.join(".local/state")));
    state.map(|state| state.join("optiloop")).ok_or_else(|| AppError::Environment {
        what: format!("neither {XDG_STATE_HOME} nor HOME says where state may be kept"),
        hint: "name a folder with `--store DIR`".to_owned(),
    })
}

/// The repository's name for people, and a digest of its path so that no two share a folder.
fn key(git: &Path) -> String {
    let named = if git.file_name().is_some_and(|name| name == ".git") { git.parent() } else { Some(git) };
    let name = named.and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let name: String = (name.trim_end_matches(".git").chars().take(40))
        .map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' })
        .collect();
    let digest = Digest::of(git.as_os_str().as_encoded_bytes()).short();
    if name.is_empty() { digest } else { format!("{name}-{digest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_of(git: &str) -> String {
        let roots = Roots::below(Path::new("/s"), Path::new(git));
        roots.state.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned()
    }

    #[test]
    fn two_repositories_of_one_name_do_not_share_a_folder() {
        let (one, other) = (folder_of("/home/a/json/.git"), folder_of("/home/b/json/.git"));
        assert!(one.starts_with("json-") && other.starts_with("json-"));
        assert_ne!(one, other);
    }

    #[test]
    fn a_bare_repository_and_an_odd_name_make_a_plain_folder_name() {
        assert!(folder_of("/srv/git/parser.git").starts_with("parser-"));
        assert!(folder_of("/tmp/a b\n/.git").starts_with("a_b_-"));
    }

    #[test]
    fn roots_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let all = tempfile::tempdir().unwrap();
        let roots = Roots::below(all.path(), Path::new("/home/a/json/.git"));
        roots.create().unwrap();
        for folder in [&roots.state, &roots.work] {
            assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
}
