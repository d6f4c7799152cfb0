//! Why a policy or config cannot be used.

use super::origin::{Origin, Place};

/// A file that says something that cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct ReadError {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// What is wrong at a place of a policy or config file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is no TOML.
    #[error("not TOML: {0}")]
    Syntax(String),
    /// No such key.
    #[error("unknown key `{key}`{}", nearest_clause(.nearest.as_deref()))]
    UnknownKey {
        /// As written, with the tables it stands in.
        key: String,
        /// The known key that looks most like it.
        nearest: Option<String>,
    },
    /// A key that must be there is not.
    #[error("`{key}` is missing")]
    Missing {
        /// The key, with the tables it should stand in.
        key: String,
    },
    /// The value is of no use.
    #[error("`{key}` = {value}: {wanted}")]
    BadValue {
        /// The key.
        key: String,
        /// What was read.
        value: String,
        /// What is wanted.
        wanted: String,
    },
}

fn nearest_clause(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default()
}

/// Why sources cannot be combined into one policy.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// A file could not be read as policy.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A source wants less than a committed one demands.
    #[error("{origin} loosens `{key}` to {wanted}, but {floor} demands {demanded}")]
    Loosens {
        /// The key.
        key: &'static str,
        /// The looser value.
        wanted: String,
        /// Who wants it.
        origin: Box<Origin>,
        /// The committed value.
        demanded: String,
        /// Who demands it.
        floor: Box<Origin>,
    },
    /// Two sources say what cannot both hold.
    #[error("{one} says `{one_says}`, {other} says `{other_says}`: both cannot hold")]
    Contradiction {
        /// What the one says, as `key = value`.
        one_says: String,
        /// Who says it.
        one: Box<Origin>,
        /// What the other says.
        other_says: String,
        /// Who says it.
        other: Box<Origin>,
    },
    /// No preset has this name.
    #[error("{origin}: there is no preset `{name}`{}", nearest_clause(.nearest.as_deref()))]
    NoPreset {
        /// As written.
        name: String,
        /// The one that looks most like it.
        nearest: Option<String>,
        /// Who asked for it.
        origin: Box<Origin>,
    },
    /// A glob cannot be read.
    #[error("{origin}: `{glob}` is not a glob: {why}")]
    BadGlob {
        /// As written.
        glob: String,
        /// What is wrong with it.
        why: String,
        /// Who wrote it.
        origin: Box<Origin>,
    },
}

impl PolicyError {
    /// The next step, where there is one.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Loosens { .. } => Some(
                "change the committed file, or pass --override-policy: it is then stamped into the journal and \
                 every commit"
                    .to_owned(),
            ),
            Self::Contradiction { one, other, .. } => Some(format!("remove one of them: {one} or {other}")),
            Self::NoPreset { .. } => Some(format!("presets are {}", super::preset::NAMES.join(", "))),
            Self::BadGlob { .. } => {
                Some("`*` stays within a folder, `**` crosses folders, `[a-z]` is a set".to_owned())
            }
            Self::Read(error) => error.hint(),
        }
    }
}

impl ReadError {
    /// The next step, where there is one.
    pub fn hint(&self) -> Option<String> {
        match &self.problem {
            Problem::UnknownKey { .. } => Some("`optiloop policy` lists every key with its value".to_owned()),
            Problem::Syntax(_) | Problem::Missing { .. } | Problem::BadValue { .. } => None,
        }
    }
}

/// The name among `known` that looks most like `name`, if any is near enough to be meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate.to_owned())
}
