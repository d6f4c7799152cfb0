//! A Rust source as tokens and paths: enough to know what it names, without comments and strings.

/// A word or a mark. `::` is one mark.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    /// Its text.
    pub(crate) text: String,
    /// Its line, from 1.
    pub(crate) line: usize,
}

impl Token {
    fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// A path a source names, `use` trees taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    /// As `crate::a::b`.
    pub(crate) path: String,
    /// Where it begins.
    pub(crate) line: usize,
    /// Whether it is handed on by a `pub use`.
    pub(crate) handed_on: bool,
}

/// The tokens of a source. Comments, strings, characters and numbers are left out.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let characters: Vec<char> = source.chars().collect();
    let at = |index: usize| characters.get(index).copied().unwrap_or(' ');
    let mut tokens = Vec::new();
    let (mut index, mut line) = (0, 1);
    while index < characters.len() {
        let c = at(index);
        let start = index;
        match c {
            '/' if at(index + 1) == '/' => {
                while index < characters.len() && at(index) != '\n' {
                    index += 1;
                }
            }
            '/' if at(index + 1) == '*' => index = after_comment(&characters, index),
            '"' => index = after_string(&characters, index),
            '\'' => index = after_quote(&characters, index),
            'r' | 'b' | 'c' if raw_hashes(&characters, index).is_some() => {
                index = after_raw_string(&characters, index);
            }
            'b' | 'c' if at(index + 1) == '"' => index = after_string(&characters, index + 1),
            'b' if at(index + 1) == '\'' => index = after_quote(&characters, index + 1),
            c if c.is_alphabetic() || c == '_' => {
                while at(index).is_alphanumeric() || at(index) == '_' {
                    index += 1;
                }
                tokens.push(Token { text: characters[start..index].iter().collect(), line });
            }
            ':' if at(index + 1) == ':' => {
                tokens.push(Token { text: "::".to_owned(), line });
                index += 2;
            }
            c if c.is_whitespace() || c.is_ascii_digit() => index += 1,
            c => {
                tokens.push(Token { text: c.to_string(), line });
                index += 1;
            }
        }
        line += characters[start..index.min(characters.len())].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn after_comment(characters: &[char], start: usize) -> usize {
    let (mut index, mut depth) = (start, 0);
    while index < characters.len() {
        match (characters[index], characters.get(index + 1)) {
            ('/', Some('*')) => (index, depth) = (index + 2, depth + 1),
            ('*', Some('/')) => (index, depth) = (index + 2, depth - 1),
            _ => index += 1,
        }
        if depth == 0 {
            break;
        }
    }
    index
}

fn after_string(characters: &[char], start: usize) -> usize {
    let mut index = start + 1;
    while index < characters.len() && characters[index] != '"' {
        index += if characters[index] == '\\' { 2 } else { 1 };
    }
    index + 1
}

/// A character, or just the quote of a lifetime.
fn after_quote(characters: &[char], start: usize) -> usize {
    match (characters.get(start + 1), characters.get(start + 2)) {
        (Some('\\'), _) => {
            let closing = characters.iter().skip(start + 3).position(|c| *c == '\'');
            start + 4 + closing.unwrap_or(0)
        }
        (Some(_), Some('\'')) => start + 3,
        _ => start + 1,
    }
}

/// How many `#` a raw string that starts here has.
fn raw_hashes(characters: &[char], start: usize) -> Option<usize> {
    let r = if characters[start] == 'r' { start } else { start + 1 };
    let hashes = characters.iter().skip(r + 1).take_while(|c| **c == '#').count();
    let is_one = characters.get(r) == Some(&'r') && characters.get(r + 1 + hashes) == Some(&'"');
    is_one.then_some(hashes)
}

fn after_raw_string(characters: &[char], start: usize) -> usize {
    let hashes = raw_hashes(characters, start).unwrap_or(0);
    let open = characters.iter().skip(start).position(|c| *c == '"').map_or(start, |at| start + at);
    let closing: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let rest: String = characters[open + 1..].iter().collect();
    let length =
        rest.find(&closing).map_or(rest.chars().count(), |at| rest[..at].chars().count() + closing.len());
    open + 1 + length
}

/// Every path with at least one `::`, and every single name of a `use`.
pub(crate) fn paths(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        let before = |back: usize| index.checked_sub(back).map(|at| &tokens[at]);
        let follows_path = before(1).is_some_and(|mark| mark.text == "::")
            && before(2).is_some_and(|left| left.is_word() || left.text == ">");
        if !tokens[index].is_word() || follows_path {
            index += 1;
            continue;
        }
        if tokens[index].text == "use" {
            let handed_on = before(1).is_some_and(|word| word.text == "pub" || word.text == ")");
            let end = tokens[index..]
                .iter()
                .position(|token| token.text == ";")
                .map_or(tokens.len(), |at| index + at);
            let (tree, line) = (&tokens[index + 1..end], tokens[index].line);
            for path in tree_paths(tree) {
                found.push(Named { path, line, handed_on });
            }
            index = end;
            continue;
        }
        let mut path = tokens[index].text.clone();
        let line = tokens[index].line;
        index += 1;
        let mut long = false;
        while index + 1 < tokens.len() && tokens[index].text == "::" && tokens[index + 1].is_word() {
            path.push_str("::");
            path.push_str(&tokens[index + 1].text);
            index += 2;
            long = true;
        }
        if long {
            found.push(Named { path, line, handed_on: false });
        }
    }
    found
}

/// The paths of a `use` tree: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn tree_paths(tree: &[Token]) -> Vec<String> {
    let mut prefix = String::new();
    let mut index = 0;
    while index < tree.len() {
        match tree[index].text.as_str() {
            "::" => {}
            "{" => {
                let inside = &tree[index + 1..closing(tree, index)];
                return branches(inside)
                    .into_iter()
                    .flat_map(|branch| tree_paths(&branch))
                    .map(|path| if prefix.is_empty() { path } else { format!("{prefix}::{path}") })
                    .collect();
            }
            "as" => break,
            name => {
                if !prefix.is_empty() {
                    prefix.push_str("::");
                }
                prefix.push_str(name);
            }
        }
        index += 1;
    }
    if prefix.is_empty() { Vec::new() } else { vec![prefix] }
}

/// Where the brace at `open` closes.
pub(crate) fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// What stands between the outermost commas.
pub(crate) fn branches(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut branches = vec![Vec::new()];
    let mut depth = 0_usize;
    for token in tokens {
        match token.text.as_str() {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                branches.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if let Some(branch) = branches.last_mut() {
            branch.push(token.clone());
        }
    }
    branches.retain(|branch| !branch.is_empty());
    branches
}
