//! `report`, and the reports of a run that ends: from its journal.
//!
//! Not here: what is in it (`report`). Start at [`report`].

use std::path::Path;

use crate::fs;

use super::conduct::Ended;
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
    text(context, &Ended::read(&history.journal, &run)?, format)
}

/// The reports that were asked for of a run that has ended, or was cut.
pub fn ended(context: &Context, ended: &Ended) -> Result<(), AppError> {
    for file in &context.reports {
        let text = text(context, ended, format_of(file)?.unwrap_or(Format::Markdown))?;
        write(context, file, &text)?;
    }
    Ok(())
}

fn text(context: &Context, ended: &Ended, format: Format) -> Result<String, AppError> {
    let document = compose::document(&ended.entries, ended.began)?;
    render(&document, format, &Templates::open(context.templates.as_deref())?)
}

/// The format that a file's name tells; `None` where it has no extension.
pub fn format_of(file: &Path) -> Result<Option<Format>, AppError> {
    let Some(extension) = file.extension() else { return Ok(None) };
    match extension.to_string_lossy().to_lowercase().as_str() {
        "html" | "htm" => Ok(Some(Format::Html)),
        "json" => Ok(Some(Format::Json)),
        "md" | "markdown" => Ok(Some(Format::Markdown)),
        other => Err(AppError::Usage(format!(
            "`.{other}` tells no format of a report: .md, .json and .html do; `optiloop report --format` names one"
        ))),
    }
}

/// Writes a report into a file, relative to the folder the user stands in.
pub fn write(context: &Context, file: &Path, text: &str) -> Result<(), AppError> {
    Ok(fs::publish(&context.folder.join(file), text.as_bytes())?)
}
