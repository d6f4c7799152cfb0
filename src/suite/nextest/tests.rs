//! nextest's events, real and spoiled.

use proptest::prelude::*;

use super::*;
use crate::model::command::Output;

const PASSED: &str = include_str!("../../../tests/data/suite/nextest/passed.json");
const FAILED: &str = include_str!("../../../tests/data/suite/nextest/failed.json");
const NEAR: &str = include_str!("../../../tests/data/suite/nextest/near.json");
const RETRIED: &str = include_str!("../../../tests/data/suite/nextest/retried.json");

fn parse(code: i32, text: &str) -> Result<SuiteOutcome, ParseError> {
    Nextest.parse(&Finished::ended(Exit::Code(code), Output::whole(text), Output::default()))
}

fn plan(command: Option<&str>) -> SuitePlan {
    let command = command.map(|command| CommandSpec::new(command.split(' ')));
    SuitePlan { suite: NAME.to_owned(), command, timeout: std::time::Duration::from_mins(1) }
}

#[test]
fn commands_tell_every_test_and_follow_the_build_mode() {
    let full = |command| Nextest.full(&plan(command)).unwrap().argv.join(" ");
    assert_eq!(full(None), "cargo nextest run --message-format=libtest-json-plus --no-fail-fast");
    assert_eq!(full(Some("sh test.sh")), "sh test.sh");
    let benchmarked = |command| Nextest.benchmarked(&plan(command)).map(|command| command.argv.join(" "));
    assert_eq!(
        benchmarked(Some("cargo nextest run -p a")).as_deref(),
        Some("cargo nextest run --message-format=libtest-json-plus --release -p a")
    );
    assert_eq!(benchmarked(Some("cargo nextest run --release")), None);
    assert_eq!(benchmarked(Some("sh test.sh")), None);
    let near =
        |path: &str| Nextest.near(&plan(None), &[Path::new(path)]).map(|command| command.argv.join(" "));
    assert_eq!(
        near("src/a/b.rs").as_deref(),
        Some(
            "cargo nextest run --message-format=libtest-json-plus --no-tests=pass --lib --no-fail-fast a::b::"
        )
    );
    assert_eq!(near("build.rs"), None);
}

#[test]
fn real_events_tell_tests_by_package_and_target() {
    let outcome = parse(0, PASSED).unwrap();
    let told: Vec<String> = outcome.tests.iter().map(|(id, end)| format!("{id} {end:?}")).collect();
    assert_eq!(
        told,
        [
            "sample::it$it_counts Passed",
            "sample::sample$tests::it_counts Passed",
            "sample::sample$tests::it_fails_if_told Passed",
            "sample::sample$tests::it_is_ignored Skipped",
            "sample::sample$tests::it_panics Passed",
            "sample::sample$words::tests::it_counts Passed",
        ]
    );
    assert_eq!(outcome.end, SuiteEnd::Passed);
}

#[test]
fn an_ignored_test_whose_end_only_the_suite_counts_was_skipped() {
    let outcome = parse(0, NEAR).unwrap();
    let told: Vec<String> = outcome.tests.iter().map(|(id, end)| format!("{id} {end:?}")).collect();
    let expected =
        ["sample::sample$tests::it_is_ignored Skipped", "sample::sample$words::tests::it_counts Passed"];
    assert_eq!(told, expected);
    let uncounted = NEAR.replace("\"ignored\":1", "\"ignored\":0");
    assert!(parse(0, &uncounted).unwrap_err().to_string().contains("began and told no end"));
}

#[test]
fn a_failure_is_told_by_id_also_after_retries() {
    for text in [FAILED, RETRIED] {
        let outcome = parse(100, text).unwrap();
        let id = TestId::new("sample::sample$words::tests::it_counts");
        assert_eq!((outcome.end, outcome.failed(), outcome.tests.len()), (SuiteEnd::Failed, vec![id], 6));
    }
}

#[test]
fn a_build_that_fails_is_not_a_failed_test() {
    assert_eq!(parse(101, "").unwrap().end, SuiteEnd::NotBuilt);
    assert_eq!(parse(104, "").unwrap().end, SuiteEnd::Failed);
}

#[test]
fn ends_that_cannot_be_told_are_an_error_with_its_line() {
    let cut = PASSED.split_inclusive('\n').take(3).collect::<String>();
    for (text, says) in [
        (&*cut, "line 4: a test began and told no end: \"sample::sample$tests::it_fails_if_told\""),
        ("hello\n", "line 2: no test was told"),
        ("x\n{\"type\":\"test\",\"event\":\"ok\"}\n", "line 2: a test without a name"),
        ("{\"type\":\"test\",\"event\":\"flew\",\"name\":\"x\"}", "line 1: \"flew\" is no end of a test"),
        ("{\"type\":\"test\"", "line 1: not an event: EOF"),
    ] {
        let message = parse(0, text).unwrap_err().to_string();
        assert!(message.starts_with("nextest: ") && message.contains(says), "{message}");
    }
    let stdout = Output { head: PASSED.into(), tail: b"x".to_vec(), dropped: 7 };
    let finished = Finished::ended(Exit::Code(0), stdout, Output::default());
    assert!(Nextest.parse(&finished).unwrap_err().to_string().contains("7 bytes of output were dropped"));
    let began = parse(100, &cut).unwrap();
    assert_eq!((began.end, began.failed().len()), (SuiteEnd::Failed, 2), "they were running when it died");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_nothing_passes_with_a_failed_test(
        cuts in proptest::collection::vec(0..PASSED.len().min(FAILED.len()), 2..8),
        noise in proptest::collection::vec(any::<u8>(), 0..30),
    ) {
        let mut bytes = Vec::new();
        for (at, pair) in cuts.windows(2).enumerate() {
            // Two outputs mixed, each cut anywhere.
            let text = if at % 2 == 0 { PASSED } else { FAILED };
            bytes.extend_from_slice(&text.as_bytes()[pair[0].min(pair[1])..pair[0].max(pair[1])]);
            bytes.extend_from_slice(&noise);
        }
        let finished = Finished::ended(Exit::Code(0), Output::whole(bytes), Output::default());
        if let Ok(outcome) = Nextest.parse(&finished) {
            prop_assert!(outcome.end != SuiteEnd::Passed || outcome.failed().is_empty());
        }
    }
}
