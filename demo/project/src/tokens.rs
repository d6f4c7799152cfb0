//! Cuts the text of a block into tokens.

/// A piece of text that means something to the inline parser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// Ordinary characters without white space; escapes and entities are still in it.
    Word(String),
    /// Any amount of white space.
    Space,
    /// What stands between backticks.
    Code(String),
    Star,
    DoubleStar,
    LeftBracket,
    RightBracket,
    LeftParenthesis,
    RightParenthesis,
}

/// Cuts a text into tokens.
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '*' if rest.starts_with("**") => (Token::DoubleStar, 2),
            '*' => (Token::Star, 1),
            '[' => (Token::LeftBracket, 1),
            ']' => (Token::RightBracket, 1),
            '(' => (Token::LeftParenthesis, 1),
            ')' => (Token::RightParenthesis, 1),
            '`' => match rest[1..].find('`') {
                Some(end) => (Token::Code(rest[1..=end].to_owned()), end + 2),
                None => (Token::Word("`".to_owned()), 1),
            },
            c if c.is_whitespace() => (Token::Space, rest.len() - rest.trim_start().len()),
            _ => {
                let length = word_length(rest);
                (Token::Word(rest[..length].to_owned()), length)
            }
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

/// The bytes up to the next character with a meaning of its own; an escaped one has none.
fn word_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '*' | '[' | ']' | '(' | ')' | '`' => return at,
            '\\' if text[at + 1..].starts_with(|next: char| next.is_ascii_punctuation()) => {
                characters.next();
            }
            c if c.is_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds of the tokens, a letter each.
    fn kinds(text: &str) -> String {
        let kind = |token: &Token| match token {
            Token::Word(_) => 'w',
            Token::Space => ' ',
            Token::Code(_) => 'c',
            Token::Star => '*',
            Token::DoubleStar => '2',
            Token::LeftBracket => '[',
            Token::RightBracket => ']',
            Token::LeftParenthesis => '(',
            Token::RightParenthesis => ')',
        };
        tokenize(text).iter().map(kind).collect()
    }

    #[test]
    fn words_end_at_markup_and_white_space() {
        assert_eq!(kinds("*one* **two** [three](four)  `five six`"), "*w* 2w2 [w](w) c");
    }

    #[test]
    fn an_escaped_mark_is_part_of_a_word() {
        assert_eq!(kinds(r"a\*b \[c\]"), "w w");
    }

    #[test]
    fn a_lone_backtick_is_a_word() {
        assert_eq!(kinds("a ` b"), "w w w");
    }
}
