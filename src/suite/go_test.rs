//! Go tests: the events of `go test -json`.
//!
//! Format: <https://pkg.go.dev/cmd/test2json>, produced by `go test -count=1 -json ./...`. An id is
//! `package.Test/sub`; a package that fails although none of its tests does (it does not build, its
//! `TestMain` exits, it crashes) stands under its own name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::exchange::whole;
use super::{NoCommand, Suite};
use crate::model::command::{CommandSpec, Exit, Finished};
use crate::model::id::TestId;
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteEnd, SuiteOutcome, TestEnd};

const NAME: &str = "go_test";

/// The `go_test` suite.
#[derive(Debug)]
pub struct GoTest;

impl Suite for GoTest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand> {
        Ok(plan.command.clone().map_or_else(|| command(["./..."]), as_json))
    }

    /// Go has no build modes: benchmarks are built as tests are.
    fn benchmarked(&self, _: &SuitePlan) -> Option<CommandSpec> {
        None
    }

    fn near(&self, _: &SuitePlan, changed: &[&Path]) -> Option<CommandSpec> {
        let mut packages = BTreeSet::new();
        for path in changed {
            if path.extension().is_none_or(|extension| extension != "go") {
                return None;
            }
            let folder = path.parent()?.to_str()?;
            packages.insert(if folder.is_empty() { ".".to_owned() } else { format!("./{folder}") });
        }
        (!packages.is_empty()).then(|| command(packages.iter().map(String::as_str)))
    }

    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError> {
        let mut reader = Reader::default();
        for (index, line) in whole(NAME, &finished.stdout)?.split(|byte| *byte == b'\n').enumerate() {
            // What is no event is a build's or a script's own output.
            if line.starts_with(b"{") {
                let text = || String::from_utf8_lossy(line).into_owned();
                let event: Event = serde_json::from_slice(line).map_err(|error| {
                    ParseError::line(NAME, index + 1, format!("not an event: {error}"), &text())
                })?;
                reader.take(event);
            } else if line.starts_with(b"FAIL")
                && (line.ends_with(b"[build failed]") || line.ends_with(b"[setup failed]"))
            {
                reader.not_built = true;
            }
        }
        Ok(reader.outcome(&finished.exit))
    }
}

/// `go test` of these packages, never from Go's cache of results.
fn command<'a>(packages: impl IntoIterator<Item = &'a str>) -> CommandSpec {
    CommandSpec::new(["go", "test", "-count=1", "-json"].into_iter().chain(packages))
}

/// The project's own command; where it is `go test`, told to name tests and not to answer from its cache.
fn as_json(mut command: CommandSpec) -> CommandSpec {
    let is_go_test = command.argv.first().is_some_and(|word| word == "go")
        && command.argv.get(1).is_some_and(|word| word == "test");
    for (prefix, flag) in [("-json", "-json"), ("-count", "-count=1")] {
        let there = |word: &String| word.trim_start_matches('-').starts_with(&prefix[1..]);
        if is_go_test && !command.argv.iter().skip(2).any(there) {
            command.argv.insert(2, flag.to_owned());
        }
    }
    command
}

/// One line of the output; fields we do not use are ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    action: String,
    #[serde(default)]
    package: String,
    test: Option<String>,
    failed_build: Option<String>,
}

#[derive(Default)]
struct Reader {
    /// `None`: began, not ended.
    tests: BTreeMap<TestId, Option<TestEnd>>,
    packages: BTreeMap<String, TestEnd>,
    not_built: bool,
}

impl Reader {
    fn take(&mut self, event: Event) {
        let end = match event.action.as_str() {
            "pass" => Some(TestEnd::Passed),
            "fail" => Some(TestEnd::Failed),
            "skip" => Some(TestEnd::Skipped),
            "run" => None,
            "build-fail" => {
                self.not_built = true;
                return;
            }
            _ => return,
        };
        self.not_built |= event.failed_build.is_some();
        match (event.test, end) {
            (Some(test), end) => {
                let ends = self.tests.entry(TestId::new(format!("{}.{test}", event.package))).or_default();
                // With `-count` above 1 a test ends more than once: a failure stays.
                *ends = if *ends == Some(TestEnd::Failed) { *ends } else { end };
            }
            (None, Some(end)) => {
                self.packages.insert(event.package, end);
            }
            (None, None) => {}
        }
    }

    fn outcome(self, exit: &Exit) -> SuiteOutcome {
        // A test that began and never ended was running when its package crashed.
        let mut tests: BTreeMap<TestId, TestEnd> =
            self.tests.into_iter().map(|(id, end)| (id, end.unwrap_or(TestEnd::Failed))).collect();
        for (package, end) in self.packages {
            let told = |end: &TestEnd| *end == TestEnd::Failed;
            let prefix = format!("{package}.");
            let explained = tests.iter().any(|(id, end)| told(end) && id.as_str().starts_with(&prefix));
            if told(&end) && !explained {
                tests.insert(TestId::new(package), TestEnd::Failed);
            }
        }
        let end = match exit {
            Exit::Cancelled | Exit::NotStarted(_) | Exit::Service(_) => SuiteEnd::Indeterminate,
            _ if self.not_built => SuiteEnd::NotBuilt,
            Exit::Code(0) if !tests.values().any(|end| *end == TestEnd::Failed) => SuiteEnd::Passed,
            _ => SuiteEnd::Failed,
        };
        SuiteOutcome { end, tests }
    }
}

#[cfg(test)]
mod tests;
