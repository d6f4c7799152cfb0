//! Tests of CTest: its `JUnit` report.
//!
//! Format: that of `ctest --output-junit` (<https://cmake.org/cmake/help/latest/manual/ctest.1.html>, since CMake
//! 3.21). An id is the test's name. Without a command of the project's own, CMake configures and builds everything
//! first: for debugging, where assertions hold, and once more for release, as benchmarks are built. A command that runs
//! ctest inside a script takes the report's place itself: `--output-junit {results}/ctest.xml`.

use std::path::Path;

use super::{NoCommand, Suite, junit};
use crate::model::command::{CommandSpec, Exit, Finished, RESULTS};
use crate::model::id::TestId;
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteEnd, SuiteOutcome, TestEnd, TestEnds};

const NAME: &str = "ctest";
/// The report.
const FILE: &str = "ctest.xml";
/// The flag that asks for it.
const FLAG: &str = "--output-junit";
/// What the script prints where CMake fails.
const NOT_BUILT: &str = "optiloop: the tests do not build";
/// `$1` is the folder CMake builds in, `$2` its build type, `$3` the report. A cache that was configured elsewhere is
/// thrown away: CMake refuses it.
const SCRIPT: &str = "grep -qsFx \"CMAKE_HOME_DIRECTORY:INTERNAL=$PWD\" \"$1/CMakeCache.txt\" || rm -rf \"$1\"; \
    cmake -S . -B \"$1\" -DCMAKE_BUILD_TYPE=\"$2\" && cmake --build \"$1\" --parallel 4 || \
    { echo \"optiloop: the tests do not build\"; exit 1; }; \
    exec ctest --test-dir \"$1\" --output-junit \"$3\" --output-on-failure --no-tests=error";

/// The `ctest` suite.
#[derive(Debug)]
pub struct Ctest;

impl Suite for Ctest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand> {
        Ok(match &plan.command {
            Some(command) => reporting(command.clone()),
            None => cmake(".optiloop/debug", "Debug"),
        })
    }

    /// In the folder that benchmarks are built in, where CMake builds them.
    fn benchmarked(&self, plan: &SuitePlan) -> Option<CommandSpec> {
        plan.command.is_none().then(|| cmake(".optiloop/build", "Release"))
    }

    fn near(&self, _: &SuitePlan, _: &[&Path]) -> Option<CommandSpec> {
        None
    }

    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError> {
        let Some(report) = finished.results.get(Path::new(FILE)) else {
            if finished.exit.is_success() {
                let what = format!("{FILE} is missing: run ctest with `{FLAG} {RESULTS}/{FILE}`");
                return Err(ParseError::line(NAME, 0, what, finished.stdout.text().trim()));
            }
            let not_built = finished.stdout.text().lines().any(|line| line == NOT_BUILT);
            return Ok(outcome(finished, TestEnds::new(), not_built));
        };
        let cases = junit::cases(NAME, report)?;
        let tests = junit::ends(cases.into_iter().map(|case| (TestId::new(case.name), case.end)));
        Ok(outcome(finished, tests, false))
    }
}

fn outcome(finished: &Finished, tests: TestEnds, not_built: bool) -> SuiteOutcome {
    let failed = tests.values().any(|end| *end == TestEnd::Failed);
    let end = match finished.exit {
        Exit::Cancelled | Exit::NotStarted(_) => SuiteEnd::Indeterminate,
        _ if not_built => SuiteEnd::NotBuilt,
        Exit::Code(0) if !failed => SuiteEnd::Passed,
        // A program that is not there fails ctest, though no test failed.
        _ => SuiteEnd::Failed,
    };
    SuiteOutcome { end, tests }
}

fn cmake(folder: &str, build_type: &str) -> CommandSpec {
    let report = format!("{RESULTS}/{FILE}");
    let command = CommandSpec::new(["sh", "-c", SCRIPT, "sh", folder, build_type, &report]);
    // As the harness configures it: another set of flags would build everything again.
    command.with_env("CFLAGS", "-g").with_env("CXXFLAGS", "-g")
}

