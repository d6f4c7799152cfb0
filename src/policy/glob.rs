//! Globs over tree paths: one meaning everywhere a policy, a language or a config names files.
//!
//! `*`, `?` and `[…]` stay within a path component, `**` crosses them. As in .gitignore, a glob that
//! matches a folder matches all below it, one without an inner slash matches at any depth
//! (`*_bench_test.go`), one that ends in a slash matches folders only (`benches/`), and any other stands from
//! the folder of the file that says it ([`anchored`]).
//! Matching is on what git calls the path; invalid UTF-8 matches as U+FFFD.

use globset::{GlobBuilder, GlobMatcher};

use super::error::PolicyError;
use super::origin::Sourced;
use crate::model::change::TreePath;

/// Compiled globs with the origin of each.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    rules: Vec<(Rule, Sourced<String>)>,
}

impl Globs {
    /// Compiles `globs`; the first that cannot be read is an error that names who wrote it.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a Sourced<String>>) -> Result<Self, PolicyError> {
        let compiled = globs.into_iter().map(|said| {
            let rule = Rule::new(&said.value).map_err(|why| PolicyError::BadGlob {
                glob: said.value.clone(),
                why,
                origin: Box::new(said.origin.clone()),
            })?;
            Ok::<_, PolicyError>((rule, said.clone()))
        });
        Ok(Self { rules: compiled.collect::<Result<_, _>>()? })
    }

    /// The first glob that matches, with its origin: `benches/ (AGENTS.md:14)`.
    pub fn find(&self, path: &TreePath) -> Option<String> {
        let text = path.lossy();
        let (_, said) = self.rules.iter().find(|(rule, _)| rule.matches(&text))?;
        Some(format!("{} ({})", said.value, said.origin))
    }

    /// Whether any glob matches.
    pub fn matches(&self, path: &TreePath) -> bool {
        self.find(path).is_some()
    }
}

/// A glob of a file in `folder` (empty for the root) as it stands from the repository root.
pub fn anchored(folder: &str, glob: &str) -> String {
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    if folder.is_empty() {
        return glob.to_owned();
    }
    let folder = globset::escape(folder);
    match glob.strip_prefix('/') {
        Some(rest) => format!("{folder}/{rest}"),
        None if has_inner_slash(glob) => format!("{folder}/{glob}"),
        None => format!("{folder}/**/{glob}"),
    }
}

fn has_inner_slash(glob: &str) -> bool {
    glob.strip_suffix('/').unwrap_or(glob).contains('/')
}

/// One compiled glob.
#[derive(Debug, Clone)]
struct Rule {
    matcher: GlobMatcher,
    only: Only,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Only {
    Folders,
    Anything,
}

impl Rule {
    fn new(glob: &str) -> Result<Self, String> {
        let glob = glob.strip_prefix("./").unwrap_or(glob);
        let anywhere = if has_inner_slash(glob) { "" } else { "**/" };
        let (body, only) = match glob.strip_suffix('/') {
            Some(body) => (body, Only::Folders),
            None => (glob, Only::Anything),
        };
        let body = body.strip_prefix('/').unwrap_or(body);
        if body.trim().is_empty() {
            return Err("it names nothing".to_owned());
        }
        let matcher = GlobBuilder::new(&format!("{anywhere}{body}"))
            .literal_separator(true)
            .backslash_escape(true)
            .build()
            .map_err(|error| error.kind().to_string())?
            .compile_matcher();
        Ok(Self { matcher, only })
    }

    fn matches(&self, path: &str) -> bool {
        let itself = self.only == Only::Anything && self.matcher.is_match(path);
        itself || path.match_indices('/').any(|(at, _)| self.matcher.is_match(&path[..at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::origin::Origin;

    #[test]
    fn a_glob_means_what_its_slashes_say() {
        for (glob, path, expected) in [
            ("*_bench_test.go", "x_bench_test.go", true),
            ("*_bench_test.go", "a/b/x_bench_test.go", true),
            ("*_bench_test.go", "a/x_bench_test.go.orig", false),
            ("benches", "a/benches/b.rs", true),
            ("crates/*/benches/", "crates/a/benches/b.rs", true),
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
    fn a_glob_stands_from_the_folder_of_its_file() {
        for (folder, glob, expected) in [
            ("", "*.go", "*.go"),
            ("crates/a", "*.go", "crates/a/**/*.go"),
            ("crates/a", "benches/", "crates/a/**/benches/"),
            ("crates/a", "/benches/", "crates/a/benches/"),
            ("crates/a", "src/x.rs", "crates/a/src/x.rs"),
            ("a[b]", "src/x.rs", "a[[]b[]]/src/x.rs"),
        ] {
            assert_eq!(anchored(folder, glob), expected);
        }
    }

    #[test]
    fn a_glob_that_cannot_be_read_names_who_wrote_it() {
        let wrong = Sourced::new("a[".to_owned(), Origin::Flag { name: "--protected".to_owned() });
        let error = Globs::new([&wrong]).unwrap_err();
        assert!(error.to_string().starts_with("--protected: `a[` is not a glob"), "{error}");
    }
}
