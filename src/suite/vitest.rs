//! vitest: the JUnit report of `vitest run --reporter=junit`.
//!
//! Format: <https://vitest.dev/guide/reporters.html#junit-reporter>. The report and not `--reporter=json`, which names
//! files by where they lie on this machine. An id is `file > suite > test`.

use std::path::Path;

use super::exchange::{left, outcome};
use super::junit::{self, Case};
use super::{NoCommand, Suite};
use crate::model::command::{CommandSpec, Finished, RESULTS};
use crate::model::id::TestId;
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteOutcome, TestEnds};

const NAME: &str = "vitest";
const REPORT: &str = "junit.xml";

/// The `vitest` suite.
#[derive(Debug)]
pub struct Vitest;

impl Suite for Vitest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand> {
        Ok(reporting(plan.command.clone().unwrap_or_else(|| CommandSpec::new(["vitest", "run"]))))
    }

    /// There is nothing to build.
    fn benchmarked(&self, _: &SuitePlan) -> Option<CommandSpec> {
        None
    }

    /// vitest knows which tests import a file.
    fn near(&self, plan: &SuitePlan, changed: &[&Path]) -> Option<CommandSpec> {
        if plan.command.is_some() || changed.is_empty() {
            return None;
        }
        let mut command = CommandSpec::new(["vitest", "related", "--run", "--passWithNoTests"]);
        command.argv.extend(changed.iter().map(|path| path.to_string_lossy().into_owned()));
        Some(reporting(command))
    }

    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError> {
        let Some(report) = left(NAME, finished, REPORT)? else {
            return Ok(outcome(finished, TestEnds::new()));
        };
        let cases = junit::cases(NAME, report)?;
        let name = |case: &Case| TestId::new(format!("{} > {}", case.class, case.name));
        Ok(outcome(finished, junit::ends(cases.iter().map(|case| (name(case), case.end)))))
    }
}

/// The command, told to report; `npm` hands on what stands behind `--`.
fn reporting(mut command: CommandSpec) -> CommandSpec {
    let through_npm = command.argv.first().is_some_and(|word| word == "npm");
    if through_npm && !command.argv.iter().any(|word| word == "--") {
        command.argv.push("--".to_owned());
    }
    let report = format!("--outputFile.junit={RESULTS}/{REPORT}");
    command.argv.extend(["--reporter=default", "--reporter=junit", &report].map(str::to_owned));
    command
}

#[cfg(test)]
mod tests;