/// The project's own command; where it is ctest, told to report.
fn reporting(mut command: CommandSpec) -> CommandSpec {
    let is_ctest = command.argv.first().is_some_and(|word| word.rsplit('/').next() == Some(NAME));
    if is_ctest && !command.argv.iter().any(|word| word.starts_with(FLAG)) {
        command.argv.extend([FLAG.to_owned(), format!("{RESULTS}/{FILE}")]);
    }
    command
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::command::Output;

    const PASSED: &[u8] = include_bytes!("../../tests/data/suite/ctest/passed.xml");
    const FAILED: &[u8] = include_bytes!("../../tests/data/suite/ctest/failed.xml");
    const MISSING: &[u8] = include_bytes!("../../tests/data/suite/ctest/missing.xml");

    fn parse(code: i32, report: Option<&[u8]>, stdout: &str) -> Result<SuiteOutcome, ParseError> {
        let results = report.map(|report| (FILE.into(), report.to_vec())).into_iter().collect();
        Ctest.parse(&Finished {
            results,
            ..Finished::ended(Exit::Code(code), Output::whole(stdout), Output::default())
        })
    }

    fn told(outcome: &SuiteOutcome) -> Vec<String> {
        outcome.tests.iter().map(|(id, end)| format!("{id}: {end:?}")).collect()
    }

    #[test]
    fn commands_leave_a_report() {
        let plan = |command: Option<&str>| SuitePlan {
            suite: NAME.to_owned(),
            command: command.map(|command| CommandSpec::new(command.split(' '))),
            timeout: std::time::Duration::from_mins(1),
        };
        let full = |command| Ctest.full(&plan(command)).unwrap().argv;
        assert_eq!(full(None)[4..], [".optiloop/debug", "Debug", "{results}/ctest.xml"]);
        assert_eq!(full(Some("ctest -j2")).join(" "), "ctest -j2 --output-junit {results}/ctest.xml");
        assert_eq!(full(Some("ctest --output-junit x")).join(" "), "ctest --output-junit x");
        assert_eq!(full(Some("make test")).join(" "), "make test");
        assert_eq!(Ctest.benchmarked(&plan(None)).unwrap().argv[5], "Release");
        assert!(Ctest.benchmarked(&plan(Some("make test"))).is_none());
        assert!(SCRIPT.contains(NOT_BUILT));
    }

    #[test]
    fn real_reports_tell_tests_by_name() {
        let outcome = parse(0, Some(PASSED), "").unwrap();
        assert_eq!(
            told(&outcome),
            [
                "a value that is known: Passed",
                "disabled: Skipped",
                "skipped: Skipped",
                "zero.stays_zero: Passed"
            ]
        );
        assert_eq!(outcome.end, SuiteEnd::Passed);
        let outcome = parse(8, Some(FAILED), "").unwrap();
        assert_eq!((outcome.end, outcome.failed()), (SuiteEnd::Failed, vec![TestId::new("zero.stays_zero")]));
        let outcome = parse(8, Some(MISSING), "").unwrap();
        assert_eq!((outcome.end, outcome.failed()), (SuiteEnd::Failed, Vec::new()));
    }

    #[test]
    fn without_a_report_the_build_failed_or_ctest_did_not_run() {
        assert_eq!(parse(1, None, "x\noptiloop: the tests do not build\n").unwrap().end, SuiteEnd::NotBuilt);
        assert_eq!(parse(2, None, "").unwrap().end, SuiteEnd::Failed);
        let message = parse(0, None, "done").unwrap_err().to_string();
        assert!(
            message.contains("run ctest with `--output-junit {results}/ctest.xml`: \"done\""),
            "{message}"
        );
        let cut = parse(0, Some(&PASSED[..300]), "").unwrap_err().to_string();
        assert!(cut.starts_with("ctest: line "), "{cut}");
    }

    proptest! {
        #[test]
        fn no_report_makes_it_panic_or_pass_with_a_failed_test(
            cuts in proptest::collection::vec(0..MISSING.len().min(FAILED.len()), 2..6),
            noise in proptest::collection::vec(any::<u8>(), 0..30),
        ) {
            let mut bytes = Vec::new();
            for (at, pair) in cuts.windows(2).enumerate() {
                // Two reports mixed, each cut anywhere.
                let report = if at % 2 == 0 { FAILED } else { MISSING };
                bytes.extend_from_slice(&report[pair[0].min(pair[1])..pair[0].max(pair[1])]);
                bytes.extend_from_slice(&noise);
            }
            match parse(0, Some(&bytes), "") {
                Ok(outcome) => prop_assert!(outcome.end != SuiteEnd::Passed || outcome.failed().is_empty()),
                Err(error) => prop_assert!(error.to_string().starts_with("ctest: ")),
            }
        }
    }
}
