//! Each rule on a small bad house: a law that cannot be broken protects nothing.

use crate::house::House;
use crate::registries::{against_data, against_folders, registries};
use crate::rules;
use crate::source::{paths, tokens};

fn named(source: &str) -> Vec<String> {
    paths(&tokens(source)).into_iter().map(|named| named.path).collect()
}

/// The breach of the rule in a house of one file, without its place.
fn one(rule: fn(&House) -> Vec<String>, path: &str, text: &str) -> String {
    let breaches = rule(&House::of(&[(path, text)]));
    assert_eq!(breaches.len(), 1, "{path}: {breaches:?}");
    breaches.into_iter().next().unwrap_or_default()
}

#[test]
fn what_a_source_names_is_found_in_every_spelling() {
    for (source, expected) in [
        ("use crate::fs;", vec!["crate::fs"]),
        (
            "use crate::{fs, model::id::{RunId, Digest as D}};",
            vec!["crate::fs", "crate::model::id::RunId", "crate::model::id::Digest"],
        ),
        ("fn f() { crate::vcs::open() }", vec!["crate::vcs::open"]),
        ("fn f(x: crate::vcs::Repo<std::fs::File>) {}", vec!["crate::vcs::Repo", "std::fs::File"]),
        ("use std::{fs, io::{self, Read}};", vec!["std::fs", "std::io::self", "std::io::Read"]),
        ("use git2;", vec!["git2"]),
        ("fn f() { ::git2::open() }", vec!["git2::open"]),
        ("#[derive(clap::Parser)] struct A;", vec!["clap::Parser"]),
        ("// use crate::fs;\n/* crate::fs /* x */ crate::vcs */", vec![]),
        ("const A: &str = \"crate::fs\"; const B: &str = r#\"use crate::vcs; \"x\" \"#;", vec![]),
        (
            "fn f<'a>(x: &'a str, c: char) -> bool { c == '\"' || c == '\\'' || crate::fs::x(x) }",
            vec!["crate::fs::x"],
        ),
        ("let x = b'\"'; use crate::net;", vec!["crate::net"]),
        ("<T as crate::app::World>::go()", vec!["crate::app::World"]),
    ] {
        assert_eq!(named(source), expected, "{source}");
    }
}

#[test]
fn lines_are_those_of_the_file() {
    let lines: Vec<usize> = paths(&tokens("//!\n/* a\n b */\nconst A: &str = \"x\ny\";\nuse crate::fs;\n"))
        .into_iter()
        .map(|named| named.line)
        .collect();
    assert_eq!(lines, [6]);
}

#[test]
fn a_forbidden_edge_is_found_in_code_tests_and_by_super() {
    for text in [
        "use crate::vcs::Store;",
        "fn f() { crate::vcs::open() }",
        "#[cfg(test)] mod tests { use crate::vcs; }",
        "use crate::{vcs};",
        "use super::super::vcs::Store;",
    ] {
        let breach = one(rules::edges, "src/policy/read.rs", text);
        assert!(breach.contains("policy may not name vcs"), "{breach}");
    }
    assert_eq!(rules::edges(&House::of(&[("src/cli/a.rs", "use crate::mcp::X;")])).len(), 1);
    assert_eq!(rules::edges(&House::of(&[("src/model/a.rs", "use crate::stats::X;")])).len(), 1);
    let fine = [
        ("src/policy/a.rs", "use crate::model::id::RunId; use super::super::policy::b;"),
        ("src/policy/fs.rs", ""),
        ("src/policy/b.rs", "use super::fs::X;"),
    ];
    assert_eq!(rules::edges(&House::of(&fine)), [] as [String; 0]);
}

#[test]
fn a_module_the_law_does_not_know_is_found() {
    assert_eq!(rules::unknown_modules(&House::of(&[("src/cache/a.rs", "")])).len(), 1);
}

#[test]
fn a_crate_in_the_wrong_place_is_found() {
    for (path, text) in [
        ("src/app/a.rs", "use git2::Repository;"),
        ("src/engine/a.rs", "fn f() { rusqlite::open() }"),
        ("src/app/report.rs", "use indicatif::ProgressBar;"),
        ("src/app/mod.rs", "#[derive(clap::Parser)] struct A;"),
    ] {
        one(rules::crates, path, text);
    }
    let fine = [
        ("src/confine/mod.rs", "mod landlock; fn f() { landlock::wrap() }"),
        ("src/vcs/a.rs", "use git2::X;"),
        ("src/app/reporter/terminal.rs", "use indicatif::X;"),
        ("src/app/report.rs", "use inferno::X;"),
    ];
    assert_eq!(rules::crates(&House::of(&fine)), [] as [String; 0]);
}

