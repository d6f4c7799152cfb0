//! Where a value of the policy comes from.

use serde::{Deserialize, Serialize};

/// A line of a file, as it is shown to people: path relative to the repository root, line from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line, from 1; 0 for what has no lines (a flag).
    pub line: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str(&self.path),
            line => write!(f, "{}:{line}", self.path),
        }
    }
}

/// Whether a file stands in the commit the run begins at, byte for byte as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Committed {
    /// It does: loosening below what it says needs `--override-policy`.
    Yes,
    /// It was read from the work tree and differs from the commit.
    No,
}

/// Who says a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum Origin {
    /// A preset; `named` says who chose it, `None` for the built-in default, which only fills gaps.
    Preset {
        /// Its name.
        name: String,
        /// Where it was chosen.
        named: Option<Box<Origin>>,
    },
    /// The defaults of a language.
    Language {
        /// Its name.
        name: String,
    },
    /// `optiloop.toml`.
    File {
        /// Where.
        #[serde(flatten)]
        place: Place,
        /// Whether it is committed.
        committed: Committed,
    },
    /// A sentence or a fenced block of an AGENTS.md.
    AgentsMd {
        /// Where.
        #[serde(flatten)]
        place: Place,
        /// Whether it is committed.
        committed: Committed,
    },
    /// An environment variable.
    Env {
        /// Its name.
        name: String,
    },
    /// A flag.
    Flag {
        /// As it is written, with its dashes.
        name: String,
    },
}

/// Who outweighs whom among those whose wish is not bound by a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Fills gaps only.
    BuiltIn,
    /// A file that is not committed.
    File,
    /// The environment.
    Env,
    /// A flag.
    Flag,
    /// A committed file: the floor no other may loosen without `--override-policy`.
    Committed,
}

impl Origin {
    /// Its rank; a preset has the rank of whoever chose it.
    pub fn rank(&self) -> Rank {
        match self {
            Self::Preset { named: Some(by), .. } => by.rank(),
            Self::Preset { named: None, .. } | Self::Language { .. } => Rank::BuiltIn,
            Self::File { committed: Committed::Yes, .. }
            | Self::AgentsMd { committed: Committed::Yes, .. } => Rank::Committed,
            Self::File { .. } | Self::AgentsMd { .. } => Rank::File,
            Self::Env { .. } => Rank::Env,
            Self::Flag { .. } => Rank::Flag,
        }
    }

    /// The same source at another line; sources without lines stay as they are.
    #[must_use]
    pub fn at_line(&self, line: u32) -> Self {
        let mut origin = self.clone();
        if let Self::File { place, .. } | Self::AgentsMd { place, .. } = &mut origin {
            place.line = line;
        }
        origin
    }

    /// The folder of the file that speaks, from the repository root; empty for the root and all others.
    pub fn folder(&self) -> &str {
        match self {
            Self::File { place, .. } | Self::AgentsMd { place, .. } => {
                place.path.rsplit_once('/').map_or("", |(folder, _)| folder)
            }
            _ => "",
        }
    }

    /// What an error names: the path of a file, the name of anything else.
    pub fn name(&self) -> &str {
        match self {
            Self::Preset { name, .. }
            | Self::Language { name }
            | Self::Env { name }
            | Self::Flag { name } => name,
            Self::File { place, .. } | Self::AgentsMd { place, .. } => &place.path,
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Preset { name, named: None } => write!(f, "preset {name}"),
            Self::Preset { name, named: Some(by) } => write!(f, "preset {name} ({by})"),
            Self::Language { name } => write!(f, "language {name}"),
            Self::File { place, .. } | Self::AgentsMd { place, .. } => write!(f, "{place}"),
            Self::Env { name } | Self::Flag { name } => f.write_str(name),
        }
    }
}

/// A value and who says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Who says it.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value said by `origin`.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}
