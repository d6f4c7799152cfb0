//! Unified diffs, read: git's (<https://git-scm.com/docs/diff-format>) and plain ones with `---`/`+++`.
//!
//! What stands before the first file (mail headers, prose) and after the last hunk is skipped; a hunk that
//! is shorter or longer than its header says is an error with its line. Produced by `git diff`,
//! `git format-patch`, `diff -u`. Start at [`parse`].

use super::quote::unquoted;
use super::text::{Body, FilePatch, Hunk, Line, LineEnd, LineKind, Version};
use crate::model::change::{EntryKind, TreePath};

/// A patch that cannot be read, with the line it stops at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the patch: {what}, read {text:?}")]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: &'static str,
    /// What stands there, at most 80 characters of it.
    pub text: String,
}

/// Reads a patch; a text without any file in it is an empty list.
pub fn parse(bytes: &[u8]) -> Result<Vec<FilePatch>, ParseError> {
    let mut lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    let mut reader = Reader { lines, at: 0, index: None };
    let mut files = Vec::new();
    while let Some(line) = reader.peek() {
        if line.starts_with(b"diff --git ") {
            files.push(git_file(&mut reader)?);
        } else if line.starts_with(b"--- ") && reader.is_plain_header() {
            let mut file = Head::default();
            files.push(text_body(&mut reader, &mut file)?);
        } else {
            reader.at += 1;
        }
    }
    Ok(files)
}

struct Reader<'a> {
    lines: Vec<&'a [u8]>,
    at: usize,
    /// The `index` line of the file being read.
    index: Option<&'a [u8]>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a [u8]> {
        self.after(0)
    }

    fn after(&self, lines: usize) -> Option<&'a [u8]> {
        self.lines.get(self.at + lines).copied()
    }

    /// As git does, so that prose with `---` in it is no file.
    fn is_plain_header(&self) -> bool {
        let starts = |lines, sign: &[u8]| self.after(lines).is_some_and(|line| line.starts_with(sign));
        starts(1, b"+++ ") && starts(2, b"@@ -")
    }

    fn error(&self, what: &'static str) -> ParseError {
        let text = self.peek().unwrap_or(b"the end");
        ParseError { line: self.at + 1, what, text: String::from_utf8_lossy(text).chars().take(80).collect() }
    }
}

/// What the lines between `diff --git` and the body say.
#[derive(Default)]
struct Head {
    old_kind: Option<EntryKind>,
    new_kind: Option<EntryKind>,
    old_path: Option<Vec<u8>>,
    new_path: Option<Vec<u8>>,
    added: bool,
    deleted: bool,
}

impl Head {
    fn file(&self, body: Body) -> Option<FilePatch> {
        let version = |path: &Option<Vec<u8>>, kind| {
            path.as_ref().map(|path| Version { path: TreePath::new(path.clone()), kind })
        };
        let before = if self.added { None } else { Some(version(&self.old_path, self.old_kind)?) };
        let after = if self.deleted { None } else { Some(version(&self.new_path, self.new_kind)?) };
        (before.is_some() || after.is_some()).then_some(FilePatch { before, after, body })
    }
}

