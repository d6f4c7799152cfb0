//! Tests that cannot be relied on, in words: for `run`, the report and `doctor`.
//!
//! A test that ended differently in two runs of the original is quarantined: it counts neither for nor against a
//! proposal. Not here: telling which they are (`steps/prepare`). Start at [`warnings`].

use crate::app::reporter::amounts::counted;
use crate::engine::record::SuiteBaseline;
use crate::model::id::TestId;

/// Tests that are named before the rest is counted.
const NAMED: usize = 5;
/// One in so many tests that are flaky is too many.
const MANY: usize = 10;

/// What a person should know of a suite's tests on the original.
pub fn warnings(suite: &SuiteBaseline) -> Option<String> {
    let name = &suite.suite;
    if suite.ends.is_empty() && suite.quarantined.is_empty() {
        return Some(format!(
            "suite {name} tells no test ids: a flaky test cannot be quarantined, it fails whatever proposal it meets"
        ));
    }
    let flaky = suite.quarantined.len();
    if flaky == 0 {
        return None;
    }
    let tests = counted(flaky, "test");
    let many = if flaky * MANY > suite.ends.len() {
        format!(
            "; of {} that is many: what the suite still proves is little, mend them first",
            suite.ends.len()
        )
    } else {
        String::new()
    };
    Some(format!(
        "{tests} of suite {name} ended differently in two runs of the original, and count neither for nor against a \
         proposal: {}{many}",
        names(&suite.quarantined)
    ))
}

/// The first of them by name, the others in number.
pub fn names(tests: &[TestId]) -> String {
    let named: Vec<&str> = tests.iter().take(NAMED).map(TestId::as_str).collect();
    match tests.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::TestEnd;

    fn suite(tests: usize, flaky: usize) -> SuiteBaseline {
        let ids: Vec<TestId> = (0..tests).map(|n| TestId::new(format!("t{n}"))).collect();
        SuiteBaseline {
            suite: "cargo".to_owned(),
            quarantined: ids[..flaky].to_vec(),
            ends: ids.into_iter().map(|id| (id, TestEnd::Passed)).collect(),
            took: std::time::Duration::ZERO,
            benchmarked_mode: None,
        }
    }

    #[test]
    fn a_sound_suite_needs_no_warning() {
        assert_eq!(warnings(&suite(30, 0)), None);
    }

    #[test]
    fn flaky_tests_are_named_and_many_are_said_to_be_many() {
        let few = warnings(&suite(100, 6)).unwrap();
        assert!(few.ends_with("t0, t1, t2, t3, t4 and 1 more"), "{few}");
        let many = warnings(&suite(20, 3)).unwrap();
        assert!(many.contains("of 20 that is many"), "{many}");
    }

    #[test]
    fn a_suite_without_ids_says_that_it_cannot_quarantine() {
        assert!(warnings(&suite(0, 0)).unwrap().contains("cannot be quarantined"));
    }
}
