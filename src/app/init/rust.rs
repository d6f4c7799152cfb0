//! What `init` finds in a Cargo package.

use super::found::{Case, Found, Suite};
use super::tree::Tree;

/// A program that is a benchmark by its name: a `[[bin]]`, else an example. Their paths are the same after every
/// build; those of `[[bench]]` are not.
pub(super) fn find(tree: &Tree<'_>, folder: &str) -> Found {
    let manifest: toml::Table =
        tree.text(folder, "Cargo.toml").and_then(|text| text.parse().ok()).unwrap_or_default();
    let word = |table: &toml::Table, key: &str| Some(table.get(key)?.as_str()?.to_owned());
    let name = manifest.get("package").and_then(toml::Value::as_table).and_then(|table| word(table, "name"));
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
    fn without_a_benchmark_a_placeholder_is_left_for_the_person() {
        let files = [("Cargo.toml", "[package]\nname = \"p\"\n")];
        let found = find(&Tree::with(&files), "");
        assert_eq!((found.target, found.artifacts), (None, vec!["target/release/NAME".to_owned()]));
    }
}
