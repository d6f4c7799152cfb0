//! What the diff policy knows of tools: which files they run by themselves, where flags and dependencies stand.
//!
//! Read from every language file, whatever the project's language: a stray `.npmrc` is as strange in a Go
//! module. Not here: what is done about it ([`super::inspect`]). Start at [`Facts`].

use super::error::{PolicyError, ReadError};
use super::language;
use super::origin::{Origin, Sourced};
use super::read::globs;
use super::table::{Item, Table};

/// The facts of one language file, or of all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Globs of files a tool runs by itself, with the reason.
    pub auto_executed: Vec<(Sourced<String>, String)>,
    /// Globs of files that say how the code is built.
    pub build_files: Vec<Sourced<String>>,
    /// Globs of files that pin or list dependencies, and nothing else.
    pub locks: Vec<Sourced<String>>,
    /// Globs of test files.
    pub tests: Vec<Sourced<String>>,
    /// Files of which some keys are dependencies.
    pub manifests: Vec<Manifest>,
    /// Lines that change how a file is built.
    pub directives: Vec<Directive>,
    /// Benchmarks inside test or source files.
    pub benchmark_functions: Vec<BenchmarkFunction>,
}

/// A file of which some keys are dependencies and others say how the code is built.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// Which files.
    pub glob: Sourced<String>,
    /// How they are read.
    pub format: Format,
    /// Key paths (`target.*.dependencies`) of dependencies.
    pub dependencies: Vec<String>,
    /// Key paths of what tools run by themselves.
    pub executed: Vec<String>,
    /// Key paths that change nothing; all that is in no list says how the code is built.
    pub free: Vec<String>,
}

/// How a manifest is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// JSON.
    Json,
    /// `go.mod`, <https://go.dev/ref/mod#go-mod-file-grammar>.
    GoMod,
}

/// Lines that change how a file is built, whether they are added or removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Directive {
    /// In which files.
    pub globs: Vec<Sourced<String>>,
    /// How such a line begins, after blanks.
    pub starts_with: Vec<String>,
    /// What such a line holds.
    pub contains: Vec<String>,
}

/// How a benchmark begins; it ends at the next `}` at the same indentation.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchmarkFunction {
    /// In which files.
    pub globs: Vec<Sourced<String>>,
    /// How its first line begins, after blanks.
    pub opens: String,
}

impl Facts {
    /// The facts of all languages together.
    pub fn all() -> Result<Self, PolicyError> {
        let mut all = Self::default();
        for language in language::all()? {
            let Self { auto_executed, build_files, locks, tests, manifests, directives, benchmark_functions } =
                language.facts;
            all.auto_executed.extend(auto_executed);
            all.build_files.extend(build_files);
            all.locks.extend(locks);
            all.tests.extend(tests);
            all.manifests.extend(manifests);
            all.directives.extend(directives);
            all.benchmark_functions.extend(benchmark_functions);
        }
        Ok(all)
    }

    /// Takes the facts out of a language file.
    pub(super) fn read(table: &mut Table<'_>, origin: &Origin) -> Result<Self, ReadError> {
        let mut facts = Self {
            build_files: globs(table.take("build-files"), origin)?,
            locks: globs(table.take("locks"), origin)?,
            tests: globs(table.take("tests"), origin)?,
            ..Self::default()
        };
        for mut entry in tables(table.take("auto-executed"))? {
            let glob = one_glob(&mut entry, origin)?;
            facts.auto_executed.push((glob, entry.need("why")?.text()?));
            entry.finish()?;
        }
        for mut entry in tables(table.take("manifest"))? {
            facts.manifests.push(Manifest {
                glob: one_glob(&mut entry, origin)?,
                format: format(&entry.need("format")?)?,
                dependencies: words(entry.take("dependencies"))?,
                executed: words(entry.take("executed"))?,
                free: words(entry.take("free"))?,
            });
            entry.finish()?;
        }
        for mut entry in tables(table.take("directive"))? {
            facts.directives.push(Directive {
                globs: globs(entry.take("globs"), origin)?,
                starts_with: words(entry.take("starts-with"))?,
                contains: words(entry.take("contains"))?,
            });
            entry.finish()?;
        }
        for mut entry in tables(table.take("benchmark-functions"))? {
            facts.benchmark_functions.push(BenchmarkFunction {
                globs: globs(entry.take("globs"), origin)?,
                opens: entry.need("opens")?.text()?,
            });
            entry.finish()?;
        }
        Ok(facts)
    }
}

impl Directive {
    /// Whether a line is one.
    pub fn is(&self, line: &str) -> bool {
        let line = line.trim_start();
        self.starts_with.iter().any(|start| line.starts_with(start.as_str()))
            || self.contains.iter().any(|part| line.contains(part.as_str()))
    }
}

fn tables(item: Option<Item<'_>>) -> Result<Vec<Table<'_>>, ReadError> {
    item.map(Item::items).transpose()?.unwrap_or_default().into_iter().map(Item::table).collect()
}

fn one_glob(entry: &mut Table<'_>, origin: &Origin) -> Result<Sourced<String>, ReadError> {
    let item = entry.need("glob")?;
    Ok(Sourced::new(item.text()?, origin.at_line(item.line())))
}

fn words(item: Option<Item<'_>>) -> Result<Vec<String>, ReadError> {
    Ok(item.map(Item::texts).transpose()?.unwrap_or_default().into_iter().map(|(_, text)| text).collect())
}

fn format(item: &Item<'_>) -> Result<Format, ReadError> {
    match item.text()?.as_str() {
        "toml" => Ok(Format::Toml),
        "json" => Ok(Format::Json),
        "go-mod" => Ok(Format::GoMod),
        _ => Err(item.refuse("one of \"toml\", \"json\", \"go-mod\" is wanted")),
    }
}
