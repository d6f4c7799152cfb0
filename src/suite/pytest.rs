//! pytest: the JUnit report it writes, `python3 -m pytest --junitxml=FILE -o junit_family=xunit1`.
//!
//! Format: <https://docs.pytest.org/en/stable/how-to/output.html#creating-junitxml-format-files>. The report and not
//! `-rA`: lines of a terminal can be forged by what a test prints. The older family alone names the file, and with it
//! an id is pytest's own: `tests/test_a.py::TestClass::test_b[case]`.

use std::path::Path;

use super::exchange::{left, outcome};
use super::junit::{self, Case};
use super::{NoCommand, Suite};
use crate::model::command::{CommandSpec, Finished, RESULTS};
use crate::model::id::TestId;
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteOutcome, TestEnds};

const NAME: &str = "pytest";
const REPORT: &str = "junit.xml";
/// Where pytest takes arguments from besides the command line.
const VARIABLE: &str = "PYTEST_ADDOPTS";

/// The `pytest` suite.
#[derive(Debug)]
pub struct Pytest;

impl Suite for Pytest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand> {
        Ok(reporting(plan.command.clone().unwrap_or_else(usual)))
    }

    /// There is nothing to build.
    fn benchmarked(&self, _: &SuitePlan) -> Option<CommandSpec> {
        None
    }

    /// Test files that changed are near; which ones look at other code cannot be told.
    fn near(&self, plan: &SuitePlan, changed: &[&Path]) -> Option<CommandSpec> {
        let is_test = |path: &&Path| {
            let name = path.file_stem()?.to_str()?;
            let by_name = name.starts_with("test_") || name.ends_with("_test");
            (path.extension()? == "py" && by_name).then_some(())
        };
        if plan.command.is_some() || changed.is_empty() || !changed.iter().all(|path| is_test(path).is_some())
        {
            return None;
        }
        let mut command = usual();
        command.argv.extend(changed.iter().map(|path| path.to_string_lossy().into_owned()));
        Some(reporting(command))
    }

    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError> {
        let Some(report) = left(NAME, finished, REPORT)? else {
            return Ok(outcome(finished, TestEnds::new()));
        };
        let cases = junit::cases(NAME, report)?;
        Ok(outcome(finished, junit::ends(cases.iter().map(|case| (id(case), case.end)))))
    }
}

fn usual() -> CommandSpec {
    CommandSpec::new(["python3", "-m", "pytest"])
}

/// The command, told to report and to leave nothing in the project: by arguments where it is pytest itself, else by
/// the variable pytest reads, which reaches it through `make` and scripts.
fn reporting(mut command: CommandSpec) -> CommandSpec {
    let report = format!("--junitxml={RESULTS}/{REPORT}");
    let arguments = ["-p", "no:cacheprovider", "-o", "junit_family=xunit1", &report];
    let is_pytest = |word: &String| word == "pytest" || word.ends_with("/pytest");
    let is_own = command.argv.first().is_some_and(is_pytest)
        || command.argv.windows(2).any(|pair| pair[0] == "-m" && pair[1] == "pytest");
    if is_own {
        command.argv.extend(arguments.map(str::to_owned));
        return command;
    }
    let before = command.env.get(VARIABLE).map(|own| format!("{own} ")).unwrap_or_default();
    command.with_env(VARIABLE, format!("{before}{}", arguments.join(" ")))
}

/// `file::Class::name`; without a file what there is.
fn id(case: &Case) -> TestId {
    let name = &case.name;
    let Some(file) = &case.file else {
        let is_alone = case.class.is_empty();
        return TestId::new(if is_alone { name.clone() } else { format!("{}::{name}", case.class) });
    };
    // A module that could not be imported stands for itself.
    if case.class.is_empty() {
        return TestId::new(file.clone());
    }
    let module = file.strip_suffix(".py").unwrap_or(file).replace(['/', '\\'], ".");
    let classes = case.class.strip_prefix(module.as_str()).unwrap_or("");
    let classes = classes.trim_start_matches('.').replace('.', "::");
    let between = if classes.is_empty() { "" } else { "::" };
    TestId::new(format!("{file}::{classes}{between}{name}"))
}

#[cfg(test)]
mod tests;
