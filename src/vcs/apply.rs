//! A patch on a tree. libgit2 applies it; what libgit2 lets pass and git does not is checked here: adding a
//! file that exists, deleting one that says something else, a patch without any file.

use std::cell::RefCell;

use git2::{ApplyOptions, Delta, Diff};

use super::error::VcsError;
use super::objects::{Entries, entries, tree, write_tree};
use super::store::Store;
use crate::model::change::TreePath;
use crate::model::id::TreeId;
use crate::patch::parse::parse;
use crate::patch::text::{Body, FilePatch, LineEnd};

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

impl Store {
    /// Applies a unified diff: git's (binary files, renames, modes) or a plain one.
    pub fn apply_patch(&self, base: TreeId, diff: &[u8]) -> Result<Applied, VcsError> {
        let not = |path: Option<TreePath>, hunk, reason: &str| {
            Ok(Applied::Not(DoesNotApply { path, hunk, reason: reason.to_owned() }))
        };
        let files = match parse(diff) {
            Err(error) => return not(None, None, &error.to_string()),
            Ok(files) if files.is_empty() => {
                return not(None, None, "no file is changed in it; expected a unified diff");
            }
            Ok(files) => files,
        };
        let repository = self.repository()?;
        let present = entries(&repository, base)?;
        for file in &files {
            if let Some((path, reason)) = self.contradiction(base, &present, file)? {
                return not(Some(path), None, reason);
            }
        }
        let read = match Diff::from_buffer(diff) {
            Err(error) => return not(None, None, error.message()),
            Ok(read) if read.deltas().len() != files.len() => {
                return not(None, None, "some of its files cannot be read");
            }
            Ok(read) => read,
        };
        let last: RefCell<(Option<TreePath>, Option<u32>)> = RefCell::default();
        let mut options = ApplyOptions::new();
        options.delta_callback(|delta| {
            let path = delta.and_then(|delta| {
                let file = if delta.status() == Delta::Added { delta.new_file() } else { delta.old_file() };
                file.path_bytes().map(TreePath::new)
            });
            *last.borrow_mut() = (path, None);
            true
        });
        options.hunk_callback(|hunk| {
            last.borrow_mut().1 = hunk.map(|hunk| hunk.old_start());
            true
        });
        let applied = repository.apply_to_tree(&tree(&repository, base)?, &read, Some(&mut options));
        drop(options);
        match applied {
            Ok(mut index) => Ok(Applied::Tree(write_tree(&mut index, &repository)?)),
            Err(error) => {
                let (path, hunk) = last.into_inner();
                not(path, hunk, error.message())
            }
        }
    }

    /// What a file of the patch assumes and the tree contradicts.
    fn contradiction(
        &self,
        base: TreeId,
        present: &Entries,
        file: &FilePatch,
    ) -> Result<Option<(TreePath, &'static str)>, VcsError> {
        let (before, after) = (file.before.as_ref().map(|v| &v.path), file.after.as_ref().map(|v| &v.path));
        for path in [before, after].into_iter().flatten() {
            let climbs = path
                .bytes()
                .split(|&byte| byte == b'/')
                .any(|part| matches!(part, b"" | b"." | b"..") || part.eq_ignore_ascii_case(b".git"));
            if climbs {
                return Ok(Some((path.clone(), "no tree can hold this path")));
            }
        }
        if let Some(path) = before.filter(|path| !present.contains_key(path.bytes())) {
            return Ok(Some((path.clone(), "the file does not exist")));
        }
        if let Some(path) = after.filter(|path| Some(*path) != before && present.contains_key(path.bytes())) {
            return Ok(Some((path.clone(), "the file already exists")));
        }
        let (Some(deleted), None, Body::Text(hunks)) = (before, after, &file.body) else { return Ok(None) };
        let mut expected = Vec::new();
        for line in hunks.iter().flat_map(|hunk| &hunk.lines) {
            expected.extend_from_slice(&line.text);
            expected.extend((line.end == LineEnd::Feed).then_some(b'\n'));
        }
        let content = self.read_blob(base, deleted)?;
        let differs = content.is_some_and(|content| content != expected);
        Ok(differs.then(|| (deleted.clone(), "the file to delete holds something else")))
    }
}
