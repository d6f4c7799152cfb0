//! Bad input through the real binary: each case with its exit code and a message that says what was read, where,
//! and what to do next; afterwards nothing runs any more and the user's files are as they were.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(
    clippy::disallowed_methods,
    reason = "real files, repositories and processes are what is under test"
)]
#![expect(clippy::print_stderr, reason = "a skipped test must be seen")]

mod agents;
mod arguments;
mod config;
mod documented;
mod hostile;
mod journal;
mod original;
mod place;
mod repositories;
