//! What a language's projects usually need: data files, embedded. The lowest layer of config.

use std::collections::BTreeMap;

use super::error::ReadError;
use super::facts::Facts;
use super::layer::Layer;
use super::origin::Origin;
use super::read;
use super::table::Table;

const FILES: &[(&str, &str)] = &[
    ("go", include_str!("../../policies/languages/go.toml")),
    ("rust", include_str!("../../policies/languages/rust.toml")),
    ("java", include_str!("../../policies/languages/java.toml")),
    ("python", include_str!("../../policies/languages/python.toml")),
    ("node", include_str!("../../policies/languages/node.toml")),
    // A makefile beside a manifest of these says nothing: it comes after them.
    ("c", include_str!("../../policies/languages/c.toml")),
    ("generic", include_str!("../../policies/languages/generic.toml")),
];

/// The defaults of a language.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Language {
    /// Its name.
    pub name: String,
    /// Files at a project root that tell it, by name.
    pub manifests: Vec<String>,
    /// Globs of files whose change asks for `setup` again.
    pub locks: Vec<String>,
    /// The harness, where one is usual.
    pub harness: Option<String>,
    /// The suite, where one is usual.
    pub suite: Option<String>,
    /// The collector, where one is usual.
    pub collector: Option<String>,
    /// Variables that pin versions and keep tools offline.
    pub env: BTreeMap<String, String>,
    /// Protected and benchmark globs.
    pub layer: Layer,
    /// What the diff policy knows from it.
    pub facts: Facts,
}

/// All languages there are.
pub fn all() -> Result<Vec<Language>, ReadError> {
    FILES.iter().map(|(name, text)| Language::read(name, text)).collect()
}

impl Language {
    /// The language of this name; unknown names get the generic defaults.
    pub fn named(name: &str) -> Result<Self, ReadError> {
        let file = FILES.iter().find(|(known, _)| *known == name).unwrap_or(&FILES[FILES.len() - 1]);
        Self::read(file.0, file.1)
    }

    /// The first language one of whose manifests is among `files` (names at the project root).
    pub fn detect(files: &[String]) -> Result<Self, ReadError> {
        for (name, text) in FILES {
            let language = Self::read(name, text)?;
            if language.manifests.iter().any(|manifest| files.contains(manifest)) {
                return Ok(language);
            }
        }
        Self::named("generic")
    }

    fn read(name: &str, text: &str) -> Result<Self, ReadError> {
        let path = format!("policies/languages/{name}.toml");
        let origin = Origin::Language { name: name.to_owned() };
        let mut table = Table::parse(&path, text)?;
        let list = |item: Option<super::table::Item<'_>>| -> Result<Vec<String>, ReadError> {
            Ok(item
                .map(super::table::Item::texts)
                .transpose()?
                .unwrap_or_default()
                .into_iter()
                .map(|(_, text)| text)
                .collect())
        };
        let word = |item: Option<super::table::Item<'_>>| item.map(|item| item.text()).transpose();
        let facts = Facts::read(&mut table, &origin)?;
        let mut env = BTreeMap::new();
        if let Some(item) = table.take("env") {
            for (key, value) in item.table()?.take_all() {
                env.insert(key, value.text()?);
            }
        }
        let language = Self {
            name: name.to_owned(),
            manifests: list(table.take("manifests"))?,
            locks: facts.locks.iter().map(|said| said.value.clone()).collect(),
            harness: word(table.take("harness"))?,
            suite: word(table.take("suite"))?,
            collector: word(table.take("collector"))?,
            env,
            layer: Layer {
                protected: read::globs(table.take("protected"), &origin)?,
                benchmarks: read::globs(table.take("benchmarks"), &origin)?,
                ..Layer::default()
            },
            facts,
        };
        table.finish()?;
        Ok(language)
    }
}
