//! Small projects, a folder each: a loop on one thread with a number of steps that can be cut by a known part.
//!
//! Those of this folder are launched as plain commands (Go through its own harness), those under
//! `tests/data/programs` through the harness they are named for. Not here: judging them (`judgement`). Start at
//! [`Project::named`].

use std::path::{Path, PathBuf};

use optiloop::fs::{copy_folder, entries, read_text, replace};

use crate::judgement::{Failed, commit, git};

/// What a loop does at first.
const STEPS: &str = "100000";
/// The languages that are measured when none is named.
pub(crate) const LANGUAGES: [&str; 6] = ["c", "rust", "go", "java", "node", "python"];

/// A project that is written down.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// Its language or harness, as it is named on the command line.
    pub name: String,
    folder: PathBuf,
}

impl Project {
    /// The project of this name.
    pub(crate) fn named(name: &str) -> Result<Self, Failed> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = ["benches/live/programs", "tests/data/programs"]
            .map(|folder| here.join(folder).join(name))
            .into_iter()
            .find(|folder| folder.is_dir());
        let missing = || Failed::Program { what: name.to_owned(), detail: "no such project".to_owned() };
        Ok(Self { name: name.to_owned(), folder: found.ok_or_else(missing)? })
    }

    /// Writes it below `parent` and commits it.
    pub(crate) fn make(&self, parent: &Path) -> Result<Made, Failed> {
        let folder = parent.join(&self.name);
        copy_folder(&self.folder, &folder)?;
        git(&folder, &["init", "-q", "-b", "main"])?;
        commit(&folder, "work")?;
        let source = source(&folder)?.ok_or_else(|| Failed::Program {
            what: self.name.clone(),
            detail: format!("no file holds {STEPS}, the steps"),
        })?;
        let original = read_text(&source)?;
        Ok(Made { folder, source, original })
    }
}

/// The file with the number of steps.
fn source(folder: &Path) -> Result<Option<PathBuf>, Failed> {
    for path in entries(folder)? {
        if path.file_name().is_some_and(|name| name == ".git") {
            continue;
        }
        let found = if path.is_dir() {
            source(&path)?
        } else {
            read_text(&path).is_ok_and(|text| text.contains(STEPS)).then_some(path)
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// What is done to a project before it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// So many percent less work.
    Planted(u32),
    /// A comment.
    Nothing,
}

/// A repository of a project with a work tree that can be changed.
pub(crate) struct Made {
    /// Its folder.
    pub folder: PathBuf,
    /// The file that is changed.
    pub source: PathBuf,
    /// Its text before.
    pub original: String,
}

impl Made {
    /// Changes the work tree; from the original, whatever was changed before.
    pub(crate) fn change(&self, change: Change) -> Result<(), Failed> {
        let is_python = self.source.extension().is_some_and(|extension| extension == "py");
        let comment = if is_python { "#" } else { "//" };
        let changed = match change {
            Change::Planted(percent) => self.original.replace(STEPS, &format!("{}", 1000 * (100 - percent))),
            Change::Nothing => format!("{}\n{comment} Nothing else.\n", self.original),
        };
        Ok(replace(&self.source, changed.as_bytes())?)
    }
}
