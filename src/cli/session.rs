//! One command from its arguments to its exit code: who listens, what stops it.

use std::cell::RefCell;
use std::io::IsTerminal as _;
use std::rc::Rc;

use tokio_util::sync::CancellationToken;

use crate::app::environment::{Environment, NO_COLOR};
use crate::app::error::AppError;
use crate::app::reporter::json_lines::JsonLines;
use crate::app::reporter::plain::{Detail, Plain};
use crate::app::reporter::terminal::{Colour, Terminal};
use crate::app::reporter::{Fanout, Reporter};
use crate::app::start::Context;

use super::args::Arguments;
use super::commands;
use super::signals;

/// Does what the arguments say; the exit code.
pub(super) fn run(arguments: Arguments) -> Result<u8, AppError> {
    let usage = |error: std::io::Error| AppError::Usage(error.to_string());
    let environment = Environment::read().map_err(usage)?;
    let here = Environment::current_folder().map_err(usage)?;
    let reporters = reporters(&arguments, &environment);
    let context = Context {
        folder: arguments.folder.map_or(here.clone(), |folder| here.join(folder)),
        store: arguments.store.map(|store| here.join(store)),
        reports: arguments.reports,
        templates: arguments.templates.map(|templates| here.join(templates)),
        environment,
        reporter: Rc::new(RefCell::new(Fanout::new(reporters))),
        cancel: CancellationToken::new(),
    };
    signals::listen(context.cancel.clone()).map_err(usage)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(usage)?;
    runtime.block_on(commands::dispatch(&context, arguments.verb, arguments.json))
}

/// Who is told what happens: a person at a terminal or in a log, and a program.
fn reporters(arguments: &Arguments, environment: &Environment) -> Vec<Box<dyn Reporter>> {
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => Detail::Quiet,
        (false, false) => Detail::Normal,
        (false, true) => Detail::Verbose,
    };
    let colour = if environment.get(NO_COLOR).is_some() { Colour::Refused } else { Colour::Allowed };
    let person: Box<dyn Reporter> = if std::io::stderr().is_terminal() && detail != Detail::Quiet {
        Box::new(Terminal::new(detail, colour))
    } else {
        Box::new(Plain::new(std::io::stderr(), detail))
    };
    let mut reporters = vec![person];
    if arguments.json {
        reporters.push(Box::new(JsonLines::new(std::io::stdout())));
    }
    reporters
}
