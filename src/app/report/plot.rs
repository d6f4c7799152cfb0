//! Plots as SVG, drawn by ourselves: no script, no font, no file besides. Colours are classes of the page.
//!
//! Everything that others wrote goes through `safe`. Start at [`course`] and [`pairs`].

mod course;
mod frame;
mod pairs;

use super::document::{Comparison, Document};

/// The cost of HEAD after each proposal; nothing where there is none.
pub fn course(document: &Document) -> String {
    if document.course.is_empty() { String::new() } else { course::draw(document) }
}

/// The change and the costs of each pair; nothing where none gave a value. `id` is unique on the page.
pub fn pairs(comparison: &Comparison, id: &str) -> String {
    pairs::draw(comparison, id).unwrap_or_default()
}
