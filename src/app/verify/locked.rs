//! The policy in the header against the policy the run was locked to, value by value.

use serde_json::Value;

use crate::app::history::History;
use crate::engine::record::Header;

/// Each value that differs, by its key. Where the artifact cannot be read, that is said elsewhere.
pub(super) fn policy(history: &History, header: &Header) -> Vec<String> {
    let locked = header.locked_policy.and_then(|digest| history.artifacts.get(digest).ok());
    let locked = locked.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    match (locked, serde_json::to_value(&header.policy)) {
        (Some(locked), Ok(recorded)) => differing("", &recorded, &locked),
        _ => Vec::new(),
    }
}

fn differing(key: &str, recorded: &Value, locked: &Value) -> Vec<String> {
    match (recorded, locked) {
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => one
            .iter()
            .flat_map(|(part, value)| {
                let key = if key.is_empty() { part.replace('_', "-") } else { format!("{key}.{part}") };
                differing(&key, value, other.get(part).unwrap_or(&Value::Null))
            })
            .collect(),
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            (one.iter().zip(other)).flat_map(|(one, other)| differing(key, one, other)).collect()
        }
        _ if recorded == locked => Vec::new(),
        _ => vec![format!(
            "policy value {}: the journal says {recorded}, the run was locked to {locked}",
            key.trim_end_matches(".value")
        )],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_differs_is_named_by_its_key() {
        let locked = serde_json::json!({ "min_effect": { "value": 0.07, "origin": "x" }, "max_files": 1 });
        let mut changed = locked.clone();
        changed["min_effect"]["value"] = 0.03.into();
        assert_eq!(
            differing("", &changed, &locked),
            ["policy value min-effect: the journal says 0.03, the run was locked to 0.07"]
        );
        assert!(differing("", &locked, &locked).is_empty());
    }
}
