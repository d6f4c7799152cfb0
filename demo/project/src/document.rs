//! The tree a page becomes.

/// A parsed page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Top-level blocks in the order of the page.
    pub blocks: Vec<Block>,
    /// Footnotes in the order of their definitions.
    pub footnotes: Vec<Footnote>,
}

/// The text of a footnote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footnote {
    pub label: String,
    pub spans: Vec<Span>,
}

/// A block; `line` is where it begins, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Heading { line: usize, level: usize, spans: Vec<Span> },
    Paragraph { line: usize, spans: Vec<Span> },
    List { line: usize, ordered: bool, items: Vec<Vec<Span>> },
    Quote { line: usize, blocks: Vec<Block> },
    Code { line: usize, language: String, text: String },
    Rule { line: usize },
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    Text(String),
    Emphasis(Vec<Span>),
    Strong(Vec<Span>),
    Code(String),
    Link {
        spans: Vec<Span>,
        address: String,
    },
    /// `number` counts footnotes from 1 in the order of their definitions.
    Footnote {
        label: String,
        number: usize,
    },
}

impl Document {
    /// The page without its markup, a line for each block.
    pub fn text(&self) -> String {
        let mut text = String::new();
        blocks_text(&self.blocks, &mut text);
        text
    }
}

fn blocks_text(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Heading { spans, .. } | Block::Paragraph { spans, .. } => line_text(spans, out),
            Block::List { items, .. } => items.iter().for_each(|item| line_text(item, out)),
            Block::Quote { blocks, .. } => blocks_text(blocks, out),
            Block::Code { text, .. } => out.push_str(text),
            Block::Rule { .. } => {}
        }
    }
}

fn line_text(spans: &[Span], out: &mut String) {
    spans_text(spans, out);
    out.push('\n');
}

fn spans_text(spans: &[Span], out: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Code(text) => out.push_str(text),
            Span::Emphasis(spans) | Span::Strong(spans) | Span::Link { spans, .. } => spans_text(spans, out),
            Span::Footnote { number, .. } => out.push_str(&format!("[{number}]")),
        }
    }
}
