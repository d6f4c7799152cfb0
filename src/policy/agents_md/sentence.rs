//! Sentences of a paragraph, as words a rule can be read from: markup gone, quotes and code set apart.

use super::markdown::Prose;
use super::vocabulary::{PERFORMANCE, RESTRICTING};

/// A sentence or a clause that could stand alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Sentence {
    /// The line it begins at.
    pub(super) line: u32,
    /// Lowercase, without markup; code spans are `§`, quoted words `“”`.
    pub(super) text: String,
    /// Its words: letters, digits and inner hyphens; `%` and comparison signs are words of their own.
    pub(super) words: Vec<String>,
    /// The code spans in order.
    pub(super) code: Vec<String>,
    /// As a person wrote it, for quotes.
    pub(super) original: String,
    /// The title of its own item (`**Small changes** — …`).
    pub(super) label: Option<String>,
    /// Headings and introduction: where it stands.
    pub(super) context: Vec<String>,
    /// The paragraph or table it is of, lowercase: what it is about.
    pub(super) paragraph: String,
    /// Whether it stands in a table of rules.
    pub(super) tabled: bool,
}

/// Stands for a code span.
pub(super) const CODE: char = '§';
/// Stands for quoted words.
pub(super) const QUOTED: char = '“';

impl Sentence {
    /// Whether a word begins with one of these.
    pub(super) fn has_any(&self, stems: &[&str]) -> bool {
        self.words.iter().any(|word| begins_with_any(word, stems))
    }

    /// Whether one of these phrases stands in it, word by word.
    pub(super) fn says_any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.position(phrase).is_some())
    }

    /// Where the phrase begins, as an index into the words; `~` ends a word that may go on.
    pub(super) fn position(&self, phrase: &str) -> Option<usize> {
        let wanted: Vec<&str> = phrase.split(' ').collect();
        self.words.windows(wanted.len()).position(|window| {
            window.iter().zip(&wanted).all(|(word, wanted)| match wanted.strip_suffix('~') {
                Some(stem) if !stem.is_empty() => word.starts_with(stem),
                _ => word == wanted,
            })
        })
    }

    /// Whether it or what stands above it speaks of performance.
    pub(super) fn concerns_performance(&self) -> bool {
        let above = |text: &String| PERFORMANCE.iter().any(|stem| text.contains(stem));
        self.has_any(PERFORMANCE)
            || self.context.iter().chain(&self.label).chain([&self.paragraph]).any(above)
    }

    /// The words of its clauses between commas, colons, semicolons and dashes.
    pub(super) fn clause_words(&self) -> impl Iterator<Item = &[String]> {
        self.words.split(|word| matches!(word.as_str(), "," | ":" | ";"))
    }

    /// Its clauses between colons, semicolons and dashes; empty if it is one clause.
    pub(super) fn clauses(&self) -> Vec<Self> {
        let mut code = self.code.iter().cloned();
        let clauses: Vec<Self> = (self.words.split(|word| word == ":" || word == ";"))
            .map(|words| Self {
                words: words.to_vec(),
                text: words.join(" "),
                code: code
                    .by_ref()
                    .take(words.iter().filter(|word| word.starts_with(CODE)).count())
                    .collect(),
                ..self.clone()
            })
            .collect();
        if clauses.len() > 1 { clauses } else { Vec::new() }
    }

    /// The sentence for people, at most 400 characters of it.
    pub(super) fn shown(&self) -> String {
        self.original.chars().take(400).collect()
    }
}

/// Whether a word begins with one of these.
pub(super) fn begins_with_any(word: &str, stems: &[&str]) -> bool {
    stems.iter().any(|stem| word.starts_with(stem))
}

/// The sentences of a paragraph. A title in front (`**Small changes** — …`) is the label of all of them.
pub(super) fn sentences(prose: &Prose) -> Vec<Sentence> {
    let mut context = prose.headings.clone();
    context.extend(prose.intro.clone());
    let (title, start) = title(&prose.text);
    let mut found = Vec::new();
    for (from, to) in pieces(&prose.text, start) {
        let piece = &prose.text[from..to];
        let original = piece.trim().to_owned();
        if original.is_empty() {
            continue;
        }
        let line = prose.line_at(from + (piece.len() - piece.trim_start().len()));
        found.push(Sentence {
            line,
            original: plain(&original),
            context: context.clone(),
            label: title.map(str::to_lowercase),
            paragraph: prose.topic.to_lowercase(),
            tabled: prose.tabled,
            ..read(&original)
        });
    }
    found
}

/// A bold or italic beginning that is followed by a dash or colon, or that ends in one, and where the rest begins.
fn title(text: &str) -> (Option<&str>, usize) {
    let Some(mark) = ["**", "__"].into_iter().find(|mark| text.starts_with(mark)) else { return (None, 0) };
    let Some(end) = text[2..].find(mark) else { return (None, 0) };
    let (title, after) = (&text[2..2 + end], &text[end + 4..]);
    let ended = title.ends_with([':', '.']);
    let rest = after.trim_start();
    let dash = rest.starts_with(['—', '–', ':', '-']);
    if rest.is_empty() || !(ended || dash) {
        return (None, 0);
    }
    let skipped = rest.trim_start_matches(['—', '–', ':', '-', ' ']);
    (Some(title), text.len() - skipped.len())
}

