//! Globs over tree paths: one meaning everywhere a policy, a language or a config names files.
//!
//! `*`, `?` and `[…]` stay within a path component, `**` crosses them. A glob without a slash matches the
//! last component at any depth (`*_bench_test.go`); one that ends in a slash is the folder and all below
//! (`benches/`, at any depth unless it has another slash); any other stands from the repository root.
//! Matching is on what git calls the path; invalid UTF-8 matches as U+FFFD.

use globset::{GlobBuilder, GlobMatcher};

use super::error::PolicyError;
use super::origin::{Origin, Sourced};
use crate::model::change::TreePath;

/// Compiled globs with the origin of each.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    rules: Vec<(GlobMatcher, String, Origin)>,
}

impl Globs {
    /// Compiles `globs`; the first that cannot be read is an error that names who wrote it.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a Sourced<String>>) -> Result<Self, PolicyError> {
        let mut rules = Vec::new();
        for Sourced { value, origin } in globs {
            let matcher = compile(value).map_err(|why| PolicyError::BadGlob {
                glob: value.clone(),
                why,
                origin: Box::new(origin.clone()),
            })?;
            rules.push((matcher, value.clone(), origin.clone()));
        }
        Ok(Self { rules })
    }

    /// The first glob that matches, with its origin: `benches/ (AGENTS.md:14)`.
    pub fn find(&self, path: &TreePath) -> Option<String> {
        let text = path.lossy();
        let (_, glob, origin) = self.rules.iter().find(|(matcher, ..)| matcher.is_match(&*text))?;
        Some(format!("{glob} ({origin})"))
    }

    /// Whether any glob matches.
    pub fn matches(&self, path: &TreePath) -> bool {
        let text = path.lossy();
        self.rules.iter().any(|(matcher, ..)| matcher.is_match(&*text))
    }
}

fn compile(glob: &str) -> Result<GlobMatcher, String> {
    let trimmed = glob.strip_prefix("./").unwrap_or(glob);
    let (body, folder) = match trimmed.strip_suffix('/') {
        Some(body) => (body, "/**"),
        None => (trimmed, ""),
    };
    if body.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    let anywhere = if body.contains('/') { "" } else { "**/" };
    let body = body.strip_prefix('/').unwrap_or(body);
    GlobBuilder::new(&format!("{anywhere}{body}{folder}"))
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_means_what_its_slashes_say() {
        for (glob, path, expected) in [
            ("*_bench_test.go", "x_bench_test.go", true),
            ("*_bench_test.go", "a/b/x_bench_test.go", true),
            ("*_bench_test.go", "a/x_bench_test.go/y", false),
            ("benches/", "benches/parse.rs", true),
            ("benches/", "crates/a/benches/x/parse.rs", true),
            ("benches/", "benches", false),
            ("/benches/", "crates/a/benches/parse.rs", false),
            ("tests/*.rs", "tests/a.rs", true),
            ("tests/*.rs", "tests/a/b.rs", false),
            ("tests/*.rs", "crates/tests/a.rs", false),
            ("tests/**", "tests/a/b.rs", true),
            ("**/gen/*.go", "a/b/gen/x.go", true),
            ("a?c", "a/c", false),
            ("./Makefile", "sub/Makefile", true),
            ("[ab].rs", "x/b.rs", true),
        ] {
            let globs =
                Globs::new([&Sourced::new(glob.to_owned(), Origin::Flag { name: "--protected".to_owned() })])
                    .unwrap();
            assert_eq!(globs.matches(&TreePath::new(path)), expected, "{glob} on {path}");
        }
    }

    #[test]
    fn a_glob_that_cannot_be_read_names_who_wrote_it() {
        let wrong = Sourced::new("a[".to_owned(), Origin::Flag { name: "--protected".to_owned() });
        let error = Globs::new([&wrong]).unwrap_err();
        assert!(error.to_string().starts_with("--protected: `a[` is not a glob"), "{error}");
    }
}
