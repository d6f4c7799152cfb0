//! Tests of `vitest`: its commands and real reports.

use std::path::PathBuf;

use super::*;
use crate::model::command::{Exit, Output};
use crate::model::id::TestId;
use crate::model::tests::{SuiteEnd, TestEnd};

fn plan(command: Option<&[&str]>) -> SuitePlan {
    let command = command.map(|words| CommandSpec::new(words.to_vec()));
    SuitePlan { suite: NAME.to_owned(), command, timeout: std::time::Duration::from_mins(5) }
}

fn outcome(code: i32, report: &[u8]) -> SuiteOutcome {
    let results = [(PathBuf::from(REPORT), report.to_vec())].into();
    let finished =
        Finished { results, ..Finished::ended(Exit::Code(code), Output::default(), Output::default()) };
    Vitest.parse(&finished).unwrap()
}

const FLAGS: &str = "--reporter=default --reporter=junit --outputFile.junit={results}/junit.xml";

#[test]
fn every_way_to_start_vitest_is_told_to_report() {
    let full =
        |words: &[&str]| Vitest.full(&plan((!words.is_empty()).then_some(words))).unwrap().argv.join(" ");
    assert_eq!(full(&[]), format!("vitest run {FLAGS}"));
    assert_eq!(full(&["npm", "test"]), format!("npm test -- {FLAGS}"));
    assert_eq!(full(&["npm", "test", "--", "--run"]), format!("npm test -- --run {FLAGS}"));
    let near = Vitest.near(&plan(None), &[Path::new("src/a.ts")]).unwrap();
    assert_eq!(near.argv.join(" "), format!("vitest related --run --passWithNoTests src/a.ts {FLAGS}"));
    assert!(Vitest.near(&plan(Some(&["npm", "test"])), &[Path::new("src/a.ts")]).is_none());
}

#[test]
fn real_reports_are_told_by_file_suite_and_name() {
    let passed = outcome(0, include_bytes!("../../../tests/data/suite/vitest/passed.xml"));
    assert_eq!((passed.end, passed.tests.len()), (SuiteEnd::Passed, 5));
    let end =
        |name: &str| passed.tests[&TestId::new(format!("generator.test.js > a <group> & \"more\" > {name}"))];
    assert_eq!(
        (end("inside"), end("skipped"), end("todo")),
        (TestEnd::Passed, TestEnd::Skipped, TestEnd::Skipped)
    );
    let failed = outcome(1, include_bytes!("../../../tests/data/suite/vitest/failed.xml"));
    let id = TestId::new("generator.test.js > a <group> & \"more\" > asked to fail");
    assert_eq!((failed.end, failed.failed()), (SuiteEnd::Failed, vec![id]));
    let broken = outcome(1, include_bytes!("../../../tests/data/suite/vitest/not-imported.xml"));
    assert_eq!(broken.failed(), [TestId::new("broken.test.js > broken.test.js")]);
}
