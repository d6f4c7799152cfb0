//! Bytes that native code allocates on its heap over a launch, counted by Valgrind's DHAT; see `dhat`.

use super::{Files, Gauge, Source, dhat};
use crate::model::command::CommandSpec;
use crate::model::goal::Quantity;
use crate::model::parse::ParseError;

/// The `allocated-bytes` gauge.
#[derive(Debug)]
pub struct AllocatedBytes;

impl Gauge for AllocatedBytes {
    fn name(&self) -> &'static str {
        "allocated_bytes"
    }

    fn quantity(&self) -> Quantity {
        Quantity::Memory
    }

    fn source(&self) -> Source {
        Source::Files
    }

    fn reason(&self) -> &'static str {
        "heap bytes of all processes, summed by Valgrind's DHAT; fewer bytes are not a gain in time"
    }

    fn needs(&self) -> Option<(&'static str, &'static str)> {
        Some(dhat::NEEDS)
    }

    fn wrap(&self, launch: CommandSpec) -> CommandSpec {
        dhat::wrap(launch)
    }

    fn read(&self, files: &Files) -> Result<f64, ParseError> {
        dhat::read(self.name(), files).map(|totals| totals.bytes)
    }
}
