//! The small re-exec of our own binary through which every child starts.
//!
//! One [`crate::model::launch::Request`] comes in over a socket on standard input, one
//! [`crate::model::launch::Report`] goes back. In between the launcher is pid 1 of the sandbox or a subreaper:
//! it starts the command restricted, counts CPU time, wall time and memory of the whole tree, and kills and
//! reaps what is left. It runs before any runtime or argument parser is there, because its own start-up is
//! paid at every launch. Start at [`main`].

/// The launcher's `main`: standard input is the socket to the driver. The result is the exit code; what went
/// wrong is on standard error.
pub fn main() -> u8 {
    todo!()
}
