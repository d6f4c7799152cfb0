//! Start-up: the time of a launch that does one iteration, read by the instrument that time would be read by.

use super::{Gauge, Source};
use crate::model::goal::Quantity;

/// The `start-up` gauge.
#[derive(Debug)]
pub struct StartUp;

impl Gauge for StartUp {
    fn name(&self) -> &'static str {
        "start_up"
    }

    fn quantity(&self) -> Quantity {
        Quantity::Time
    }

    fn source(&self) -> Source {
        Source::LeastWork
    }

    fn reason(&self) -> &'static str {
        "time from start to end of a launch that does one iteration"
    }
}
