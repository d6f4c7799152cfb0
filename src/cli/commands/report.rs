//! `report`.

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
    match (arguments.format, &arguments.output) {
        (Some(ReportFormat::Json), _) => Ok(Format::Json),
        (Some(ReportFormat::Html), _) => Ok(Format::Html),
        (None, Some(file)) => Ok(reporting::format_of(file)?.unwrap_or(Format::Markdown)),
        (Some(ReportFormat::Markdown), _) | (None, None) => Ok(Format::Markdown),
    }
}
