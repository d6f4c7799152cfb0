//! What `init` finds in a Go module.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::found::{Found, Suite};
use super::tree::Tree;

/// The first benchmark function and the package it stands in.
pub(super) fn find(tree: &Tree<'_>, folder: &str) -> Found {
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in tree.own(folder, &["go.mod"]).into_iter().filter(|path| path.ends_with("_test.go")) {
        let package = path.rsplit_once('/').map_or(".", |(package, _)| package);
        let found = benchmarks(&tree.text(folder, path).unwrap_or_default());
        parts.entry(package.to_owned()).or_default().extend(found);
    }
    parts.retain(|_, benchmarks| !benchmarks.is_empty());
    // The module's own package, else the one with most to measure.
    let most = || parts.iter().max_by_key(|(package, found)| (found.len(), Reverse(package.as_str())));
    let chosen = parts.get_key_value(".").or_else(most);
    let (package, target) =
        chosen.map_or((".".to_owned(), None), |(package, names)| (package.clone(), names.first().cloned()));
    let others = parts.keys().filter(|part| **part != package).cloned().collect::<Vec<_>>().join(", ");
    let note = format!("There are benchmarks in {others} too: `--package` picks one.");
    let module = tree.text(folder, "go.mod").unwrap_or_default();
    let name = module.lines().find_map(|line| Some(line.trim().strip_prefix("module ")?.trim().to_owned()));
    Found {
        name,
        target,
        about: "Benchmarks and tests of a Go module are found by themselves.".to_owned(),
        harness: "go_test".to_owned(),
        package: Some(package),
        suites: vec![Suite::known("go_test")],
        setup: (module.contains("require") && !tree.has(folder, "vendor/modules.txt"))
            .then(|| "go mod download".to_owned()),
        notes: (!others.is_empty()).then_some(note).into_iter().collect(),
        parts: parts
            .into_iter()
            .filter_map(|(part, names)| Some((part, names.into_iter().next()?)))
            .collect(),
        ..Found::default()
    }
}

/// Every `func BenchmarkX(` of a file.
fn benchmarks(text: &str) -> Vec<String> {
    let found = text.lines().filter_map(|line| {
        let rest = line.strip_prefix("func Benchmark")?;
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let is_one = !name.starts_with(char::is_lowercase) && rest[name.len()..].starts_with('(');
        is_one.then(|| format!("Benchmark{name}"))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_benchmark_of_a_go_module_is_found_with_its_package() {
        let files = [
            ("go.mod", "module example.com/m\n\nrequire example.com/x v1.0.0\n"),
            ("a_test.go", "package a\nfunc TestA(t *testing.T) {}\nfunc Benchmarks() {}\n"),
            ("other/go.mod", "module example.com/other\n"),
            ("other/a_test.go", "func BenchmarkOther(b *testing.B) {}\n"),
            ("text/text_test.go", "package text\n\nfunc BenchmarkWords(b *testing.B) {}\n"),
        ];
        let found = find(&Tree::with(&files), "");
        assert_eq!(
            (found.target.as_deref(), found.package.as_deref()),
            (Some("BenchmarkWords"), Some("text"))
        );
        assert_eq!(
            (found.name.as_deref(), found.setup.as_deref()),
            (Some("example.com/m"), Some("go mod download"))
        );
    }

    #[test]
    fn of_several_packages_the_modules_own_is_taken_and_the_others_are_named() {
        let of = |name: &str| format!("func Benchmark{name}(b *testing.B) {{}}\n");
        let (own, small, large) = (of("Own"), of("Small"), of("L") + &of("M"));
        let files =
            [("go.mod", "module m\n"), ("a/a_test.go", &small), ("b/b_test.go", &large), ("x_test.go", &own)];
        let found = find(&Tree::with(&files), "");
        assert_eq!((found.package.as_deref(), found.target.as_deref()), (Some("."), Some("BenchmarkOwn")));
        assert_eq!(found.notes, ["There are benchmarks in a, b too: `--package` picks one."]);
        let without = find(&Tree::with(&files[..3]), "");
        assert_eq!((without.package.as_deref(), without.target.as_deref()), (Some("b"), Some("BenchmarkL")));
    }
}