fn git_file(reader: &mut Reader<'_>) -> Result<FilePatch, ParseError> {
    let mut head = Head::default();
    let header = reader.peek().unwrap_or_default();
    if let Some((old, new)) = header_names(&header[b"diff --git ".len()..]) {
        (head.old_path, head.new_path) = (Some(old), Some(new));
    }
    let start = reader.at;
    reader.index = None;
    reader.at += 1;
    while let Some(line) = reader.peek() {
        let kind = |prefix: &[u8]| line.strip_prefix(prefix).map(kind_of);
        if let Some(kind) = kind(b"old mode ") {
            head.old_kind = kind;
        } else if let Some(kind) = kind(b"new mode ") {
            head.new_kind = kind;
        } else if let Some(kind) = kind(b"new file mode ") {
            (head.new_kind, head.added) = (kind, true);
        } else if let Some(kind) = kind(b"deleted file mode ") {
            (head.old_kind, head.deleted) = (kind, true);
        } else if let Some(name) = line.strip_prefix(b"rename from ") {
            head.old_path = Some(whole_name(name).ok_or_else(|| reader.error("a broken path"))?);
        } else if let Some(name) = line.strip_prefix(b"rename to ") {
            head.new_path = Some(whole_name(name).ok_or_else(|| reader.error("a broken path"))?);
        } else if line.starts_with(b"copy from ") {
            return Err(reader.error("copies are not read (write the diff without -C)"));
        } else if line.starts_with(b"--- ") {
            return text_body(reader, &mut head);
        } else if line.starts_with(b"Binary files ") {
            reader.at += 1;
            return head
                .file(Body::Binary(Vec::new()))
                .ok_or_else(|| reader.error("no path for a binary file above"));
        } else if line == b"GIT binary patch" {
            let body = Body::Binary(encoded(reader));
            return head.file(body).ok_or_else(|| reader.error("no path for a binary file above"));
        } else if line.starts_with(b"index ") {
            reader.index = Some(line);
        } else if !line.starts_with(b"similarity ") && !line.starts_with(b"dissimilarity ") {
            break;
        }
        reader.at += 1;
    }
    head.file(Body::Text(Vec::new())).ok_or_else(|| {
        reader.at = start;
        reader.error("no path can be read from")
    })
}

/// The `index` line and the one or two blocks of a binary patch, each with the empty line that ends it.
fn encoded(reader: &mut Reader<'_>) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = reader.index.into_iter().collect();
    lines.extend(reader.peek());
    reader.at += 1;
    while reader.peek().is_some_and(|line| line.starts_with(b"literal ") || line.starts_with(b"delta ")) {
        while let Some(line) = reader.peek() {
            reader.at += 1;
            lines.push(line);
            if line.is_empty() {
                break;
            }
        }
    }
    lines.iter().flat_map(|line| [line, &b"\n"[..]].concat()).collect()
}

fn text_body(reader: &mut Reader<'_>, head: &mut Head) -> Result<FilePatch, ParseError> {
    let old = name_line(reader, b"--- ")?;
    let new = name_line(reader, b"+++ ")?;
    head.added |= old.is_none();
    head.deleted |= new.is_none();
    head.old_path = old.or(head.old_path.take());
    head.new_path = new.or(head.new_path.take());
    let mut hunks = Vec::new();
    while reader.peek().is_some_and(|line| line.starts_with(b"@@ ")) {
        hunks.push(hunk(reader)?);
    }
    if hunks.is_empty() {
        return Err(reader.error("expected a hunk (`@@ -1 +1 @@`)"));
    }
    head.file(Body::Text(hunks)).ok_or_else(|| reader.error("both names are /dev/null above"))
}

/// A `---` or `+++` line: the path without its first component, or `None` for `/dev/null`.
fn name_line(reader: &mut Reader<'_>, sign: &[u8]) -> Result<Option<Vec<u8>>, ParseError> {
    let name = reader.peek().and_then(|line| line.strip_prefix(sign));
    let name = name.ok_or_else(|| reader.error("expected the names of the file (`---`, `+++`)"))?;
    let name = if name.starts_with(b"\"") {
        unquoted(name).ok_or_else(|| reader.error("a broken quoted path"))?.0
    } else {
        name.split(|&byte| byte == b'\t').next().unwrap_or_default().to_vec()
    };
    reader.at += 1;
    Ok((name != b"/dev/null").then(|| without_prefix(&name)))
}

fn without_prefix(name: &[u8]) -> Vec<u8> {
    match name {
        [b'a' | b'b' | b'c' | b'i' | b'w' | b'o', b'/', rest @ ..] => rest.to_vec(),
        name => name.to_vec(),
    }
}

