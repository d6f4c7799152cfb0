//! What the command line of such a program asks for.

use std::path::PathBuf;

use crate::projects::LANGUAGES;

/// `[--planted N] [--same N] [--program PATH] [NAME]…`.
pub(crate) struct Wanted {
    /// Judgements of the planted change.
    pub planted: u32,
    /// Judgements of a change of nothing.
    pub same: u32,
    /// The program that judges.
    pub program: PathBuf,
    /// Languages or harnesses; every language where none is named.
    pub names: Vec<String>,
}

impl Wanted {
    /// Reads the arguments; `planted` is how often without a word of it.
    pub(crate) fn of(planted: u32, mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_optiloop"));
        let mut wanted = Self { planted, same: 20, program, names: Vec::new() };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            let number = |text: String| text.parse().map_err(|error| format!("{argument} {text}: {error}"));
            match argument.as_str() {
                "--bench" => {}
                "--planted" => wanted.planted = number(value()?)?,
                "--same" => wanted.same = number(value()?)?,
                "--program" => wanted.program = value()?.into(),
                _ => wanted.names.push(argument),
            }
        }
        if wanted.names.is_empty() {
            wanted.names = LANGUAGES.map(str::to_owned).to_vec();
        }
        Ok(wanted)
    }
}
