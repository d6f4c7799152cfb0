//! Submodules whose commits are in the user's repository already: their files become part of every workspace.
//!
//! The store takes such a commit; [`expand`] puts its files where the tree has only its name. What is measured, tested
//! and landed is named by the tree with the name: what stands below it is never taken back. Start at [`Submodule`].

use std::path::{Component, Path, PathBuf};

use git2::Repository;

use super::error::VcsError;
use super::objects::{
    as_path, commit, commit_id, commit_oid, drop_path, entries, index_of, put, tree_id, write_tree,
};
use super::opening;
use super::store::Store;
use super::user::UserRepository;
use crate::model::change::{EntryKind, TreePath};
use crate::model::id::{CommitId, TreeId};

/// A submodule that a commit names.
#[derive(Debug, Clone)]
pub(super) struct Submodule {
    /// Its folder.
    pub(super) path: TreePath,
    /// The commit it stands at.
    pub(super) commit: CommitId,
    /// The repository with that commit, where it is here.
    pub(super) repository: Option<UserRepository>,
}

impl UserRepository {
    /// The submodules of a commit.
    pub(super) fn submodules(&self, id: CommitId) -> Result<Vec<Submodule>, VcsError> {
        let repository = self.repository()?;
        let tree = tree_id(commit(&repository, id)?.tree_id());
        let entries = entries(&repository, tree)?;
        let links = entries.iter().filter(|(_, entry)| entry.kind == EntryKind::Gitlink);
        let links: Vec<_> = links.collect();
        if links.is_empty() {
            return Ok(Vec::new());
        }
        let text = self.read_blob(id, &TreePath::new(b".gitmodules".as_slice()))?.unwrap_or_default();
        let named = names(&String::from_utf8_lossy(&text));
        let common = repository.commondir().to_owned();
        let found = links.into_iter().map(|(path, entry)| {
            let commit = commit_id(entry.id);
            let name = named.iter().find(|(_, at)| at.as_bytes() == path.as_slice()).map(|(name, _)| name);
            let absorbed = name.and_then(|name| inside(name)).map(|name| common.join("modules").join(name));
            let own = self.root.as_ref().map(|root| root.join(as_path(path)).join(".git"));
            let mut places = absorbed.into_iter().chain(own.filter(|own| own.is_dir()));
            let repository = places.find_map(|git| with(&git, commit));
            Submodule { path: TreePath::new(path.as_slice()), commit, repository }
        });
        Ok(found.collect())
    }
}

/// The repository at `git` where it has the commit. Reading it asks nothing of its work tree or its configuration.
fn with(git: &Path, id: CommitId) -> Option<UserRepository> {
    let repository = opening::open(git).ok()?;
    repository.find_commit(commit_oid(id)).ok()?;
    Some(UserRepository { git: repository.path().to_owned(), root: None })
}

/// A name as a folder, where it does not lead out.
fn inside(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(name);
    let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (is_plain && !name.is_empty()).then_some(path)
}

/// Names and paths of `.gitmodules`; what is written otherwise than git writes it is left out.
fn names(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut name: Option<String> = None;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("[submodule \"") {
            name = rest.strip_suffix("\"]").map(str::to_owned);
        } else if line.starts_with('[') {
            name = None;
        } else if let (Some(name), Some((key, value))) = (&name, line.split_once('='))
            && key.trim() == "path"
        {
            found.push((name.clone(), value.trim().to_owned()));
        }
    }
    found
}

impl Store {
    /// Takes the submodules' commits that are there; a partial one is as good as none.
    pub(super) fn seed_submodules(&self, user: &UserRepository, id: CommitId) -> Result<(), VcsError> {
        for submodule in user.submodules(id)? {
            let Some(from) = submodule.repository else { continue };
            match self.seed(&from, submodule.commit, 0) {
                Ok(()) | Err(VcsError::MissingObjects { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The tree with the files of those submodules that the store has in the place of their names.
pub(super) fn expand(repository: &Repository, id: TreeId) -> Result<TreeId, VcsError> {
    let entries = entries(repository, id)?;
    let mut index = None;
    for (path, entry) in entries.iter().filter(|(_, entry)| entry.kind == EntryKind::Gitlink) {
        let Ok(found) = repository.find_commit(entry.id) else { continue };
        let inner = expand(repository, tree_id(found.tree_id()))?;
        let index = match &mut index {
            Some(index) => index,
            none => none.insert(index_of(repository, id)?),
        };
        drop_path(index, path)?;
        for (below, entry) in self::entries(repository, inner)? {
            put(index, &[path, &b"/"[..], &below].concat(), entry)?;
        }
    }
    index.map_or(Ok(id), |mut index| write_tree(&mut index, repository))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths_are_read_as_git_writes_them() {
        let text = "[submodule \"a b\"]\n\tpath = lib/a\n\turl = ../a\n[core]\n\tpath = no\n[submodule \"c\"]\n\tpath = c\n";
        let found = names(text);
        assert_eq!(found, [("a b".to_owned(), "lib/a".to_owned()), ("c".to_owned(), "c".to_owned())]);
    }

    #[test]
    fn a_name_that_leads_out_is_nobodys_folder() {
        for bad in ["../x", "/x", "a/../../x", ""] {
            assert_eq!(inside(bad), None, "{bad}");
        }
        assert_eq!(inside("lib/x"), Some(PathBuf::from("lib/x")));
    }
}
