//! Gauges: what a goal or a guard may be about besides time, and how that is read. A file per gauge.
//!
//! Pure: a launch is wrapped, what came out is read. Time has instruments of its own (`stats::instrument`), and a
//! number the benchmark tells itself needs none. Start at [`Gauge`].

pub mod allocated_bytes;
pub mod allocations;
mod contract;
pub mod cpu;
mod dhat;
pub mod instructions;
pub mod peak_memory;
pub mod size;
pub mod start_up;

use crate::model::registry;

pub use contract::{Files, Gauge, Source};

/// The word for the goal that needs no gauge.
pub const TIME: &str = "time";

/// Every gauge; a test compares it with this folder.
pub static GAUGES: &[&dyn Gauge] = &[
    &allocated_bytes::AllocatedBytes,
    &allocations::Allocations,
    &cpu::Cpu,
    &instructions::Instructions,
    &peak_memory::PeakMemory,
    &size::Size,
    &start_up::StartUp,
];

/// The gauge of this name.
pub fn find(name: &str) -> Result<&'static dyn Gauge, registry::Unknown> {
    registry::find("metric", name, GAUGES.iter().map(|gauge| (gauge.name(), *gauge)))
}
