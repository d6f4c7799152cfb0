//! Trees made of other trees: protected files restored, added tests split off, a change carried onto a moved
//! head.

use std::collections::BTreeSet;

use git2::MergeOptions;

use super::error::{Doing as _, VcsError};
use super::objects::{Entry, drop_path, entries, index_of, put, tree, write_tree};
use super::store::Store;
use crate::model::change::{EntryKind, TreePath};
use crate::model::id::TreeId;

/// What became of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged {
    /// The tree with both changes.
    Tree(TreeId),
    /// The paths both changed in ways that exclude each other, sorted.
    Conflict(Vec<TreePath>),
}

/// A change to carry onto another head.
#[derive(Debug, Clone, Copy)]
pub struct Carried {
    /// The tree the change was made on.
    pub base: TreeId,
    /// The tree with the change.
    pub candidate: TreeId,
    /// The tree it should go onto.
    pub head: TreeId,
}

/// A file from outside git to lay into a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Where.
    pub path: TreePath,
    /// What it is.
    pub kind: EntryKind,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl Store {
    /// `tree` with every path that `protected` matches as it is in `base`: restored if it was edited or
    /// deleted, gone if it was added.
    pub fn compose(
        &self,
        tree: TreeId,
        base: TreeId,
        protected: impl Fn(&TreePath) -> bool,
    ) -> Result<TreeId, VcsError> {
        let repository = self.repository()?;
        let (from, original) = (entries(&repository, tree)?, entries(&repository, base)?);
        let mut index = index_of(&repository, tree)?;
        let matches = |path: &Vec<u8>| protected(&TreePath::new(path.as_slice()));
        for path in from.keys().filter(|path| !original.contains_key(*path) && matches(path)) {
            drop_path(&mut index, path)?;
        }
        for (path, entry) in
            original.iter().filter(|(path, entry)| from.get(*path) != Some(*entry) && matches(path))
        {
            put(&mut index, path, *entry)?;
        }
        write_tree(&mut index, &repository)
    }

    /// `tree` without some paths; one that is not in it is no error.
    pub fn without(&self, tree: TreeId, paths: &[TreePath]) -> Result<TreeId, VcsError> {
        let repository = self.repository()?;
        let mut index = index_of(&repository, tree)?;
        for path in paths {
            drop_path(&mut index, path.bytes())?;
        }
        write_tree(&mut index, &repository)
    }

    /// `tree` with files from outside git in it, in place of what is there.
    pub fn lay_over(&self, tree: TreeId, files: &[NewFile]) -> Result<TreeId, VcsError> {
        let repository = self.repository()?;
        let mut index = index_of(&repository, tree)?;
        for file in files {
            let id = repository.blob(&file.content).doing(format!("store {}", file.path))?;
            put(&mut index, file.path.bytes(), Entry { id, kind: file.kind })?;
        }
        write_tree(&mut index, &repository)
    }

    /// Carries a change onto a head that has moved (three-way merge).
    pub fn merge(&self, carried: Carried) -> Result<Merged, VcsError> {
        let repository = self.repository()?;
        let [base, head, candidate] =
            [carried.base, carried.head, carried.candidate].map(|id| tree(&repository, id));
        let mut options = MergeOptions::new();
        options.find_renames(true);
        let index = repository.merge_trees(&base?, &head?, &candidate?, Some(&options));
        let mut index = index.doing("merge the change onto the head")?;
        if !index.has_conflicts() {
            return Ok(Merged::Tree(write_tree(&mut index, &repository)?));
        }
        let mut paths = BTreeSet::new();
        for conflict in index.conflicts().doing("list the conflicts")? {
            let conflict = conflict.doing("list the conflicts")?;
            let sides = [conflict.ancestor, conflict.our, conflict.their];
            paths.extend(sides.into_iter().flatten().map(|entry| TreePath::new(entry.path)));
        }
        Ok(Merged::Conflict(paths.into_iter().collect()))
    }
}
