//! Tests of `node_test`: its commands, real reports, and reports that lie.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::model::command::{Exit, Output};
use crate::model::tests::SuiteEnd;

fn outcome(code: i32, report: &[u8]) -> Result<SuiteOutcome, String> {
    let results = [(PathBuf::from(REPORT), report.to_vec())].into();
    let finished =
        Finished { results, ..Finished::ended(Exit::Code(code), Output::default(), Output::default()) };
    NodeTest.parse(&finished).map_err(|error| error.to_string())
}

const PASSED: &[u8] = include_bytes!("../../../tests/data/suite/node_test/passed.jsonl");
const FAILED: &[u8] = include_bytes!("../../../tests/data/suite/node_test/failed.jsonl");
const CRASHED: &[u8] = include_bytes!("../../../tests/data/suite/node_test/crashed.jsonl");

#[test]
fn node_is_given_the_reporter_and_anything_else_a_variable() {
    let plan = |words: Option<&[&str]>| SuitePlan {
        suite: NAME.to_owned(),
        command: words.map(|words| CommandSpec::new(words.to_vec())),
        timeout: std::time::Duration::from_mins(5),
    };
    let own = NodeTest.full(&plan(None)).unwrap();
    assert!(
        own.argv[1].starts_with("--test-reporter=data:text/javascript,%2F%2F%20Tells"),
        "{}",
        own.argv[1]
    );
    assert!(!own.argv[1].contains(|c: char| c.is_whitespace() || c == '"' || c == '{'));
    assert_eq!((own.argv[0].as_str(), own.argv[5].as_str(), own.argv.len()), ("node", "--test", 6));
    assert_eq!(own.argv[2], "--test-reporter-destination={results}/tests.jsonl");
    let npm = NodeTest.full(&plan(Some(&["npm", "test"]))).unwrap();
    assert_eq!(npm.argv, ["npm", "test"]);
    assert_eq!(npm.env[VARIABLE], own.argv[1..5].join(" "));
}

#[test]
fn real_reports_are_told_by_file_suite_and_name() {
    let passed = outcome(0, PASSED).unwrap();
    let ends: Vec<(&str, TestEnd)> = passed.tests.iter().map(|(id, end)| (id.as_str(), *end)).collect();
    let group = "generator.test.js > a <group> & \"more\"";
    assert_eq!(passed.end, SuiteEnd::Passed);
    assert_eq!(
        ends,
        [
            (format!("{group} > asked to fail").as_str(), TestEnd::Passed),
            (format!("{group} > inside").as_str(), TestEnd::Passed),
            (format!("{group} > skipped").as_str(), TestEnd::Skipped),
            (format!("{group} > todo").as_str(), TestEnd::Skipped),
            ("generator.test.js > a parent", TestEnd::Passed),
            ("generator.test.js > a parent > its child", TestEnd::Passed),
            ("generator.test.js > zero stays zero", TestEnd::Passed),
            ("other.test.js > zero stays zero", TestEnd::Passed),
        ]
    );
    // A parent that fails by itself has failed, its child has not.
    let failed = outcome(1, FAILED).unwrap();
    assert_eq!(
        failed.failed(),
        [TestId::new(format!("{group} > asked to fail")), TestId::new("generator.test.js > a parent")]
    );
    let crashed = outcome(1, CRASHED).unwrap();
    assert_eq!(crashed.failed(), [TestId::new("other.test.js")]);
}

#[test]
fn what_began_and_never_ended_has_failed() {
    let event = |kind: &str, name: &str, nesting: usize| {
        format!(
            "{{\"type\":\"test:{kind}\",\"file\":\"f\",\"name\":\"{name}\",\"nesting\":{nesting},\"passed_over\":null,\"suite\":false}}\n"
        )
    };
    let report = event("start", "a", 0) + &event("start", "b", 1);
    assert_eq!(
        outcome(1, report.as_bytes()).unwrap().failed(),
        [TestId::new("f > a"), TestId::new("f > a > b")]
    );
    for (report, error) in [
        (event("pass", "a", 0), "node_test: line 1: a test ends that did not begin"),
        (event("start", "a", 1), "node_test: line 1: a test begins within one that did not"),
        (
            event("start", "a", 0) + &event("start", "b", 900),
            "node_test: line 2: tests lie more than 64 deep",
        ),
        (event("start", "a", 0) + "{\"type\":", "node_test: line 2: not an event: "),
    ] {
        let said = outcome(1, report.as_bytes()).unwrap_err();
        assert!(said.starts_with(error), "{said}");
    }
}

#[test]
fn a_suite_that_fails_by_itself_has_failed() {
    let line = |kind: &str, name: &str, nesting: usize, suite: bool| {
        format!(
            "{{\"type\":\"test:{kind}\",\"file\":\"f\",\"name\":\"{name}\",\"nesting\":{nesting},\"passed_over\":null,\"suite\":{suite}}}\n"
        )
    };
    let report = line("start", "s", 0, false)
        + &line("start", "t", 1, false)
        + &line("pass", "t", 1, false)
        + &line("fail", "s", 0, true);
    assert_eq!(outcome(1, report.as_bytes()).unwrap().failed(), [TestId::new("f > s")]);
}

#[test]
fn a_report_cut_within_a_line_is_an_error_and_two_mixed_lose_no_failure() {
    let lines: Vec<usize> =
        FAILED.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    for cut in (1..FAILED.len()).step_by(3) {
        let at_an_end = lines.contains(&cut) || lines.contains(&(cut - 1));
        assert_eq!(outcome(1, &FAILED[..cut]).is_err(), !at_an_end, "cut at {cut}");
        let mut two = FAILED[..cut].to_vec();
        two.extend(PASSED);
        two.extend(&FAILED[cut..]);
        if let Ok(outcome) = outcome(1, &two) {
            assert!(outcome.failed().len() >= 2, "cut at {cut}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = outcome(0, &bytes);
    }
}
