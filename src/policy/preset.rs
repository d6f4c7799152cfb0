//! Named policies: data files, embedded.

use super::error::{PolicyError, nearest};
use super::layer::Layer;
use super::origin::Origin;
use super::read;
use super::table::Table;

/// The presets there are.
pub const NAMES: &[&str] = &["default", "strict", "quick"];

const FILES: &[(&str, &str)] = &[
    ("default", include_str!("../../policies/default.toml")),
    ("strict", include_str!("../../policies/strict.toml")),
    ("quick", include_str!("../../policies/quick.toml")),
];

/// The values of a preset; `chosen_by` becomes part of their origin.
pub fn named(name: &str, chosen_by: Origin) -> Result<Layer, PolicyError> {
    let file = FILES.iter().find(|(known, _)| *known == name);
    let Some((name, text)) = file else {
        let nearest = nearest(name, NAMES.iter().copied());
        return Err(PolicyError::NoPreset { name: name.to_owned(), nearest, origin: Box::new(chosen_by) });
    };
    read_file(name, text, Some(Box::new(chosen_by)))
}

/// What holds where nobody says anything.
pub(super) fn built_in() -> Result<Layer, PolicyError> {
    let (name, text) = FILES[0];
    read_file(name, text, None)
}

fn read_file(name: &str, text: &str, named: Option<Box<Origin>>) -> Result<Layer, PolicyError> {
    let path = format!("policies/{name}.toml");
    let origin = Origin::Preset { name: name.to_owned(), named };
    Ok(read::policy(Table::parse(&path, text)?, &origin)?.layer)
}
