//! Whether there is space for a run before it begins: a disk that fills up in the middle costs what was measured.
//!
//! An estimate, from what the trees and the workspaces that are there take; a build may make more. Start at [`check`].

use std::path::Path;

use crate::fs;
use crate::model::id::TreeId;

use super::error::AppError;
use super::roots::{Roots, caches};
use super::site::Site;

/// What logs, temporary folders and the first build of a small project take.
const SLACK: u64 = 64 << 20;
/// What the journal and its artifacts take.
const JOURNAL: u64 = 4 << 20;

/// Bytes that a run needs, by root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    /// Of workspaces, caches and temporary folders.
    pub work: u64,
    /// Of objects, journal and kept builds.
    pub state: u64,
}

/// What is known before a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sizes {
    /// The original's files.
    tree: u64,
    /// The base's workspace and caches, with what was built in it.
    base: u64,
    /// All workspaces and caches.
    used: u64,
}

/// Refuses to begin where there is clearly no space.
pub fn check(site: &Site, tree: TreeId) -> Result<(), AppError> {
    let needed = needed(sizes(&site.roots, site.store.bytes(tree)?)?);
    let Roots { state, work } = &site.roots;
    let (at_state, at_work) = (fs::available(state)?, fs::available(work)?);
    let missing = if fs::same_disk(state, work)? {
        lacking(work, at_work, needed.work + needed.state)
    } else {
        lacking(work, at_work, needed.work).or_else(|| lacking(state, at_state, needed.state))
    };
    missing.map_or(Ok(()), Err)
}

/// What a run here needs and what there is, for `doctor`; nothing where no store was made yet.
pub fn line(roots: &Roots) -> Result<String, AppError> {
    let there = roots.work.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    Ok(format!("disk: {} free at {}", amount(fs::available(there)?), there.display()))
}

fn lacking(folder: &Path, there: u64, needed: u64) -> Option<AppError> {
    (there < needed).then(|| AppError::Environment {
        what: format!(
            "{} has {} left ({there} bytes), and a run needs about {} ({needed} bytes) for workspaces, caches and builds",
            folder.display(),
            amount(there),
            amount(needed)
        ),
        hint: "`optiloop gc` removes what is made again when it is needed; `--store DIR` keeps everything on another disk"
            .to_owned(),
    })
}

fn sizes(roots: &Roots, tree: u64) -> Result<Sizes, AppError> {
    let of = |name: &str| -> Result<u64, AppError> {
        let folder = roots.workspace(name);
        Ok(fs::size(&folder)? + fs::size(&caches(&folder))?)
    };
    let base = of("base")?;
    Ok(Sizes { tree, base, used: base + of("cand")? + of("agnt")? })
}

/// Base, candidate and agent each hold the tree, base and candidate their builds; what is there is used again.
fn needed(Sizes { tree, base, used }: Sizes) -> Needed {
    let workspaces = 2 * base.max(tree) + tree;
    Needed { work: workspaces.saturating_sub(used) + SLACK, state: tree + JOURNAL }
}

/// `1.5 GiB`.
fn amount(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let mut value = bytes as f64;
    let mut unit = "bytes";
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if value < 1024.0 {
            break;
        }
        (value, unit) = (value / 1024.0, next);
    }
    if unit == "bytes" { format!("{bytes} bytes") } else { format!("{value:.1} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_run_needs_its_tree_three_times_and_a_later_one_only_what_is_not_there() {
        let tree = 1 << 30;
        let first = needed(Sizes { tree, base: 0, used: 0 });
        assert_eq!(first, Needed { work: 3 * tree + SLACK, state: tree + JOURNAL });
        let base = 5 * tree;
        let later = needed(Sizes { tree, base, used: 11 * tree });
        assert_eq!(later.work, SLACK);
        let after_gc = needed(Sizes { tree, base, used: base });
        assert_eq!(after_gc.work, 6 * tree + SLACK);
    }

    #[test]
    fn what_lacks_is_said_in_bytes_with_the_way_out() {
        let error = lacking(Path::new("/store"), 1536, 3 << 30).unwrap();
        let said = error.to_string();
        assert!(
            said.contains("1.5 KiB left (1536 bytes)") && said.contains("3.0 GiB (3221225472 bytes)"),
            "{said}"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("optiloop gc") && hint.contains("--store")));
        assert!(lacking(Path::new("/store"), 10, 10).is_none());
    }
}
