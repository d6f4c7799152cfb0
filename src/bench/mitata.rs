//! mitata: a script that declares benchmarks and calls `run`.
//!
//! mitata writes JSON only where the script asks for it (`run({ format: 'json' })`), runs all of its benchmarks, and
//! first spends three seconds on the machine. Its driver stands in for `run`: it lists without running, or runs the one
//! that is wanted in one batch of N iterations through mitata's own `measure`
//! (<https://github.com/evanwashere/mitata>). `work = "adaptive"` leaves the budget to mitata. Needs Node 20.6.

use super::node_script::NodeScript;

/// The `mitata` harness.
pub static MITATA: NodeScript =
    NodeScript { name: "mitata", driver: include_str!("mitata/driver.mjs"), scale: 1.0 };

#[cfg(test)]
mod tests;
