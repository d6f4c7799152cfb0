//! Rust tests run by nextest: its events in libtest's JSON.
//!
//! Format: <https://nexte.st/docs/machine-readable/libtest-json/>, produced on any compiler by
//! `NEXTEST_EXPERIMENTAL_LIBTEST_JSON=1 cargo nextest run --no-fail-fast --message-format libtest-json-plus`. An id is
//! `package::target$test`, as nextest names it. nextest runs no doc tests: a project that has some adds
//! `cargo test --doc` as a suite of its own.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::exchange::whole;
use super::{NoCommand, Suite, cargo};
use crate::model::command::{CommandSpec, Exit, Finished};
use crate::model::id::TestId;
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteEnd, SuiteOutcome, TestEnd};

const NAME: &str = "nextest";
/// How it ends where the tests do not build.
const NOT_BUILT: i32 = 101;
/// What says that tests are to be told as events.
const FORMAT: &str = "--message-format";

/// The `nextest` suite.
#[derive(Debug)]
pub struct Nextest;

impl Suite for Nextest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand> {
        Ok(telling(own(plan)))
    }

    fn benchmarked(&self, plan: &SuitePlan) -> Option<CommandSpec> {
        let command = own(plan);
        let chosen = |word: &String| {
            matches!(word.as_str(), "--release" | "-r" | "--cargo-profile" | "--archive-file")
                || word.starts_with("--cargo-profile=")
        };
        let is_ours = is_run(&command) && !command.argv.iter().take_while(|word| *word != "--").any(chosen);
        is_ours.then(|| telling(with(command, "--release")))
    }

    fn near(&self, plan: &SuitePlan, changed: &[&Path]) -> Option<CommandSpec> {
        if plan.command.is_some() {
            return None;
        }
        let filters: Option<Vec<String>> = changed.iter().map(|path| cargo::module_filter(path)).collect();
        let mut filters = filters.filter(|filters| !filters.is_empty())?;
        filters.sort();
        filters.dedup();
        // The modules may have no tests.
        let mut command = with(with(own(plan), "--lib"), "--no-tests=pass");
        command.argv.extend(filters);
        Some(telling(command))
    }

    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError> {
        // `None`: began, not ended.
        let mut tests: BTreeMap<TestId, Option<TestEnd>> = BTreeMap::new();
        let (mut lines, mut failed, mut ignored) = (0, false, 0_usize);
        for (index, line) in whole(NAME, &finished.stdout)?.split(|byte| *byte == b'\n').enumerate() {
            lines = index + 1;
            // What is no event is a script's own output.
            if !line.starts_with(b"{") {
                continue;
            }
            let wrong = |what: String| ParseError::line(NAME, lines, what, &String::from_utf8_lossy(line));
            let event: Event =
                serde_json::from_slice(line).map_err(|error| wrong(format!("not an event: {error}")))?;
            failed |= event.what == "failed";
            if event.kind != "test" {
                ignored = ignored.saturating_add(event.ignored);
                continue;
            }
            let name = event.name.ok_or_else(|| wrong("a test without a name".to_owned()))?;
            let end = match event.what.as_str() {
                "ok" => Some(TestEnd::Passed),
                "failed" => Some(TestEnd::Failed),
                "ignored" => Some(TestEnd::Skipped),
                "started" => None,
                other => return Err(wrong(format!("{other:?} is no end of a test"))),
            };
            let ends = tests.entry(TestId::new(without_attempt(&name))).or_default();
            *ends = if *ends == Some(TestEnd::Failed) { *ends } else { end.or(*ends) };
        }
        if finished.exit.is_success() {
            // Where a filter leaves out a binary's last tests, those it ignores begin, and end in a count only.
            let unended = || tests.iter().filter(|(_, end)| end.is_none()).map(|(id, _)| id);
            if let Some(id) = unended().nth(ignored) {
                return Err(ParseError::line(NAME, lines, "a test began and told no end", id.as_str()));
            }
            for end in tests.values_mut() {
                end.get_or_insert(TestEnd::Skipped);
            }
            if tests.is_empty() {
                let what =
                    "no test was told: does the command run `cargo nextest run`, and let its events through?";
                return Err(ParseError::line(NAME, lines, what, finished.stdout.text().trim()));
            }
        }
        let ended = |(id, end): (TestId, Option<TestEnd>)| (id, end.unwrap_or(TestEnd::Failed));
        let tests: BTreeMap<TestId, TestEnd> = tests.into_iter().map(ended).collect();
        let end = match finished.exit {
            Exit::Cancelled | Exit::NotStarted(_) => SuiteEnd::Indeterminate,
            Exit::Code(NOT_BUILT) if tests.is_empty() => SuiteEnd::NotBuilt,
            Exit::Code(0) if !failed => SuiteEnd::Passed,
            _ => SuiteEnd::Failed,
        };
        Ok(SuiteOutcome { end, tests })
    }
}

/// The project's command, else nextest's own.
fn own(plan: &SuitePlan) -> CommandSpec {
    let usual = || CommandSpec::new(["cargo", "nextest", "run", "--no-fail-fast"]);
    plan.command.clone().unwrap_or_else(usual).with_env("CARGO_TERM_COLOR", "never")
}

fn is_run(command: &CommandSpec) -> bool {
    matches!(command.argv.as_slice(), [cargo, nextest, run, ..] if cargo == "cargo" && nextest == "nextest" && (run == "run" || run == "r"))
}

/// With one more flag behind `cargo nextest run`.
fn with(mut command: CommandSpec, flag: &str) -> CommandSpec {
    let at = command.argv.len().min(3);
    command.argv.insert(at, flag.to_owned());
    command
}

/// Told to name tests as events, which also a script's nextest does that reads its environment alone.
fn telling(command: CommandSpec) -> CommandSpec {
    let told = command.argv.iter().any(|word| word.starts_with(FORMAT));
    let command = if is_run(&command) && !told {
        with(command, &format!("{FORMAT}=libtest-json-plus"))
    } else {
        command
    };
    let command = command.with_env("NEXTEST_EXPERIMENTAL_LIBTEST_JSON", "1");
    command.with_env("NEXTEST_MESSAGE_FORMAT", "libtest-json-plus")
}

/// A name without the number of a repeated attempt.
fn without_attempt(name: &str) -> &str {
    match name.rsplit_once('#') {
        Some((test, attempt)) if attempt.parse::<u32>().is_ok() => test,
        _ => name,
    }
}

/// One event; fields we do not use are ignored.
#[derive(Debug, Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "event")]
    what: String,
    name: Option<String>,
    /// Of a suite: how many of its tests were not run.
    #[serde(default)]
    ignored: usize,
}

#[cfg(test)]
mod tests;
