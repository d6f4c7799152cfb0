//! `JUnit` XML, the report that Surefire, Gradle, pytest, vitest, ctest and many others write.
//!
//! There is no definition; what the writers have in common is that of Ant's task, which
//! <https://github.com/testmoapp/junitxml> describes: `testcase` elements at any depth, of which a child `failure` or
//! `error` says that the test failed and `skipped` that it did not run. Surefire adds `flakyFailure` and
//! `rerunFailure` for tests that were run again: the first passed in the end. Nothing is expanded but the five
//! entities of XML itself, and a document with a DTD is refused. Not here: how a suite names its ids. Start at
//! [`cases`].

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::model::id::TestId;
use crate::model::parse::ParseError;
use crate::model::tests::{TestEnd, TestEnds};

/// Elements within one another; a report has four.
const DEEPEST: usize = 64;

/// One `testcase`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// `classname`, empty where there is none.
    pub class: String,
    /// `name`.
    pub name: String,
    /// `file`, where the writer tells it.
    pub file: Option<String>,
    /// How it ended.
    pub end: TestEnd,
}

/// The tests of one document, in its order. `reader` is the suite that asks, for errors.
pub fn cases(reader: &str, bytes: &[u8]) -> Result<Vec<Case>, ParseError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        ParseError::line(reader, line(bytes, at), format!("byte {at} is not UTF-8"), "")
    })?;
    let document = Document { reader, text };
    let mut events = Reader::from_str(text);
    let (mut found, mut open, mut depth, mut roots) = (Vec::new(), None, 0_usize, 0_usize);
    loop {
        let before = position(&events);
        let event = events.read_event().map_err(|error| {
            document.wrong(at_most(events.error_position(), text.len()), &error.to_string())
        })?;
        match event {
            Event::Start(start) => {
                depth += 1;
                roots += usize::from(depth == 1);
                if depth > DEEPEST {
                    return Err(document.wrong(before, "elements are nested too deep for a report"));
                }
                document.enter(before, (&start, depth), &mut open)?;
            }
            Event::Empty(start) => {
                roots += usize::from(depth == 0);
                document.enter(before, (&start, depth + 1), &mut open)?;
                found.extend(open.take_if(|(at, _)| *at == depth + 1).map(|(_, case)| case));
            }
            Event::End(_) => {
                found.extend(open.take_if(|(at, _)| *at == depth).map(|(_, case)| case));
                depth = depth.saturating_sub(1);
            }
            Event::DocType(_) => return Err(document.wrong(before, "a report has no DTD")),
            Event::Text(text) if depth == 0 && !text.chars().all(char::is_whitespace) => {
                return Err(document.wrong(before, "text outside of the report"));
            }
            Event::Eof if depth > 0 => return Err(document.wrong(before, "the report is cut off")),
            Event::Eof if roots != 1 => {
                return Err(document.wrong(before, &format!("{roots} reports where one is expected")));
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Several documents as ends by id: what failed once has failed, and what passed once has not been skipped.
pub fn ends(named: impl IntoIterator<Item = (TestId, TestEnd)>) -> TestEnds {
    let weight = |end: &TestEnd| match end {
        TestEnd::Skipped => 0,
        TestEnd::Passed => 1,
        TestEnd::Failed => 2,
    };
    let mut ends: TestEnds = BTreeMap::new();
    for (id, end) in named {
        let known = ends.entry(id).or_insert(end);
        if weight(&end) > weight(known) {
            *known = end;
        }
    }
    ends
}

struct Document<'a> {
    reader: &'a str,
    text: &'a str,
}

impl Document<'_> {
    fn wrong(&self, at: usize, what: &str) -> ParseError {
        let bytes = self.text.as_bytes();
        let number = line(bytes, at);
        let text = self.text.lines().nth(number - 1).unwrap_or_default();
        ParseError::line(self.reader, number, what, text)
    }

    /// An element at a depth: a case begins, or says how it ended.
    fn enter(
        &self,
        at: usize,
        (start, depth): (&BytesStart<'_>, usize),
        open: &mut Option<(usize, Case)>,
    ) -> Result<(), ParseError> {
        let name = start.local_name();
        let name: &str = name.as_ref();
        match (name, open.as_mut()) {
            ("testcase", None) => *open = Some((depth, self.case(at, start)?)),
            ("testcase", Some(_)) => return Err(self.wrong(at, "a testcase within a testcase")),
            ("failure" | "error", Some((parent, case))) if *parent + 1 == depth => case.end = TestEnd::Failed,
            ("skipped", Some((parent, case))) if *parent + 1 == depth && case.end == TestEnd::Passed => {
                case.end = TestEnd::Skipped;
            }
            _ => {}
        }
        Ok(())
    }

    fn case(&self, at: usize, start: &BytesStart<'_>) -> Result<Case, ParseError> {
        let (mut class, mut name, mut file, mut status) = (None, None, None, None);
        // Checking for doubles would take time that grows with their square.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| self.wrong(at, &error.to_string()))?;
            let place = match attribute.key.local_name().as_ref() {
                "classname" => &mut class,
                "name" => &mut name,
                "file" => &mut file,
                "status" => &mut status,
                _ => continue,
            };
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| self.wrong(at, &error.to_string()))?;
            place.get_or_insert_with(|| shown(&value));
        }
        let name = name.ok_or_else(|| self.wrong(at, "a testcase without a name"))?;
        // CTest and Google Test say so in place of an element.
        let did_not_run = matches!(status.as_deref(), Some("disabled" | "notrun"));
        let end = if did_not_run { TestEnd::Skipped } else { TestEnd::Passed };
        Ok(Case { class: class.unwrap_or_default(), name, file, end })
    }
}

/// Without control characters, which an id would carry into every list of tests.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn position(events: &Reader<&[u8]>) -> usize {
    at_most(events.buffer_position(), usize::MAX)
}

fn at_most(position: u64, most: usize) -> usize {
    usize::try_from(position).unwrap_or(most).min(most)
}

/// The line, from 1, that a byte stands in.
fn line(bytes: &[u8], at: usize) -> usize {
    bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests;