/// Where sentences begin and end: at `.`, `!`, `?` outside code and quotes, before a blank or the end.
fn pieces(text: &str, start: usize) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut from = start;
    let mut code = false;
    let mut depth = 0_u32;
    let mut characters = text.char_indices().filter(|(at, _)| *at >= start).peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '`' => code = !code,
            '(' | '“' if !code => depth += 1,
            ')' | '”' if !code => depth = depth.saturating_sub(1),
            _ => {}
        }
        let ends = matches!(c, '.' | '!' | '?') && !code && depth == 0;
        let at_blank =
            characters.peek().is_none_or(|(_, next)| next.is_whitespace() || matches!(next, '*' | '_' | '"'));
        if ends && at_blank && !abbreviates(&text[from..at]) {
            let to = at + c.len_utf8();
            pieces.push((from, to));
            from = to;
        }
    }
    pieces.push((from, text.len()));
    pieces
}

fn abbreviates(before: &str) -> bool {
    let last = before.rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
    matches!(last.as_str(), "e.g" | "i.e" | "etc" | "vs" | "cf" | "approx" | "ca" | "no" | "e" | "i")
        || (!last.is_empty() && last.chars().all(|c| c.is_ascii_digit()) && before.trim() == last)
}

/// Without emphasis and link targets; code spans stay as they are.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        if at % 2 == 1 {
            out.push_str(part);
            continue;
        }
        let mut rest = part;
        while let Some((before, after)) = rest.split_once("](") {
            out.push_str(before);
            rest = after.split_once(')').map_or("", |(_, rest)| rest);
        }
        out.push_str(rest);
        let cleaned =
            out.rsplit('`').next().unwrap_or_default().replace("**", "").replace("__", "").replace('[', "");
        let keep = out.rfind('`').map_or(0, |tick| tick + 1);
        out.truncate(keep);
        out.push_str(&cleaned);
    }
    out.trim_matches(['*', '_', ' ']).to_owned()
}

/// The words of a sentence; code, quotes and struck-out text are set apart.
fn read(original: &str) -> Sentence {
    let plain = plain(original).replace(['’', '‘'], "'").replace('≤', "<=").replace('≥', ">=");
    let mut code = Vec::new();
    let mut text = String::new();
    let mut rest = plain.as_str();
    while let Some(at) = rest.find(['`', '"', '“', '~']) {
        let (before, found) = rest.split_at(at);
        text.push_str(before);
        let (open, close) = match found.chars().next() {
            Some('`') => ("`", "`"),
            Some('“') => ("“", "”"),
            Some('~') if found.starts_with("~~") => ("~~", "~~"),
            Some('~') => ("~", ""),
            _ => ("\"", "\""),
        };
        rest = &found[open.len()..];
        if open == "~" {
            text.push('~');
            continue;
        }
        // A mark that is never closed is just a mark.
        let Some((inside, after)) = rest.split_once(close) else { continue };
        match open {
            "`" => {
                text.push(CODE);
                code.push(inside.to_owned());
            }
            "~~" => text.push(' '),
            _ => text.push(QUOTED),
        }
        rest = after;
    }
    text.push_str(rest);
    let text = without_asides(&text.to_lowercase());
    let words = without_contrasts(&words(&text));
    Sentence { text, words, code, ..Sentence::default() }
}

/// Without remarks in parentheses, unless they name code or take something back.
fn without_asides(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        kept.push_str(before);
        let Some((inside, after)) = after.split_once(')') else {
            rest = after;
            continue;
        };
        let aside = Sentence { words: words(inside), ..Sentence::default() };
        let matters = inside.contains(CODE) || aside.says_any(RESTRICTING);
        kept.push_str(if matters { inside } else { " " });
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// Without `, not a selection`: what is meant has been said before the comma.
fn without_contrasts(words: &[String]) -> Vec<String> {
    let is = |at: usize, these: &[&str]| words.get(at).is_some_and(|word| these.contains(&word.as_str()));
    let mut kept = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if is(at, &[","])
            && is(at + 1, &["not"])
            && is(at + 2, &["a", "an", "the", "just", "only", "merely", "part"])
        {
            at += 1;
            while at < words.len() && !is(at, &[",", ":", ";"]) {
                at += 1;
            }
        } else {
            kept.push(words[at].clone());
            at += 1;
        }
    }
    kept
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let digit_point =
            matches!(c, '.' | ',') && word.ends_with(|c: char| c.is_ascii_digit()) && next.is_ascii_digit();
        let inner = matches!(c, '-' | '\'') && !word.is_empty() && next.is_alphanumeric();
        if c.is_alphanumeric() || digit_point || inner {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if matches!(c, '—' | '–') {
            words.push(";".to_owned());
        }
        if matches!(c, '%' | '<' | '>' | '=' | '~' | '→' | ',' | ':' | ';' | CODE | QUOTED) {
            words.push(c.to_string());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
