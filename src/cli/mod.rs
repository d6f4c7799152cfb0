//! The command line: arguments in, results on stdout, progress on stderr, an exit code.
//!
//! It maps arguments to use cases of `app` and prints what they answer; it decides nothing. Start at [`main`].

mod args;
mod commands;
mod failure;
mod session;
mod signals;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

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
    match session::run(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => failure::print(&error),
    }
}
