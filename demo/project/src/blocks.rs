//! Splits a page into blocks.
//!
//! The outline comes first, because a link may stand before the definition of its label.

use crate::document::Block;
use crate::escapes::unescape;
use crate::inline;
use crate::references::References;

/// Quotations nested deeper than this are text.
const MAX_DEPTH: usize = 16;

/// A block whose text is not parsed yet.
#[derive(Debug)]
pub enum Raw {
    Heading { line: usize, level: usize, text: String },
    Paragraph { line: usize, text: String },
    List { line: usize, ordered: bool, items: Vec<String> },
    Quote { line: usize, blocks: Vec<Raw> },
    Code { line: usize, language: String, text: String },
    Rule { line: usize },
}

/// The blocks of a page and its definitions.
pub fn outline(source: &str) -> (Vec<Raw>, References) {
    let mut references = References::default();
    let lines: Vec<(usize, &str)> = source.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
    let blocks = split(&lines, 0, &mut references);
    (blocks, references)
}

/// Parses the text of the blocks.
pub fn build(outline: &[Raw], references: &References) -> Vec<Block> {
    outline.iter().map(|raw| block(raw, references)).collect()
}

fn block(raw: &Raw, references: &References) -> Block {
    match raw {
        Raw::Heading { line, level, text } => {
            Block::Heading { line: *line, level: *level, spans: inline::spans(text, references) }
        }
        Raw::Paragraph { line, text } => {
            Block::Paragraph { line: *line, spans: inline::spans(text, references) }
        }
        Raw::List { line, ordered, items } => Block::List {
            line: *line,
            ordered: *ordered,
            items: items.iter().map(|item| inline::spans(item, references)).collect(),
        },
        Raw::Quote { line, blocks } => Block::Quote { line: *line, blocks: build(blocks, references) },
        Raw::Code { line, language, text } => {
            Block::Code { line: *line, language: language.clone(), text: text.clone() }
        }
        Raw::Rule { line } => Block::Rule { line: *line },
    }
}

fn split(lines: &[(usize, &str)], depth: usize, references: &mut References) -> Vec<Raw> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(&(line, text)) = lines.get(at) {
        let trimmed = text.trim();
        at += 1;
        if trimmed.is_empty() {
            continue;
        }
        if let Some(language) = trimmed.strip_prefix("```") {
            let length = lines[at..].iter().position(|(_, text)| text.trim() == "```");
            let end = length.map_or(lines.len(), |length| at + length);
            let text = lines[at..end].iter().flat_map(|(_, text)| [*text, "\n"]).collect();
            blocks.push(Raw::Code { line, language: unescape(language.trim()), text });
            at = end + 1;
        } else if let Some((level, text)) = heading(trimmed) {
            blocks.push(Raw::Heading { line, level, text: text.to_owned() });
        } else if is_rule(trimmed) {
            blocks.push(Raw::Rule { line });
        } else if trimmed.starts_with('>') && depth < MAX_DEPTH {
            let mut quoted = vec![(line, unquote(trimmed))];
            while let Some((line, text)) = lines.get(at).filter(|(_, text)| text.trim().starts_with('>')) {
                quoted.push((*line, unquote(text.trim())));
                at += 1;
            }
            blocks.push(Raw::Quote { line, blocks: split(&quoted, depth + 1, references) });
        } else if let Some((ordered, first)) = item(trimmed) {
            let mut items = vec![first.to_owned()];
            while let Some((_, text)) = lines.get(at).filter(|(_, text)| !text.trim().is_empty()) {
                match item(text.trim()) {
                    Some((kind, text)) if kind == ordered => items.push(text.to_owned()),
                    None if text.starts_with("  ") => {
                        let last = items.len() - 1;
                        items[last].push('\n');
                        items[last].push_str(text.trim());
                    }
                    _ => break,
                }
                at += 1;
            }
            blocks.push(Raw::List { line, ordered, items });
        } else if let Some((label, value)) = definition(trimmed) {
            match label.strip_prefix('^') {
                Some(label) => references.define_footnote(label, value.to_owned()),
                None => references.define_link(label, unescape(value)),
            }
        } else {
            let mut paragraph = trimmed.to_owned();
            while let Some((_, text)) = lines.get(at).filter(|(_, text)| continues(text.trim())) {
                paragraph.push('\n');
                paragraph.push_str(text.trim());
                at += 1;
            }
            blocks.push(Raw::Paragraph { line, text: paragraph });
        }
    }
    blocks
}

/// Whether a line goes on with the paragraph above it.
fn continues(line: &str) -> bool {
    !(line.is_empty()
        || line.starts_with("```")
        || line.starts_with('>')
        || is_rule(line)
        || heading(line).is_some()
        || item(line).is_some()
        || definition(line).is_some())
}

/// Level and text of a heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    let mut level = 0;
    while line[level..].starts_with('#') {
        level += 1;
    }
    if level == 0 || level > 6 {
        return None;
    }
    let text = &line[level..];
    if !text.is_empty() && !text.starts_with(' ') {
        return None;
    }
    Some((level, text.trim()))
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| byte == b'-')
}

fn unquote(line: &str) -> &str {
    let text = line.strip_prefix('>').unwrap_or(line);
    text.strip_prefix(' ').unwrap_or(text)
}

/// Whether an item is of an ordered list, and its text.
fn item(line: &str) -> Option<(bool, &str)> {
    if let Some(text) = line.strip_prefix("- ") {
        return Some((false, text.trim()));
    }
    let text = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - text.len();
    if digits == 0 || digits > 9 {
        return None;
    }
    Some((true, text.strip_prefix(". ")?.trim()))
}

/// Label and value of a definition.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.strip_prefix('[')?.split_once("]:")?;
    let plain = !label.trim().is_empty() && !label.contains(['[', ']']);
    plain.then(|| (label, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_has_one_to_six_marks_and_a_space() {
        assert_eq!(heading("## Tea"), Some((2, "Tea")));
        assert_eq!(heading("######"), Some((6, "")));
        assert_eq!((heading("#Tea"), heading("####### Tea"), heading("Tea")), (None, None, None));
    }

    #[test]
    fn an_item_is_a_dash_or_a_number() {
        assert_eq!(item("- tea"), Some((false, "tea")));
        assert_eq!(item("12. tea"), Some((true, "tea")));
        assert_eq!((item("-tea"), item("x. tea"), item(". tea")), (None, None, None));
    }

    #[test]
    fn a_definition_has_a_plain_label() {
        assert_eq!(definition("[tea]: https://example.org"), Some(("tea", "https://example.org")));
        assert_eq!((definition("[a][b]: c"), definition("[ ]: c"), definition("tea")), (None, None, None));
    }
}
