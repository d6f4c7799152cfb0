//! `init`: a first config file, from what is found in the project.
//!
//! A file per language says what its projects hold; this one chooses the package and writes. Not here: what the file
//! may say (`policy/file.rs`), how it looks (`templates/optiloop.toml`). Start at [`init`]; a new language is a file
//! and a line in `FINDERS`.

mod c;
pub mod ci;
mod found;
mod generic;
mod go;
mod java;
mod node;
mod python;
mod rust;
mod tree;

use std::path::Path;

use crate::fs;
use crate::model::change::TreePath;
use crate::policy::glob::Globs;
use crate::policy::language::{self, Language};
use crate::vcs::user::UserRepository;

use super::config::{FILE, project_root};
use super::error::AppError;
use super::start::Context;
use super::templates::Templates;

use ci::Forge;
use found::Found;
use tree::{Tree, join};

/// Finds what a project of the language holds; the package's folder is relative to the repository, and the answer
/// may leave root and language to [`look`].
type Finder = fn(&Tree<'_>, &str) -> Found;

/// Every language of `policies/languages` and what finds its projects.
static FINDERS: &[(&str, Finder)] = &[
    ("go", go::find),
    ("rust", rust::find),
    ("python", python::find),
    ("node", node::find),
    ("java", java::find),
    ("c", c::find),
    ("generic", generic::find),
];

/// What flags say.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// `--package`: a folder, its last part, or the name in its manifest.
    pub package: Option<String>,
    /// `--ci`: jobs for a forge as well; then a config that is there already is fine.
    pub ci: Option<Forge>,
}

/// Writes the file; the lines to print.
pub fn init(context: &Context, asked: &Asked) -> Result<Vec<String>, AppError> {
    let user = UserRepository::discover(&context.folder)?;
    let Some(top) = user.root() else {
        return Err(AppError::Usage("a bare repository has no place for a config file".to_owned()));
    };
    let tree = Tree::of(&user, user.head()?.commit)?;
    let root = project_root(Some(top), &context.folder).to_string_lossy().into_owned();
    let templates = Templates::open(context.templates.as_deref())?;
    if let (Some(forge), true) = (asked.ci, top.join(&root).join(FILE).exists()) {
        return ci::write((top, Path::new(&root)), forge, &templates);
    }
    let found = choose(&tree, &root, asked)?;
    let path = top.join(found.root.as_deref().unwrap_or(&root)).join(FILE);
    if path.exists() {
        return Err(AppError::Usage(format!("{} is there already", path.display())));
    }
    fs::publish(&path, templates.config(&found)?.as_bytes())?;
    let beside = path.parent().unwrap_or(top).strip_prefix(&context.folder).ok();
    let mut lines = said(&path, beside.unwrap_or(Path::new("")), &found);
    lines.push("For AGENTS.md, if rules are to be kept there:\n".to_owned());
    lines.push(templates.agents_block()?);
    if let Some(forge) = asked.ci {
        let folder = found.root.clone().unwrap_or(root);
        lines.extend(ci::write((top, Path::new(&folder)), forge, &templates)?);
    }
    Ok(lines)
}

