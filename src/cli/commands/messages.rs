//! `accept` and `hint`: messages from a person to a run.

use crate::app::error::AppError;
use crate::app::history::{History, Told};
use crate::app::inbox::Message;
use crate::app::pursue;
use crate::app::start::Context;
use crate::model::id::Iteration;

use super::super::args::{Accept, Hint};

pub(super) async fn accept(context: &Context, arguments: &Accept, json: bool) -> Result<u8, AppError> {
    let (run, told) = {
        let history = History::open(context)?;
        let run = history.run(Some(&arguments.run))?;
        history.held(&run, arguments.proposal)?;
        let by = history.user.author()?;
        let message = Message::Accept {
            iteration: Iteration(arguments.proposal),
            by: format!("{} <{}>", by.name, by.email),
        };
        let told = history.tell(&run, &message)?;
        (run, told)
    };
    if told == Told::Driver {
        super::print("The driver will take it before its next proposal.")?;
        return Ok(0);
    }
    let ended = pursue::resume(context, Some(run)).await?;
    super::report(context, &ended, json)
}

pub(super) fn hint(context: &Context, arguments: &Hint) -> Result<u8, AppError> {
    let history = History::open(context)?;
    let run = history.run(Some(&arguments.run))?;
    if let Some(reason) = history.overview(&run)?.1.stopped {
        return Err(AppError::Usage(format!("run {run} has ended: {reason}; it writes no brief any more")));
    }
    let told = history.tell(&run, &Message::Hint { text: arguments.text.clone() })?;
    super::print(match told {
        Told::Driver => "It goes into the next brief.",
        Told::NextResume => "It goes into the next brief when the run is resumed.",
    })?;
    Ok(0)
}
