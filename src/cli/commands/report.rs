//! `report`.

use std::path::Path;

use crate::app::error::AppError;
use crate::app::report::render::Format;
use crate::app::reporting;
use crate::app::start::Context;

use super::super::args::{Report, ReportFormat};

pub(super) fn run(context: &Context, arguments: &Report) -> Result<u8, AppError> {
    let text = reporting::report(context, arguments.run.as_deref(), format(arguments)?)?;
    match &arguments.output {
        Some(file) => reporting::write(context, file, &text)?,
        None => super::print(&text)?,
    }
    Ok(0)
}

/// The format that was asked for, else the one that the file's name tells.
fn format(arguments: &Report) -> Result<Format, AppError> {
    let told = match (arguments.format, arguments.output.as_deref().and_then(Path::extension)) {
        (Some(format), _) => format,
        (None, None) => ReportFormat::Markdown,
        (None, Some(extension)) => match extension.to_string_lossy().to_lowercase().as_str() {
            "html" | "htm" => ReportFormat::Html,
            "json" => ReportFormat::Json,
            "md" | "markdown" => ReportFormat::Markdown,
            other => {
                return Err(AppError::Usage(format!(
                    "`.{other}` tells no format of a report; name it with --format markdown, json or html"
                )));
            }
        },
    };
    Ok(match told {
        ReportFormat::Markdown => Format::Markdown,
        ReportFormat::Json => Format::Json,
        ReportFormat::Html => Format::Html,
    })
}
