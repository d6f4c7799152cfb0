//! The words of others in a report: file names, test names, what an agent says. None of it may become markup,
//! a link, a mention of somebody, or hide what stands beside it.
//!
//! Start at [`visible`], which all others begin with.

/// Characters that cannot be seen or turn the direction of what follows, as their escape; line ends stay.
pub fn visible(text: &str) -> String {
    let is_hidden = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(
                c,
                '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
            )
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push(' '),
            c if is_hidden(c) => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

/// As text between tags, and in attributes in quotes.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// As plain words of a line of markdown: nothing in it is markup, a link, or calls somebody.
pub fn markdown(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            // A reference is made of the rendered text, so that a backslash does not help.
            '@' | '#' | '!' => {
                out.push(c);
                if chars.peek().is_some_and(|next| next.is_alphanumeric() || *next == '[') {
                    out.push('\u{200b}');
                }
            }
            ':' if chars.peek() == Some(&'/') => out.push_str(":\u{200b}"),
            '.' if out.ends_with("www") => out.push_str("\u{200b}."),
            c => out.push(c),
        }
    }
    // What only begins a block at the start of a line.
    if out.starts_with(['#', '+', '-', '=']) { format!("\\{out}") } else { out }
}

/// As code within a line of markdown, in a table as well; nothing for nothing.
pub fn code(text: &str) -> String {
    let text = one_line(text).replace('|', "\\|");
    if text.is_empty() {
        return text;
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(visible("a\u{202e}b\u{0}c\u{1b}[2J\nd"), "a\\u{202e}b\\u{0}c\\u{1b}[2J\nd");
    }

    #[test]
    fn no_tag_or_attribute_can_be_made_in_html() {
        assert_eq!(html("<img onerror='x' a=\"&\">"), "&lt;img onerror=&#39;x&#39; a=&quot;&amp;&quot;&gt;");
    }

    #[test]
    fn markdown_of_others_is_no_markup_mentions_nobody_and_links_nowhere() {
        let said = markdown("![x](https://evil.example) @octocat fixes #12 <b>`*_|\n# head www.evil.example");
        assert_eq!(
            said,
            "!\u{200b}\\[x\\](https:\u{200b}//evil.example) @\u{200b}octocat fixes #\u{200b}12 &lt;b&gt;\\`\\*\\_\\| \
             # head www\u{200b}.evil.example"
        );
    }

    #[test]
    fn code_of_others_ends_where_it_ends() {
        assert_eq!(code("a`` | b`"), "``` a`` \\| b` ```");
        assert_eq!(code(""), "");
    }
}
