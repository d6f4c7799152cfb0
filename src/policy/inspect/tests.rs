//! What a proposal may not do, one case a row: path, before, after → what is said.

use super::{Inspection, inspect};
use crate::model::change::{Change, EntryKind, Filtered, PathChange, Side, TreePath};
use crate::model::verdict::{HoldReason, Rejection};
use crate::policy::language::Language;
use crate::policy::layer::Layer;
use crate::policy::origin::{Committed, Origin, Place, Sourced};
use crate::policy::read;
use crate::policy::resolve::{Overriding, Voice, resolve};
use crate::policy::{Policy, preset};

fn side(kind: EntryKind, text: impl Into<Vec<u8>>) -> Side {
    let content = text.into();
    Side { kind, size: content.len() as u64, content: Some(content) }
}

fn edit(path: &str, before: Option<&str>, after: Option<&str>) -> PathChange {
    PathChange {
        path: TreePath::new(path),
        before: before.map(|text| side(EntryKind::File, text)),
        after: after.map(|text| side(EntryKind::File, text)),
        filtered: Filtered::No,
    }
}

fn of(paths: Vec<PathChange>) -> Change {
    Change { paths, ..Change::default() }
}

/// The default preset with the benchmarks of all languages and `more`.
fn policy(more: &str) -> Policy {
    let origin = Origin::File {
        place: Place { path: "optiloop.toml".to_owned(), line: 1 },
        committed: Committed::Yes,
    };
    let table = crate::policy::table::Table::parse("optiloop.toml", more).unwrap();
    let stated = read::policy(table, &origin).unwrap();
    let languages = ["go", "rust"].map(|name| {
        let layer = Language::named(name).unwrap().layer;
        Voice { origin: Origin::Language { name: name.to_owned() }, preset: None, layer }
    });
    let own = Voice { origin, preset: stated.preset, layer: stated.layer };
    resolve([own].into_iter().chain(languages).collect(), Overriding::Refused).unwrap()
}

fn seen(change: &Change) -> Inspection {
    inspect(change, &policy("")).unwrap()
}

fn kinds(inspection: &Inspection) -> Vec<&'static str> {
    inspection.rejections.iter().map(Rejection::kind).collect()
}

/// The kinds of rejection of one changed file.
fn said(path: &str, before: Option<&str>, after: Option<&str>) -> Vec<&'static str> {
    kinds(&seen(&of(vec![edit(path, before, after)])))
}

#[test]
fn an_honest_edit_passes() {
    let inspection = seen(&of(vec![edit("src/parse.rs", Some("fn a() {}\n"), Some("fn a() { b() }\n"))]));
    assert_eq!(inspection, Inspection::default());
}

#[test]
fn no_change_and_only_additions_are_no_proposal() {
    assert_eq!(kinds(&seen(&Change::default())), ["nothing_changed"]);
    assert_eq!(said("tests/new.rs", None, Some("#[test] fn a() {}\n")), ["nothing_changed"]);
}

#[test]
fn added_tests_and_benchmarks_are_split_off() {
    let inspection = seen(&of(vec![
        edit("benches/new.rs", None, Some("fn main() {}\n")),
        edit("pkg/new_test.go", None, Some("package pkg\n")),
        edit("src/lib.rs", Some("a\n"), Some("b\n")),
        edit("x_bench_test.go", None, Some("package x\n")),
    ]));
    assert_eq!(inspection.rejections, []);
    assert_eq!(inspection.holds, []);
    let additions: Vec<String> = inspection.additions.iter().map(ToString::to_string).collect();
    assert_eq!(additions, ["benches/new.rs", "pkg/new_test.go", "x_bench_test.go"]);
}

#[test]
fn existing_benchmarks_are_protected_wherever_they_stand() {
    let go = "package p\n\nfunc BenchmarkParse(b *testing.B) {\n\tfor range b.N {\n\t\tParse()\n\t}\n}\n\nfunc TestA(t *testing.T) {\n}\n";
    for (path, before, after) in [
        ("benches/parse.rs", Some("fn main() {}\n"), Some("fn main() { return }\n")),
        ("crates/a/benches/parse.rs", Some("fn main() {}\n"), None),
        ("x_bench_test.go", Some("package x\n"), Some("package y\n")),
        ("parse_test.go", Some(go), Some(go.replace("\t\tParse()\n", "").as_str())),
        ("parse_test.go", Some(go), Some(go.replace("\t\tParse()\n", "\t\tParse()\n\t\tbreak\n").as_str())),
        ("parse_test.go", Some(go), None),
        (
            "src/lib.rs",
            Some("#[bench]\nfn b(x: &mut B) {\n    x.iter(f);\n}\n"),
            Some("#[bench]\nfn b(x: &mut B) {\n}\n"),
        ),
    ] {
        assert_eq!(said(path, before, after), ["protected_path"], "{path}");
    }
    let inspection = seen(&of(vec![edit("parse_test.go", Some(go), None)]));
    let Rejection::ProtectedPath { rule, .. } = &inspection.rejections[0] else { panic!("{inspection:?}") };
    assert_eq!(rule, "benchmark BenchmarkParse");
    let added = go.replace("func TestA", "func BenchmarkNew(b *testing.B) {\n}\n\nfunc TestA");
    let inspection = seen(&of(vec![edit("parse_test.go", Some(go), Some(&added))]));
    assert_eq!(inspection.rejections, [], "a benchmark added beside the others is an edit of tests");
    assert_eq!(inspection.edited_tests.len(), 1);
}

