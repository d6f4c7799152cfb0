//! Manifests compared key by key: which keys are dependencies, which are run, which are build settings.
//!
//! A manifest that cannot be read on one side counts as a changed build setting: it cannot be told what it
//! does. Start at [`compare`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::gates::Gated;
use super::size::content;
use crate::model::change::PathChange;
use crate::policy::facts::{Format, Manifest};

/// Puts the first changed key of each kind into `gated`.
pub(super) fn compare(changed: &PathChange, manifest: &Manifest, gated: &mut Gated) {
    let path = &changed.path;
    let (Some(before), Some(after)) = (
        read(manifest.format, content(changed.before.as_ref())),
        read(manifest.format, content(changed.after.as_ref())),
    ) else {
        gated.build_flags.push((path.clone(), "it cannot be read".to_owned()));
        return;
    };
    let mut keys = Vec::new();
    differing(&before, &after, &mut Vec::new(), &mut keys);
    let [mut dependencies, mut executed, mut build] = [None, None, None];
    for key in keys {
        let within = |patterns: &[String]| patterns.iter().any(|pattern| begins_with(&key, pattern));
        let kind = if within(&manifest.dependencies) {
            &mut dependencies
        } else if within(&manifest.executed) {
            &mut executed
        } else if within(&manifest.free) {
            continue;
        } else {
            &mut build
        };
        kind.get_or_insert_with(|| key.join("."));
    }
    gated.dependencies.extend(dependencies.map(|key| (path.clone(), key)));
    gated.executed.extend(executed.map(|key| (path.clone(), key)));
    gated.build_flags.extend(build.map(|key| (path.clone(), key)));
}

/// The key path, cut where the pattern ends, equals the pattern; `*` is any one key.
fn begins_with(key: &[String], pattern: &str) -> bool {
    let mut key = key.iter();
    pattern.split('.').all(|part| key.next().is_some_and(|name| part == "*" || name == part))
}

fn read(format: Format, text: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(text).ok()?;
    match format {
        Format::Toml => serde_json::to_value(text.parse::<toml::Table>().ok()?).ok(),
        Format::Json if text.trim().is_empty() => Some(Value::Object(serde_json::Map::new())),
        Format::Json => serde_json::from_str(text).ok(),
        Format::GoMod => Some(go_mod(text)),
    }
}

/// A `go.mod` as its verbs with their lines in order; blocks and single lines mean the same.
fn go_mod(text: &str) -> Value {
    let mut verbs: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut block = None;
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        match (block, line.split_once(char::is_whitespace).unwrap_or((line, ""))) {
            (_, ("", _)) => {}
            (Some(_), (")", _)) => block = None,
            (Some(verb), _) => verbs.entry(verb).or_default().push(Value::from(line)),
            (None, (verb, rest)) if rest.trim() == "(" => block = Some(verb),
            (None, (verb, rest)) => verbs.entry(verb).or_default().push(Value::from(rest.trim())),
        }
    }
    verbs.into_iter().map(|(verb, lines)| (verb.to_owned(), Value::from(lines))).collect()
}

/// The paths of the keys whose values differ; a list that differs counts as one.
fn differing(before: &Value, after: &Value, at: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if before == after {
        return;
    }
    let sides = [before, after];
    let keys: BTreeSet<&String> =
        sides.into_iter().filter_map(Value::as_object).flat_map(|entries| entries.keys()).collect();
    let nested = sides.into_iter().all(|side| side.is_null() || side.is_object());
    if !nested || keys.is_empty() {
        found.push(at.clone());
        return;
    }
    for key in keys {
        at.push(key.clone());
        differing(before.get(key).unwrap_or(&Value::Null), after.get(key).unwrap_or(&Value::Null), at, found);
        at.pop();
    }
}
