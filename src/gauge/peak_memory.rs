//! The largest resident set of one process of a launch, from the launcher's accounting (decision.md A.11).

use super::{Gauge, Source};
use crate::model::goal::Quantity;

/// Smaller changes are allocators' and pages'.
const LEAST: f64 = 1_048_576.0;

/// The `peak-memory` gauge.
#[derive(Debug)]
pub struct PeakMemory;

impl Gauge for PeakMemory {
    fn name(&self) -> &'static str {
        "peak_memory"
    }

    fn quantity(&self) -> Quantity {
        Quantity::Memory
    }

    fn source(&self) -> Source {
        Source::Peak
    }

    fn reason(&self) -> &'static str {
        "largest resident set of one process, from outside; a change counts from 1 MiB on"
    }

    fn floor(&self) -> f64 {
        LEAST
    }
}