#[test]
fn protected_globs_hold_for_added_edited_and_deleted_files_and_name_their_origin() {
    let policy = policy("\nprotected = [\"schema/\"]");
    for (before, after) in [(None, Some("a")), (Some("a"), Some("b")), (Some("a"), None)] {
        let inspection = inspect(&of(vec![edit("schema/a.sql", before, after)]), &policy).unwrap();
        let expected = Rejection::ProtectedPath {
            path: TreePath::new("schema/a.sql"),
            rule: "schema/ (optiloop.toml:2)".to_owned(),
        };
        assert_eq!(inspection.rejections, [expected]);
    }
    assert_eq!(said("AGENTS.md", Some("a"), Some("b")), ["protected_path"]);
    assert_eq!(said("sub/optiloop.toml", None, Some("b")), ["protected_path"]);
}

#[test]
fn edited_tests_hold_or_block_as_policy_says() {
    let inside =
        ("fn a() {}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn one() { assert!(true); }\n}\n", "true");
    for (path, before, after) in [
        ("tests/a.rs", Some("a\n"), Some("b\n")),
        ("tests/a.rs", Some("a\n"), None),
        ("p/a_test.go", Some("package p\n"), Some("package p // x\n")),
        ("p/testdata/golden.txt", Some("1\n"), Some("2\n")),
        ("src/lib.rs", Some(inside.0), Some(inside.0.replace(inside.1, "1 == 1").as_str())),
        ("web/a.test.ts", Some("a\n"), Some("b\n")),
    ] {
        let change = of(vec![edit(path, before, after)]);
        let held = seen(&change);
        assert_eq!(held.holds, [HoldReason::TestsEdited { detail: path.to_owned() }], "{path}");
        assert_eq!(held.rejections, [], "{path}");
        let blocked = inspect(&change, &preset("strict").unwrap()).unwrap();
        assert_eq!(kinds(&blocked), ["tests_edited"], "{path}");
    }
    let outside = inside.0.replace("fn a() {}", "fn a() { b() }");
    assert_eq!(seen(&of(vec![edit("src/lib.rs", Some(inside.0), Some(&outside))])), Inspection::default());
}

#[test]
fn what_tools_run_by_themselves_is_rejected_with_the_reason() {
    for path in [
        "build.rs",
        "crates/a/build.rs",
        ".cargo/config.toml",
        "rust-toolchain.toml",
        "go.work",
        "conftest.py",
        "tests/conftest.py",
        "sitecustomize.py",
        "lib/x.pth",
        ".envrc",
        ".npmrc",
        ".githooks/pre-commit",
        ".husky/pre-commit",
        ".gitattributes",
        ".gitmodules",
        ".github/workflows/ci.yml",
        ".vscode/tasks.json",
        ".claude/settings.json",
    ] {
        for (before, after) in [(None, Some("x\n")), (Some("x\n"), Some("y\n")), (Some("x\n"), None)] {
            assert_eq!(said(path, before, after), ["auto_executed"], "{path}");
        }
    }
    let package = |script: &str| format!("{{\"scripts\": {{\"postinstall\": \"{script}\"}}}}");
    assert_eq!(said("package.json", Some(&package("a")), Some(&package("b"))), ["auto_executed"]);
}

