//! A patch on a tree. Text is applied by `patch`; libgit2, which knows neither plain diffs nor names with
//! spaces and checks neither additions nor deletions, only decodes binary content.

use git2::{Diff, Index, Oid, Repository};

use super::error::{Doing as _, VcsError};
use super::objects::{Entry, as_path, drop_path, holds, index_of, kind, put, write_tree};
use super::store::Store;
use crate::model::change::{EntryKind, TreePath};
use crate::model::id::TreeId;
use crate::patch::apply::apply;
use crate::patch::parse::parse;
use crate::patch::text::{Body, FilePatch};

/// What became of a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// The tree with the patch.
    Tree(TreeId),
    /// Nothing.
    Not(DoesNotApply),
}

/// Why and where a patch does not apply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the patch does not apply{}: {reason}", place(path.as_ref(), *hunk))]
pub struct DoesNotApply {
    /// The file, where it is known.
    pub path: Option<TreePath>,
    /// The line (before the change) at which the hunk should have applied.
    pub hunk: Option<u32>,
    /// What is wrong.
    pub reason: String,
}

fn place(path: Option<&TreePath>, hunk: Option<u32>) -> String {
    match (path, hunk) {
        (Some(path), Some(hunk)) => format!(" to {path}, hunk at line {hunk}"),
        (Some(path), None) => format!(" to {path}"),
        (None, _) => String::new(),
    }
}

/// How git shows a submodule's commit as text.
const SUBMODULE: &str = "Subproject commit ";

impl Store {
    /// Applies a unified diff: git's (binary files, renames, modes) or a plain one.
    pub fn apply_patch(&self, base: TreeId, patch: &[u8]) -> Result<Applied, VcsError> {
        let not = |reason: String| Ok(Applied::Not(DoesNotApply { path: None, hunk: None, reason }));
        let files = match parse(patch) {
            Err(error) => return not(error.to_string()),
            Ok(files) if files.is_empty() => {
                return not("no file is changed in it; expected a unified diff".into());
            }
            Ok(files) => files,
        };
        let repository = self.repository()?;
        let mut tree = Growing { index: index_of(&repository, base)?, repository: &repository };
        for file in &files {
            if let Err(misfit) = tree.file(file)? {
                return Ok(Applied::Not(misfit));
            }
        }
        Ok(Applied::Tree(write_tree(&mut tree.index, &repository)?))
    }
}

/// The tree so far.
struct Growing<'r> {
    index: Index,
    repository: &'r Repository,
}

