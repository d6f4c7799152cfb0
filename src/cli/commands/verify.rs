//! `verify`.

use crate::app::error::AppError;
use crate::app::history::History;
use crate::app::start::Context;
use crate::app::verify::verify;

pub(super) fn run(context: &Context, wanted: Option<&str>) -> Result<u8, AppError> {
    let history = History::open(context)?;
    let run = history.run(wanted)?;
    let verified = verify(&history, &run)?;
    super::print(&format!(
        "run {run} verifies: {} records chained, {} decisions made again from {} pairs, {} artifacts as named, \
         {} landed commits name this history.",
        verified.records, verified.decisions, verified.pairs, verified.artifacts, verified.commits
    ))?;
    Ok(0)
}
