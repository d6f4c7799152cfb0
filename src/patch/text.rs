//! The model of a unified diff: files, hunks, lines; and counts over them.
//!
//! Not here: reading or writing the format (`parse`, `render`). Start at [`FilePatch`].

use crate::model::change::{EntryKind, TreePath};

/// What a patch does to one file. An addition has no `before`, a deletion no `after`; a rename has two
/// different paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePatch {
    /// The file it starts from.
    pub before: Option<Version>,
    /// The file it ends with.
    pub after: Option<Version>,
    /// What changes inside.
    pub body: Body,
}

impl FilePatch {
    /// The path after the patch, or before it where the file is deleted.
    pub fn path(&self) -> Option<&TreePath> {
        self.after.as_ref().or(self.before.as_ref()).map(|version| &version.path)
    }

    /// Lines added and removed; zero for binary files.
    pub fn count(&self) -> LineCount {
        match &self.body {
            Body::Text(hunks) => hunks.iter().map(Hunk::count).fold(LineCount::default(), LineCount::plus),
            Body::Binary(_) => LineCount::default(),
        }
    }
}

/// One side of a [`FilePatch`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Where.
    pub path: TreePath,
    /// What it is; `None` where the patch does not say (an edit that keeps the mode).
    pub kind: Option<EntryKind>,
}

/// The inside of a changed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Text; no hunks when only the mode or the name changes.
    Text(Vec<Hunk>),
    /// Binary content, as git encodes it: from its `index` line on, or nothing where the patch only says that
    /// the files differ.
    Binary(Vec<u8>),
}

/// A run of changed lines with the context around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The first line before the change, from 1 (0 for an empty side).
    pub old_start: u32,
    /// The first line after the change, from 1 (0 for an empty side).
    pub new_start: u32,
    /// What stands after the second `@@`: the function it lies in, empty if unknown.
    pub section: Vec<u8>,
    /// Its lines in order.
    pub lines: Vec<Line>,
}

impl Hunk {
    /// Lines added and removed.
    pub fn count(&self) -> LineCount {
        let of = |kind| self.lines.iter().filter(|line| line.kind == kind).count();
        LineCount { added: of(LineKind::Added), removed: of(LineKind::Removed) }
    }

    /// How many lines it spans before the change.
    pub fn old_lines(&self) -> usize {
        self.lines.iter().filter(|line| line.kind != LineKind::Added).count()
    }

    /// How many lines it spans after the change.
    pub fn new_lines(&self) -> usize {
        self.lines.iter().filter(|line| line.kind != LineKind::Removed).count()
    }

    /// The numbers (from 1) of the lines it removes from the text before.
    pub fn removed_lines(&self) -> Vec<u32> {
        numbers(&self.lines, self.old_start, LineKind::Removed, LineKind::Added)
    }

    /// The numbers (from 1) of the lines it adds, in the text after.
    pub fn added_lines(&self) -> Vec<u32> {
        numbers(&self.lines, self.new_start, LineKind::Added, LineKind::Removed)
    }
}

fn numbers(lines: &[Line], start: u32, wanted: LineKind, absent: LineKind) -> Vec<u32> {
    let mut at = start;
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.kind != absent) {
        if line.kind == wanted {
            found.push(at);
        }
        at = at.saturating_add(1);
    }
    found
}

/// One line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which side it belongs to.
    pub kind: LineKind,
    /// Its bytes without the line feed.
    pub text: Vec<u8>,
    /// Whether a line feed follows.
    pub end: LineEnd,
}

/// Which side a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// Both sides.
    Context,
    /// Only before.
    Removed,
    /// Only after.
    Added,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// With a line feed.
    Feed,
    /// With the end of the file.
    File,
}

/// Lines added and removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineCount {
    /// Only in the text after.
    pub added: usize,
    /// Only in the text before.
    pub removed: usize,
}

impl LineCount {
    /// The sum of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { added: self.added + other.added, removed: self.removed + other.removed }
    }
}

/// Whether git would call the content binary: a NUL in the first 8,000 bytes (git's `buffer_is_binary`).
pub fn is_binary(content: &[u8]) -> bool {
    content.iter().take(8000).any(|&byte| byte == 0)
}
