//! Identities: newtypes so that a commit is never taken for a tree, nor a run for a benchmark.

use serde::{Deserialize, Serialize};

/// Declares a 20-byte git object name that prints and parses as 40 hex digits.
macro_rules! git_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 20]);

        impl $name {
            /// Wraps the 20 raw bytes.
            pub fn new(bytes: [u8; 20]) -> Self {
                Self(bytes)
            }

            /// The 20 raw bytes.
            pub fn bytes(&self) -> &[u8; 20] {
                &self.0
            }

            /// The first ten hex digits, for people.
            pub fn short(&self) -> String {
                hex::encode(&self.0[..5])
            }
        }

        hex_text!($name, 20);
    };
}

/// Gives a byte-array newtype its hex text form, in `Display`, `Debug`, `FromStr` and serde.
macro_rules! hex_text {
    ($name:ident, $length:literal) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), hex::encode(self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotHex;
            fn from_str(text: &str) -> Result<Self, NotHex> {
                let mut bytes = [0; $length];
                hex::decode_to_slice(text, &mut bytes)
                    .map_err(|_| NotHex { digits: $length * 2, text: text.chars().take(80).collect() })?;
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A text that should have been hex digits.
#[derive(Debug, thiserror::Error)]
#[error("expected {digits} hex digits, read {text:?}")]
pub struct NotHex {
    /// How many digits were wanted.
    pub digits: usize,
    /// What stood there, at most 80 characters of it.
    pub text: String,
}

git_id! {
    /// The name of a commit.
    CommitId
}
git_id! {
    /// The name of a tree: what was tested, measured and committed is compared by it.
    TreeId
}

/// A SHA-256 of content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Wraps the 32 raw bytes of a SHA-256.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 raw bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first twelve hex digits, for people and folder names.
    pub fn short(&self) -> String {
        hex::encode(&self.0[..6])
    }
}

hex_text!(Digest, 32);

/// A commit together with its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The commit.
    pub commit: CommitId,
    /// The tree it holds.
    pub tree: TreeId,
}

/// Declares a newtype over a text.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A run: the UTC second it began and a short random tail, usable in a branch name.
    RunId
}
text_id! {
    /// A named benchmark of a harness, as the harness spells it.
    BenchmarkId
}
text_id! {
    /// A test, as its suite spells it.
    TestId
}

/// The number of a proposal within a run, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Iteration(pub u32);

/// Numbers from here on are of blind controls, which are nobody's proposals.
const CONTROLS: u32 = 1_000_000;

impl Iteration {
    /// The number of a blind control, from 1.
    pub fn control(number: u32) -> Self {
        Self(CONTROLS + number)
    }

    /// Whether it is a blind control's.
    pub fn is_control(self) -> bool {
        self.0 > CONTROLS
    }
}

impl std::fmt::Display for Iteration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_control() { write!(f, "control-{}", self.0 - CONTROLS) } else { write!(f, "{}", self.0) }
    }
}
