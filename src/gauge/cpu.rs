//! CPU time of the process tree, from the launcher's accounting: mostly a guard where wall time is what counts.

use super::{Gauge, Source};
use crate::model::goal::Quantity;

/// The `cpu` gauge.
#[derive(Debug)]
pub struct Cpu;

impl Gauge for Cpu {
    fn name(&self) -> &'static str {
        "cpu"
    }

    fn quantity(&self) -> Quantity {
        Quantity::Time
    }

    fn source(&self) -> Source {
        Source::Cpu
    }

    fn reason(&self) -> &'static str {
        "CPU time of the whole process tree; it says nothing of how long a person waits"
    }
}
