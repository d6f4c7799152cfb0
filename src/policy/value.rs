//! The kinds of value a policy holds, and which of two is the stricter.
//!
//! Not here: reading them from a file (`read`), choosing among sources (`resolve`).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// A share strictly between 0 and 1: 5 % is .05.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Ratio(f64);

impl Ratio {
    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// A number that is no share.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0} does not lie between 0 % and 100 %")]
pub struct NotARatio(pub f64);

impl TryFrom<f64> for Ratio {
    type Error = NotARatio;

    fn try_from(number: f64) -> Result<Self, NotARatio> {
        if number > 0.0 && number < 1.0 { Ok(Self(number)) } else { Err(NotARatio(number)) }
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> Self {
        ratio.0
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", (self.0 * 1e11).round() / 1e9)
    }
}

/// Seconds; prints as people write them (`5m`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub u64);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            0 => f.write_str("0s"),
            s if s % 3600 == 0 => write!(f, "{}h", s / 3600),
            s if s % 60 == 0 => write!(f, "{}m", s / 60),
            s => write!(f, "{s}s"),
        }
    }
}

/// Declares an enum written as lowercase words in policy files, loosest first.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl Word for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($text, Self::$variant)),*];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$variant => $text,)* })
            }
        }
    };
}

/// A value that is one of a few words.
pub trait Word: Copy + 'static {
    /// The words and what they mean, loosest first.
    const WORDS: &'static [(&'static str, Self)];
}

words! {
    /// How the false-accept level of a comparison is set (decision.md A.7).
    Alpha {
        /// The same level for each comparison; claims no false-discovery rate.
        Fixed "fixed",
        /// e-LOND over the stream of candidates.
        Lond "lond",
    }
}
words! {
    /// What landing demands of guards (decision.md A.8).
    Guards {
        /// None may be shown to regress.
        NoRegression "no-regression",
        /// Each must be shown to stay within the margin.
        Clean "clean",
    }
}
words! {
    /// What happens to a proposal of some kind.
    Gate {
        /// It is judged like any other.
        Allow "allow",
        /// At best it is held for a person.
        Hold "hold",
        /// It is rejected.
        Block "block",
    }
}
words! {
    /// A kind of profile.
    ProfileKind {
        /// Where CPU time goes.
        Cpu "cpu",
        /// Where memory is allocated or kept.
        Heap "heap",
        /// Where locks are waited for.
        Mutex "mutex",
    }
}

/// Which of two values of a leaf is the stricter; `None` where they cannot be ordered.
pub type Order<T> = fn(&T, &T) -> Option<Ordering>;

/// The larger is the stricter.
pub fn larger<T: PartialOrd>(one: &T, other: &T) -> Option<Ordering> {
    one.partial_cmp(other)
}

/// The smaller is the stricter.
pub fn smaller<T: PartialOrd>(one: &T, other: &T) -> Option<Ordering> {
    other.partial_cmp(one)
}

/// Neither is: different values contradict each other.
pub fn unordered<T: PartialEq>(one: &T, other: &T) -> Option<Ordering> {
    (one == other).then_some(Ordering::Equal)
}
