//! What a proposal did to a tree, as `vcs` takes it and `policy` inspects it.

use serde::{Deserialize, Serialize};

/// A path inside a tree: raw bytes, since git allows any but NUL. Prints lossily, serialises exactly.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreePath(Vec<u8>);

impl TreePath {
    /// Wraps the bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// For people and globs; invalid UTF-8 becomes U+FFFD.
    pub fn lossy(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl std::fmt::Debug for TreePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.lossy())
    }
}

impl std::fmt::Display for TreePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.lossy().escape_debug())
    }
}

impl Serialize for TreePath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Percent-escapes only what is not printable UTF-8, so that ordinary paths stay readable.
        let mut text = String::new();
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                if c == '%' || c.is_control() {
                    for byte in c.to_string().bytes() {
                        text.push_str(&format!("%{byte:02X}"));
                    }
                } else {
                    text.push(c);
                }
            }
            for byte in chunk.invalid() {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for TreePath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while let Some((&first, tail)) = rest.split_first() {
            if first == b'%' && tail.len() >= 2 && tail[..2].iter().all(u8::is_ascii_hexdigit) {
                let digits = [tail[0], tail[1]];
                bytes.extend(hex::decode(digits).map_err(serde::de::Error::custom)?);
                rest = &tail[2..];
            } else {
                bytes.push(first);
                rest = tail;
            }
        }
        Ok(Self(bytes))
    }
}

/// What a tree holds at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A file.
    File,
    /// A file with the executable bit.
    Executable,
    /// A symbolic link; the content is its target.
    Link,
    /// A submodule.
    Gitlink,
}

/// One side of a changed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// What it is.
    pub kind: EntryKind,
    /// Its bytes as git stores them; `None` for gitlinks and for content above the size limit.
    pub content: Option<Vec<u8>>,
    /// Its size in bytes.
    pub size: u64,
}

/// A changed path: both sides for an edit, one for an addition or deletion. Renames are a pair of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathChange {
    /// Where.
    pub path: TreePath,
    /// Before; `None` if it was added.
    pub before: Option<Side>,
    /// After; `None` if it was deleted.
    pub after: Option<Side>,
    /// Whether `.gitattributes` of the base names a filter for it (LFS and the like).
    pub filtered: Filtered,
}

/// Whether a clean or smudge filter stands between a path and its blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filtered {
    /// No.
    No,
    /// Yes: what is in the blob is not what a user's checkout shows.
    Yes,
}

/// Everything a proposal changed, and what taking it found besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Changed paths, sorted.
    pub paths: Vec<PathChange>,
    /// Nested repositories that were found (never committed).
    pub nested: Vec<TreePath>,
    /// Paths in submodules that were edited; a tree only names a submodule's commit.
    pub in_submodules: Vec<TreePath>,
    /// New files that the base's ignore rules leave out, at most the first hundred.
    pub ignored: Vec<TreePath>,
    /// Files above the size at which they are not even stored; the change is without them.
    pub oversized: Vec<TreePath>,
}
