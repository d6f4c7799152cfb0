//! Tests and benchmarks inside files: Go's `func Benchmark…`, Rust's `#[bench]` and `mod tests`.

use std::ops::RangeInclusive;

use crate::model::change::PathChange;
use crate::patch::compare::hunks;
use crate::patch::regions::{Placement, placement, test_regions};

use super::Rules;
use super::size::content;

/// What a change of a file touches in it.
#[derive(Debug, PartialEq)]
pub(super) enum Touch {
    /// An existing benchmark.
    Benchmark { name: String },
    /// Test code.
    Test,
    /// Neither, as far as its lines tell.
    Neither,
}

/// A benchmark in a file.
struct Region {
    name: String,
    lines: RangeInclusive<u32>,
}

pub(super) fn touch(changed: &PathChange, rules: &Rules<'_>) -> Touch {
    let opens: Vec<&str> = (rules.benchmark_functions.iter())
        .filter(|(globs, _)| globs.matches(&changed.path))
        .map(|(_, opens)| *opens)
        .collect();
    let rust = changed.path.bytes().ends_with(b".rs");
    if opens.is_empty() && !rust {
        return Touch::Neither;
    }
    let (before, after) = (content(changed.before.as_ref()), content(changed.after.as_ref()));
    let hunks = hunks(before, after, 0);
    let benchmarks: Vec<Region> = opens.iter().flat_map(|opens| regions(before, opens)).collect();
    let removed: Vec<u32> = hunks.iter().flat_map(crate::patch::text::Hunk::removed_lines).collect();
    let added: Vec<u32> =
        hunks.iter().filter(|hunk| hunk.old_lines() == 0).map(|hunk| hunk.old_start).collect();
    for region in benchmarks {
        // A pure insertion is numbered by the line before it: after the last line it is outside.
        let inserted = added.iter().any(|line| region.lines.contains(line) && line != region.lines.end());
        if inserted || removed.iter().any(|line| region.lines.contains(line)) {
            return Touch::Benchmark { name: region.name };
        }
    }
    if rust {
        let (old, new) = (test_regions(before), test_regions(after));
        if hunks.iter().any(|hunk| placement(hunk, &old, &new) != Placement::Outside) {
            return Touch::Test;
        }
    }
    Touch::Neither
}

/// The benchmarks that begin with `opens`: from there to the next `}` at the same indentation, else to the end.
fn regions(text: &[u8], opens: &str) -> Vec<Region> {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with(opens)) {
        let indent = &line[..line.len() - line.trim_start().len()];
        let closes = |line: &&str| line.strip_prefix(indent).is_some_and(|rest| rest.starts_with('}'));
        let one_line = line.trim_end().ends_with('}');
        let length =
            if one_line { 0 } else { lines[at..].iter().position(closes).unwrap_or(lines.len() - at) };
        let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
        // `#[bench]` names nothing; the line after it does.
        let naming = if line.contains('(') { line } else { lines.get(at + 1).unwrap_or(line) };
        let name = naming.trim().split(['(', '{']).next().unwrap_or_default().trim();
        let name = name.rsplit(' ').next().unwrap_or_default().to_owned();
        found.push(Region { name, lines: number(at)..=number(at + length) });
    }
    found
}
