//! Markdown as far as rules need it: prose with its context, and fenced blocks meant for us.
//!
//! Code, block quotes, tables, comments and struck-out text are not prose. Not a renderer: what it does not
//! know it treats as text. After <https://spec.commonmark.org/0.31.2/>.

/// A piece of the file.
#[derive(Debug)]
pub(super) enum Block {
    /// A fenced block whose info string is `toml optiloop`.
    Fence(Fence),
    /// A paragraph or list item.
    Prose(Prose),
}

/// A fenced block for us.
#[derive(Debug)]
pub(super) struct Fence {
    /// The line of its first content line.
    pub(super) line: u32,
    /// Its content.
    pub(super) text: String,
}

/// A paragraph or list item, joined to one text.
#[derive(Debug, Clone, Default)]
pub(super) struct Prose {
    /// Its text; lines are joined by a blank.
    pub(super) text: String,
    /// The line each byte offset of `text` begins at, ascending.
    pub(super) lines: Vec<(usize, u32)>,
    /// The headings above it, outermost first, lowercase.
    pub(super) headings: Vec<String>,
    /// The paragraph that introduces the list it stands in, lowercase.
    pub(super) intro: Option<String>,
    /// What it is about: itself, and for a row of a table the rows above.
    pub(super) topic: String,
    /// Whether it is a row of a table whose header says that it holds rules.
    pub(super) tabled: bool,
}

/// Where the walk over lines is.
#[derive(Default)]
struct Walk {
    blocks: Vec<Block>,
    headings: Vec<(usize, String)>,
    prose: Option<Prose>,
    in_list: bool,
    intro: Option<String>,
    blank_before: bool,
    table: Table,
    rows: String,
}

/// What is known of the table the walk is in.
#[derive(Default, Clone, Copy, PartialEq)]
enum Table {
    #[default]
    None,
    Rules,
    Other,
}

/// The prose and fences of a file, in order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let text = without_comments(text);
    let mut walk = Walk { blank_before: true, ..Walk::default() };
    let mut fence: Option<(char, usize, Option<Fence>)> = None;
    for (at, line) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        if let Some((mark, length, ours)) = &mut fence {
            if closes(line, *mark, *length) {
                walk.blocks.extend(ours.take().map(Block::Fence));
                fence = None;
            } else if let Some(ours) = ours {
                ours.text.push_str(line);
                ours.text.push('\n');
            }
            continue;
        }
        if let Some((mark, length, info)) = opens(line) {
            walk.end();
            let ours = info.split_whitespace().eq(["toml", "optiloop"]);
            fence = Some((mark, length, ours.then(|| Fence { line: number + 1, text: String::new() })));
            continue;
        }
        walk.line(line, number);
    }
    walk.end();
    // A fence that is never closed reaches to the end of the file.
    walk.blocks.extend(fence.and_then(|(_, _, ours)| ours).map(Block::Fence));
    walk.blocks
}

impl Walk {
    fn line(&mut self, line: &str, number: u32) {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        if !body.starts_with('|') {
            self.table = Table::None;
            self.rows.clear();
        }
        let after_blank = std::mem::replace(&mut self.blank_before, body.is_empty());
        if body.is_empty() {
            self.end();
        } else if let Some((level, title)) = heading(body) {
            self.end();
            self.in_list = false;
            self.intro = None;
            self.headings.retain(|(above, _)| *above < level);
            self.headings.push((level, title.to_lowercase()));
        } else if body.starts_with('|') {
            self.end();
            self.row(body, number);
        } else if body.starts_with('>') || is_rule(body) {
            self.end();
        } else if let Some(item) = list_item(body) {
            self.end();
            self.in_list = true;
            self.begin(item, number);
        } else if let Some(prose) = &mut self.prose {
            prose.add(body, number);
        } else if after_blank && indent >= 4 && !self.in_list {
            // Indented code.
        } else {
            // An unindented paragraph after a blank line ends the list it follows.
            if indent == 0 {
                self.in_list = false;
                self.intro = None;
            }
            self.begin(body, number);
        }
    }