#[test]
fn the_world_in_a_pure_module_is_found() {
    for text in [
        "use std::fs;",
        "use std::{fs::File};",
        "fn f() { std::process::id() }",
        "fn f() { std::env::var(x) }",
        "use std::time::Instant;",
        "fn f() { SystemTime::now() }",
        "use tokio::time;",
        "#[cfg(test)] mod tests { use std::fs; }",
        "fn f() -> u8 { rand::random() }",
    ] {
        one(rules::purity, "src/stats/a.rs", text);
    }
    let fine = [
        ("src/stats/a.rs", "use std::path::Path; use std::time::Duration; use std::io::Read;"),
        ("src/fs.rs", "use std::fs;"),
    ];
    assert_eq!(rules::purity(&House::of(&fine)), [] as [String; 0]);
}

#[test]
fn what_another_module_made_is_not_handed_on() {
    one(rules::handed_on, "src/engine/mod.rs", "pub use crate::model::id::RunId;");
    one(rules::handed_on, "src/engine/mod.rs", "pub(crate) use crate::stats::{A};");
    let fine =
        [("src/engine/mod.rs", "pub use self::run::Run; use crate::model::A; pub use crate::engine::b::C;")];
    assert_eq!(rules::handed_on(&House::of(&fine)), [] as [String; 0]);
}

#[test]
fn files_that_are_too_long_or_silent_or_badly_named_are_found() {
    let lines = |count: usize| "//! x\n".repeat(count);
    let (hard, trait_file, main) = (lines(801), lines(80), lines(10));
    for (path, text) in
        [("src/a/b.rs", &hard), ("tests/b.rs", &hard), ("src/a/mod.rs", &trait_file), ("src/main.rs", &main)]
    {
        let breaches = rules::sizes(&House::of(&[(path, text)]));
        assert!(breaches.iter().any(|breach| breach.starts_with(path)), "{path}: {breaches:?}");
    }
    let medium = lines(150);
    assert_eq!(rules::sizes(&House::of(&[("src/a/b.rs", &medium)])).len(), 1, "the median is too high");
    one(rules::openings, "src/a/b.rs", "use std::path::Path;\n");
    one(rules::names, "src/a/string_utils.rs", "");
    one(rules::names, "src/helpers/b.rs", "");
    one(rules::machine_paths, "tests/data/x/README.md", "made in /root/x");
}

const REGISTRY: &str = "pub static HARNESSES: &[&dyn Harness] = &[&command::Command, &go_test::GoTest]; static N: &[&str] = &[\"a\"];";

#[test]
fn a_registry_that_differs_from_its_folder_is_found() {
    let house = House::of(&[
        ("src/bench/mod.rs", REGISTRY),
        ("src/bench/command.rs", ""),
        ("src/bench/jmh/a.rs", ""),
    ]);
    assert_eq!(registries(&house).len(), 1);
    let breaches = against_folders(&house);
    assert_eq!(breaches.len(), 2, "{breaches:?}");
    assert!(breaches[0].contains("go_test, which is no file"), "{breaches:?}");
    assert!(breaches[1].contains("bench/jmh"), "{breaches:?}");
}

#[test]
fn a_format_without_captured_data_or_its_origin_is_found() {
    let data = "tests/data/bench/command/out.txt";
    let readme = |text| ("tests/data/bench/command/README.md", text);
    let registry = ("src/bench/mod.rs", "pub static HARNESSES: &[&dyn Harness] = &[&command::Command];");
    let with = |files: &[(&str, &str)]| against_data(&House::of(files)).len();
    assert_eq!(with(&[registry]), 2);
    assert_eq!(with(&[registry, (data, "x")]), 1);
    assert_eq!(with(&[registry, readme("go 1.22.3: `go test`")]), 1);
    assert_eq!(with(&[registry, (data, "x"), readme("some output")]), 1);
    assert_eq!(with(&[registry, (data, "x"), readme("go 1.22.3: `go test`")]), 0);
}
