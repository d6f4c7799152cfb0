//! Unified diffs, written as git writes them (<https://git-scm.com/docs/diff-format>).
//!
//! Not here: object names on `index` lines, which a value without a repository cannot know.

use super::quote::quoted;
use super::text::{Body, FilePatch, Hunk, LineEnd, LineKind, Version};
use crate::model::change::EntryKind;

/// Writes the files as one patch.
pub fn render(files: &[FilePatch]) -> Vec<u8> {
    let mut out = Vec::new();
    for file in files {
        file_patch(&mut out, file);
    }
    out
}

/// The octal mode git writes for an entry.
pub fn mode(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File => "100644",
        EntryKind::Executable => "100755",
        EntryKind::Link => "120000",
        EntryKind::Gitlink => "160000",
    }
}

fn file_patch(out: &mut Vec<u8>, file: &FilePatch) {
    let (Some(old), Some(new)) =
        (file.before.as_ref().or(file.after.as_ref()), file.after.as_ref().or(file.before.as_ref()))
    else {
        return;
    };
    let (old_name, new_name) = (quoted("a/", old.path.bytes()), quoted("b/", new.path.bytes()));
    line(out, &[b"diff --git ", &old_name, b" ", &new_name]);
    let kind = |version: &Version| mode(version.kind.unwrap_or(EntryKind::File)).as_bytes();
    match (&file.before, &file.after) {
        (None, Some(added)) => line(out, &[b"new file mode ", kind(added)]),
        (Some(deleted), None) => line(out, &[b"deleted file mode ", kind(deleted)]),
        (Some(before), Some(after)) => {
            if before.kind != after.kind {
                line(out, &[b"old mode ", kind(before)]);
                line(out, &[b"new mode ", kind(after)]);
            }
            if before.path != after.path {
                line(out, &[b"rename from ", &quoted("", before.path.bytes())]);
                line(out, &[b"rename to ", &quoted("", after.path.bytes())]);
            }
        }
        (None, None) => {}
    }
    let null = b"/dev/null".to_vec();
    let old_name = if file.before.is_some() { old_name } else { null.clone() };
    let new_name = if file.after.is_some() { new_name } else { null };
    match &file.body {
        Body::Binary(encoded) if !encoded.is_empty() => out.extend_from_slice(encoded),
        Body::Binary(_) => line(out, &[b"Binary files ", &old_name, b" and ", &new_name, b" differ"]),
        Body::Text(hunks) if hunks.is_empty() => {}
        Body::Text(hunks) => {
            line(out, &[b"--- ", &old_name, terminator(&old_name)]);
            line(out, &[b"+++ ", &new_name, terminator(&new_name)]);
            for hunk in hunks {
                render_hunk(out, hunk);
            }
        }
    }
}

/// git ends a name that holds a space with a tab, so that a time stamp is not taken for part of it.
fn terminator(name: &[u8]) -> &'static [u8] {
    if name.contains(&b' ') && !name.starts_with(b"\"") { b"\t" } else { b"" }
}

fn line(out: &mut Vec<u8>, parts: &[&[u8]]) {
    for part in parts {
        out.extend_from_slice(part);
    }
    out.push(b'\n');
}

fn render_hunk(out: &mut Vec<u8>, hunk: &Hunk) {
    let span = |start: u32, lines: usize| {
        if lines == 1 { start.to_string() } else { format!("{start},{lines}") }
    };
    let old = span(hunk.old_start, hunk.old_lines());
    let new = span(hunk.new_start, hunk.new_lines());
    out.extend(format!("@@ -{old} +{new} @@").bytes());
    if !hunk.section.is_empty() {
        out.push(b' ');
        out.extend_from_slice(&hunk.section);
    }
    out.push(b'\n');
    for text in &hunk.lines {
        let sign = match text.kind {
            LineKind::Context => b" ",
            LineKind::Removed => b"-",
            LineKind::Added => b"+",
        };
        line(out, &[sign, &text.text]);
        if text.end == LineEnd::File {
            line(out, &[b"\\ No newline at end of file"]);
        }
    }
}
