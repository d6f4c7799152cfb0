//! Escapes and entities: what `\*`, `&amp;` and `&#8212;` stand for.

/// Replaces the escapes and entities of a text by what they stand for.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' => match rest.clone().next() {
                Some((_, escaped)) if escaped.is_ascii_punctuation() => {
                    out.push(escaped);
                    rest.next();
                }
                _ => out.push('\\'),
            },
            '&' => match entity(&text[at..]) {
                Some((character, length)) => {
                    out.push(character);
                    // An entity is ASCII: as many characters as bytes.
                    rest.nth(length - 2);
                }
                None => out.push('&'),
            },
            _ => out.push(c),
        }
    }
    out
}

/// The character of the entity a text begins with, and the bytes the entity takes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => '\u{a0}',
        _ => number(name.strip_prefix('#')?)?,
    };
    Some((character, end + 1))
}

fn number(digits: &str) -> Option<char> {
    if digits.starts_with('+') {
        return None;
    }
    char::from_u32(digits.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escaped_punctuation_is_literal() {
        assert_eq!(unescape(r"2 \* 3 \[sic\] \\"), r"2 * 3 [sic] \");
    }

    #[test]
    fn a_backslash_before_a_letter_stays() {
        assert_eq!(unescape(r"C:\temp\"), r"C:\temp\");
    }

    #[test]
    fn entities_become_their_characters() {
        assert_eq!(unescape("Earl &amp; Grey &lt;3 &#8212; hot"), "Earl & Grey <3 \u{2014} hot");
    }

    #[test]
    fn what_is_no_entity_stays() {
        assert_eq!(unescape("R&D; a & b &nothing; &#x; &é;&"), "R&D; a & b &nothing; &#x; &é;&");
    }
}
