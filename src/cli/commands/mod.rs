//! The verbs, one file each where there is more to do than to call a use case. Start at [`dispatch`].

pub(super) mod calibrate;
pub(super) mod compare;
pub(super) mod course;
mod demo;
mod history;
mod judge;
mod messages;
mod output;
mod pursue;
mod report;
mod shell;
mod verify;

use crate::app::conduct::Ended;
use crate::app::error::AppError;
use crate::app::init::ci::Forge;
use crate::app::init::{self, Asked};
use crate::app::project;
use crate::app::report::summary;
use crate::app::reporting;
use crate::app::start::Context;

use super::args::{CiForge, Verb};
use output::{print, print_all};

/// Does what a verb says; the exit code.
pub(super) async fn dispatch(context: &Context, verb: Verb, json: bool) -> Result<u8, AppError> {
    if json && !verb.has_records() {
        return Err(AppError::Usage(
            "`--json` prints the records of a run, and this command prints none: `optiloop log RUN --json` does"
                .to_owned(),
        ));
    }
    match verb {
        Verb::Demo(arguments) => demo::run(context, &arguments, json).await,
        Verb::Init(given) => {
            let ci = given.ci.map(|forge| match forge {
                CiForge::Github => Forge::GitHub,
                CiForge::Gitlab => Forge::GitLab,
            });
            print_all(init::init(context, &Asked { package: given.package, ci })?)
        }
        Verb::Doctor => print_all(project::doctor(context).await?),
        Verb::Run(arguments) => pursue::run(context, arguments, json).await,
        Verb::Resume(arguments) => pursue::resume(context, arguments, json).await,
        Verb::Judge(arguments) => judge::run(context, arguments, json).await,
        Verb::Calibrate(arguments) => calibrate::run(context, arguments, json).await,
        Verb::Compare(arguments) => compare::run(context, arguments, json).await,
        Verb::Gate(arguments) => compare::gate(context, arguments, json).await,
        Verb::History(arguments) => course::run(context, &arguments),
        Verb::Status => history::status(context),
        Verb::Log(arguments) => history::log(context, &arguments, json),
        Verb::Show(arguments) => history::show(context, &arguments, json),
        Verb::Accept(arguments) => messages::accept(context, &arguments, json).await,
        Verb::Hint(arguments) => messages::hint(context, &arguments),
        Verb::Verify(arguments) => verify::run(context, arguments.run.as_deref()),
        Verb::Policy(given) => print_all(project::policy(context, &given.for_config()?)?),
        Verb::Store => print_all(project::store(context)?),
        Verb::Gc => print_all(project::gc(context)?),
        Verb::Report(arguments) => report::run(context, &arguments),
        Verb::Completions(arguments) => shell::completions(arguments.shell),
        Verb::Man => shell::man(),
    }
}

/// Prints a run's report (not beside JSON lines), writes it where that was asked for, and gives its exit code.
pub(super) fn report(context: &Context, ended: &Ended, json: bool) -> Result<u8, AppError> {
    reporting::ended(context, ended)?;
    if !json {
        print(&summary::of(&ended.header, &ended.outcome))?;
    }
    Ok(ended.outcome.exit(&ended.header).code())
}
