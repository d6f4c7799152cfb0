//! The verbs, one file each where there is more to do than to call a use case. Start at [`dispatch`].

mod demo;
mod history;
mod judge;
mod messages;
mod pursue;
mod verify;

use std::io::Write as _;

use crate::app::conduct::Ended;
use crate::app::error::AppError;
use crate::app::report::summary;
use crate::app::start::Context;
use crate::app::{init, project};

use super::args::Verb;

/// Does what a verb says; the exit code.
pub(super) async fn dispatch(context: &Context, verb: Verb, json: bool) -> Result<u8, AppError> {
    match verb {
        Verb::Demo(arguments) => demo::run(context, &arguments, json).await,
        Verb::Init => Ok(print_all(init::init(context)?)),
        Verb::Doctor => Ok(print_all(project::doctor(context).await?)),
        Verb::Run(arguments) => pursue::run(context, arguments, json).await,
        Verb::Resume(arguments) => pursue::resume(context, arguments, json).await,
        Verb::Judge(arguments) => judge::run(context, arguments, json).await,
        Verb::Status => history::status(context),
        Verb::Log(arguments) => history::log(context, &arguments, json),
        Verb::Show(arguments) => history::show(context, &arguments),
        Verb::Accept(arguments) => messages::accept(context, &arguments).await,
        Verb::Hint(arguments) => messages::hint(context, &arguments),
        Verb::Verify(arguments) => verify::run(context, arguments.run.as_deref()),
        Verb::Policy(given) => Ok(print_all(project::policy(context, &given.for_config()?)?)),
        Verb::Store => Ok(print_all(project::store(context)?)),
        Verb::Gc => Ok(print_all(project::gc(context)?)),
    }
}

/// Prints a run's report (not beside JSON lines) and gives its exit code.
pub(super) fn report(ended: &Ended, json: bool) -> u8 {
    if !json {
        print(&summary::of(&ended.header, &ended.outcome));
    }
    ended.outcome.exit(&ended.header).code()
}

/// Prints lines; success.
fn print_all(lines: impl IntoIterator<Item = String>) -> u8 {
    for line in lines {
        print(&line);
    }
    0
}

/// Prints a result. A reader that has gone (`| head`) is no reason to fail.
pub(super) fn print(text: &str) {
    drop(writeln!(std::io::stdout(), "{}", text.trim_end()));
}