#[test]
fn build_settings_are_found_key_by_key_and_line_by_line() {
    let cargo = "[package]\nname = \"a\"\nversion = \"0.1.0\"\n";
    for (path, before, after, what) in [
        (
            "Cargo.toml",
            cargo,
            "[package]\nname = \"a\"\nversion = \"0.1.0\"\n[profile.release]\nlto = true\n",
            "profile.release.lto",
        ),
        ("Cargo.toml", cargo, "[package]\nname = \"a\"\nversion = \"0.1.0\"\n[features]\n", "features"),
        ("Cargo.toml", cargo, "[package", "it cannot be read"),
        ("go.mod", "module a\ngo 1.22\n", "module a\ngo 1.24\n", "go"),
        ("package.json", "{}", "{\"type\": \"module\"}", "type"),
        ("Makefile", "all:\n", "all: x\n", "the whole file"),
        ("a.go", "package a\n", "//go:build fast\n\npackage a\n", "//go:build fast"),
        ("a.go", "//go:build fast\n\npackage a\n", "package a\n", "//go:build fast"),
        (
            "a.go",
            "package a\n",
            "package a\n// #cgo CFLAGS: -Ofast\nimport \"C\"\n",
            "// #cgo CFLAGS: -Ofast",
        ),
        (
            "src/lib.rs",
            "fn a() {}\n",
            "#![feature(core_intrinsics)]\nfn a() {}\n",
            "#![feature(core_intrinsics)]",
        ),
        (
            "run.sh",
            "cargo build\n",
            "RUSTFLAGS=-Ctarget-cpu=native cargo build\n",
            "RUSTFLAGS=-Ctarget-cpu=native cargo build",
        ),
        ("a.c", "int a;\n", "#pragma GCC optimize (\"Ofast\")\nint a;\n", "#pragma GCC optimize (\"Ofast\")"),
    ] {
        let inspection = seen(&of(vec![edit(path, Some(before), Some(after))]));
        let expected = Rejection::BuildFlags { path: TreePath::new(path), what: what.to_owned() };
        assert_eq!(inspection.rejections, [expected], "{path}");
    }
}

#[test]
fn build_settings_can_be_held_instead() {
    let change = of(vec![edit("Makefile", Some("a:\n"), Some("b:\n"))]);
    let inspection = inspect(&change, &policy("build-flags = \"block\"")).unwrap();
    assert_eq!(kinds(&inspection), ["build_flags"]);
    // Nothing committed demands more, so a file may say less than the built-in preset.
    let inspection = inspect(&change, &policy("build-flags = \"hold\"")).unwrap();
    assert_eq!(inspection.holds, [HoldReason::BuildFlags { detail: "Makefile: the whole file".to_owned() }]);
}

#[test]
fn dependencies_are_found_in_manifests_and_lockfiles() {
    let package = "[package]\nname = \"a\"\n";
    for (path, before, after, what) in [
        (
            "Cargo.toml",
            package,
            "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\"\n",
            "dependencies.serde",
        ),
        (
            "Cargo.toml",
            package,
            "[package]\nname = \"a\"\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n",
            "target.cfg(unix).dependencies.libc",
        ),
        ("Cargo.lock", "a", "b", "the whole file"),
        ("go.mod", "module a\n", "module a\nrequire (\n\tb.c/d v1.2.3 // indirect\n)\n", "require"),
        ("go.sum", "a", "b", "the whole file"),
        ("package.json", "{}", "{\"dependencies\": {\"left-pad\": \"1\"}}", "dependencies.left-pad"),
        ("requirements-dev.txt", "a", "b", "the whole file"),
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\n",
            "[project]\nname = \"a\"\ndependencies = [\"b\"]\n",
            "project.dependencies",
        ),
    ] {
        let change = of(vec![edit(path, Some(before), Some(after))]);
        let inspection = seen(&change);
        assert_eq!(
            inspection.holds,
            [HoldReason::Dependencies { detail: format!("{path}: {what}") }],
            "{path}"
        );
        assert_eq!(inspection.rejections, [], "{path}");
        let blocked = inspect(&change, &preset("strict").unwrap()).unwrap();
        let expected = Rejection::Dependencies { path: TreePath::new(path), what: what.to_owned() };
        assert_eq!(blocked.rejections, [expected], "{path}");
    }
}

#[test]
fn a_manifest_that_says_the_same_in_other_words_passes() {
    for (path, before, after) in [
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"1\"\n",
            "# words\n[package]\nversion = \"2\"\nname = \"a\"\n",
        ),
        ("go.mod", "module a\nrequire b v1\n", "module a\n\nrequire (\n\tb v1 // indirect\n)\n"),
        ("package.json", "{\"version\": \"1\"}", "{ \"version\": \"2\" }"),
    ] {
        let inspection = seen(&of(vec![edit(path, Some(before), Some(after))]));
        assert_eq!(inspection, Inspection::default(), "{path}");
    }
}

