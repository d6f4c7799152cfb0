//! A TOML table that is read key by key, so that what nobody asked for is an error with its line.
//!
//! Start at [`Table::parse`]; every `take` names the key it wants, [`Table::finish`] refuses the rest.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Problem, ReadError, nearest};
use super::origin::Place;

/// A table and where it stands.
#[derive(Debug)]
pub struct Table<'a> {
    path: &'a str,
    text: &'a str,
    /// The tables it stands in, `bench.`.
    prefix: String,
    /// Line of the table itself.
    line: u32,
    entries: Vec<(String, u32, Spanned<DeValue<'a>>)>,
    asked: Vec<&'static str>,
}

/// A value with its key and line.
#[derive(Debug)]
pub struct Item<'a> {
    path: &'a str,
    text: &'a str,
    key: String,
    line: u32,
    value: Spanned<DeValue<'a>>,
}

impl<'a> Table<'a> {
    /// Parses a file. `first_line` is the line of the file at which `text` begins.
    pub fn parse(path: &'a str, text: &'a str) -> Result<Self, ReadError> {
        let table = DeTable::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            ReadError {
                place: Place { path: path.to_owned(), line },
                problem: Problem::Syntax(error.message().to_owned()),
            }
        })?;
        Ok(Self::of(path, text, String::new(), table))
    }

    fn of(path: &'a str, text: &'a str, prefix: String, table: Spanned<DeTable<'a>>) -> Self {
        let line = line_of(text, table.span().start);
        let entries = (table.into_inner().into_iter())
            .map(|(key, value)| {
                let line = line_of(text, key.span().start);
                (key.into_inner().into_owned(), line, value)
            })
            .collect();
        Self { path, text, prefix, line, entries, asked: Vec::new() }
    }

    /// The value of a key, if it is there.
    pub fn take(&mut self, key: &'static str) -> Option<Item<'a>> {
        self.asked.push(key);
        let at = self.entries.iter().position(|(name, ..)| name == key)?;
        let (name, line, value) = self.entries.swap_remove(at);
        Some(Item { path: self.path, text: self.text, key: format!("{}{name}", self.prefix), line, value })
    }

    /// The value of a key that must be there.
    pub fn need(&mut self, key: &'static str) -> Result<Item<'a>, ReadError> {
        let missing = ReadError {
            place: Place { path: self.path.to_owned(), line: self.line },
            problem: Problem::Missing { key: format!("{}{key}", self.prefix) },
        };
        self.take(key).ok_or(missing)
    }

    /// All keys that are left, for tables whose keys are the user's own.
    pub fn take_all(&mut self) -> Vec<(String, Item<'a>)> {
        std::mem::take(&mut self.entries)
            .into_iter()
            .map(|(name, line, value)| {
                let key = format!("{}{name}", self.prefix);
                (name, Item { path: self.path, text: self.text, key, line, value })
            })
            .collect()
    }

    /// Refuses keys nobody asked for.
    pub fn finish(self) -> Result<(), ReadError> {
        let Some((name, line, _)) = self.entries.iter().min_by_key(|(_, line, _)| *line) else {
            return Ok(());
        };
        let problem = Problem::UnknownKey {
            key: format!("{}{name}", self.prefix),
            nearest: nearest(name, self.asked.iter().copied()).map(|near| format!("{}{near}", self.prefix)),
        };
        Err(ReadError { place: Place { path: self.path.to_owned(), line: *line }, problem })
    }
}

impl<'a> Item<'a> {
    /// The line it stands on.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// An error that names key, value and what is wanted.
    pub fn refuse(&self, wanted: impl Into<String>) -> ReadError {
        let span = self.value.span();
        let value = self.text.get(span).unwrap_or("…").chars().take(80).collect();
        let problem = Problem::BadValue { key: self.key.clone(), value, wanted: wanted.into() };
        ReadError { place: Place { path: self.path.to_owned(), line: self.line }, problem }
    }

    /// A text.
    pub fn text(&self) -> Result<String, ReadError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.refuse("a text in quotes is wanted")),
        }
    }

    /// `true` or `false`.
    pub fn switch(&self) -> Result<bool, ReadError> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Ok(*value),
            _ => Err(self.refuse("`true` or `false` is wanted")),
        }
    }

    /// A number or a text as it is written, for values with a unit; empty for anything else.
    pub fn written(&self) -> String {
        match self.value.get_ref() {
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        }
    }

    /// A whole number from 1.
    pub fn count(&self) -> Result<u64, ReadError> {
        let wanted = || self.refuse("a whole number above 0 is wanted");
        match self.value.get_ref() {
            DeValue::Integer(number) => {
                number.as_str().replace('_', "").parse().ok().filter(|n| *n > 0).ok_or_else(wanted)
            }
            _ => Err(wanted()),
        }
    }

    /// Whether it is a text.
    pub fn is_text(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::String(_))
    }

    /// A list of texts; a single text is a list of one.
    pub fn texts(self) -> Result<Vec<(u32, String)>, ReadError> {
        self.items()?.into_iter().map(|item| Ok((item.line, item.text()?))).collect()
    }

    /// The elements of a list; anything else is a list of itself.
    pub fn items(self) -> Result<Vec<Item<'a>>, ReadError> {
        let Self { path, text, key, line, value } = self;
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(array) => Ok(array
                .into_iter()
                .map(|value| Item {
                    path,
                    text,
                    key: key.clone(),
                    line: line_of(text, value.span().start),
                    value,
                })
                .collect()),
            other => Ok(vec![Item { path, text, key, line, value: Spanned::new(span, other) }]),
        }
    }

    /// A table.
    pub fn table(self) -> Result<Table<'a>, ReadError> {
        let refused = self.refuse("a table is wanted");
        let span = self.value.span();
        match self.value.into_inner() {
            DeValue::Table(table) => {
                Ok(Table::of(self.path, self.text, format!("{}.", self.key), Spanned::new(span, table)))
            }
            _ => Err(refused),
        }
    }
}

/// The line of a byte, from 1.
fn line_of(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    u32::try_from(before.split(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}