    /// A row of a table: the first says what the others are, and only rules are read, a cell as a clause.
    fn row(&mut self, body: &str, number: u32) {
        let cells: Vec<&str> = body.trim_matches('|').split('|').map(str::trim).collect();
        match self.table {
            Table::None => {
                let says_rule = |cell: &&str| {
                    let cell = cell.to_lowercase();
                    ["rule", "policy", "requirement"].iter().any(|word| cell.contains(word))
                };
                self.table = if cells.iter().any(says_rule) { Table::Rules } else { Table::Other };
            }
            Table::Rules if !cells.iter().all(|cell| is_rule(cell)) => {
                self.begin(&cells.join(": "), number);
                self.rows.push_str(body);
                if let Some(prose) = &mut self.prose {
                    prose.tabled = true;
                    prose.topic.clone_from(&self.rows);
                }
                self.end();
            }
            Table::Rules | Table::Other => {}
        }
    }

    fn begin(&mut self, text: &str, number: u32) {
        let mut prose = Prose {
            headings: self.headings.iter().map(|(_, title)| title.clone()).collect(),
            intro: self.intro.clone(),
            ..Prose::default()
        };
        prose.add(text, number);
        self.prose = Some(prose);
    }

    fn end(&mut self) {
        if let Some(mut prose) = self.prose.take() {
            if prose.topic.is_empty() {
                prose.topic.clone_from(&prose.text);
            }
            if !self.in_list {
                self.intro = prose.text.trim_end().ends_with(':').then(|| prose.text.to_lowercase());
            }
            self.blocks.push(Block::Prose(prose));
        }
    }
}

impl Prose {
    fn add(&mut self, line: &str, number: u32) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.lines.push((self.text.len(), number));
        self.text.push_str(line.trim_end());
    }

    /// The line of a byte.
    pub(super) fn line_at(&self, offset: usize) -> u32 {
        self.lines.iter().rev().find(|(start, _)| *start <= offset).map_or(1, |(_, line)| *line)
    }
}

/// The text with comments and their content blanked, so that lines stay where they are.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        let (inside, after) = after.split_once("-->").unwrap_or((after, ""));
        kept.push_str(before);
        kept.extend(inside.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    kept.push_str(rest);
    kept
}

fn opens(line: &str) -> Option<(char, usize, &str)> {
    let body = line.trim_start();
    let mark = body.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = body.chars().take_while(|c| *c == mark).count();
    let info = &body[length..];
    (length >= 3 && !(mark == '`' && info.contains('`'))).then_some((mark, length, info))
}

fn closes(line: &str, mark: char, length: usize) -> bool {
    let body = line.trim();
    body.chars().count() >= length && body.chars().all(|c| c == mark)
}

fn heading(body: &str) -> Option<(usize, &str)> {
    let level = body.chars().take_while(|c| *c == '#').count();
    let title = &body[level..];
    let is_one = (1..=6).contains(&level) && (title.is_empty() || title.starts_with(' '));
    is_one.then(|| (level, title.trim().trim_end_matches('#').trim()))
}

/// The text of a list item without its bullet, number or task box.
fn list_item(body: &str) -> Option<&str> {
    let digits = body.chars().take_while(char::is_ascii_digit).count();
    let text = match digits {
        0 => body.strip_prefix(['-', '*', '+'])?,
        _ => body[digits..].strip_prefix(['.', ')'])?,
    };
    let text = text.strip_prefix([' ', '\t'])?.trim_start();
    let boxed = ["[ ] ", "[x] ", "[X] "].iter().find_map(|open| text.strip_prefix(open));
    Some(boxed.unwrap_or(text))
}

fn is_rule(body: &str) -> bool {
    let marks: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let marks = marks.trim_matches(':');
    marks.len() >= 3 && ["-", "*", "_", "="].iter().any(|mark| marks.replace(mark, "").is_empty())
}