#[test]
fn paths_and_entries_that_no_tree_should_hold_are_refused() {
    let link =
        |target: &str| PathChange { after: Some(side(EntryKind::Link, target)), ..edit("a/l", None, None) };
    let gitlink = Side { kind: EntryKind::Gitlink, content: None, size: 0 };
    let bytes = |path: &[u8]| PathChange { path: TreePath::new(path), ..edit("", None, Some("x\n")) };
    for (changed, kind) in [
        (bytes(b"a\nb"), "bad_path"),
        (bytes(b"a\x07b"), "bad_path"),
        (bytes(b"a\xffb"), "bad_path"),
        (bytes(b".git/hooks/pre-commit"), "bad_path"),
        (bytes(b"sub/.GIT/config"), "bad_path"),
        (link("/etc/passwd"), "link_out"),
        (link("../../x"), "link_out"),
        (PathChange { after: Some(gitlink.clone()), ..edit("sub", None, None) }, "gitlink"),
        (PathChange { before: Some(gitlink), ..edit("sub", None, None) }, "gitlink"),
        (PathChange { filtered: Filtered::Yes, ..edit("a.bin", Some("a"), Some("b")) }, "filtered_path"),
    ] {
        assert_eq!(kinds(&seen(&of(vec![changed.clone()]))), [kind], "{changed:?}");
    }
    let inside = seen(&of(vec![link("../b")]));
    assert_eq!(inside, Inspection::default());
    let odd = PathChange { path: TreePath::new("a\nb"), ..edit("", Some("a\n"), Some("b\n")) };
    assert_eq!(seen(&of(vec![odd])), Inspection::default(), "the base has that name already");
    let nested = Change { nested: vec![TreePath::new("vendor/x")], ..Change::default() };
    assert_eq!(kinds(&seen(&nested)), ["nested_repository"]);
    let inside = vec![TreePath::new("vendor/outer/lib.c")];
    let in_submodule = Change { in_submodules: inside, ..of(vec![edit("a.c", Some("a"), Some("b"))]) };
    assert_eq!(kinds(&seen(&in_submodule)), ["in_submodule"]);
}

#[test]
fn what_no_person_can_review_is_too_large_and_says_by_how_much() {
    let many = (0..41).map(|n| edit(&format!("src/{n}.rs"), Some("a\n"), Some("b\n"))).collect();
    let long = "x\n".repeat(2001);
    let wide = format!("{}\n", "x".repeat(600_000));
    let unread = PathChange {
        after: Some(Side { kind: EntryKind::File, content: None, size: 50 << 20 }),
        ..edit("src/big.rs", None, None)
    };
    for (change, detail) in [
        (of(many), "it changes 41 files, max-files is 40 (preset default)"),
        (of(vec![edit("src/a.rs", Some(""), Some(&long))]), "src/a.rs changes 2001 lines"),
        (of(vec![edit("src/a.rs", Some(""), Some(&wide))]), "src/a.rs changes 1 lines of 600001 bytes"),
        (of(vec![edit("src/a.rs", Some(&long), None)]), "src/a.rs changes 2001 lines"),
        (of(vec![edit("img/a.png", None, Some("\0PNG"))]), "img/a.png is binary (4 bytes)"),
        (of(vec![unread]), "src/big.rs has 52428800 bytes, more than is read"),
    ] {
        let inspection = seen(&change);
        let Some(Rejection::TooLarge { detail: told }) = inspection.rejections.first() else {
            panic!("{detail}: {inspection:?}")
        };
        assert!(told.starts_with(detail), "{told}");
    }
}

/// A text of many megabytes whose lines are numbered by `order`.
fn numbered(word: &str, order: impl Fn(u64) -> u64) -> String {
    (0..400_000).map(|n| [word, " ", &order(n).to_string(), "\n"].concat()).collect()
}

#[test]
fn a_rewrite_of_many_megabytes_is_refused_without_comparing_it() {
    let old: String = numbered("line", |n| n);
    let new: String = numbered("other", |n| n * 7919 % 400_000);
    let change = of(vec![edit("src/table.rs", Some(&old), Some(&new))]);
    assert_eq!(kinds(&seen(&change)), ["too_large"]);
}

#[test]
fn the_most_telling_reason_stands_first_and_the_list_is_short() {
    let mut paths: Vec<PathChange> =
        (0..100).map(|n| edit(&format!("benches/{n}.rs"), Some("a\n"), Some("b\n"))).collect();
    paths.push(edit("Makefile", Some("a\n"), Some("b\n")));
    paths.push(PathChange { after: Some(side(EntryKind::Link, "/etc")), ..edit("l", None, None) });
    let inspection = seen(&of(paths));
    assert_eq!(inspection.rejections.len(), super::MOST);
    assert_eq!(inspection.rejections[0].kind(), "link_out");
    assert_eq!(inspection.rejections[1].kind(), "protected_path");
}

#[test]
fn an_empty_layer_changes_nothing() {
    let voice = Voice::new(Origin::Flag { name: "--x".to_owned() }, Layer::default());
    let policy = resolve(vec![voice], Overriding::Refused).unwrap();
    assert_eq!(policy.protected.len(), 3);
    assert!(policy.protected.iter().all(|Sourced { origin, .. }| origin.to_string() == "preset default"));
}
