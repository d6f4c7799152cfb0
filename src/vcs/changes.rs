//! What lies between two trees: as a [`Change`] for the diff policy, and as text for people and agents.

use std::collections::BTreeSet;

use git2::{DiffFormat, DiffOptions, Repository};

use super::error::{Doing as _, VcsError};
use super::objects::{Entries, Entry, entries, index_of, tree};
use super::rules::filter_of;
use super::store::Store;
use crate::model::change::{Change, EntryKind, Filtered, PathChange, Side, TreePath};
use crate::model::id::TreeId;

/// A diff for people and agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffText {
    /// Unified diff, lossily; binary files are only named.
    pub text: String,
    /// How many bytes of it were left out at the end.
    pub left_out: usize,
}

impl Store {
    /// The changed paths from `base` to `candidate`, with contents up to `limit` bytes a side.
    ///
    /// Whether a filter stands before a path is what the base's `.gitattributes` say, or the candidate's:
    /// a candidate cannot take the flag away, and one it adds counts too.
    pub fn changes(&self, base: TreeId, candidate: TreeId, limit: u64) -> Result<Change, VcsError> {
        let repository = self.repository()?;
        let (before, after) = (entries(&repository, base)?, entries(&repository, candidate)?);
        let filtered_in = |tree: TreeId, paths: &BTreeSet<&[u8]>| -> Result<BTreeSet<Vec<u8>>, VcsError> {
            let repository = self.repository()?;
            repository.set_index(&mut index_of(&repository, tree)?).doing("read attributes")?;
            let mut filtered = BTreeSet::new();
            for path in paths {
                if filter_of(&repository, path)?.is_some() {
                    filtered.insert(path.to_vec());
                }
            }
            Ok(filtered)
        };
        let paths = differing(&before, &after);
        let mut filtered = filtered_in(base, &paths)?;
        filtered.extend(filtered_in(candidate, &paths)?);
        let mut change = Change::default();
        for path in paths {
            let side = |entries: &Entries| {
                entries.get(path).map(|entry| side(&repository, *entry, limit)).transpose()
            };
            change.paths.push(PathChange {
                path: TreePath::new(path),
                before: side(&before)?,
                after: side(&after)?,
                filtered: if filtered.contains(path) { Filtered::Yes } else { Filtered::No },
            });
        }
        Ok(change)
    }

    /// The change as unified diff, cut after `limit` bytes.
    pub fn diff_text(&self, base: TreeId, candidate: TreeId, limit: usize) -> Result<DiffText, VcsError> {
        let patch = self.print(base, candidate, &mut DiffOptions::new())?;
        let kept = &patch[..patch.len().min(limit)];
        let kept = String::from_utf8_lossy(kept).into_owned();
        Ok(DiffText { text: kept, left_out: patch.len().saturating_sub(limit) })
    }

    /// The change as a patch that [`Store::apply_patch`] and `git apply` take, binary files included.
    pub fn patch(&self, base: TreeId, candidate: TreeId) -> Result<Vec<u8>, VcsError> {
        self.print(base, candidate, DiffOptions::new().show_binary(true).id_abbrev(40))
    }

    fn print(&self, base: TreeId, candidate: TreeId, options: &mut DiffOptions) -> Result<Vec<u8>, VcsError> {
        let repository = self.repository()?;
        let (base, candidate) = (tree(&repository, base)?, tree(&repository, candidate)?);
        let diff = repository.diff_tree_to_tree(Some(&base), Some(&candidate), Some(options));
        let mut out = Vec::new();
        let printed = diff.and_then(|diff| {
            diff.print(DiffFormat::Patch, |_, _, line| {
                if matches!(line.origin(), ' ' | '+' | '-') {
                    out.push(line.origin() as u8);
                }
                out.extend_from_slice(line.content());
                true
            })
        });
        printed.doing("print a diff")?;
        Ok(out)
    }
}

fn differing<'a>(before: &'a Entries, after: &'a Entries) -> BTreeSet<&'a [u8]> {
    let all = before.keys().chain(after.keys()).map(Vec::as_slice);
    all.filter(|path| before.get(*path) != after.get(*path)).collect()
}

fn side(repository: &Repository, entry: Entry, limit: u64) -> Result<Side, VcsError> {
    if entry.kind == EntryKind::Gitlink {
        return Ok(Side { kind: entry.kind, content: None, size: 0 });
    }
    let odb = repository.odb().doing("open the store's objects")?;
    let (size, _) = odb.read_header(entry.id).doing(format!("read blob {}", entry.id))?;
    let content = if size as u64 <= limit {
        Some(odb.read(entry.id).doing(format!("read blob {}", entry.id))?.data().to_vec())
    } else {
        None
    };
    Ok(Side { kind: entry.kind, content, size: size as u64 })
}
