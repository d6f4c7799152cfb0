//! Tests of the Go suite: real output, and output that was cut.

use proptest::prelude::*;

use super::*;
use crate::model::command::Output;

const PASSED: &str = include_str!("../../../tests/data/suite/go_test/passed.json");

fn parse(code: i32, text: &str) -> Result<SuiteOutcome, ParseError> {
    let (stdout, stderr) = (Output::whole(text), Output::default());
    GoTest.parse(&Finished::ended(Exit::Code(code), stdout, stderr))
}

#[test]
fn every_test_and_subtest_is_told() {
    let outcome = parse(0, PASSED).unwrap();
    let told: Vec<String> = outcome.tests.iter().map(|(id, end)| format!("{id} = {end:?}")).collect();
    assert_eq!(outcome.end, SuiteEnd::Passed);
    assert_eq!(
        told,
        [
            "example.com/sample/text.TestCount = Passed",
            "example.com/sample/text.TestSkipped = Skipped",
            "example.com/sample/text.TestTable = Passed",
            "example.com/sample/text.TestTable/a/b = Passed",
            "example.com/sample/text.TestTable/one = Passed",
            "example.com/sample/text.TestTable/two_words = Passed",
        ]
    );
}

#[test]
fn failures_are_named_and_a_dead_package_takes_its_running_test_along() {
    let failed = |text: &str| {
        let outcome = parse(1, text).unwrap();
        (outcome.end, outcome.failed().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    };
    let text = "example.com/sample/text";
    assert_eq!(
        failed(include_str!("../../../tests/data/suite/go_test/failed.json")),
        (SuiteEnd::Failed, format!("{text}.TestFails {text}.TestFails/inner"))
    );
    assert_eq!(
        failed(include_str!("../../../tests/data/suite/go_test/crashed.json")),
        (SuiteEnd::Failed, format!("{text}.TestCrash"))
    );
    assert_eq!(
        failed(include_str!("../../../tests/data/suite/go_test/exits.json")),
        (SuiteEnd::Failed, format!("{text}.TestExits"))
    );
    assert_eq!(
        failed(include_str!("../../../tests/data/suite/go_test/not-built.json")),
        (SuiteEnd::NotBuilt, text.to_owned())
    );
    assert_eq!(failed("FAIL\texample.com/x [build failed]\n").0, SuiteEnd::NotBuilt, "before Go 1.24");
}

#[test]
fn exit_code_and_events_must_both_say_passed() {
    assert_eq!(parse(1, PASSED).unwrap().end, SuiteEnd::Failed);
    assert_eq!(
        parse(0, include_str!("../../../tests/data/suite/go_test/failed.json")).unwrap().end,
        SuiteEnd::Failed
    );
}

#[test]
fn a_broken_event_is_an_error_with_its_line() {
    let error = parse(0, &format!("go: downloading x\n{}", &PASSED[..PASSED.len() - 9])).unwrap_err();
    let line = PASSED.lines().count() + 1;
    assert!(error.to_string().starts_with(&format!("go_test: line {line}: not an event: ")), "{error}");
}

#[test]
fn commands_keep_the_projects_own_and_name_every_test() {
    let own = |argv: &[&str]| SuitePlan {
        suite: NAME.to_owned(),
        command: Some(CommandSpec::new(argv.to_vec())),
        timeout: std::time::Duration::from_mins(1),
    };
    let full = |plan: &SuitePlan| GoTest.full(plan).unwrap().argv.join(" ");
    assert_eq!(full(&SuitePlan { command: None, ..own(&[]) }), "go test -count=1 -json ./...");
    assert_eq!(full(&own(&["go", "test", "-race", "./..."])), "go test -count=1 -json -race ./...");
    assert_eq!(full(&own(&["go", "test", "--json", "-count=3", "./..."])), "go test --json -count=3 ./...");
    assert_eq!(full(&own(&["make", "test"])), "make test");
    let near = |paths: &[&str]| {
        let paths: Vec<&Path> = paths.iter().map(Path::new).collect();
        GoTest.near(&own(&[]), &paths).map(|command| command.argv.join(" "))
    };
    assert_eq!(near(&["a/x.go", "a/y.go", "z.go"]).unwrap(), "go test -count=1 -json . ./a");
    assert_eq!(near(&["a/x.go", "go.mod"]), None);
    assert_eq!(near(&[]), None);
}

proptest! {
    #[test]
    fn output_cut_and_mixed_anywhere_ends_in_a_value_or_an_error(
        cuts in prop::collection::vec(0..PASSED.len(), 2..8),
        noise in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut bytes = Vec::new();
        for pair in cuts.windows(2) {
            bytes.extend_from_slice(&PASSED.as_bytes()[pair[0].min(pair[1])..pair[0].max(pair[1])]);
            bytes.extend_from_slice(&noise);
        }
        let finished = Finished::ended(Exit::Code(0), Output::whole(bytes), Output::default());
        if let Ok(outcome) = GoTest.parse(&finished) {
            prop_assert!(outcome.end != SuiteEnd::Passed || outcome.failed().is_empty());
        }
    }
}
