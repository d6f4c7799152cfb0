//! Tests of the module as a whole: what git writes, what this module writes, and the way back.

use proptest::prelude::*;

use super::apply::{Misfit, apply};
use super::compare::{CONTEXT, functions, hunks};
use super::parse::parse;
use super::regions::{Placement, placement, test_regions};
use super::render::render;
use super::text::{Body, FilePatch, Version};
use crate::model::change::{EntryKind, TreePath};

fn version(path: &[u8], kind: Option<EntryKind>) -> Version {
    Version { path: TreePath::new(path), kind }
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "a",
        "b",
        "fn c() {",
        "  d",
        "-e",
        "+f",
        "",
        "\\ g",
        "@@ -1 +1 @@",
        "\u{e9}",
    ]);
    (prop::collection::vec(line, 0..12), any::<bool>()).prop_map(|(lines, feed)| {
        let mut text = lines.join("\n");
        if feed && !text.is_empty() {
            text.push('\n');
        }
        text.into_bytes()
    })
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(b"ab /\"\\\n\t\xff[*".to_vec()), 1..8).prop_map(|mut path| {
        path.insert(0, b'x');
        path
    })
}

proptest! {
    #[test]
    fn a_rendered_patch_reads_as_the_patch_it_was(before in text(), after in text(), old in path(), new in path()) {
        prop_assume!(before != after);
        let hunks = hunks(&before, &after, CONTEXT);
        let file = FilePatch { before: Some(version(&old, None)), after: Some(version(&new, None)), body: Body::Text(hunks) };
        let added = FilePatch { before: None, after: Some(version(&old, Some(EntryKind::Executable))), body: Body::Text(Vec::new()) };
        let deleted = FilePatch { before: Some(version(&new, Some(EntryKind::Link))), after: None, body: Body::Binary(Vec::new()) };
        let mode = FilePatch { before: Some(version(&new, Some(EntryKind::File))), after: Some(version(&new, Some(EntryKind::Executable))), body: Body::Text(Vec::new()) };
        let files = vec![file, added, deleted, mode];
        prop_assert_eq!(parse(&render(&files)).unwrap(), files);
    }

    #[test]
    fn hunks_turn_one_text_into_the_other(before in text(), after in text(), context in 0..4_usize) {
        prop_assert_eq!(apply(&before, &hunks(&before, &after, context)).unwrap(), after);
    }

    #[test]
    fn any_bytes_are_a_patch_or_an_error(bytes in prop::collection::vec(prop::sample::select(b"diff -+@,1/ab\n\\\"".to_vec()), 0..200)) {
        let _ = parse(&bytes);
        let _ = test_regions(&bytes);
    }

    #[test]
    fn any_source_has_test_regions(bytes in prop::collection::vec(prop::sample::select(b"mod tests#[cfg()]{};'\"r\\/*\nb".to_vec()), 0..200)) {
        for region in test_regions(&bytes) {
            prop_assert!(region.start() <= region.end());
        }
    }
}

#[test]
fn what_git_writes_is_read() {
    let patch = b"From 1 Mon Sep 17\nSubject: x\n\n---\n a b | 2 +-\n\n\
        diff --git a/a b b/a b\nindex 1..2 100644\n--- a/a b\t\n+++ b/a b\t\n@@ -3,0 +4 @@ fn x() {\n+y\n\
        diff --git a/\"q\\303\\244\" b/old.bin\n\
        diff --git a/old.bin b/new.bin\nsimilarity index 90%\nrename from old.bin\nrename to new.bin\nindex 1..2\nGIT binary patch\ndelta 3\nabc\n\n\
        -- \n2.39.5\n";
    let files = parse(patch).unwrap();
    let told: Vec<String> = files
        .iter()
        .map(|file| {
            format!("{:?} {:?} {:?}", file.before.as_ref().map(|v| &v.path), file.path(), file.count())
        })
        .collect();
    assert_eq!(told[0], "Some(\"a b\") Some(\"a b\") LineCount { added: 1, removed: 0 }");
    assert_eq!(
        told.last().unwrap(),
        "Some(\"old.bin\") Some(\"new.bin\") LineCount { added: 0, removed: 0 }"
    );
    assert_eq!(
        files.last().unwrap().body,
        Body::Binary(
            b"index 1..2
GIT binary patch
delta 3
abc

"
            .to_vec()
        )
    );
}

#[test]
fn a_broken_hunk_is_named_by_its_line() {
    let text = b"--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@\n a\n-b\n";
    assert_eq!(
        parse(text).unwrap_err().to_string(),
        "line 6 of the patch: the hunk is cut off, read \"the end\""
    );
}

const SOURCE: &[u8] = b"fn a() { let s = \"mod tests {\"; let c = '{'; }
// #[cfg(test)]
/* mod tests { */
#[cfg(test)]
#[path = \"x.rs\"]
mod tests {
    fn b() -> &'static str { r#\"}\"# }
}
#[cfg(not(test))]
fn c() {}
#[tokio::test(flavor = \"x\")]
async fn d() {}
#[cfg(test)]
use x::y;
fn e() {}
";

#[test]
fn test_code_is_told_from_the_rest() {
    assert_eq!(test_regions(SOURCE), [4..=8, 11..=12, 13..=14]);
    assert_eq!(test_regions(b"#![cfg(test)]\nfn a() {}\nfn b() {}\n"), [1..=3]);
}

#[test]
fn a_hunk_knows_whether_it_touches_tests() {
    let regions = test_regions(SOURCE);
    let edit = |from: &str, to: &str| String::from_utf8_lossy(SOURCE).replace(from, to).into_bytes();
    for (after, expect) in [
        (edit("fn b()", "fn bb()"), Placement::Inside),
        (edit("fn e()", "fn ee()"), Placement::Outside),
        (edit("use x::y;\nfn e", "use x::z;\nfn ee"), Placement::Both),
    ] {
        let hunk = &hunks(SOURCE, &after, 0)[0];
        assert_eq!(placement(hunk, &regions, &test_regions(&after)), expect);
    }
}

#[test]
fn a_change_names_the_functions_it_touches() {
    let before = b"fn a() {\n    1\n}\n\nfn b() {\n    2\n}\n";
    let after = b"fn a() {\n    3\n}\n\nfn b() {\n    4\n}\n";
    assert_eq!(functions(before, after), ["fn a() {", "fn b() {"]);
}

#[test]
fn a_hunk_applies_where_its_lines_stand_and_nowhere_else() {
    let hunks = hunks(b"a\nb\nc\n", b"a\nB\nc\n", 1);
    assert_eq!(apply(b"x\ny\na\nb\nc\n", &hunks).unwrap(), b"x\ny\na\nB\nc\n");
    assert_eq!(apply(b"a\nb\n", &hunks), Err(Misfit { line: 1 }));
    assert_eq!(apply(b"a\nb\nc", &hunks), Err(Misfit { line: 1 }));
    assert_eq!(apply(b"", &hunks), Err(Misfit { line: 1 }));
}
