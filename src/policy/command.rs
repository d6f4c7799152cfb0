//! Commands as people write them: a list of words as it is, a text split like a shell would, or given to
//! `sh -c` where it holds what only a shell understands.
//!
//! Start at [`from_text`]. Not here: running anything.

use super::error::ReadError;
use super::table::Item;
use crate::model::command::CommandSpec;

/// One command: a text, or a list of words.
pub fn one(item: Item<'_>) -> Result<CommandSpec, ReadError> {
    if item.is_text() {
        return from_text(&item.text()?).map_err(|why| item.refuse(why));
    }
    let empty = item.refuse("a command is wanted, as \"make test\" or [\"make\", \"test\"]");
    let words: Vec<String> = item.texts()?.into_iter().map(|(_, word)| word).collect();
    if words.first().is_none_or(String::is_empty) { Err(empty) } else { Ok(CommandSpec::new(words)) }
}

/// Commands in order: a text is one; of a list, texts with blanks and lists are one each, else it is one
/// command in words.
pub fn several(item: Item<'_>) -> Result<Vec<CommandSpec>, ReadError> {
    if item.is_text() {
        return Ok(vec![one(item)?]);
    }
    let items = item.items()?;
    let phrase = |item: &Item<'_>| !item.is_text() || item.text().is_ok_and(|text| text.contains(' '));
    // In ["make bench", "make tests"] each is a command; in ["gcc", "-o", "a b"] only an argument has a blank.
    if items.first().is_some_and(phrase) {
        return items.into_iter().map(one).collect();
    }
    let words: Result<Vec<String>, ReadError> = items.iter().map(Item::text).collect();
    let words = words?;
    Ok(if words.is_empty() { Vec::new() } else { vec![CommandSpec::new(words)] })
}

/// A command from one text; `Err` says what is wanted instead.
pub fn from_text(text: &str) -> Result<CommandSpec, String> {
    let words = shell_words::split(text).map_err(|error| format!("{error}; close the quote"))?;
    if words.first().is_none_or(String::is_empty) {
        return Err("a command is wanted, as \"make test\"".to_owned());
    }
    if needs_shell(text) { Ok(CommandSpec::new(["sh", "-c", text])) } else { Ok(CommandSpec::new(words)) }
}

/// Whether a text holds, outside quotes, what only a shell understands. Braces do not count: `{n}` is ours.
fn needs_shell(text: &str) -> bool {
    let mut quote = None;
    let mut word_begins = true;
    let mut first_word = true;
    let mut characters = text.trim_start().chars();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => {
                characters.next();
            }
            (None, '\'' | '"') => quote = Some(c),
            (_, '$' | '`') | (None, '|' | '&' | ';' | '<' | '>' | '(' | ')' | '*' | '?' | '[' | '\n') => {
                return true;
            }
            (None, '~' | '#') if word_begins => return true,
            // A leading `NAME=value` sets a variable.
            (None, '=') if first_word => return true,
            _ => {}
        }
        word_begins = quote.is_none() && c.is_whitespace();
        first_word &= !word_begins;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_split_or_given_to_a_shell() {
        for (text, expected) in [
            ("make bench", vec!["make", "bench"]),
            ("./bench --n={n} 'a b'", vec!["./bench", "--n={n}", "a b"]),
            ("grep 'a|b' x", vec!["grep", "a|b", "x"]),
            ("echo \"a;b\"", vec!["echo", "a;b"]),
            ("echo a\\;b", vec!["echo", "a;b"]),
            ("a --f=x#y z~", vec!["a", "--f=x#y", "z~"]),
            ("make && ./a", vec!["sh", "-c", "make && ./a"]),
            ("./a > out", vec!["sh", "-c", "./a > out"]),
            ("./a $OPTILOOP_N", vec!["sh", "-c", "./a $OPTILOOP_N"]),
            ("./a \"$OPTILOOP_N\"", vec!["sh", "-c", "./a \"$OPTILOOP_N\""]),
            ("echo '$X'", vec!["echo", "$X"]),
            ("cat *.txt", vec!["sh", "-c", "cat *.txt"]),
            ("ls ~", vec!["sh", "-c", "ls ~"]),
            ("N=3 ./a", vec!["sh", "-c", "N=3 ./a"]),
        ] {
            assert_eq!(from_text(text).unwrap().argv, expected, "{text}");
        }
        for text in ["", "  ", "a 'b", "''"] {
            assert!(from_text(text).is_err(), "{text:?}");
        }
    }
}
