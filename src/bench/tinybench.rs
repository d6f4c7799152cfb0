//! tinybench: a script that adds tasks to a `Bench` and runs it.
//!
//! The script decides what it prints, so there is no format to read. `Bench` however is one class for script and
//! driver: it lists the tasks without running them, or runs the one that is wanted for N iterations and leaves its
//! median (<https://github.com/tinylibs/tinybench>). `work = "adaptive"` leaves the script's own times in force.
//! Each iteration is timed by itself, as tinybench does, so that one of a few nanoseconds is mostly clock.

use super::node_script::NodeScript;

/// The `tinybench` harness.
pub static TINYBENCH: NodeScript =
    NodeScript { name: "tinybench", driver: include_str!("tinybench/driver.mjs"), scale: 1e6 };

#[cfg(test)]
mod tests;
