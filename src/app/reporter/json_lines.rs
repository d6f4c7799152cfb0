//! Each record as it is journalled, and progress, one JSON object a line.

use std::io::Write;

use serde::Serialize;

use super::Reporter;
use super::progress::Progress;
use crate::engine::record::Entry;
use crate::model::id::RunId;

/// Writes lines to `W`.
pub struct JsonLines<W>(pub W);

#[derive(Serialize)]
struct Line<'a> {
    run: &'a RunId,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl<W: Write> Reporter for JsonLines<W> {
    fn entry(&mut self, run: &RunId, entry: &Entry) -> std::io::Result<()> {
        // The coins' key stays secret until the run has ended.
        let mut value = serde_json::to_value(Line { run, entry })?;
        if let Some(header) = value.get_mut("record").and_then(serde_json::Value::as_object_mut) {
            header.remove("key");
        }
        writeln!(self.0, "{value}")
    }

    fn progress(&mut self, progress: &Progress) -> std::io::Result<()> {
        writeln!(self.0, "{}", serde_json::to_string(progress)?)
    }
}
