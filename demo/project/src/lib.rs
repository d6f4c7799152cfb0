//! Parses wiki pages, a small dialect of Markdown, into a tree of blocks and spans.
//!
//! Start at [`parse_document`].

mod blocks;
mod document;
mod escapes;
mod inline;
mod references;
mod tokens;

pub use document::{Block, Document, Footnote, Span};

/// Parses a page. Every text is a page: what is no markup stays text.
pub fn parse_document(source: &str) -> Document {
    let (outline, references) = blocks::outline(source);
    let blocks = blocks::build(&outline, &references);
    let footnotes = references
        .footnotes()
        .map(|(label, text)| Footnote { label: label.to_owned(), spans: inline::spans(text, &references) })
        .collect();
    Document { blocks, footnotes }
}
