//! When a recomputed record says the same as the one that was written.

use serde::Serialize;
use serde_json::Value;

use crate::engine::record::Record;

/// How far a recomputed number may lie from the recorded one (decision.md C).
const TOLERANCE: f64 = 1e-6;

/// Whether two records say the same: verdicts exactly, numbers within the tolerance.
pub(super) fn agree(again: &Record, recorded: &Record) -> bool {
    match (again, recorded) {
        (Record::Found(again), Record::Found(recorded)) => {
            again.comparison == recorded.comparison && close(&again.finding, &recorded.finding)
        }
        (Record::Judged(again), Record::Judged(recorded)) => {
            again.verdict == recorded.verdict && close(&again.effect, &recorded.effect)
        }
        _ => false,
    }
}

/// Equal as JSON, numbers by value.
fn close(one: &impl Serialize, other: &impl Serialize) -> bool {
    match (serde_json::to_value(one), serde_json::to_value(other)) {
        (Ok(one), Ok(other)) => values_close(&one, &other),
        _ => false,
    }
}

fn values_close(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) => (one - other).abs() <= TOLERANCE * (1.0 + one.abs()),
            _ => one == other,
        },
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| values_close(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|other| values_close(value, other)))
        }
        _ => one == other,
    }
}
