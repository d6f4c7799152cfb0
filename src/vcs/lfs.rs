//! LFS objects: content that a commit only points to, kept by git LFS in the user's repository.
//!
//! Where an object is there it is copied to where its pointer stands, by its digest; no filter program is run. The
//! format: <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>. Start at [`Pointer`].

use std::path::{Path, PathBuf};

use super::error::{VcsError, at};
use crate::fs;
use crate::model::change::TreePath;
use crate::model::id::Digest;

/// How every pointer begins.
const VERSION: &str = "version https://git-lfs.github.com/spec/v1";
/// A pointer is smaller than this, in bytes.
pub(super) const LARGEST_POINTER: usize = 1024;
/// The filter that attributes name for such files.
pub(super) const FILTER: &str = "lfs";

/// What stands in a blob for content that is elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pointer {
    oid: Digest,
    pub(super) size: u64,
}

impl Pointer {
    /// Reads one; `None` where it is none.
    pub(super) fn read(blob: &[u8]) -> Option<Self> {
        if blob.len() >= LARGEST_POINTER {
            return None;
        }
        let text = std::str::from_utf8(blob).ok()?;
        let mut lines = text.lines();
        if lines.next() != Some(VERSION) {
            return None;
        }
        let (mut oid, mut size) = (None, None);
        for line in lines {
            match line.split_once(' ')? {
                ("oid", value) => oid = Some(value.strip_prefix("sha256:")?.parse().ok()?),
                ("size", value) => size = Some(value.parse().ok()?),
                _ => {}
            }
        }
        Some(Self { oid: oid?, size: size? })
    }

    /// The pointer that git LFS writes for this content.
    pub(super) fn of(content: &[u8]) -> Vec<u8> {
        let digest = Digest::of(content);
        format!("{VERSION}\noid sha256:{digest}\nsize {}\n", content.len()).into_bytes()
    }

    /// Whether a file has the content.
    pub(super) fn is_of(&self, path: &Path) -> bool {
        let is_whole =
            std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() == self.size);
        is_whole && fs::digest(path).is_ok_and(|digest| digest == *self.oid.bytes())
    }

    /// Where git LFS keeps the object, below its folder.
    pub(super) fn object(&self, folder: &Path) -> PathBuf {
        let name = self.oid.to_string();
        folder.join(&name[..2]).join(&name[2..4]).join(name)
    }

    /// Whether the object seems to be there; what is in it is looked at when it is copied.
    pub(super) fn is_kept(&self, folder: &Path) -> bool {
        std::fs::metadata(self.object(folder)).is_ok_and(|meta| meta.is_file() && meta.len() == self.size)
    }

    /// Copies the object over a file that was just written; its mode stays.
    pub(super) fn fill(&self, folder: &Path, file: &Path, path: &[u8]) -> Result<(), VcsError> {
        let object = self.object(folder);
        let mode = at("inspect", file, std::fs::symlink_metadata(file))?.permissions();
        // A new file: what has another name of the old one keeps it.
        fs::remove_file(file)?;
        fs::copy_file(&object, file)?;
        at("set mode of", file, std::fs::set_permissions(file, mode))?;
        if self.is_of(file) { Ok(()) } else { Err(VcsError::LfsObject { path: TreePath::new(path), object }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_reads_as_it_was_written_and_nothing_else_is_one() {
        let text = Pointer::of(b"content");
        let pointer = Pointer::read(&text).unwrap();
        assert_eq!((pointer.oid, pointer.size), (Digest::of(b"content"), 7));
        let text = String::from_utf8(text).unwrap();
        for bad in [
            text.replace("sha256:", "md5:"),
            text.replace("size 7", "size x"),
            text.replace("version", "Version"),
            text.lines().next().unwrap().to_owned(),
            format!("{text}{}", "x y\n".repeat(300)),
            String::new(),
        ] {
            assert_eq!(Pointer::read(bad.as_bytes()), None, "{bad}");
        }
    }
}
