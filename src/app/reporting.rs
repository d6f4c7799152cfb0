//! `report`: the report of a run from its journal.
//!
//! Not here: what is in it (`report`). Start at [`report`].

use std::path::Path;

use crate::fs;

use super::error::AppError;
use super::history::History;
use super::report::compose;
use super::report::render::{Format, render};
use super::start::Context;
use super::templates::Templates;

/// The report of the run of this name, or of the last one.
pub fn report(context: &Context, wanted: Option<&str>, format: Format) -> Result<String, AppError> {
    let history = History::open(context)?;
    let run = history.run(wanted)?;
    let stamped = history.stamped(&run)?;
    let began = stamped.first().map(|(_, at, _)| *at);
    let entries: Vec<_> = stamped.into_iter().map(|(_, _, entry)| entry).collect();
    let document = compose::document(&entries, began)?;
    render(&document, format, &Templates::open(context.templates.as_deref())?)
}

/// Writes a report into a file, relative to the folder the user stands in.
pub fn write(context: &Context, file: &Path, text: &str) -> Result<(), AppError> {
    Ok(fs::publish(&context.folder.join(file), text.as_bytes())?)
}
