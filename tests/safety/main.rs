//! Nothing is lost, nothing is touched, nothing is forged: the real binary on short real runs that are killed,
//! stopped, starved of disk, and lied to afterwards (design.md section 7, invariants 1, 2 and 7).
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests; skips and figures are loud"
)]
#![expect(clippy::disallowed_methods, reason = "tests start, kill and forge from outside")]

mod counter;
mod cuts;
mod forged;
mod full_disk;
mod hurt;
mod identity;
mod project;
mod signals;
