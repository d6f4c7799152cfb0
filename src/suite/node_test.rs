//! node:test: the events of Node's own test runner.
//!
//! Format: <https://nodejs.org/api/test.html#class-testsstream>, a line of JSON each, written by a reporter of our own that
//! `node --test` is given as a `data:` address. Of Node's reporters, TAP and JUnit name no files, so that two tests of
//! one name are one, and JUnit does not tell when a test with subtests fails by itself. An id is `file > suite > test`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::exchange::{left, outcome};
use super::{NoCommand, Suite};
use crate::model::command::{CommandSpec, Finished, RESULTS};
use crate::model::id::TestId;
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteOutcome, TestEnd, TestEnds};

const NAME: &str = "node_test";
const REPORT: &str = "tests.jsonl";
const REPORTER: &str = include_str!("node_test/reporter.mjs");
/// Where Node takes options from besides the command line.
const VARIABLE: &str = "NODE_OPTIONS";
/// Tests within one another before a report is refused.
const DEEPEST: usize = 64;

/// The `node_test` suite.
#[derive(Debug)]
pub struct NodeTest;

impl Suite for NodeTest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand> {
        Ok(reporting(plan.command.clone().unwrap_or_else(|| CommandSpec::new(["node", "--test"]))))
    }

    /// There is nothing to build.
    fn benchmarked(&self, _: &SuitePlan) -> Option<CommandSpec> {
        None
    }

    /// Which tests look at a file cannot be told.
    fn near(&self, _: &SuitePlan, _: &[&Path]) -> Option<CommandSpec> {
        None
    }

    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError> {
        let Some(report) = left(NAME, finished, REPORT)? else {
            return Ok(outcome(finished, TestEnds::new()));
        };
        let mut reader = Reader::default();
        for (index, line) in report.split(|byte| *byte == b'\n').enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let wrong =
                |what: String| ParseError::line(NAME, index + 1, what, &String::from_utf8_lossy(line));
            let event: TestEvent =
                serde_json::from_slice(line).map_err(|error| wrong(format!("not an event: {error}")))?;
            reader.take(event).map_err(wrong)?;
        }
        Ok(outcome(finished, reader.ends()))
    }
}

/// The command, told to report: by options where it is node itself, else by the variable node reads, which reaches it
/// through `npm`.
fn reporting(mut command: CommandSpec) -> CommandSpec {
    let options = [
        format!("--test-reporter=data:text/javascript,{}", percent(REPORTER)),
        format!("--test-reporter-destination={RESULTS}/{REPORT}"),
        "--test-reporter=spec".to_owned(),
        "--test-reporter-destination=stdout".to_owned(),
    ];
    if command.argv.first().is_some_and(|word| word == "node" || word.ends_with("/node")) {
        command.argv.splice(1..1, options);
        return command;
    }
    let before = command.env.get(VARIABLE).map(|own| format!("{own} ")).unwrap_or_default();
    command.with_env(VARIABLE, format!("{before}{}", options.join(" ")))
}

/// A text as part of an address, without blanks and quotes.
fn percent(text: &str) -> String {
    let mut address = String::with_capacity(2 * text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

/// One line of the report.
#[derive(Deserialize)]
struct TestEvent {
    #[serde(rename = "type")]
    kind: String,
    file: String,
    name: String,
    nesting: usize,
    passed_over: Option<String>,
    suite: bool,
}

/// Where the reader stands: the names that are open in each file, outermost first.
#[derive(Default)]
struct Reader {
    open: BTreeMap<String, Vec<String>>,
    /// `None`: began, not ended.
    tests: BTreeMap<String, Option<TestEnd>>,
    /// Groups of tests, which are none themselves, that failed.
    suites: Vec<String>,
}

impl Reader {
    fn take(&mut self, event: TestEvent) -> Result<(), String> {
        let TestEvent { kind, file, name, nesting, passed_over, suite } = event;
        if nesting > DEEPEST {
            return Err(format!("tests lie more than {DEEPEST} deep"));
        }
        let open = self.open.entry(file.clone()).or_default();
        if kind == "test:start" {
            open.truncate(nesting);
            if open.len() < nesting {
                return Err("a test begins within one that did not".to_owned());
            }
            open.push(name);
            self.tests.entry(id(&file, open)).or_insert(None);
            return Ok(());
        }
        if open.get(nesting) != Some(&name) {
            return Err("a test ends that did not begin".to_owned());
        }
        open.truncate(nesting + 1);
        let id = id(&file, open);
        let failed = kind == "test:fail";
        if suite && passed_over.is_none() {
            if self.tests.get(&id) == Some(&None) {
                self.tests.remove(&id);
            }
            if failed {
                self.suites.push(id);
            }
            return Ok(());
        }
        let end = match (passed_over, failed) {
            (Some(_), _) => TestEnd::Skipped,
            (None, true) => TestEnd::Failed,
            (None, false) => TestEnd::Passed,
        };
        // Two tests of one name in one file: a failure stays.
        let ends = self.tests.entry(id).or_default();
        *ends = if *ends == Some(TestEnd::Failed) { *ends } else { Some(end) };
        Ok(())
    }

    fn ends(self) -> TestEnds {
        // A test that began and never ended was running when its file crashed.
        let mut ends: TestEnds = (self.tests.into_iter())
            .map(|(id, end)| (TestId::new(id), end.unwrap_or(TestEnd::Failed)))
            .collect();
        for suite in self.suites {
            let within = format!("{suite} > ");
            let told =
                |(id, end): (&TestId, &TestEnd)| *end == TestEnd::Failed && id.as_str().starts_with(&within);
            if !ends.iter().any(told) {
                ends.insert(TestId::new(suite), TestEnd::Failed);
            }
        }
        ends
    }
}

/// `file > suite > test`.
fn id(file: &str, open: &[String]) -> String {
    if open.len() == 1 && open[0] == file {
        return file.to_owned();
    }
    format!("{file} > {}", open.join(" > "))
}

#[cfg(test)]
mod tests;
