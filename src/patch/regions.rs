//! Test code inside Rust sources: `#[cfg(test)]` items, `#[test]` functions, `mod tests { … }`.
//!
//! A tokenizer finds braces outside strings and comments; it does not parse. On text it cannot follow (a
//! brace that never closes) the region reaches to the end of the file, which errs on the side of "test".
//! Start at [`test_regions`].

use std::ops::RangeInclusive;

use super::text::Hunk;

/// How a hunk lies to the test regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// It touches no test code.
    Outside,
    /// It touches nothing else.
    Inside,
    /// It touches both.
    Both,
}

/// The lines (from 1) of test code in a Rust source, in order; regions inside others are not repeated.
pub fn test_regions(source: &[u8]) -> Vec<RangeInclusive<u32>> {
    let tokens = tokens(source);
    let mut regions = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match test_item(&tokens[at..]) {
            Some(length) => {
                let last = tokens[at + length - 1].line;
                regions.push(tokens[at].line..=last);
                at += length;
            }
            None => at += 1,
        }
    }
    regions
}

/// How a hunk lies to the test regions of the text before and after.
pub fn placement(hunk: &Hunk, before: &[RangeInclusive<u32>], after: &[RangeInclusive<u32>]) -> Placement {
    let within =
        |regions: &[RangeInclusive<u32>], line: &u32| regions.iter().any(|region| region.contains(line));
    let removed = hunk.removed_lines().into_iter().map(|line| within(before, &line));
    let added = hunk.added_lines().into_iter().map(|line| within(after, &line));
    let (inside, outside): (Vec<bool>, Vec<bool>) = removed.chain(added).partition(|inside| *inside);
    match (inside.is_empty(), outside.is_empty()) {
        (true, _) => Placement::Outside,
        (false, true) => Placement::Inside,
        (false, false) => Placement::Both,
    }
}

/// How many tokens the test item at the start takes; `None` if none starts here.
fn test_item(tokens: &[Token<'_>]) -> Option<usize> {
    let is = |at: usize, text: &[u8]| tokens.get(at).is_some_and(|token| token.text == text);
    if is(0, b"mod") && (is(1, b"tests") || is(1, b"test")) && is(2, b"{") {
        return Some(item_length(tokens));
    }
    if is(0, b"#") && is(1, b"!") && is(2, b"[") {
        let end = 1 + closing(&tokens[1..]);
        return is_test_attribute(&tokens[3..end.max(3)]).then_some(tokens.len());
    }
    if !(is(0, b"#") && is(1, b"[")) {
        return None;
    }
    let end = closing(tokens);
    is_test_attribute(&tokens[2..end.max(2)])
        .then(|| end + 1 + item_length(&tokens[tokens.len().min(end + 1)..]))
        .map(|length| length.min(tokens.len()))
}

/// Whether the inside of `#[…]` makes the item test code: `test`, `tokio::test`, `cfg(test)`, `cfg(all(test, …))`.
fn is_test_attribute(inside: &[Token<'_>]) -> bool {
    let name_end = inside.iter().position(|token| token.text == b"(").unwrap_or(inside.len());
    let Some(name) = inside[..name_end].last() else { return false };
    if name.text == b"cfg" {
        let arguments = &inside[name_end..];
        return arguments.iter().enumerate().any(|(at, token)| {
            let negated = at >= 2 && arguments[at - 2].text == b"not";
            token.text == b"test" && !negated
        });
    }
    name.text == b"test" || name.text.ends_with(b"_test") || name.text == b"rstest"
}

/// The tokens of one item: up to its `;` or the brace that closes it, further attributes included.
fn item_length(tokens: &[Token<'_>]) -> usize {
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text {
            b";" | b"," => return at + 1,
            b"{" => return tokens.len().min(at + closing(&tokens[at..]) + 1),
            b"(" | b"[" => at += closing(&tokens[at..]) + 1,
            _ => at += 1,
        }
    }
    tokens.len()
}

/// The place of the bracket that closes the first one in `tokens`; the last token if none does.
fn closing(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            b"{" | b"(" | b"[" => depth += 1,
            b"}" | b")" | b"]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    tokens.len().saturating_sub(1)
}

/// A word or a single character of punctuation, and its line.
struct Token<'a> {
    text: &'a [u8],
    line: u32,
}

/// The words and punctuation of a Rust source without comments, strings and characters.
fn tokens(source: &[u8]) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1_u32);
    while at < source.len() {
        let rest = &source[at..];
        let length = match rest {
            [b'/', b'/', ..] => rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()),
            [b'/', b'*', ..] => block_comment(rest),
            [b'"', ..] | [b'b' | b'c', b'"', ..] => string(rest),
            [b'r', b'"' | b'#', ..] | [b'b' | b'c', b'r', b'"' | b'#', ..] => raw_string(rest),
            [b'\'', ..] | [b'b', b'\'', ..] => character(rest),
            [first, ..] if first.is_ascii_whitespace() => 1,
            [first, ..] => {
                let word = rest.iter().take_while(|&&byte| is_word(byte)).count();
                let length = if is_word(*first) { word } else { 1 };
                tokens.push(Token { text: &rest[..length], line });
                length
            }
            [] => break,
        };
        for byte in &rest[..length] {
            line = line.saturating_add(u32::from(*byte == b'\n'));
        }
        at += length;
    }
    tokens
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The length of a comment, which may hold others.
fn block_comment(text: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while at < text.len() {
        match &text[at..] {
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    text.len()
}

fn string(text: &[u8]) -> usize {
    let mut at = text.iter().position(|&byte| byte == b'"').unwrap_or(0) + 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn raw_string(text: &[u8]) -> usize {
    let open = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let hashes = text[open..].iter().take_while(|&&byte| byte == b'#').count();
    let start = open + hashes;
    if text.get(start) != Some(&b'"') {
        return start; // `r#name`: the word follows as a token of its own
    }
    let mut end = vec![b'"'];
    end.extend(std::iter::repeat_n(b'#', hashes));
    let body = &text[start + 1..];
    body.windows(end.len())
        .position(|window| window == end)
        .map_or(text.len(), |at| start + 1 + at + end.len())
}

/// A character (`'a'`, `'\n'`, `b'x'`) or just the quote of a lifetime.
fn character(text: &[u8]) -> usize {
    let quote = usize::from(text[0] == b'b');
    match &text[quote + 1..] {
        [b'\\', _, rest @ ..] => {
            quote + 3 + rest.iter().position(|&byte| byte == b'\'').map_or(0, |at| at + 1)
        }
        [first, rest @ ..] => {
            let extra = rest.iter().take_while(|&&byte| (0x80..0xc0).contains(&byte)).count();
            let closes = rest.get(extra) == Some(&b'\'') && *first != b'\'';
            if closes { quote + 3 + extra } else { quote + 1 }
        }
        [] => text.len(),
    }
}