fn whole_name(name: &[u8]) -> Option<Vec<u8>> {
    if name.starts_with(b"\"") { unquoted(name).map(|(name, _)| name) } else { Some(name.to_vec()) }
}

/// The two names of a `diff --git` line. Unquoted names may hold spaces, but then both are the same.
fn header_names(text: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    if text.starts_with(b"\"") || text.ends_with(b"\"") {
        let (old, rest) = if text.starts_with(b"\"") {
            unquoted(text)?
        } else {
            let end = text.windows(2).position(|pair| pair == b" \"")?;
            (text[..end].to_vec(), &text[end..])
        };
        let new = whole_name(rest.strip_prefix(b" ")?)?;
        return Some((without_prefix(&old), without_prefix(&new)));
    }
    let middle = text.len() / 2;
    if text.get(middle) == Some(&b' ') {
        let (old, new) = (without_prefix(&text[..middle]), without_prefix(&text[middle + 1..]));
        if old == new {
            return Some((old, new));
        }
    }
    let mut words = text.splitn(2, |&byte| byte == b' ');
    Some((without_prefix(words.next()?), without_prefix(words.next()?)))
}

fn kind_of(mode: &[u8]) -> Option<EntryKind> {
    match mode {
        b"100644" => Some(EntryKind::File),
        b"100755" => Some(EntryKind::Executable),
        b"120000" => Some(EntryKind::Link),
        b"160000" => Some(EntryKind::Gitlink),
        _ => None,
    }
}

fn hunk(reader: &mut Reader<'_>) -> Result<Hunk, ParseError> {
    let header = reader.peek().unwrap_or_default();
    let (mut old, mut new, section) =
        hunk_header(header).ok_or_else(|| reader.error("a broken hunk header"))?;
    let (old_start, new_start) = (old.0, new.0);
    reader.at += 1;
    let mut lines: Vec<Line> = Vec::new();
    while old.1 > 0 || new.1 > 0 {
        let line = reader.peek().ok_or_else(|| reader.error("the hunk is cut off"))?;
        // Some mailers strip the space of an empty context line.
        let (sign, text) = line.split_first().map_or((b' ', line), |(&sign, text)| (sign, text));
        let kind = match sign {
            b' ' if old.1 > 0 && new.1 > 0 => LineKind::Context,
            b'-' if old.1 > 0 => LineKind::Removed,
            b'+' if new.1 > 0 => LineKind::Added,
            b'\\' => {
                mark_last(&mut lines);
                reader.at += 1;
                continue;
            }
            _ => return Err(reader.error("the hunk does not have the lines its header says")),
        };
        old.1 -= u32::from(kind != LineKind::Added);
        new.1 -= u32::from(kind != LineKind::Removed);
        lines.push(Line { kind, text: text.to_vec(), end: LineEnd::Feed });
        reader.at += 1;
    }
    if reader.peek().is_some_and(|line| line.starts_with(b"\\")) {
        mark_last(&mut lines);
        reader.at += 1;
    }
    Ok(Hunk { old_start, new_start, section: section.to_vec(), lines })
}

fn mark_last(lines: &mut [Line]) {
    if let Some(last) = lines.last_mut() {
        last.end = LineEnd::File;
    }
}

type Span = (u32, u32);

/// `@@ -1,2 +3,4 @@ section`: both spans and the section.
fn hunk_header(line: &[u8]) -> Option<(Span, Span, &[u8])> {
    let rest = line.strip_prefix(b"@@ -")?;
    let end = rest.windows(3).position(|window| window == b" @@")?;
    let (old, new) = std::str::from_utf8(&rest[..end]).ok()?.split_once(" +")?;
    let section = &rest[end + 3..];
    Some((span(old)?, span(new)?, section.strip_prefix(b" ").unwrap_or(section)))
}

fn span(text: &str) -> Option<Span> {
    match text.split_once(',') {
        Some((start, lines)) => Some((start.parse().ok()?, lines.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    }
}
