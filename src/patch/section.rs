//! Which function a line belongs to, by the line that opens it; as git names hunks, without parsing.
//!
//! A line names a section if it declares something (`fn`, `def`, `func`, `class`, …) at any indentation, or
//! stands at the left margin and begins with a letter, as git's default does. It is a guide for people and
//! briefs and never decides a verdict.

/// The longest section name, in bytes, as git cuts it.
const LONGEST: usize = 80;

const MODIFIERS: &[&str] = &[
    "pub",
    "async",
    "const",
    "unsafe",
    "static",
    "public",
    "private",
    "protected",
    "export",
    "default",
    "final",
    "abstract",
    "inline",
    "virtual",
    "override",
];
const KEYWORDS: &[&str] = &[
    "fn",
    "impl",
    "trait",
    "struct",
    "enum",
    "mod",
    "macro_rules!",
    "def",
    "class",
    "func",
    "function",
    "interface",
    "type",
    "object",
];

/// The section `line` (from 0) lies in: the nearest naming line at or above it, empty if there is none.
pub fn section_at<'a>(lines: &[&'a [u8]], line: usize) -> &'a [u8] {
    let above = &lines[..lines.len().min(line + 1)];
    let line = above.iter().rev().find(|line| names_a_section(line)).copied().unwrap_or_default();
    let line = line.trim_ascii_end();
    let indent = line.len() - line.trim_ascii_start().len();
    &line[indent..line.len().min(indent + LONGEST)]
}

/// Whether a line opens a section.
pub fn names_a_section(line: &[u8]) -> bool {
    let Some(&first) = line.first() else { return false };
    if !first.is_ascii_whitespace() {
        return (first.is_ascii_alphabetic() || first == b'_' || first == b'$') && !is_label(line);
    }
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let mut words = text.split_whitespace().skip_while(|word| {
        let word = word.split('(').next().unwrap_or(word);
        MODIFIERS.contains(&word) || word == "extern" || word.starts_with("\"C")
    });
    words.next().is_some_and(|word| {
        let word = word.split(['<', '(']).next().unwrap_or(word);
        KEYWORDS.contains(&word)
    }) && !text.trim_end().ends_with(';')
}

/// `label:` and `use x;` at the margin say nothing about where one is.
fn is_label(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    line.ends_with(b";") || (line.ends_with(b":") && !line.contains(&b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_named_by_what_encloses_them() {
        let rust = "use a::b;\nimpl A {\n    pub(crate) fn go<T>(&self) {\n        let x = 1;\n    }\n}\n";
        let python = "class A:\n    def go(self):\n        return 1\n";
        let go = "func (a *A) Go() int {\n\treturn 1\n}\n";
        for (text, line, expect) in [
            (rust, 0, ""),
            (rust, 1, "impl A {"),
            (rust, 3, "pub(crate) fn go<T>(&self) {"),
            (python, 2, "def go(self):"),
            (go, 1, "func (a *A) Go() int {"),
        ] {
            let lines: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
            assert_eq!(String::from_utf8_lossy(section_at(&lines, line)), expect, "{text} {line}");
        }
    }
}
