//! Tests of the cargo suite: real output, and output that was tampered with.

use proptest::prelude::*;

use super::*;
use crate::model::command::Output;

const PASSED: &str = include_str!("../../../tests/data/suite/cargo/passed.txt");

fn parse(code: i32, text: &str) -> Result<SuiteOutcome, ParseError> {
    let (stdout, stderr) = (Output::whole(text), Output::default());
    Cargo.parse(&Finished::ended(Exit::Code(code), stdout, stderr))
}

fn told(outcome: &SuiteOutcome) -> Vec<String> {
    outcome.tests.iter().map(|(id, end)| format!("{id} = {end:?}")).collect()
}

#[test]
fn ids_are_told_apart_by_target_and_keep_no_line_numbers() {
    let outcome = parse(0, PASSED).unwrap();
    assert_eq!(outcome.end, SuiteEnd::Passed);
    assert_eq!(
        told(&outcome),
        [
            "doc sample: src/lib.rs - = Passed",
            "doc sample: src/lib.rs - count = Passed",
            "doc sample: src/lib.rs - count - compile = Passed",
            "tests/it.rs (it): it_counts = Passed",
            "unittests src/lib.rs (sample): tests::it_counts = Passed",
            "unittests src/lib.rs (sample): tests::it_fails_if_told = Passed",
            "unittests src/lib.rs (sample): tests::it_is_ignored = Skipped",
            "unittests src/lib.rs (sample): tests::it_panics - should panic = Passed",
            "unittests src/lib.rs (sample): words::tests::it_counts = Passed",
        ]
    );
}

#[test]
fn the_same_tests_have_the_same_ids_in_both_build_modes() {
    let release = parse(0, include_str!("../../../tests/data/suite/cargo/release.txt")).unwrap();
    assert_eq!(release, parse(0, PASSED).unwrap());
}

#[test]
fn failures_are_named() {
    let outcome = parse(101, include_str!("../../../tests/data/suite/cargo/failed.txt")).unwrap();
    assert_eq!(outcome.end, SuiteEnd::Failed);
    assert_eq!(outcome.failed(), [TestId::new("unittests src/lib.rs (sample): tests::it_fails_if_told")]);
    assert_eq!(outcome.tests.len(), 9, "the other programs ran all the same");
}

#[test]
fn code_that_does_not_build_has_no_tests() {
    let outcome = parse(101, include_str!("../../../tests/data/suite/cargo/not-built.txt")).unwrap();
    assert_eq!((outcome.end, outcome.tests.len()), (SuiteEnd::NotBuilt, 0));
}

#[test]
fn packages_of_a_workspace_do_not_collide() {
    let outcome = parse(0, include_str!("../../../tests/data/suite/cargo/workspace.txt")).unwrap();
    let ids = told(&outcome);
    assert!(ids.contains(&"tests/it.rs (it): it_works = Passed".to_owned()), "{ids:?}");
    assert!(ids.contains(&"tests/it.rs (it) #2: it_works = Passed".to_owned()), "{ids:?}");
    let uncaptured = parse(0, include_str!("../../../tests/data/suite/cargo/nocapture.txt")).unwrap();
    assert_eq!(told(&uncaptured), ids, "a test's own output does not hide its end");
}

#[test]
fn a_test_that_kills_its_program_failed() {
    let outcome = parse(101, include_str!("../../../tests/data/suite/cargo/aborted.txt")).unwrap();
    assert_eq!(outcome.end, SuiteEnd::Failed);
    assert_eq!(outcome.failed(), [TestId::new("tests/it.rs (it): it_aborts")]);
    assert!(told(&outcome).contains(&"tests/it.rs (it) #2: it_works = Passed".to_owned()));
}

#[test]
fn ends_that_cannot_be_told_are_an_error() {
    let quiet = parse(0, include_str!("../../../tests/data/suite/cargo/quiet.txt")).unwrap_err();
    assert_eq!(
        quiet.to_string(),
        "cargo: line 4: 1 tests were announced, 0 ends were told (is the suite run with --quiet?): \
         \"test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\""
    );
    let cut = PASSED.lines().take(7).collect::<Vec<_>>().join("\n");
    assert!(parse(0, &cut).unwrap_err().to_string().contains("ended without a result"));
    let twice = PASSED.replace("tests::it_fails_if_told ... ok", "tests::it_counts ... ok");
    assert!(parse(0, &twice).unwrap_err().to_string().contains("the same test told twice"));
    let stdout = Output { head: PASSED.into(), tail: b"x".to_vec(), dropped: 7 };
    let finished = Finished::ended(Exit::Code(0), stdout, Output::default());
    assert!(Cargo.parse(&finished).unwrap_err().to_string().contains("7 bytes of output were dropped"));
}

#[test]
fn exit_code_and_told_ends_must_both_say_passed() {
    assert_eq!(parse(101, PASSED).unwrap().end, SuiteEnd::Failed);
    let failed = include_str!("../../../tests/data/suite/cargo/failed.txt");
    assert_eq!(parse(0, failed).unwrap().end, SuiteEnd::Failed);
}

#[test]
fn doc_tests_of_one_item_keep_their_order_whatever_ran_first() {
    let text = "   Doc-tests x\n\nrunning 2 tests\ntest src/lib.rs - f (line 90) ... FAILED\n\
        test src/lib.rs - f (line 7) ... ok\n\ntest result: FAILED. 1 passed; 1 failed\n";
    let outcome = parse(101, text).unwrap();
    assert_eq!(told(&outcome), ["doc x: src/lib.rs - f = Passed", "doc x: src/lib.rs - f #2 = Failed"]);
}

#[test]
fn commands_keep_the_projects_own_and_name_every_test() {
    let own = |argv: &[&str]| SuitePlan {
        suite: NAME.to_owned(),
        command: Some(CommandSpec::new(argv.to_vec())),
        timeout: std::time::Duration::from_mins(1),
    };
    let none = SuitePlan { command: None, ..own(&[]) };
    let argv = |command: Option<CommandSpec>| command.map(|command| command.argv[4..].join(" "));
    let full = Cargo.full(&none).unwrap();
    assert_eq!(full.argv[..4], ["sh", "-c", "exec \"$@\" 2>&1", "sh"]);
    assert_eq!(argv(Some(full)).unwrap(), "cargo test --no-fail-fast");
    assert_eq!(argv(Cargo.benchmarked(&none)).unwrap(), "cargo test --release --no-fail-fast");
    let with_flags = own(&["cargo", "test", "--all-features", "--", "--release"]);
    assert_eq!(
        argv(Cargo.benchmarked(&with_flags)).unwrap(),
        "cargo test --release --all-features -- --release"
    );
    assert_eq!(argv(Cargo.benchmarked(&own(&["cargo", "test", "--profile=bench"]))), None);
    assert_eq!(argv(Cargo.benchmarked(&own(&["make", "test"]))), None);
    let near = |paths: &[&str]| {
        let paths: Vec<&Path> = paths.iter().map(Path::new).collect();
        argv(Cargo.near(&none, &paths))
    };
    assert_eq!(near(&["src/a/b.rs", "src/a/mod.rs"]).unwrap(), "cargo test --lib -- a:: a::b::");
    assert_eq!(near(&["src/lib.rs"]), None);
    assert_eq!(near(&["src/a.rs", "build.rs"]), None);
    assert_eq!(near(&["crates/x/src/a.rs"]), None);
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
        if let Ok(outcome) = Cargo.parse(&finished) {
            prop_assert!(outcome.end != SuiteEnd::Passed || outcome.failed().is_empty());
        }
    }
}
