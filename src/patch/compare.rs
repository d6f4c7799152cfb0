//! Hunks from two texts, by `similar` (Histogram diff, compacted), with the function each lies in.
//!
//! Not here: whole files with names and modes ([`super::text::FilePatch`]).

use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, group_diff_ops};

use super::section::section_at;
use super::text::{Hunk, Line, LineCount, LineEnd, LineKind};

/// Lines of context git shows around a change.
pub const CONTEXT: usize = 3;

/// The hunks that turn `before` into `after`, with `context` lines around each.
pub fn hunks(before: &[u8], after: &[u8], context: usize) -> Vec<Hunk> {
    let (old, new) = (split(before), split(after));
    let ops = similar::capture_diff_slices(Algorithm::Histogram, &old, &new);
    let old_texts: Vec<&[u8]> = old.iter().map(|line| line.strip_suffix(b"\n").unwrap_or(line)).collect();
    group_diff_ops(ops, context).iter().map(|group| hunk(group, &old, &new, &old_texts)).collect()
}

/// Lines added and removed between two texts.
pub fn count(before: &[u8], after: &[u8]) -> LineCount {
    hunks(before, after, 0).iter().map(Hunk::count).fold(LineCount::default(), LineCount::plus)
}

/// The functions (by their opening lines) that a change touches, from both texts, sorted.
pub fn functions(before: &[u8], after: &[u8]) -> Vec<String> {
    let (old, new) = (split(before), split(after));
    let mut found = BTreeSet::new();
    for hunk in hunks(before, after, 0) {
        let sides = [(hunk.removed_lines(), &old), (hunk.added_lines(), &new)];
        for (numbers, lines) in sides {
            for number in numbers {
                let section = section_at(lines, number.saturating_sub(1) as usize);
                found.insert(String::from_utf8_lossy(section).into_owned());
            }
        }
    }
    found.remove("");
    found.into_iter().collect()
}

fn split(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|&byte| byte == b'\n').collect()
}

fn hunk(group: &[DiffOp], old: &[&[u8]], new: &[&[u8]], old_texts: &[&[u8]]) -> Hunk {
    let mut lines = Vec::new();
    let mut take = |kind, from: &[&[u8]]| {
        lines.extend(from.iter().map(|line| match line.strip_suffix(b"\n") {
            Some(text) => Line { kind, text: text.to_vec(), end: LineEnd::Feed },
            None => Line { kind, text: line.to_vec(), end: LineEnd::File },
        }));
    };
    for op in group {
        if matches!(op, DiffOp::Equal { .. }) {
            take(LineKind::Context, &old[op.old_range()]);
        } else {
            take(LineKind::Removed, &old[op.old_range()]);
            take(LineKind::Added, &new[op.new_range()]);
        }
    }
    let old_start = group.first().map_or(0, |op| op.old_range().start);
    let new_start = group.first().map_or(0, |op| op.new_range().start);
    let section = match old_start {
        0 => &[],
        line => section_at(old_texts, line - 1),
    };
    let mut hunk = Hunk { old_start: 0, new_start: 0, section: section.to_vec(), lines };
    // An empty side is numbered by the line before it, as diff(1) does.
    hunk.old_start = number(old_start, hunk.old_lines());
    hunk.new_start = number(new_start, hunk.new_lines());
    hunk
}

fn number(start: usize, lines: usize) -> u32 {
    u32::try_from(start + usize::from(lines > 0)).unwrap_or(u32::MAX)
}