/// The package that is meant: the one named, the one stood in, or the only one with a benchmark.
fn choose(tree: &Tree<'_>, root: &str, asked: &Asked) -> Result<Found, AppError> {
    let languages = language::all()?;
    let is_manifest = |name: &str| languages.iter().any(|l| l.manifests.iter().any(|known| known == name));
    if let Some(wanted) = &asked.package {
        let wanted = wanted.trim_start_matches("./").trim_end_matches('/');
        let all = tree.packages("", is_manifest);
        let is_it = |folder: &str| {
            folder == wanted || folder == join(root, wanted) || folder.ends_with(&format!("/{wanted}"))
        };
        if let Some(folder) = all.iter().find(|folder| is_it(folder)) {
            return look(tree, folder);
        }
        let mut looked = all.iter().map(|folder| look(tree, folder)).collect::<Result<Vec<_>, _>>()?;
        if let Some(at) = looked.iter().position(|found| found.name.as_deref() == Some(wanted)) {
            return Ok(looked.swap_remove(at));
        }
        // A folder that is no package of its own, but is measured by itself.
        let part = looked.into_iter().find_map(|found| {
            let (package, target) = found.parts.iter().find(|(package, _)| package == wanted)?.clone();
            Some(Found { package: Some(package), target: Some(target), notes: Vec::new(), ..found })
        });
        return match part {
            Some(found) => Ok(found),
            None => Err(AppError::Usage(format!("there is no package {wanted:?}; there are:{}", list(&all)))),
        };
    }
    let mut here = look(tree, root)?;
    let others: Vec<String> =
        tree.packages(root, is_manifest).into_iter().filter(|folder| folder != root).collect();
    if others.is_empty() {
        return Ok(here);
    }
    let mut measured = Vec::new();
    for folder in &others {
        let found = look(tree, folder)?;
        measured.extend(found.target.is_some().then_some((folder, found)));
    }
    if here.target.is_some() {
        if !measured.is_empty() {
            let folders: Vec<&str> = measured.iter().map(|(folder, _)| folder.as_str()).collect();
            let note = format!("There are benchmarks in {} too: `--package` picks one.", folders.join(", "));
            here.notes.push(note);
        }
        return Ok(here);
    }
    if measured.len() == 1 {
        return Ok(measured.remove(0).1);
    }
    // Folders with a manifest and nothing to measure, as documentation with a Makefile, are no choice.
    if measured.is_empty() && tree.names(root).iter().any(|name| is_manifest(name)) {
        here.notes.push(format!("There are packages in {} too: `--package` picks one.", others.join(", ")));
        return Ok(here);
    }
    let lines: Vec<String> = (others.iter())
        .map(|folder| match measured.iter().find(|(known, _)| *known == folder) {
            Some((_, found)) => format!("{folder}: {}", found.target.as_deref().unwrap_or_default()),
            None => folder.clone(),
        })
        .collect();
    let question = "several packages lie here and none was named: pick one with `--package`:";
    Err(AppError::Usage(format!("{question}{}", list(&lines))))
}

/// Each on a line of its own.
fn list(lines: &[String]) -> String {
    let lines = lines.iter().map(|line| if line.is_empty() { "." } else { line });
    lines.flat_map(|line| ["\n  ", line]).collect()
}

/// What the package in this folder holds.
fn look(tree: &Tree<'_>, folder: &str) -> Result<Found, AppError> {
    let language = Language::detect(&tree.names(folder))?;
    let finder =
        FINDERS.iter().find(|(name, _)| *name == language.name).map_or(generic::find as Finder, |f| f.1);
    let mut found = finder(tree, folder);
    let root = found.root.get_or_insert_with(|| folder.to_owned()).clone();
    // What the language protects anyway need not be said.
    let globs = Globs::new(&language.layer.benchmarks)?;
    found.files.retain(|file| !globs.matches(&TreePath::new(join(&root, file).into_bytes())));
    found.language = language.name;
    Ok(found)
}

