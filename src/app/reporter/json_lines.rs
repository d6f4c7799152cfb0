//! The stream for programs: each record as it was journalled, and progress lines that are not.
//!
//! `schema/records.schema.json` describes both. The key of the coins is left out while a run may still go on.

use std::io::Write;

use serde_json::Value;

use super::live::Live;
use super::progress::Progress;
use super::{Reporter, Stamped};

/// Writes JSON lines.
pub struct JsonLines<W> {
    out: W,
}

impl<W: Write> JsonLines<W> {
    /// A reporter that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    fn line(&mut self, value: &Value) -> std::io::Result<()> {
        writeln!(self.out, "{value}")?;
        self.out.flush()
    }
}

impl<W: Write> Reporter for JsonLines<W> {
    fn entry(&mut self, stamped: &Stamped<'_>, _live: &Live) -> std::io::Result<()> {
        self.line(&record(stamped)?)
    }

    fn progress(&mut self, progress: &Progress, _live: &Live) -> std::io::Result<()> {
        self.line(&serde_json::to_value(progress)?)
    }
}

/// A record as one JSON value, without the key a candidate could predict coins with.
pub fn record(stamped: &Stamped<'_>) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(stamped)?;
    if let Some(fields) = value.get_mut("record").and_then(Value::as_object_mut) {
        fields.remove("key");
    }
    Ok(value)
}
