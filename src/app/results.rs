//! Files a command leaves for us: below the folder it is given for them, or in its workspace by glob.
//!
//! They are someone else's: regular files only, bounded in number and bytes. Start at [`Results::expected`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::fs;
use crate::model::change::TreePath;
use crate::model::command::RESULTS;
use crate::model::launch::Job;
use crate::policy::glob::Globs;
use crate::policy::origin::{Origin, Sourced};

use super::hands::{Access, Errand};
use super::world::WorldError;

/// Bytes of one file.
const LARGEST: usize = 64 << 20;
/// Files of one command.
const MOST: usize = 10_000;

/// Where the files of one command will lie.
#[derive(Debug)]
pub struct Results {
    /// The folder it is given, where it asks for one.
    given: Option<PathBuf>,
    /// The project's root in its workspace, and what is taken there.
    workspace: Option<(PathBuf, Globs)>,
}

impl Results {
    /// Makes the folder and removes what an earlier command left. `tmp` is seen at the same path by the child.
    pub fn expected(errand: &Errand<'_>, tmp: &Path) -> Result<Self, WorldError> {
        let wants = errand.spec.wants_results();
        let given = wants.then(|| tmp.join("results"));
        if let Some(folder) = &given {
            fs::create_folder(folder)?;
        }
        let mut workspace = None;
        if !errand.spec.takes.is_empty() && errand.access == Access::Writable {
            let said = |glob: &String| {
                Sourced::new(glob.clone(), Origin::Preset { name: "built-in".to_owned(), named: None })
            };
            let globs: Vec<_> = errand.spec.takes.iter().map(said).collect();
            let globs = Globs::new(&globs).map_err(|error| WorldError::Config(error.to_string()))?;
            let root = errand.folder.join(errand.root);
            for path in matching(&root, &globs)? {
                fs::remove_file(&root.join(path))?;
            }
            workspace = Some((root, globs));
        }
        Ok(Self { given, workspace })
    }

    /// Puts the folder's path where the job asks for it.
    pub fn name_in(&self, job: &mut Job) {
        let Some(folder) = &self.given else { return };
        let folder = folder.to_string_lossy();
        for text in job.argv.iter_mut().chain(job.env.values_mut()) {
            if text.contains(RESULTS) {
                *text = text.replace(RESULTS, &folder);
            }
        }
    }

    /// What is there now.
    pub fn read(&self) -> Result<BTreeMap<PathBuf, Vec<u8>>, WorldError> {
        let mut read = BTreeMap::new();
        let given = match &self.given {
            Some(folder) => files(folder)?.into_iter().map(|path| (folder, path)).collect(),
            None => Vec::new(),
        };
        let taken = match &self.workspace {
            Some((root, globs)) => matching(root, globs)?.into_iter().map(|path| (root, path)).collect(),
            None => Vec::new(),
        };
        for (folder, path) in given.into_iter().chain(taken).take(MOST) {
            // A file that cannot be read is one that is not there: the reader says what it misses.
            if let Ok(bytes) = fs::read_of_others(&folder.join(&path), LARGEST) {
                read.insert(path, bytes);
            }
        }
        Ok(read)
    }
}

/// Files below `root` that a glob matches, relative.
fn matching(root: &Path, globs: &Globs) -> Result<Vec<PathBuf>, WorldError> {
    let mut found = files(root)?;
    found.retain(|path| globs.matches(&TreePath::new(path.as_os_str().as_encoded_bytes())));
    Ok(found)
}

/// Regular files below a folder, relative; links are not followed and repositories not entered.
fn files(folder: &Path) -> Result<Vec<PathBuf>, WorldError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for path in fs::entries(&at)? {
            if path.is_symlink() || path.file_name().is_some_and(|name| name == ".git") {
                continue;
            }
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    let relative = found.iter().filter_map(|path| path.strip_prefix(folder).ok());
    Ok(relative.map(Path::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::command::CommandSpec;

    #[test]
    fn what_a_command_leaves_is_read_and_what_an_earlier_one_left_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (workspace, tmp) = (folder.path().join("work"), folder.path().join("tmp"));
        let reports = workspace.join("module/reports");
        fs::create_folder(&reports).unwrap();
        fs::create_folder(&tmp).unwrap();
        fs::replace(&reports.join("old.xml"), b"stale").unwrap();
        fs::replace(&workspace.join("secret"), b"secret").unwrap();
        let spec = CommandSpec::new(["tool", "--out={results}/a.json"]).taking("**/reports/*.xml");
        let results =
            Results::expected(&Errand::in_workspace(&spec, &workspace, Path::new("")), &tmp).unwrap();
        let mut job = Job {
            argv: spec.argv.clone(),
            folder: workspace.clone(),
            env: BTreeMap::new(),
            limits: crate::model::command::Limits::default(),
            sampling: crate::model::launch::Sampling::Off,
            services: Vec::new(),
        };
        results.name_in(&mut job);
        let out = PathBuf::from(job.argv[1].strip_prefix("--out=").unwrap());
        fs::replace(&out, b"{}").unwrap();
        fs::replace(&reports.join("new.xml"), b"<x/>").unwrap();
        std::os::unix::fs::symlink(workspace.join("secret"), reports.join("link.xml")).unwrap();
        let read: Vec<(PathBuf, Vec<u8>)> = results.read().unwrap().into_iter().collect();
        let expected: [(&str, &[u8]); 2] = [("a.json", b"{}"), ("module/reports/new.xml", b"<x/>")];
        assert_eq!(read, expected.map(|(path, bytes)| (PathBuf::from(path), bytes.to_vec())));
    }
}
