//! From a table of policy keys to a layer: units understood, nonsense refused with its line.

use super::error::ReadError;
use super::layer::Layer;
use super::origin::{Origin, Sourced};
use super::table::{Item, Table};
use super::value::{Ratio, Seconds, Word};

/// What a source states in a `[policy]` table or a fenced block: its preset and its layer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stated {
    /// The preset it chooses.
    pub preset: Option<Sourced<String>>,
    /// The values it states.
    pub layer: Layer,
}

/// Reads every policy key of `table`. Leaves get `origin` at their own line.
pub fn policy(mut table: Table<'_>, origin: &Origin) -> Result<Stated, ReadError> {
    let said = |item: &Item<'_>| origin.at_line(item.line());
    macro_rules! leaf {
        ($key:literal, $read:expr) => {
            match table.take($key) {
                Some(item) => Some(Sourced::new($read(&item)?, said(&item))),
                None => None,
            }
        };
    }
    let preset = leaf!("preset", Item::text);
    let mut layer = Layer {
        min_effect: leaf!("min-effect", ratio),
        alpha: leaf!("alpha", word),
        false_discovery: leaf!("false-discovery", ratio),
        confirm: leaf!("confirm", Item::switch),
        confirm_delay: leaf!("confirm-delay", seconds),
        guard_margin: leaf!("guard-margin", ratio),
        guards: leaf!("guards", word),
        full_suite: leaf!("full-suite", Item::switch),
        measure_first: leaf!("measure-first", Item::switch),
        profile_latency: None,
        profile_memory: None,
        profile_contention: None,
        one_commit: leaf!("one-commit", Item::switch),
        tests_edited: leaf!("tests-edited", word),
        dependencies: leaf!("dependencies", word),
        build_flags: leaf!("build-flags", word),
        parallelism: leaf!("parallelism", word),
        max_files: leaf!("max-files", Item::count),
        max_lines: leaf!("max-lines", Item::count),
        max_bytes: leaf!("max-bytes", Item::count),
        require_sandbox: leaf!("require-sandbox", Item::switch),
        code_identity: leaf!("code-identity", Item::switch),
        protected: globs(table.take("protected"), origin)?,
        benchmarks: globs(table.take("benchmarks"), origin)?,
    };
    if let Some(item) = table.take("profile-for") {
        let mut table = item.table()?;
        macro_rules! kind {
            ($key:literal) => {
                match table.take($key) {
                    Some(item) => Some(Sourced::new(word(&item)?, said(&item))),
                    None => None,
                }
            };
        }
        layer.profile_latency = kind!("latency");
        layer.profile_memory = kind!("memory");
        layer.profile_contention = kind!("contention");
        table.finish()?;
    }
    table.finish()?;
    Ok(Stated { preset, layer })
}

/// Globs, each at its own line.
pub fn globs(item: Option<Item<'_>>, origin: &Origin) -> Result<Vec<Sourced<String>>, ReadError> {
    let Some(item) = item else { return Ok(Vec::new()) };
    Ok(item.texts()?.into_iter().map(|(line, glob)| Sourced::new(glob, origin.at_line(line))).collect())
}

/// `"5%"`, `5` (percent) or `0.05`.
fn ratio(item: &Item<'_>) -> Result<Ratio, ReadError> {
    let wanted = "a share between 0 % and 100 % is wanted, as \"5%\"";
    let number = if item.is_text() {
        let text = item.text()?;
        let percent = text.trim().strip_suffix('%').ok_or_else(|| item.refuse(wanted))?;
        percent.trim().parse::<f64>().map_err(|_| item.refuse(wanted))? / 100.0
    } else {
        let number = item.number()?;
        if number >= 1.0 { number / 100.0 } else { number }
    };
    Ratio::try_from(number).map_err(|_| item.refuse(wanted))
}

/// `"5m"`, `"90s"`, `"2h"` or a number of seconds.
pub fn seconds(item: &Item<'_>) -> Result<Seconds, ReadError> {
    let wanted = "a time is wanted, as \"5m\", \"90s\" or \"2h\"";
    if !item.is_text() {
        let number = item.number()?;
        return if number >= 0.0 && number < 1e9 && number.fract() == 0.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just above")]
            Ok(Seconds(number as u64))
        } else {
            Err(item.refuse(wanted))
        };
    }
    let text = item.text()?;
    let text = text.trim();
    let (digits, factor) = match text.char_indices().last() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3600),
        _ => (text, 1),
    };
    let number: u64 = digits.trim().parse().map_err(|_| item.refuse(wanted))?;
    number.checked_mul(factor).map(Seconds).ok_or_else(|| item.refuse(wanted))
}

/// One of a few words.
fn word<T: Word>(item: &Item<'_>) -> Result<T, ReadError> {
    let written = item.text()?;
    let found = T::WORDS.iter().find(|(word, _)| *word == written).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let words: Vec<String> = T::WORDS.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        item.refuse(format!("one of {} is wanted", words.join(", ")))
    })
}
