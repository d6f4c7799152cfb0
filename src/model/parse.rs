//! How every reader of other programs' output says what it could not read.

use serde::{Deserialize, Serialize};

/// Where in the input something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// A line, from 1; 0 means the input as a whole.
    Line(usize),
    /// A byte offset, from 0; in decompressed bytes where the input is compressed.
    Byte(usize),
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Line(0) => f.write_str("the whole output"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Byte(offset) => write!(f, "byte {offset}"),
        }
    }
}

/// Input that is not what its reader expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{reader}: {at}: {what}{}", Quoted(.text))]
pub struct ParseError {
    /// Name of the harness, suite, collector or format that read it.
    pub reader: String,
    /// Where.
    pub at: Position,
    /// What is wrong, in a few lowercase words.
    pub what: String,
    /// What stood there, at most [`ParseError::TEXT`] characters of it; empty where there is nothing to show.
    pub text: String,
}

impl ParseError {
    /// Characters of the input that an error repeats.
    pub const TEXT: usize = 160;

    /// A line (from 1) that cannot be read.
    pub fn line(reader: &str, line: usize, what: impl Into<String>, text: &str) -> Self {
        Self {
            reader: reader.to_owned(),
            at: Position::Line(line),
            what: what.into(),
            text: text.chars().take(Self::TEXT).collect(),
        }
    }

    /// A byte offset (from 0) at which the input cannot be read.
    pub fn byte(reader: &str, offset: usize, what: impl Into<String>) -> Self {
        Self { reader: reader.to_owned(), at: Position::Byte(offset), what: what.into(), text: String::new() }
    }
}

/// `: "text"`, or nothing.
struct Quoted<'a>(&'a str);

impl std::fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ": {:?}", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_who_read_what_and_where() {
        let error = ParseError::line("go_test", 3, "not a value", "BenchmarkX NaN ns/op");
        assert_eq!(error.to_string(), "go_test: line 3: not a value: \"BenchmarkX NaN ns/op\"");
        assert_eq!(ParseError::byte("pprof", 7, "cut off").to_string(), "pprof: byte 7: cut off");
    }
}
