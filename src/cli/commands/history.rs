//! `status`, `log` and `show`: what the journal knows.

use crate::app::error::AppError;
use crate::app::history::History;
use crate::app::report::{line, summary};
use crate::app::start::Context;

pub(super) fn status(context: &Context) -> Result<u8, AppError> {
    let history = History::open(context)?;
    let (header, outcome) = history.overview(&history.run(None)?)?;
    super::print(&summary::of(&header, &outcome));
    Ok(0)
}

pub(super) fn log(context: &Context) -> Result<u8, AppError> {
    for (header, outcome) in History::open(context)?.runs()? {
        let stopped = outcome.stopped.as_ref().map_or_else(|| "not ended".to_owned(), ToString::to_string);
        super::print(&format!(
            "{}  {}  {} of {} kept, {} held  {stopped}",
            header.run,
            header.target.name,
            outcome.kept,
            outcome.verdicts.len(),
            outcome.held
        ));
    }
    Ok(0)
}

pub(super) fn show(context: &Context, wanted: Option<&str>) -> Result<u8, AppError> {
    let history = History::open(context)?;
    let run = history.run(wanted)?;
    for entry in history.entries(&run)? {
        if let Some(text) = line::of(&entry.record) {
            super::print(&text);
        }
    }
    Ok(0)
}
