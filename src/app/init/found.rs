//! What `init` found in a project, in the words of `optiloop.toml`; `templates/optiloop.toml` renders it as it is.

use serde::Serialize;

/// Everything a first config says. What is empty is left to the defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Found {
    /// Folder the config file goes to, relative to the repository, where it is not the package's own: a Maven
    /// reactor is built from above its modules.
    pub(super) root: Option<String>,
    /// The language, by the name of its file in `policies/languages`.
    pub(super) language: String,
    /// What the package is called, where its manifest says.
    pub(super) name: Option<String>,
    /// A benchmark, where one was found.
    pub(super) target: Option<String>,
    /// A sentence on how benchmarks are measured here.
    pub(super) about: String,
    /// `[bench] harness`.
    pub(super) harness: String,
    /// `[bench] package`.
    pub(super) package: Option<String>,
    /// Folders of the package with benchmarks and the first in each, where one is launched at a time.
    #[serde(skip)]
    pub(super) parts: Vec<(String, String)>,
    /// `[bench] programs`.
    pub(super) programs: Vec<String>,
    /// `[bench] build`.
    pub(super) build: Vec<String>,
    /// `[bench] artifacts`.
    pub(super) artifacts: Vec<String>,
    /// `[bench] files`: benchmarks that no default of the language protects, relative to [`Self::root`].
    pub(super) files: Vec<String>,
    /// `[[bench.case]]`.
    pub(super) cases: Vec<Case>,
    /// `[[suite]]`.
    pub(super) suites: Vec<Suite>,
    /// `setup`.
    pub(super) setup: Option<String>,
    /// What the person should know, a sentence each.
    pub(super) notes: Vec<String>,
}

/// One case of the `command` harness.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Case {
    /// Its name.
    pub(super) name: String,
    /// Its command.
    pub(super) run: String,
}

/// One test suite.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Suite {
    /// The suite by name.
    pub(super) kind: String,
    /// The project's own command, where the suite has none.
    pub(super) command: Option<String>,
}

impl Suite {
    /// A suite that knows its command.
    pub(super) fn known(kind: &str) -> Self {
        Self { kind: kind.to_owned(), command: None }
    }

    /// A suite that runs this.
    pub(super) fn running(kind: &str, command: &str) -> Self {
        Self { kind: kind.to_owned(), command: Some(command.to_owned()) }
    }
}
