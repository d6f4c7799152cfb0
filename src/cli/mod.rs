//! The command line: arguments in, results on stdout, progress on stderr, an exit code.
//!
//! It maps arguments to use cases of `app` and prints what they answer; it decides nothing. Start at [`main`].
#![expect(clippy::print_stderr, reason = "the front is where a person is told")]

mod args;
mod commands;
mod failure;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::rc::Rc;

use clap::Parser as _;
use tokio_util::sync::CancellationToken;

use crate::app::environment::{Environment, NO_COLOR};
use crate::app::error::AppError;
use crate::app::reporter::json_lines::JsonLines;
use crate::app::reporter::plain::{Detail, Plain};
use crate::app::reporter::terminal::{Colour, Terminal};
use crate::app::reporter::{Fanout, Reporter};
use crate::app::start::Context;
use args::Arguments;

/// Parses the arguments, program name first, and does what they say.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_error = error.use_stderr();
            drop(error.print());
            return ExitCode::from(if is_error { 2 } else { 0 });
        }
    };
    match run(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => failure::print(&error),
    }
}

fn run(arguments: Arguments) -> Result<u8, AppError> {
    let usage = |error: std::io::Error| AppError::Usage(error.to_string());
    let environment = Environment::read().map_err(usage)?;
    let here = Environment::current_folder().map_err(usage)?;
    let reporters = reporters(&arguments, &environment);
    let context = Context {
        folder: arguments.folder.map_or(here.clone(), |folder| here.join(folder)),
        store: arguments.store.map(|store| here.join(store)),
        environment,
        reporter: Rc::new(RefCell::new(Fanout::new(reporters))),
        cancel: CancellationToken::new(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(usage)?;
    runtime.block_on(async {
        let cancel = context.cancel.clone();
        let command = commands::dispatch(&context, arguments.verb, arguments.json);
        tokio::pin!(command);
        let mut signals = Signals::new().map_err(usage)?;
        loop {
            tokio::select! {
                done = &mut command => return done,
                () = signals.next() => {
                    // A second signal ends without waiting; the kernel ends the children with us.
                    if cancel.is_cancelled() {
                        return Ok(130);
                    }
                    eprintln!("stopping; once more to stop without waiting");
                    cancel.cancel();
                }
            }
        }
    })
}

/// Who is told what happens: a person at a terminal, a log, a program.
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

/// Interrupt, terminate and hang-up.
struct Signals([tokio::signal::unix::Signal; 3]);

impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