/// What was written and how to go on, as a shell takes it; `folder` is where the file stands below the one called from.
fn said(path: &Path, folder: &Path, found: &Found) -> Vec<String> {
    let mut lines = vec![format!("Wrote {}.", path.display())];
    lines.push(match &found.target {
        Some(benchmark) => format!("It measures {benchmark}; look the file over, then:"),
        None => "No benchmark was found: name one in it, then:".to_owned(),
    });
    let target = shell_words::quote(found.target.as_deref().unwrap_or("NAME"));
    let folder = folder.to_string_lossy();
    let there =
        if folder.is_empty() { String::new() } else { format!(" -C {}", shell_words::quote(&folder)) };
    lines.push(format!("  optiloop{there} doctor"));
    lines.push(format!("  optiloop{there} run --target {target} --goal 20% --dry-run"));
    lines.extend(found.notes.iter().cloned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::file::ConfigFile;
    use crate::policy::origin::{Committed, Origin, Place};

    const BENCHMARK: &str = "func BenchmarkX(b *testing.B) {}\n";

    fn chosen(files: &[(&str, &str)], root: &str, package: Option<&str>) -> Result<Found, String> {
        let asked = Asked { package: package.map(str::to_owned), ci: None };
        choose(&Tree::with(files), root, &asked).map_err(|error| error.to_string())
    }

    #[test]
    fn every_language_has_a_finder() {
        let names: Vec<String> = language::all().unwrap().into_iter().map(|language| language.name).collect();
        for (name, _) in FINDERS {
            assert!(names.iter().any(|known| known == name), "{name}");
        }
        assert_eq!(names.len(), FINDERS.len(), "{names:?}");
    }

    #[test]
    fn the_only_package_with_a_benchmark_is_taken() {
        let files = [("a/go.mod", "module a\n"), ("b/go.mod", "module b\n"), ("b/x_test.go", BENCHMARK)];
        let found = chosen(&files, "", None).unwrap();
        assert_eq!((found.root.as_deref(), found.target.as_deref()), (Some("b"), Some("BenchmarkX")));
    }

    #[test]
    fn a_folder_of_documentation_with_a_makefile_is_no_choice() {
        let files = [("pyproject.toml", "[project]\nname = \"p\"\n"), ("docs/Makefile", "html:\n")];
        let found = chosen(&files, "", None).unwrap();
        assert_eq!((found.root.as_deref(), found.language.as_str()), (Some(""), "python"));
        assert!(found.notes[0].contains("docs"), "{:?}", found.notes);
    }

    #[test]
    fn several_packages_with_benchmarks_are_listed_and_one_is_picked_by_folder_or_name() {
        let files = [
            ("libs/a/go.mod", "module example.com/first\n"),
            ("libs/a/x_test.go", BENCHMARK),
            ("libs/b/go.mod", "module example.com/second\n"),
            ("libs/b/x_test.go", BENCHMARK),
        ];
        let error = chosen(&files, "", None).unwrap_err();
        assert!(error.ends_with("\n  libs/a: BenchmarkX\n  libs/b: BenchmarkX"), "{error}");
        for package in ["libs/b", "b", "./libs/b/", "example.com/second"] {
            assert_eq!(chosen(&files, "", Some(package)).unwrap().root.as_deref(), Some("libs/b"));
        }
        let error = chosen(&files, "", Some("c")).unwrap_err();
        assert!(error.contains("no package \"c\"") && error.ends_with("\n  libs/a\n  libs/b"), "{error}");
    }

    #[test]
    fn a_folder_of_a_go_module_is_picked_like_a_package() {
        let files = [("go.mod", "module m\n"), ("x_test.go", BENCHMARK), ("huff0/y_test.go", BENCHMARK)];
        let part = chosen(&files, "", Some("huff0")).unwrap();
        assert_eq!((part.package.as_deref(), part.root.as_deref()), (Some("huff0"), Some("")));
        assert!(chosen(&files, "", Some("huff1")).unwrap_err().contains("no package \"huff1\""));
    }

    #[test]
    fn what_comes_next_is_said_as_a_shell_takes_it() {
        let found = Found { target: Some("lib > with two".to_owned()), ..Found::default() };
        let lines = said(Path::new("/r/pkg/optiloop.toml"), Path::new("pkg"), &found);
        assert_eq!(
            lines[2..],
            [
                "  optiloop -C pkg doctor",
                "  optiloop -C pkg run --target 'lib > with two' --goal 20% --dry-run"
            ]
        );
        assert_eq!(said(Path::new("/r/optiloop.toml"), Path::new(""), &found)[2], "  optiloop doctor");
    }

    #[test]
    fn a_package_stood_in_is_the_one_that_is_meant() {
        let files = [("go.mod", ""), ("x_test.go", BENCHMARK), ("b/go.mod", ""), ("b/x_test.go", BENCHMARK)];
        assert_eq!(chosen(&files, "b", None).unwrap().root.as_deref(), Some("b"));
        let top = chosen(&files, "", None).unwrap();
        assert_eq!((top.root.as_deref(), top.notes.len()), (Some(""), 1));
    }

    #[test]
    fn what_is_written_is_read_as_it_was_meant() {
        let found = Found {
            target: Some("a \"b\"".to_owned()),
            harness: "command".to_owned(),
            programs: vec!["x".to_owned(), "y\\z".to_owned()],
            package: Some("p".to_owned()),
            build: vec!["make \"it\"".to_owned()],
            setup: Some("make deps".to_owned()),
            cases: vec![found::Case { name: "a \"b\"".to_owned(), run: "./x '{n}'".to_owned() }],
            suites: vec![found::Suite::known("cargo"), found::Suite::running("command", "make test")],
            ..Found::default()
        };
        let text = Templates::open(None).unwrap().config(&found).unwrap();
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(table["target"]["name"].as_str(), Some("a \"b\""));
        assert_eq!(table["bench"]["programs"][1].as_str(), Some("y\\z"));
        assert_eq!(table["bench"]["case"][0]["run"].as_str(), Some("./x '{n}'"));
        assert_eq!(table["suite"].as_array().map(Vec::len), Some(2));
        let place = Place { path: FILE.to_owned(), line: 1 };
        let origin = Origin::File { place, committed: Committed::No };
        let file = ConfigFile::read(FILE, &text, &origin).unwrap();
        assert_eq!(file.target.as_deref(), Some("a \"b\""));
    }
}
