//! A place in the code where the metric is spent, as a brief offers it and a run drops it.

use serde::{Deserialize, Serialize};

/// One function worth attacking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hotspot {
    /// The function, as the profile names it; the handle an agent reports.
    pub name: String,
    /// Its file, relative to the project where it is the project's own.
    pub file: Option<String>,
    /// Cumulative share, recursion counted once: what removing it whole could save at most (Amdahl).
    pub bound: f64,
    /// Share spent in its own instructions.
    pub own: f64,
    /// Whether it is the project's own code.
    pub user_code: bool,
    /// Callers with their share of it, largest first.
    pub callers: Vec<(String, f64)>,
    /// Callees with their share of it, largest first.
    pub callees: Vec<(String, f64)>,
    /// Hottest source lines: line number, share of the whole.
    pub lines: Vec<(u32, f64)>,
    /// Source around the hottest lines, where the project has it.
    pub source: Option<String>,
}
