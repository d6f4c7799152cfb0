//! Tests of `pytest`: its commands and real reports.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;
use crate::model::command::{Exit, Output};
use crate::model::id::TestId;
use crate::model::tests::{SuiteEnd, TestEnd};

fn plan(command: Option<&[&str]>) -> SuitePlan {
    let command = command.map(|words| CommandSpec::new(words.to_vec()));
    SuitePlan { suite: NAME.to_owned(), command, timeout: std::time::Duration::from_mins(5) }
}

fn ran(code: i32, report: Option<&[u8]>) -> Finished {
    let results: BTreeMap<PathBuf, Vec<u8>> =
        report.map(|bytes| (PathBuf::from(REPORT), bytes.to_vec())).into_iter().collect();
    Finished { results, ..Finished::ended(Exit::Code(code), Output::whole("said"), Output::default()) }
}

const FLAGS: &str = "-p no:cacheprovider -o junit_family=xunit1 --junitxml={results}/junit.xml";

#[test]
fn every_way_to_start_pytest_is_told_to_report() {
    let full = |words: &[&str]| {
        let spec = Pytest.full(&plan((!words.is_empty()).then_some(words))).unwrap();
        (spec.argv.join(" "), spec.env.get(VARIABLE).cloned())
    };
    assert_eq!(full(&[]), (format!("python3 -m pytest {FLAGS}"), None));
    assert_eq!(full(&[".venv/bin/pytest", "-x"]), (format!(".venv/bin/pytest -x {FLAGS}"), None));
    assert_eq!(full(&["make", "test"]), ("make test".to_owned(), Some(FLAGS.to_owned())));
    let mut own = plan(Some(&["make", "test"]));
    own.command = own.command.map(|command| command.with_env(VARIABLE, "-n0"));
    assert_eq!(Pytest.full(&own).unwrap().env[VARIABLE], format!("-n0 {FLAGS}"));
}

#[test]
fn near_tests_are_the_test_files_that_changed() {
    let near = |paths: &[&str]| {
        let paths: Vec<&Path> = paths.iter().map(Path::new).collect();
        Pytest.near(&plan(None), &paths).map(|spec| spec.argv.join(" "))
    };
    assert_eq!(near(&["tests/test_a.py"]), Some(format!("python3 -m pytest tests/test_a.py {FLAGS}")));
    assert_eq!(near(&["tests/test_a.py", "src/a.py"]), None);
    assert_eq!(near(&[]), None);
}

#[test]
fn real_reports_are_told_by_pytests_own_ids() {
    let outcome = |code, report: &[u8]| Pytest.parse(&ran(code, Some(report))).unwrap();
    let passed = outcome(0, include_bytes!("../../../tests/data/suite/pytest/passed.xml"));
    assert_eq!((passed.end, passed.tests.len()), (SuiteEnd::Passed, 14));
    let end = |id: &str| passed.tests.get(&TestId::new(id)).copied();
    assert_eq!(end("test_generator.py::TestClass::test_inside"), Some(TestEnd::Passed));
    assert_eq!(end("test_generator.py::test_words[a/b]"), Some(TestEnd::Passed));
    assert_eq!(end("test_generator.py::TestClass::test_expected_to_fail"), Some(TestEnd::Skipped));
    assert_eq!(end("test_generator.py::test_work"), Some(TestEnd::Skipped));
    let failed = outcome(1, include_bytes!("../../../tests/data/suite/pytest/failed.xml"));
    assert_eq!(failed.tests.len(), 14);
    assert_eq!(
        (failed.end, failed.failed()),
        (SuiteEnd::Failed, vec![TestId::new("test_generator.py::test_torn_down")])
    );
    let broken = outcome(2, include_bytes!("../../../tests/data/suite/pytest/not-imported.xml"));
    assert_eq!(broken.failed(), [TestId::new("tests/deep/test_broken.py")]);
    let nested = outcome(0, include_bytes!("../../../tests/data/suite/pytest/nested.xml"));
    let id = TestId::new("tests/deep/test_nested.py::TestA::TestB::test_c");
    assert_eq!(nested.tests.into_keys().collect::<Vec<_>>(), [id]);
}

#[test]
fn without_a_report_a_failed_run_has_failed_and_a_passed_one_is_not_believed() {
    let outcome = Pytest.parse(&ran(4, None)).unwrap();
    assert_eq!((outcome.end, outcome.tests.len()), (SuiteEnd::Failed, 0));
    let error = Pytest.parse(&ran(0, None)).unwrap_err().to_string();
    assert_eq!(
        error,
        "pytest: the whole output: junit.xml is missing: the command did not run pytest, or not in one process: \"said\""
    );
}

#[test]
fn a_success_with_a_failure_in_its_report_is_none() {
    let report = include_bytes!("../../../tests/data/suite/pytest/failed.xml");
    assert_eq!(Pytest.parse(&ran(0, Some(report))).unwrap().end, SuiteEnd::Failed);
}
