//! `init`: a first config file, from what is found in the project.
//!
//! Not here: what the file may say (`policy/file.rs`), how it looks (`templates/optiloop.toml`). Start at [`init`].

use std::path::Path;

use serde::Serialize;

use crate::fs;
use crate::model::change::TreePath;
use crate::model::id::CommitId;
use crate::policy::language::Language;
use crate::vcs::user::UserRepository;

use super::config::{FILE, project_root};
use super::error::AppError;
use super::start::Context;
use super::templates::Templates;

/// What goes into the file.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Found {
    language: String,
    /// A benchmark, where one was found.
    benchmark: Option<String>,
    /// Folder of the package it is in (Go).
    package: String,
    /// Arguments of cargo that build it.
    build: String,
    /// The built program.
    program: String,
}

/// Writes the file; the lines to print.
pub fn init(context: &Context) -> Result<Vec<String>, AppError> {
    let user = UserRepository::discover(&context.folder)?;
    let Some(top) = user.root() else {
        return Err(AppError::Usage("a bare repository has no place for a config file".to_owned()));
    };
    let root = project_root(Some(top), &context.folder);
    let path = top.join(&root).join(FILE);
    if path.exists() {
        return Err(AppError::Usage(format!("{} is there already", path.display())));
    }
    let files = fs::entries(&top.join(&root))?;
    let names: Vec<String> =
        files.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
    let language = Language::detect(&names)?.name;
    let sources = sources(&user, user.head()?.commit, &root, &language)?;
    let found = match language.as_str() {
        "go" => go(&sources),
        "rust" => rust(&sources),
        _ => Found { language, ..Found::default() },
    };
    let templates = Templates::open(None)?;
    fs::replace(&path, templates.config(&found)?.as_bytes())?;
    let mut lines = vec![format!("Wrote {}.", path.display())];
    lines.push(match &found.benchmark {
        Some(benchmark) => format!("It measures {benchmark}; look the file over, then:"),
        None => "No benchmark was found: name one in it, then:".to_owned(),
    });
    let target = found.benchmark.as_deref().unwrap_or("NAME");
    lines.push("  optiloop doctor".to_owned());
    lines.push(format!("  optiloop run --target {target} --goal 20% --dry-run"));
    lines.push("For AGENTS.md, if rules are to be kept there:\n".to_owned());
    lines.push(templates.agents_block()?);
    Ok(lines)
}

/// Files in which benchmarks are declared, relative to the project's root, with their text.
fn sources(
    user: &UserRepository,
    head: CommitId,
    root: &Path,
    language: &str,
) -> Result<Vec<(String, String)>, AppError> {
    let declares = |path: &str| match language {
        "go" => path.ends_with("_test.go"),
        "rust" => path == "Cargo.toml" || path.starts_with("examples/"),
        _ => false,
    };
    let mut sources = Vec::new();
    for path in user.paths(head)? {
        let whole = path.lossy().into_owned();
        let Some(inside) = Path::new(&whole).strip_prefix(root).ok().and_then(Path::to_str) else { continue };
        if !declares(inside) {
            continue;
        }
        if let Some(bytes) = user.read_blob(head, &TreePath::new(whole.as_bytes()))? {
            sources.push((inside.to_owned(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(sources)
}

/// The first benchmark function and the package it stands in.
fn go(sources: &[(String, String)]) -> Found {
    let first = sources.iter().find_map(|(path, text)| {
        let after = text.split("\nfunc Benchmark").nth(1)?;
        let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        Some((path.rsplit_once('/').map_or(".", |(folder, _)| folder), format!("Benchmark{name}")))
    });
    let (package, benchmark) = first.map_or((".", None), |(package, name)| (package, Some(name)));
    Found { language: "go".to_owned(), benchmark, package: package.to_owned(), ..Found::default() }
}

/// A program that is a benchmark by its name: a `[[bin]]`, else an example. Their paths are the same after every
/// build; those of `[[bench]]` are not.
fn rust(sources: &[(String, String)]) -> Found {
    let is_benchmark = |name: &str| name.contains("bench");
    let manifest =
        sources.iter().find(|(path, _)| path == "Cargo.toml").map_or("", |(_, text)| text.as_str());
    let bins = manifest.split("[[bin]]").skip(1).filter_map(|table| {
        let line = table
            .lines()
            .map(str::trim)
            .take_while(|line| !line.starts_with('['))
            .find(|l| l.starts_with("name"))?;
        Some(line.split_once('=')?.1.trim().trim_matches('"').to_owned())
    });
    let bin = bins
        .filter(|name| is_benchmark(name))
        .map(|name| (format!("--bin {name}"), format!("target/release/{name}"), name));
    let examples = sources.iter().filter_map(|(path, _)| path.strip_prefix("examples/")?.strip_suffix(".rs"));
    let example = examples.filter(|name| is_benchmark(name)).map(|name| {
        (format!("--example {name}"), format!("target/release/examples/{name}"), name.to_owned())
    });
    let found = bin.chain(example).next();
    let placeholder = || ("--bin NAME".to_owned(), "target/release/NAME".to_owned());
    let (benchmark, (build, program)) = match found {
        Some((build, program, name)) => (Some(name), (build, program)),
        None => (None, placeholder()),
    };
    Found { language: "rust".to_owned(), benchmark, build, program, ..Found::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    #[test]
    fn the_first_benchmark_of_a_go_module_is_found_with_its_package() {
        let found = go(&[
            source("a_test.go", "package a\nfunc TestA(t *testing.T) {}\n"),
            source("text/text_test.go", "package text\n\nfunc BenchmarkWords(b *testing.B) {}\n"),
        ]);
        assert_eq!((found.benchmark.as_deref(), &*found.package), (Some("BenchmarkWords"), "text"));
    }

    #[test]
    fn a_binary_that_is_a_benchmark_by_its_name_is_found() {
        let manifest = "[package]\nname = \"p\"\n\n[[bin]]\nname = \"p\"\n\n[[bin]]\npath = \"b.rs\"\nname = \"p_bench\"\n";
        let found = rust(&[source("Cargo.toml", manifest)]);
        assert_eq!((&*found.build, &*found.program), ("--bin p_bench", "target/release/p_bench"));
    }

    #[test]
    fn without_a_benchmark_a_placeholder_is_left_for_the_person() {
        let found = rust(&[source("Cargo.toml", "[package]\nname = \"p\"\n")]);
        assert_eq!((found.benchmark, &*found.program), (None, "target/release/NAME"));
    }
}
