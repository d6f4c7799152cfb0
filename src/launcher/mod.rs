//! The small re-exec of our own binary through which every child starts.
//!
//! One [`crate::model::launch::Request`] comes in over a socket on standard input, one
//! [`crate::model::launch::Report`] goes back. In between the launcher is pid 1 of the sandbox or a subreaper:
//! it starts services and the command restricted, counts CPU time, wall time and memory of the whole tree, and kills and
//! reaps what is left. It runs before any runtime or argument parser is there, because its own start-up is
//! paid at every launch. Start at [`main`]; `session` is the whole story.

mod account;
mod ready;
mod restrict;
mod sample;
mod service;
mod session;
mod start;
mod tree;
mod wire;

use std::io::Write as _;

/// Exit code of a launcher that could not do its work; a command's own code is only in the report.
const FAILED: u8 = 97;

/// The launcher's `main`: standard input is the socket to the driver. The result is the exit code; what went
/// wrong is on standard error.
pub fn main() -> u8 {
    match session::serve() {
        Ok(()) => 0,
        Err(error) => {
            // Nobody is left to tell if even this fails.
            let _ = writeln!(std::io::stderr(), "optiloop launcher: {error}");
            FAILED
        }
    }
}