impl Growing<'_> {
    fn file(&mut self, file: &FilePatch) -> Result<Result<(), DoesNotApply>, VcsError> {
        let (before, after) = (file.before.as_ref().map(|v| &v.path), file.after.as_ref().map(|v| &v.path));
        let Some(path) = before.or(after) else { return Ok(Ok(())) };
        let not = |path: &TreePath, hunk, reason: &str| {
            Ok(Err(DoesNotApply { path: Some(path.clone()), hunk, reason: reason.to_owned() }))
        };
        if let Some(path) = [before, after].into_iter().flatten().find(|path| !is_tree_path(path.bytes())) {
            return not(path, None, "no tree can hold this path");
        }
        let known = before.and_then(|path| self.entry(path));
        if before.is_some() && known.is_none() {
            return not(path, None, "the file does not exist");
        }
        if let Some(after) = after.filter(|after| before != Some(after) && self.is_taken(after)) {
            return not(after, None, "the file already exists");
        }
        let content = known.map(|entry| self.content(entry)).transpose()?.unwrap_or_default();
        let changed = match &file.body {
            Body::Text(hunks) => match apply(&content, hunks) {
                Ok(changed) => changed,
                Err(misfit) => return not(path, Some(misfit.line), &misfit.to_string()),
            },
            Body::Binary(encoded) => match self.binary(&content, file, encoded)? {
                Ok(changed) => changed,
                Err(reason) => return not(path, None, &reason),
            },
        };
        if let Some(before) = before.filter(|before| after != Some(before)) {
            drop_path(&mut self.index, before.bytes())?;
        }
        let Some(after) = after else {
            let all_removed = changed.is_empty();
            return if all_removed {
                Ok(Ok(()))
            } else {
                not(path, None, "the file to delete holds something else")
            };
        };
        let said = file.after.as_ref().and_then(|version| version.kind);
        let kind = said.or(known.map(|entry| entry.kind)).unwrap_or(EntryKind::File);
        match self.store(kind, &changed)? {
            Some(id) => put(&mut self.index, after.bytes(), Entry { id, kind })?,
            None => return not(after, None, "a submodule needs the name of a commit"),
        }
        Ok(Ok(()))
    }

    fn entry(&self, path: &TreePath) -> Option<Entry> {
        let entry = self.index.get_path(as_path(path.bytes()), 0)?;
        Some(Entry { id: entry.id, kind: kind(entry.mode) })
    }

    /// Whether a file or a folder stands at the path, or a file where one of its folders should be.
    fn is_taken(&self, path: &TreePath) -> bool {
        let mut above = path.bytes();
        while let Some(end) = above.iter().rposition(|&byte| byte == b'/') {
            above = &above[..end];
            if self.entry(&TreePath::new(above)).is_some() {
                return true;
            }
        }
        self.entry(path).is_some() || holds(&super::objects::entries_of(&self.index), path.bytes())
    }

    fn content(&self, entry: Entry) -> Result<Vec<u8>, VcsError> {
        if entry.kind == EntryKind::Gitlink {
            return Ok(format!("{SUBMODULE}{}\n", entry.id).into_bytes());
        }
        let blob = self.repository.find_blob(entry.id).doing(format!("read blob {}", entry.id))?;
        Ok(blob.content().to_vec())
    }

    fn store(&self, kind: EntryKind, content: &[u8]) -> Result<Option<Oid>, VcsError> {
        if kind == EntryKind::Gitlink {
            let name =
                std::str::from_utf8(content).ok().and_then(|text| text.trim_end().strip_prefix(SUBMODULE));
            return Ok(name.and_then(|name| Oid::from_str(name).ok()));
        }
        self.repository.blob(content).doing("store a patched file").map(Some)
    }

    /// Decodes binary content under a plain name of its own.
    fn binary(
        &self,
        before: &[u8],
        file: &FilePatch,
        encoded: &[u8],
    ) -> Result<Result<Vec<u8>, String>, VcsError> {
        if encoded.is_empty() {
            return Ok(
                Err("it does not hold the content of the binary file (write it with --binary)".into()),
            );
        }
        let mut index = Index::new().doing("make an index")?;
        let mut head = "diff --git a/x b/x\n".to_owned();
        if file.before.is_some() {
            let id = self.repository.blob(before).doing("store a file to patch")?;
            put(&mut index, b"x", Entry { id, kind: EntryKind::File })?;
        } else {
            head += "new file mode 100644\n";
        }
        if file.after.is_none() {
            head += "deleted file mode 100644\n";
        }
        let base = super::objects::tree_oid(write_tree(&mut index, self.repository)?);
        let base = self.repository.find_tree(base).doing("find the tree to patch")?;
        let synthetic = [head.as_bytes(), encoded].concat();
        let patched =
            Diff::from_buffer(&synthetic).and_then(|diff| self.repository.apply_to_tree(&base, &diff, None));
        let patched = match patched {
            Ok(patched) => patched,
            Err(error) => return Ok(Err(error.message().to_owned())),
        };
        let Some(entry) = patched.get_path(as_path(b"x"), 0) else { return Ok(Ok(Vec::new())) };
        self.content(Entry { id: entry.id, kind: EntryKind::File }).map(Ok)
    }
}

fn is_tree_path(path: &[u8]) -> bool {
    path.split(|&byte| byte == b'/')
        .all(|part| !matches!(part, b"" | b"." | b"..") && !part.eq_ignore_ascii_case(b".git"))
}
