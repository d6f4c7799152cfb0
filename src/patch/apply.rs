//! Hunks on a text: at the line they name, or the nearest one where their lines stand. No fuzz.

use super::text::{Hunk, LineEnd, LineKind};

/// The hunk that did not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("its lines do not stand there or anywhere else in the file")]
pub struct Misfit {
    /// The line (before the change) the hunk names.
    pub line: u32,
}

/// The text after the hunks.
pub fn apply(before: &[u8], hunks: &[Hunk]) -> Result<Vec<u8>, Misfit> {
    let lines: Vec<&[u8]> = before.split_inclusive(|&byte| byte == b'\n').collect();
    let mut out = Vec::with_capacity(before.len());
    let mut done = 0;
    let mut shift = 0_isize;
    for hunk in hunks {
        let old = side(hunk, LineKind::Added);
        let named = (hunk.old_start as usize).saturating_sub(usize::from(!old.is_empty()));
        let place = find(&lines, &old, named.saturating_add_signed(shift), done);
        let place = place.ok_or(Misfit { line: hunk.old_start })?;
        shift = place.cast_signed() - named.cast_signed();
        out.extend(lines[done..place].concat());
        out.extend(side(hunk, LineKind::Removed).concat());
        done = place + old.len();
    }
    out.extend(lines[done..].concat());
    Ok(out)
}

/// The lines of one side of a hunk, with their line feeds.
fn side(hunk: &Hunk, absent: LineKind) -> Vec<Vec<u8>> {
    let lines = hunk.lines.iter().filter(|line| line.kind != absent);
    lines
        .map(|line| line.text.iter().copied().chain((line.end == LineEnd::Feed).then_some(b'\n')).collect())
        .collect()
}

/// The place nearest to `wanted`, at or after `from`, where the lines stand. Without lines only `wanted` will do.
fn find(lines: &[&[u8]], old: &[Vec<u8>], wanted: usize, from: usize) -> Option<usize> {
    let last = lines.len().checked_sub(old.len())?;
    if old.is_empty() {
        return (from..=last).contains(&wanted).then_some(wanted);
    }
    let fits = |place: &usize| {
        let there = lines[*place..].iter().zip(old);
        (from..=last).contains(place) && there.into_iter().all(|(line, old)| *line == old.as_slice())
    };
    let below = (from..=last.min(wanted)).rev();
    let above = wanted.saturating_add(1).max(from)..=last;
    let nearest = |place: usize| place.abs_diff(wanted);
    let (below, above) = (below.into_iter().find(fits), above.into_iter().find(fits));
    [below, above].into_iter().flatten().min_by_key(|place| nearest(*place))
}
