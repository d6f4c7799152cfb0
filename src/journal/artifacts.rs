//! Artifacts: files named by the digest of their content (`ab/cdef…`), beside the journal that names them.
//!
//! Not here: what an artifact is for, and which may go (`app` knows what records still name).

use std::path::{Path, PathBuf};

use super::error::JournalError;
use crate::fs::{self, PathError};
use crate::model::id::Digest;

/// A folder of artifacts.
#[derive(Debug, Clone)]
pub struct Artifacts {
    folder: PathBuf,
}

/// A file among the artifacts that does not hold what its name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: String,
}

impl Artifacts {
    /// Opens the folder, making it where there is none.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        fs::create_folder(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Keeps `bytes`; when this returns they are on the disk. Keeping the same again costs a read, and
    /// repairs a file that was damaged.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest, JournalError> {
        let digest = Digest::of(bytes);
        let path = self.path(digest);
        if fs::read(&path).is_ok_and(|kept| kept == bytes) {
            return Ok(digest);
        }
        if let Some(folder) = path.parent() {
            fs::create_folder(folder).map_err(full)?;
        }
        fs::replace(&path, bytes).map_err(full)?;
        Ok(digest)
    }

    /// The bytes of an artifact, checked against its name.
    pub fn get(&self, digest: Digest) -> Result<Vec<u8>, JournalError> {
        let path = self.path(digest);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.is_not_found() => {
                return Err(JournalError::ArtifactMissing { digest, folder: self.folder.clone() });
            }
            Err(error) => return Err(error.into()),
        };
        let found = Digest::of(&bytes);
        if found == digest { Ok(bytes) } else { Err(JournalError::ArtifactDamaged { path, found }) }
    }

    /// Reads every artifact and names each file that does not fit. Temporary files that a kill left are none.
    pub fn verify(&self) -> Result<Vec<Fault>, JournalError> {
        let mut faults = Vec::new();
        for folder in fs::entries(&self.folder)? {
            for path in fs::entries(&folder)? {
                let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let file = name(&path);
                if file.starts_with(".tmp") {
                    continue;
                }
                let what = match format!("{}{file}", name(&folder)).parse::<Digest>() {
                    Err(_) => "its name is no digest".to_owned(),
                    Ok(digest) => match Digest::of(&fs::read(&path)?) {
                        found if found == digest => continue,
                        found => format!("its content is that of {found}"),
                    },
                };
                faults.push(Fault { path, what });
            }
        }
        Ok(faults)
    }

    /// Where an artifact is or would be.
    pub fn path(&self, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        self.folder.join(&name[..2]).join(&name[2..])
    }
}

/// A full disk is told apart: nothing is broken then.
fn full(error: PathError) -> JournalError {
    if error.is_full() { JournalError::Full { path: error.path } } else { error.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifacts() -> (tempfile::TempDir, Artifacts) {
        let folder = tempfile::tempdir().unwrap();
        let artifacts = Artifacts::open(&folder.path().join("artifacts")).unwrap();
        (folder, artifacts)
    }

    #[test]
    fn an_artifact_comes_back_by_its_digest() {
        let (_folder, artifacts) = artifacts();
        let digest = artifacts.put(b"profile").unwrap();
        assert_eq!(artifacts.get(digest).unwrap(), b"profile");
        assert_eq!(artifacts.put(b"profile").unwrap(), digest);
        assert_eq!(artifacts.verify().unwrap(), []);
    }

    #[test]
    fn a_flipped_byte_is_named_by_get_and_by_verify_and_repaired_by_put() {
        let (_folder, artifacts) = artifacts();
        let digest = artifacts.put(b"profile").unwrap();
        fs::replace(&artifacts.path(digest), b"profilf").unwrap();
        assert!(matches!(artifacts.get(digest), Err(JournalError::ArtifactDamaged { .. })));
        let faults = artifacts.verify().unwrap();
        assert_eq!(faults.iter().map(|fault| &fault.path).collect::<Vec<_>>(), [&artifacts.path(digest)]);
        artifacts.put(b"profile").unwrap();
        assert_eq!(artifacts.get(digest).unwrap(), b"profile");
    }

    #[test]
    fn a_missing_artifact_and_a_file_that_is_none_are_told() {
        let (_folder, artifacts) = artifacts();
        let digest = Digest::of(b"never kept");
        assert!(matches!(artifacts.get(digest), Err(JournalError::ArtifactMissing { .. })));
        let stray = artifacts.path(digest).with_file_name("notes.txt");
        fs::create_folder(stray.parent().unwrap()).unwrap();
        fs::replace(&stray, b"x").unwrap();
        let told = artifacts.verify().unwrap();
        assert_eq!(told, [Fault { path: stray, what: "its name is no digest".into() }]);
    }
}
