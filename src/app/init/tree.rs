//! The files of the commit `init` looks at, by path and text.
//!
//! Not here: what they mean. Start at [`Tree::own`].

use std::collections::BTreeSet;

use crate::model::change::TreePath;
use crate::model::id::CommitId;
use crate::vcs::user::UserRepository;

use super::AppError;

/// Folders whose manifests are no packages of the project.
const FOREIGN: &[&str] = &["node_modules", "vendor", "third_party", "testdata", "fixtures"];
/// A file with more bytes is not read.
const LARGEST: usize = 1 << 20;

/// Reads a file of the tree by its path.
type Read<'a> = Box<dyn Fn(&str) -> Option<Vec<u8>> + 'a>;

/// A commit's files.
pub(super) struct Tree<'a> {
    paths: BTreeSet<String>,
    read: Read<'a>,
}

impl<'a> Tree<'a> {
    /// The files of a commit; those whose names are no text are left out.
    pub(super) fn of(user: &'a UserRepository, commit: CommitId) -> Result<Self, AppError> {
        let paths = user.paths(commit)?.into_iter().map(|path| path.lossy().into_owned()).collect();
        let read = move |path: &str| user.read_blob(commit, &TreePath::new(path.as_bytes())).ok().flatten();
        Ok(Self { paths, read: Box::new(read) })
    }

    /// These files.
    #[cfg(test)]
    pub(super) fn with(files: &'a [(&'a str, &'a str)]) -> Self {
        let paths = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        let read = move |path: &str| {
            files.iter().find(|(known, _)| *known == path).map(|(_, text)| text.as_bytes().to_vec())
        };
        Self { paths, read: Box::new(read) }
    }

    /// Whether the file is there.
    pub(super) fn has(&self, folder: &str, name: &str) -> bool {
        self.paths.contains(&join(folder, name))
    }

    /// A file's text, lossily; none where it is not there or too large to be one a person wrote.
    pub(super) fn text(&self, folder: &str, name: &str) -> Option<String> {
        let path = join(folder, name);
        let bytes = self.paths.contains(&path).then(|| (self.read)(&path)).flatten()?;
        (bytes.len() <= LARGEST).then(|| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Names of the files right in a folder.
    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        let inside = self.below(folder);
        inside.filter(|path| !path.contains('/')).map(str::to_owned).collect()
    }

    /// Paths below a folder, relative to it.
    pub(super) fn below<'b>(&'b self, folder: &'b str) -> impl Iterator<Item = &'b str> {
        self.paths.iter().filter_map(move |path| inside(folder, path))
    }

    /// Paths below a folder, relative to it, without those of packages of their own: folders with one of these
    /// manifests.
    pub(super) fn own<'b>(&'b self, folder: &'b str, manifests: &[&str]) -> Vec<&'b str> {
        let packages: Vec<&str> = self
            .below(folder)
            .filter_map(|path| path.rsplit_once('/'))
            .filter(|(_, name)| manifests.contains(name))
            .map(|(package, _)| package)
            .collect();
        self.below(folder)
            .filter(|path| !packages.iter().any(|package| inside(package, path).is_some()))
            .collect()
    }

    /// Folders at or below this one with such a manifest, relative to the repository, outermost first.
    pub(super) fn packages(&self, folder: &str, is_manifest: impl Fn(&str) -> bool) -> Vec<String> {
        let split = |path: &str| match path.rsplit_once('/') {
            Some((folder, name)) => (folder.to_owned(), name.to_owned()),
            None => (String::new(), path.to_owned()),
        };
        let packages: BTreeSet<String> = (self.paths.iter())
            .filter(|path| inside(folder, path).is_some())
            .map(|path| split(path))
            .filter(|(at, name)| is_manifest(name) && !at.split('/').any(|part| FOREIGN.contains(&part)))
            .map(|(at, _)| at)
            .collect();
        packages.into_iter().collect()
    }
}

/// A path in a folder; the empty folder is the top.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The rest of a path that lies below a folder.
pub(super) fn inside<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_packages_within_a_package_are_not_its_own() {
        let files = [("a/go.mod", ""), ("a/x.go", ""), ("a/b/go.mod", ""), ("a/b/y.go", ""), ("ab/z.go", "")];
        let tree = Tree::with(&files);
        assert_eq!(tree.own("a", &["go.mod"]), ["go.mod", "x.go"]);
    }

    #[test]
    fn packages_are_folders_with_a_manifest_but_not_those_brought_along() {
        let files = [("go.mod", ""), ("a/go.mod", ""), ("vendor/x/go.mod", ""), ("b/x.go", "")];
        assert_eq!(Tree::with(&files).packages("", |name| name == "go.mod"), ["", "a"]);
    }
}
