//! `status`, `log` and `show`: what the journal knows.

use crate::app::error::AppError;
use crate::app::history::History;
use crate::app::report::{log, show, status};
use crate::app::start::Context;
use crate::model::id::Iteration;

use super::super::args::{Log, Show};

pub(super) fn status(context: &Context) -> Result<u8, AppError> {
    let history = History::open(context)?;
    let run = history.run(None)?;
    let (header, outcome) = history.overview(&run)?;
    super::print(&status::of(&header, &outcome, &history.seen(&run)?))?;
    Ok(0)
}

pub(super) fn log(context: &Context, arguments: &Log, json: bool) -> Result<u8, AppError> {
    let history = History::open(context)?;
    let text = match (&arguments.run, json) {
        (None, false) => log::runs(&history.runs()?),
        (Some(run), false) => log::records(&history.stamped(&history.run(Some(run))?)?),
        (run, true) => history.json(&history.run(run.as_deref())?, None)?,
    };
    super::print(&text)?;
    Ok(0)
}

pub(super) fn show(context: &Context, arguments: &Show, json: bool) -> Result<u8, AppError> {
    let history = History::open(context)?;
    let run = history.run(arguments.run.as_deref())?;
    let (header, outcome) = history.whole(&run)?;
    if json {
        if let Some(number) = arguments.proposal {
            history.attempt(&outcome, number)?;
        }
        super::print(&history.json(&run, arguments.proposal.map(Iteration))?)?;
        return Ok(0);
    }
    let text = match arguments.proposal {
        None => show::run(&header, &outcome),
        Some(number) => {
            let attempt = history.attempt(&outcome, number)?;
            show::attempt(attempt, history.diff(attempt)?.as_deref())
        }
    };
    super::print(&text)?;
    Ok(0)
}
