//! Heap allocations of native code, counted by Valgrind's DHAT; see `dhat`.

use super::{Files, Gauge, Source, dhat};
use crate::model::command::CommandSpec;
use crate::model::goal::Quantity;
use crate::model::parse::ParseError;

/// The `allocations` gauge.
#[derive(Debug)]
pub struct Allocations;

impl Gauge for Allocations {
    fn name(&self) -> &'static str {
        "allocations"
    }

    fn quantity(&self) -> Quantity {
        Quantity::Count
    }

    fn source(&self) -> Source {
        Source::Files
    }

    fn reason(&self) -> &'static str {
        "heap blocks of all processes, counted by Valgrind's DHAT; fewer allocations are not a gain in time"
    }

    fn needs(&self) -> Option<(&'static str, &'static str)> {
        Some(dhat::NEEDS)
    }

    fn wrap(&self, launch: CommandSpec) -> CommandSpec {
        dhat::wrap(launch)
    }

    fn read(&self, files: &Files) -> Result<f64, ParseError> {
        dhat::read(self.name(), files).map(|totals| totals.blocks)
    }
}
