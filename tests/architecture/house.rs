//! The files of the house as values, so that rules can be tried on small invented houses.

use std::path::Path;

/// A file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// From the package's root, with `/`.
    pub(crate) path: String,
    /// Its text; invalid UTF-8 is not searched.
    pub(crate) text: String,
}

/// All files under some folders.
#[derive(Debug, Default)]
pub(crate) struct House {
    /// In order of path.
    pub(crate) files: Vec<File>,
}

impl House {
    /// The real one: sources, tests with their data, data files.
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut house = Self::default();
        for folder in ["src", "tests", "benches", "policies", "templates"] {
            house.walk(root, &root.join(folder));
        }
        house.files.sort_by(|one, other| one.path.cmp(&other.path));
        house
    }

    #[expect(clippy::disallowed_methods, reason = "a test that reads the sources it judges")]
    fn walk(&mut self, root: &Path, folder: &Path) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries {
            let path = entry.expect("a folder of the package can be listed").path();
            if path.is_dir() {
                self.walk(root, &path);
                continue;
            }
            let relative =
                path.strip_prefix(root).expect("it lies below the root").to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).expect("a file of the package can be read");
            self.files.push(File { path: relative, text: String::from_utf8(bytes).unwrap_or_default() });
        }
    }

    /// An invented one.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(file).collect() }
    }

    /// The Rust files of `src`, each with its top-level module (`lib` and `main` for the roots).
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&File, &str)> {
        self.rust().filter_map(|file| {
            let inside = file.path.strip_prefix("src/")?;
            let module = inside.split('/').next().unwrap_or_default();
            Some((file, module.strip_suffix(".rs").unwrap_or(module)))
        })
    }

    /// All Rust files that are ours: not those of sample projects among the data.
    pub(crate) fn rust(&self) -> impl Iterator<Item = &File> {
        let is_rust = |path: &str| Path::new(path).extension().is_some_and(|extension| extension == "rs");
        let ours = move |path: &str| is_rust(path) && !path.starts_with("tests/data/");
        self.files.iter().filter(move |file| ours(&file.path))
    }

    /// The modules in a folder: names of its files and folders, without `mod`.
    pub(crate) fn modules_in(&self, folder: &str) -> Vec<String> {
        let inside = self.files.iter().filter_map(|file| file.path.strip_prefix(folder)?.strip_prefix('/'));
        let mut names: Vec<String> = inside
            .map(|path| path.split('/').next().unwrap_or_default())
            .map(|name| name.strip_suffix(".rs").unwrap_or(name).to_owned())
            .filter(|name| name != "mod" && name != "tests")
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// The file at a path.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}
