//! Makes spans of the text of a block.

use crate::document::Span;
use crate::escapes::unescape;
use crate::references::References;
use crate::tokens::{Token, tokenize};

/// The spans of a text.
pub fn spans(text: &str, references: &References) -> Vec<Span> {
    let mut parser = Parser { tokens: tokenize(text), position: 0, open: Vec::new(), references };
    parser.spans()
}

/// Spans read so far, and the text behind the last of them.
#[derive(Default)]
struct Line {
    spans: Vec<Span>,
    text: String,
}

impl Line {
    fn push(&mut self, span: Span) {
        self.flush();
        self.spans.push(span);
    }

    fn append(&mut self, spans: Vec<Span>) {
        self.flush();
        self.spans.extend(spans);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.spans.push(Span::Text(unescape(&self.text)));
            self.text.clear();
        }
    }

    fn finish(mut self) -> Vec<Span> {
        self.flush();
        self.spans
    }
}

struct Parser<'a> {
    tokens: Vec<Token>,
    position: usize,
    /// What would close the spans being parsed, the innermost last.
    open: Vec<Token>,
    references: &'a References,
}

impl Parser<'_> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.position).cloned()
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek();
        self.position += 1;
        token
    }

    /// Takes the next token if it is the wanted one.
    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.peek().is_some_and(|token| token == *wanted);
        if found {
            self.position += 1;
        }
        found
    }

    /// Spans up to a token that closes an open one, or the end.
    fn spans(&mut self) -> Vec<Span> {
        let mut line = Line::default();
        while let Some(token) = self.peek() {
            if self.open.contains(&token) {
                break;
            }
            self.next();
            match token {
                Token::Word(word) => line.text.push_str(&word),
                Token::Space => line.text.push(' '),
                Token::Code(code) => line.push(Span::Code(code)),
                Token::Star => self.enclosed(&Token::Star, &mut line),
                Token::DoubleStar => self.enclosed(&Token::DoubleStar, &mut line),
                Token::LeftBracket => self.bracket(&mut line),
                Token::RightBracket => line.text.push(']'),
                Token::LeftParenthesis => line.text.push('('),
                Token::RightParenthesis => line.text.push(')'),
            }
        }
        line.finish()
    }

    /// What follows an opening mark, up to the closing one.
    fn enclosed(&mut self, mark: &Token, line: &mut Line) {
        self.open.push(mark.clone());
        let spans = self.spans();
        self.open.pop();
        let strong = *mark == Token::DoubleStar;
        if self.take(mark) {
            line.push(if strong { Span::Strong(spans) } else { Span::Emphasis(spans) });
        } else {
            line.text.push_str(if strong { "**" } else { "*" });
            line.append(spans);
        }
    }

    /// What follows a `[`: a footnote, a link, or nothing but text.
    fn bracket(&mut self, line: &mut Line) {
        if self.open.contains(&Token::RightBracket) {
            line.text.push('[');
            return;
        }
        let start = self.position;
        self.open.push(Token::RightBracket);
        let spans = self.spans();
        self.open.pop();
        let end = self.position;
        if !self.take(&Token::RightBracket) {
            line.text.push('[');
            line.append(spans);
            return;
        }
        let label = self.source(start, end);
        if let Some(label) = label.strip_prefix('^')
            && let Some(number) = self.references.footnote(label)
        {
            line.push(Span::Footnote { label: label.to_owned(), number });
        } else if let Some(address) = self.address(&label) {
            line.push(Span::Link { spans, address });
        } else {
            line.text.push('[');
            line.append(spans);
            line.text.push(']');
        }
    }

    /// The address of the link whose text was just read: `(address)`, `[label]`, or the text as a label.
    fn address(&mut self, text: &str) -> Option<String> {
        let start = self.position;
        if self.take(&Token::LeftParenthesis) {
            if let Some(end) = self.skip_past(&Token::RightParenthesis) {
                return Some(unescape(self.source(start + 1, end).trim()));
            }
        } else if self.take(&Token::LeftBracket)
            && let Some(end) = self.skip_past(&Token::RightBracket)
            && let Some(address) = self.references.link(&self.source(start + 1, end))
        {
            return Some(address.to_owned());
        }
        self.position = start;
        self.references.link(text).map(str::to_owned)
    }

    /// Goes behind the next such token and returns where it stands.
    fn skip_past(&mut self, wanted: &Token) -> Option<usize> {
        while let Some(token) = self.next() {
            if token == *wanted {
                return Some(self.position - 1);
            }
        }
        None
    }

    /// The tokens of a range as they were written, white space folded.
    fn source(&self, start: usize, end: usize) -> String {
        let mut source = String::new();
        for token in &self.tokens[start..end] {
            match token {
                Token::Word(word) => source.push_str(word),
                Token::Space => source.push(' '),
                Token::Code(code) => {
                    source.push('`');
                    source.push_str(code);
                    source.push('`');
                }
                Token::Star => source.push('*'),
                Token::DoubleStar => source.push_str("**"),
                Token::LeftBracket => source.push('['),
                Token::RightBracket => source.push(']'),
                Token::LeftParenthesis => source.push('('),
                Token::RightParenthesis => source.push(')'),
            }
        }
        source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Vec<Span> {
        let mut references = References::default();
        references.define_link("tea", "https://example.org/tea".to_owned());
        references.define_footnote("leaf", "Dried.".to_owned());
        spans(text, &references)
    }

    fn text(text: &str) -> Span {
        Span::Text(text.to_owned())
    }

    fn link(name: &str, address: &str) -> Span {
        Span::Link { spans: vec![text(name)], address: address.to_owned() }
    }

    #[test]
    fn emphasis_nests() {
        let inner = Span::Strong(vec![text("b")]);
        assert_eq!(parse("*a **b***"), [Span::Emphasis(vec![text("a "), inner])]);
    }

    #[test]
    fn an_unclosed_mark_is_text() {
        assert_eq!(parse("2 * 3"), [text("2 *"), text(" 3")]);
    }

    #[test]
    fn links_take_their_address_from_three_places() {
        let tea = "https://example.org/tea";
        assert_eq!(parse("[pot](https://example.org/a\\)b)"), [link("pot", "https://example.org/a)b")]);
        assert_eq!(parse("[pot][Tea]"), [link("pot", tea)]);
        assert_eq!(parse("[tea]"), [link("tea", tea)]);
    }

    #[test]
    fn an_unknown_label_is_text() {
        assert_eq!(parse("[milk]"), [text("["), text("milk"), text("]")]);
    }

    #[test]
    fn plain_text_is_folded_and_unescaped() {
        assert_eq!(parse("salt &amp;\n  pepper"), [text("salt & pepper")]);
    }

    #[test]
    fn a_footnote_has_its_number() {
        assert_eq!(parse("a[^leaf]"), [text("a"), Span::Footnote { label: "leaf".to_owned(), number: 1 }]);
    }

    #[test]
    fn code_is_taken_as_it_stands() {
        assert_eq!(parse(r"`*a* \* &amp;`"), [Span::Code(r"*a* \* &amp;".to_owned())]);
    }
}
