//! Numbers in words, the same everywhere: unit and interval, minus means cheaper.

use crate::stats::estimate::Estimate;

/// `−12.4 % [−13.9, −10.8]`.
pub fn effect(estimate: &Estimate) -> String {
    let percent = estimate.percent();
    format!("{} % [{}, {}]", signed(percent.change), signed(percent.low), signed(percent.high))
}

/// One decimal with a true minus sign, and no minus before zero.
pub fn signed(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == 0.0 {
        "0.0".to_owned()
    } else if rounded < 0.0 {
        format!("−{:.1}", -rounded)
    } else {
        format!("+{rounded:.1}")
    }
}
