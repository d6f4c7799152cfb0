//! The one value that enters of a launch, or how it failed.

use crate::engine::measure::Launched;
use crate::engine::reading::{cost, wall_cost};
use crate::engine::record::Calibrated;
use crate::stats::pair::is_value;

/// What enters of a launch.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub(super) cost: f64,
    pub(super) wall: f64,
}

/// The value of a launch, or how it failed: one that the instrument reads no value of has failed too, else
/// a comparison would wait for its pairs for ever.
pub(super) fn value(launched: &Launched, calibrated: &Calibrated) -> Result<Value, String> {
    match launched {
        Launched::Failed(detail) => Err(detail.clone()),
        Launched::Read(reading) => match cost(reading, calibrated).filter(|cost| is_value(*cost)) {
            Some(cost) => Ok(Value { cost, wall: wall_cost(reading) }),
            None => Err(format!("no value of {}", crate::engine::landing::instrument(calibrated))),
        },
    }
}
