//! Looking a name up in a registry, with an error that names what it may have meant.

use serde::{Deserialize, Serialize};

/// A name that no registry entry has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("there is no {kind} named {name:?}; nearest: {nearest}; known: {}", known.join(", "))]
pub struct Unknown {
    /// What was looked for: `harness`, `suite`, `collector`.
    pub kind: String,
    /// The name that was read.
    pub name: String,
    /// The known name most like it.
    pub nearest: String,
    /// Every known name.
    pub known: Vec<String>,
}

/// The entry of this name; `-` and `_` are the same.
pub fn find<'a, T>(
    kind: &str,
    name: &str,
    entries: impl IntoIterator<Item = (&'a str, T)>,
) -> Result<T, Unknown> {
    let wanted = name.replace('-', "_");
    let mut known = Vec::new();
    for (entry, value) in entries {
        if entry == wanted {
            return Ok(value);
        }
        known.push(entry.to_owned());
    }
    let nearest =
        nearest(&wanted, known.iter().map(String::as_str), 1).first().map_or("", |name| name).to_owned();
    Err(Unknown { kind: kind.to_owned(), name: name.to_owned(), nearest, known })
}

/// The `most` names most like `wanted`, best first (Jaro–Winkler over lower-case letters).
pub fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let mut scored: Vec<(f64, &str)> =
        names.map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(most).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let entries = [("command", 1), ("go_test", 2)];
        assert_eq!(find("harness", "go-test", entries), Ok(2));
        let error = find("harness", "gotest", entries).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no harness named \"gotest\"; nearest: go_test; known: command, go_test"
        );
    }
}
