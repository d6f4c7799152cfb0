//! What `init` finds in a Cargo package.

use super::found::{Case, Found, Suite};
use super::tree::Tree;

/// Crates that are harnesses: what they are called and the first words of a benchmark's name in their sources.
const CRATES: &[(&str, &str)] = &[("criterion", "bench_function(\""), ("divan", "#[divan::bench")];

/// The bench targets of criterion or divan, where it is a dependency of the package; else a program.
pub(super) fn find(tree: &Tree<'_>, folder: &str) -> Found {
    let manifest: toml::Table =
        tree.text(folder, "Cargo.toml").and_then(|text| text.parse().ok()).unwrap_or_default();
    let name = manifest.get("package").and_then(toml::Value::as_table).and_then(|table| word(table, "name"));
    let depends = |name: &str| {
        ["dev-dependencies", "dependencies"].iter().any(|kind| {
            let table = manifest.get(*kind).and_then(toml::Value::as_table);
            // By the name the code uses: another package may stand in for it, as CodSpeed's does.
            table.is_some_and(|table| table.contains_key(name))
        })
    };
    let harness = CRATES.iter().find(|(name, _)| depends(name));
    let benches = harness.map(|(name, opens)| (*name, benches(&manifest, tree, folder, opens)));
    match benches {
        Some((harness, Benches { programs, first })) if !programs.is_empty() => Found {
            name,
            target: first,
            about: format!(
                "These bench targets use {harness}: they are built by cargo and launched for one benchmark at a time."
            ),
            harness: harness.to_owned(),
            programs,
            setup: Some("cargo fetch".to_owned()),
            suites: vec![Suite::running("cargo", "cargo test --offline")],
            ..Found::default()
        },
        _ => program(&manifest, tree, folder, name),
    }
}

fn word(table: &toml::Table, key: &str) -> Option<String> {
    Some(table.get(key)?.as_str()?.to_owned())
}

/// Bench targets that a harness runs.
#[derive(Default)]
struct Benches {
    /// Their names.
    programs: Vec<String>,
    /// The first benchmark in their sources.
    first: Option<String>,
}

/// `[[bench]]` tables and files of `benches/` whose source has to do with the harness.
fn benches(manifest: &toml::Table, tree: &Tree<'_>, folder: &str, opens: &str) -> Benches {
    let tables = manifest.get("bench").and_then(toml::Value::as_array).into_iter().flatten();
    let declared: Vec<(String, Option<String>)> = tables
        .filter_map(toml::Value::as_table)
        .filter(|table| table.get("harness").and_then(toml::Value::as_bool) == Some(false))
        .filter_map(|table| Some((word(table, "name")?, word(table, "path"))))
        .collect();
    let mut benches = Benches::default();
    for (name, path) in declared {
        let usual = || [format!("benches/{name}.rs"), format!("benches/{name}/main.rs")];
        let mut paths = path.map_or_else(|| usual().to_vec(), |path| vec![path]).into_iter();
        let text = paths.find_map(|path| tree.text(folder, &path)).unwrap_or_default();
        benches.first = benches.first.or_else(|| named(&text, opens).map(ToOwned::to_owned));
        benches.programs.push(name);
    }
    // With several, names begin with the program's.
    if let ([first, _, ..], Some(own)) = (benches.programs.as_slice(), &benches.first) {
        benches.first = Some(format!("{first}::{own}"));
    }
    benches
}

/// The first benchmark of a source: the text after criterion's call, or the function after divan's attribute.
fn named<'a>(text: &'a str, opens: &str) -> Option<&'a str> {
    let rest = text.split_once(opens)?.1;
    if opens.ends_with('"') {
        return rest.split('"').next().filter(|name| !name.contains('{'));
    }
    let name = rest.split_once("fn ")?.1.split(['(', '<']).next()?;
    Some(name.trim())
}

/// A program that is a benchmark by its name: a `[[bin]]`, else an example.
fn program(manifest: &toml::Table, tree: &Tree<'_>, folder: &str, name: Option<String>) -> Found {
    let bins = manifest.get("bin").and_then(toml::Value::as_array).into_iter().flatten();
    let bin = bins
        .filter_map(|bin| word(bin.as_table()?, "name"))
        .find(|name| name.contains("bench"))
        .map(|name| (format!("--bin {name}"), format!("target/release/{name}"), name));
    let example = || {
        let own = tree.own(folder, &["Cargo.toml"]);
        let mut names =
            own.into_iter().filter_map(|path| path.strip_prefix("examples/")?.strip_suffix(".rs"));
        let name = names.find(|name| name.contains("bench") && !name.contains('/'))?;
        Some((format!("--example {name}"), format!("target/release/examples/{name}"), name.to_owned()))
    };
    let found = bin.or_else(example);
    let target = found.as_ref().map(|(_, _, name)| name.clone());
    let (build, program, case) = found.unwrap_or_else(|| {
        ("--bin NAME".to_owned(), "target/release/NAME".to_owned(), "parse_document".to_owned())
    });
    Found {
        name,
        target,
        about: "A benchmark is a plain program that does its work `{n}` times and exits; it is built once and that copy is measured.".to_owned(),
        harness: "command".to_owned(),
        build: vec![format!("cargo build --release --offline {build}")],
        artifacts: vec![program.clone()],
        cases: vec![Case { name: case, run: format!("{program} {{n}}") }],
        suites: vec![Suite::running("cargo", "cargo test --offline")],
        ..Found::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_that_is_a_benchmark_by_its_name_is_found() {
        let manifest = "[package]\nname = \"p\"\n\n[[bin]]\nname = \"p\"\n\n[[bin]]\npath = \"b.rs\"\nname = \"p_bench\"\n";
        let files = [("Cargo.toml", manifest)];
        let found = find(&Tree::with(&files), "");
        assert_eq!(found.build, ["cargo build --release --offline --bin p_bench"]);
        assert_eq!(found.artifacts, ["target/release/p_bench"]);
        assert_eq!((found.target.as_deref(), found.name.as_deref()), (Some("p_bench"), Some("p")));
    }

    #[test]
    fn bench_targets_of_criterion_and_divan_are_found_with_their_first_benchmark() {
        for (harness, manifest, source) in [
            (
                "criterion",
                include_str!("../../../tests/data/programs/criterion/Cargo.toml"),
                include_str!("../../../tests/data/programs/criterion/benches/steps.rs"),
            ),
            (
                "divan",
                include_str!("../../../tests/data/programs/divan/Cargo.toml"),
                include_str!("../../../tests/data/programs/divan/benches/steps.rs"),
            ),
        ] {
            let files = [("a/Cargo.toml", manifest), ("a/benches/steps.rs", source)];
            let found = find(&Tree::with(&files), "a");
            assert_eq!((&*found.harness, &found.programs), (harness, &vec!["steps".to_owned()]));
            assert_eq!(
                (found.target.as_deref(), found.setup.as_deref()),
                (Some("work"), Some("cargo fetch"))
            );
        }
    }

    #[test]
    fn without_a_benchmark_a_placeholder_is_left_for_the_person() {
        let files = [("Cargo.toml", "[package]\nname = \"p\"\n")];
        let found = find(&Tree::with(&files), "");
        assert_eq!((found.target, found.artifacts), (None, vec!["target/release/NAME".to_owned()]));
    }
}
