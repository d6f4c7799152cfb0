//! Tests that Maven runs: the reports Surefire and Failsafe leave in every module.
//!
//! Format: [`super::junit`], produced by `mvn -B -o -fae test` as `target/surefire-reports/TEST-*.xml`. An id is
//! `class#method`, with the index of a parameterised test. Start at [`Maven`].

use std::collections::BTreeSet;
use std::path::Path;

use super::{NoCommand, Suite, junit};
use crate::model::command::{CommandSpec, Exit, Finished};
use crate::model::id::TestId;
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteEnd, SuiteOutcome, TestEnd};

const NAME: &str = "maven";
/// Where reports lie, in every module.
const REPORTS: &[&str] = &["**/target/surefire-reports/TEST-*.xml", "**/target/failsafe-reports/TEST-*.xml"];
/// What Maven says of sources that do not compile.
const NOT_BUILT: &[&str] = &["COMPILATION ERROR", "Compilation failure"];

/// The `maven` suite.
#[derive(Debug)]
pub struct Maven;

impl Suite for Maven {
    fn name(&self) -> &'static str {
        NAME
    }

    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand> {
        // A module that fails must not keep the others' tests from being told.
        Ok(reporting(plan.command.clone().unwrap_or_else(|| mvn([]))))
    }

    /// Maven builds the one way it is told.
    fn benchmarked(&self, _: &SuitePlan) -> Option<CommandSpec> {
        None
    }

    fn near(&self, plan: &SuitePlan, changed: &[&Path]) -> Option<CommandSpec> {
        if plan.command.is_some() {
            return None;
        }
        let mut classes = BTreeSet::new();
        for path in changed {
            let class = path.file_name()?.to_str()?.strip_suffix(".java")?;
            classes.extend([format!("{class}Test"), format!("{class}Tests"), format!("Test{class}")]);
        }
        let named = classes.into_iter().collect::<Vec<_>>().join(",");
        let test = format!("-Dtest={named}");
        let none = ["-DfailIfNoTests=false", "-Dsurefire.failIfNoSpecifiedTests=false"];
        (!named.is_empty()).then(|| reporting(mvn([test.as_str()].into_iter().chain(none))))
    }

    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError> {
        let mut told = Vec::new();
        for (path, bytes) in finished.results.iter().filter(|(path, _)| is_report(path)) {
            let cases = junit::cases(NAME, bytes).map_err(|error| ParseError {
                what: format!("{}: {}", path.display(), error.what),
                ..error
            })?;
            told.extend(cases.into_iter().map(|case| (id(&case), case.end)));
        }
        let tests = junit::ends(told);
        let failed = tests.values().any(|end| *end == TestEnd::Failed);
        let output = [&finished.stdout.head, &finished.stdout.tail].map(|part| String::from_utf8_lossy(part));
        let not_built = NOT_BUILT.iter().any(|said| output.iter().any(|part| part.contains(said)));
        let end = match &finished.exit {
            Exit::Cancelled | Exit::NotStarted(_) | Exit::Service(_) => SuiteEnd::Indeterminate,
            Exit::Code(0) if !failed => SuiteEnd::Passed,
            Exit::Code(code) if *code != 0 && !failed && not_built => SuiteEnd::NotBuilt,
            _ => SuiteEnd::Failed,
        };
        Ok(SuiteOutcome { end, tests })
    }
}

/// `mvn test` without network.
fn mvn<'a>(arguments: impl IntoIterator<Item = &'a str>) -> CommandSpec {
    CommandSpec::new(["mvn", "-B", "-o", "-fae"].into_iter().chain(arguments).chain(["test"]))
}

fn reporting(command: CommandSpec) -> CommandSpec {
    REPORTS.iter().fold(command, |command, glob| command.taking(*glob))
}

fn is_report(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "xml")
}

/// A test by the class it stands in; `JUnit` 5 tells a class that could not be set up as a test without a name.
fn id(case: &junit::Case) -> TestId {
    TestId::new(if case.name.is_empty() {
        case.class.clone()
    } else {
        format!("{}#{}", case.class, case.name)
    })
}

#[cfg(test)]
mod tests;
