//! How much a proposal may change: files, lines, bytes, and nothing a person cannot read.
//!
//! Lines are counted as bags first: what two texts do not share is a lower bound of any diff, and linear,
//! so that a 50 MB rewrite is refused before anything compares it.

use std::collections::HashMap;

use crate::model::change::{PathChange, Side};
use crate::model::verdict::Rejection;
use crate::patch::text::is_binary;
use crate::policy::Policy;

/// Lines and bytes only one side has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amount {
    lines: u64,
    bytes: u64,
}

/// Why a file is too much by itself.
pub(super) fn refuse_file(changed: &PathChange, policy: &Policy) -> Option<Rejection> {
    let too_large = |detail| Some(Rejection::TooLarge { detail });
    let path = &changed.path;
    for side in [&changed.before, &changed.after].into_iter().flatten() {
        let Some(content) = &side.content else {
            return too_large(format!("{path} has {} bytes, more than is read", side.size));
        };
        if is_binary(content) {
            return too_large(format!(
                "{path} is binary ({} bytes): no person can review it as lines",
                side.size
            ));
        }
    }
    let amount = differing(changed);
    if amount.lines > policy.max_lines.value || amount.bytes > policy.max_bytes.value {
        return too_large(told(&format!("{path} changes"), amount, policy));
    }
    None
}

/// Why all files together are too much.
pub(super) fn refuse_change(landing: &[&PathChange], policy: &Policy) -> Option<Rejection> {
    let files = landing.len() as u64;
    if files > policy.max_files.value {
        let detail = format!(
            "it changes {files} files, max-files is {} ({})",
            policy.max_files.value, policy.max_files.origin
        );
        return Some(Rejection::TooLarge { detail });
    }
    let total = landing.iter().map(|changed| differing(changed)).fold(Amount::default(), |one, other| {
        Amount { lines: one.lines.saturating_add(other.lines), bytes: one.bytes.saturating_add(other.bytes) }
    });
    let within = total.lines <= policy.max_lines.value && total.bytes <= policy.max_bytes.value;
    (!within).then(|| Rejection::TooLarge { detail: told("it changes", total, policy) })
}

fn told(who: &str, amount: Amount, policy: &Policy) -> String {
    format!(
        "{who} {} lines of {} bytes, max-lines is {} ({}), max-bytes {} ({})",
        amount.lines,
        amount.bytes,
        policy.max_lines.value,
        policy.max_lines.origin,
        policy.max_bytes.value,
        policy.max_bytes.origin
    )
}

fn differing(changed: &PathChange) -> Amount {
    let mut amount = Amount::default();
    for (_, line) in differing_lines(changed) {
        amount.lines += 1;
        amount.bytes += line.len() as u64;
    }
    amount
}

/// Which side has a line the other has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Before,
    After,
}

/// The lines only one side has, as bags.
pub(super) fn differing_lines(changed: &PathChange) -> Vec<(Which, &[u8])> {
    let (before, after) = (content(changed.before.as_ref()), content(changed.after.as_ref()));
    let mut balance: HashMap<&[u8], i64> = HashMap::new();
    for line in lines(before) {
        *balance.entry(line).or_default() -= 1;
    }
    for line in lines(after) {
        *balance.entry(line).or_default() += 1;
    }
    let mut found = Vec::new();
    let sides = [(Which::Before, before, -1), (Which::After, after, 1)];
    for (which, text, sign) in sides {
        for line in lines(text) {
            if let Some(left) = balance.get_mut(line).filter(|left| **left * sign > 0) {
                *left -= sign;
                found.push((which, line));
            }
        }
    }
    found
}

/// The text of a side, empty where there is none.
pub(super) fn content(side: Option<&Side>) -> &[u8] {
    side.and_then(|side| side.content.as_deref()).unwrap_or_default()
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|&byte| byte == b'\n')
}
