//! What `init` finds in a Go module.

use super::found::{Found, Suite};
use super::tree::Tree;

/// The first benchmark function and the package it stands in.
pub(super) fn find(tree: &Tree<'_>, folder: &str) -> Found {
    let first = tree.own(folder, &["go.mod"]).into_iter().find_map(|path| {
        let text = path.ends_with("_test.go").then(|| tree.text(folder, path)).flatten()?;
        Some((path.rsplit_once('/').map_or(".", |(package, _)| package).to_owned(), benchmark(&text)?))
    });
    let (package, target) = first.map_or((".".to_owned(), None), |(package, name)| (package, Some(name)));
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
        ..Found::default()
    }
}

/// The first `func BenchmarkX(` of a file.
fn benchmark(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let rest = line.strip_prefix("func Benchmark")?;
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let is_one = !name.starts_with(char::is_lowercase) && rest[name.len()..].starts_with('(');
        is_one.then(|| format!("Benchmark{name}"))
    })
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
}
