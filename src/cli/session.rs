//! One command from its arguments to its exit code: who listens, what stops it.
#![expect(clippy::print_stderr, reason = "a person is told that it is stopping")]

use std::cell::RefCell;
use std::rc::Rc;

use tokio_util::sync::CancellationToken;

use crate::app::environment::Environment;
use crate::app::error::AppError;
use crate::app::reporter::json_lines::JsonLines;
use crate::app::reporter::plain::Plain;
use crate::app::reporter::{Fanout, Reporter};
use crate::app::start::Context;

use super::args::Arguments;
use super::commands;
use super::signals::Signals;

/// Does what the arguments say; the exit code.
pub(super) fn run(arguments: Arguments) -> Result<u8, AppError> {
    let usage = |error: std::io::Error| AppError::Usage(error.to_string());
    let environment = Environment::read().map_err(usage)?;
    let here = Environment::current_folder().map_err(usage)?;
    let mut reporters: Vec<Box<dyn Reporter>> = Vec::new();
    if !arguments.quiet {
        reporters.push(Box::new(Plain(std::io::stderr())));
    }
    if arguments.json {
        reporters.push(Box::new(JsonLines(std::io::stdout())));
    }
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
