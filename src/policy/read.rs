//! From a table of policy keys to a layer: units understood, nonsense refused with its line.

use std::time::Duration;

use super::error::ReadError;
use super::glob::anchored;
use super::layer::Layer;
use super::origin::{Origin, Sourced};
use super::quantity;
use super::table::{Item, Table};
use super::value::{Gate, Ratio, Seconds, Word};

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
        tests_edited: leaf!("tests-edited", hold_or_block),
        dependencies: leaf!("dependencies", word),
        build_flags: leaf!("build-flags", hold_or_block),
        parallelism: leaf!("parallelism", word),
        max_files: leaf!("max-files", Item::count),
        max_lines: leaf!("max-lines", Item::count),
        max_bytes: leaf!("max-bytes", size),
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

/// Reads one key from the text of a flag or a variable (`min-effect`, `3%`).
pub fn single(key: &str, text: &str, origin: &Origin) -> Result<Stated, ReadError> {
    let bare = text.parse::<bool>().is_ok() || text.parse::<f64>().is_ok_and(f64::is_finite);
    let value = if bare { text.to_owned() } else { toml::Value::from(text).to_string() };
    let line = format!("{key} = {value}");
    let name = origin.to_string();
    Table::parse(&name, &line).and_then(|table| policy(table, origin)).map_err(|mut error| {
        error.place.line = 0;
        error
    })
}

/// Globs, each at its own line, as they stand from the repository root.
pub fn globs(item: Option<Item<'_>>, origin: &Origin) -> Result<Vec<Sourced<String>>, ReadError> {
    let Some(item) = item else { return Ok(Vec::new()) };
    let texts = item.texts()?.into_iter();
    Ok(texts
        .map(|(line, glob)| Sourced::new(anchored(origin.folder(), &glob), origin.at_line(line)))
        .collect())
}

/// A share: `"5%"`, `5` and `5.0` (percent) and `0.05` are 5 %.
fn ratio(item: &Item<'_>) -> Result<Ratio, ReadError> {
    let written = item.written();
    let number = match written.trim().strip_suffix('%') {
        Some(percent) => quantity::percent(percent),
        None if item.is_text() || written.contains('.') => quantity::share(&written),
        None => quantity::percent(&written),
    };
    number
        .and_then(|number| Ratio::try_from(number).ok())
        .ok_or_else(|| item.refuse("a share above 0 % and below 100 % is wanted, as \"5%\", 5 or 0.05"))
}

/// A time: `"5m"`, `"90s"`, `"1h30m"`, `"250ms"`, or a number of seconds.
pub fn duration(item: &Item<'_>) -> Result<Duration, ReadError> {
    quantity::duration(&item.written())
        .ok_or_else(|| item.refuse("a time is wanted, as \"90s\", \"5m\", \"1h30m\" or whole seconds"))
}

/// A time above zero, for limits.
pub fn limit(item: &Item<'_>) -> Result<Duration, ReadError> {
    match duration(item)? {
        Duration::ZERO => Err(item.refuse("a time above 0 is wanted")),
        limit => Ok(limit),
    }
}

fn seconds(item: &Item<'_>) -> Result<Seconds, ReadError> {
    duration(item).map(|time| Seconds(time.as_secs()))
}

/// A size: a number of bytes, or `"64KiB"`, `"1MiB"`.
fn size(item: &Item<'_>) -> Result<u64, ReadError> {
    quantity::size(&item.written())
        .filter(|size| *size > 0)
        .ok_or_else(|| item.refuse("a size is wanted, as \"64KiB\", \"1MiB\" or whole bytes"))
}

/// For what nothing may simply allow: a proposal would write its own examination.
fn hold_or_block(item: &Item<'_>) -> Result<Gate, ReadError> {
    match word(item)? {
        Gate::Allow => Err(item.refuse("one of \"hold\", \"block\" is wanted")),
        gate => Ok(gate),
    }
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
