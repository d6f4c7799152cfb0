//! Tests near the change come first and can only reject.

use std::time::Duration;

use optiloop::app::drive::drive;
use optiloop::engine::record::{Record, TestOutcome};
use optiloop::engine::run::Run;
use optiloop::engine::step::TestScope;
use optiloop::model::change::TreePath;
use optiloop::model::plan::SuitePlan;
use optiloop::stats::pair::Side;

use super::world::{InMemory, Proposal, Setup, Simulated, block_on, quick};

/// What happened to a proposal that changes these files: pairs and tests, in order.
fn acts(changed: &[&str], breaks: Option<&'static str>) -> Vec<&'static str> {
    let changed = changed.iter().map(|path| TreePath::new(path.as_bytes())).collect();
    let proposal = Proposal { breaks, changed, ..Proposal::of_effect(0.3) };
    let mut world = Simulated::new(vec![proposal], |_: Side, _: u32| 0.0);
    let mut header = Setup::looping(quick(), [3; 16]).header();
    let (command, timeout) = (None, Duration::from_mins(30));
    header.plan.suites = vec![SuitePlan { suite: "cargo".to_owned(), command, timeout }];
    let mut run = Run::new(header);
    let mut kept = InMemory::default();
    block_on(drive(&mut run, &mut world, &mut kept)).expect("the run ends by itself");
    let mut acts: Vec<&str> = (kept.0.iter())
        .filter_map(|entry| match &entry.record {
            Record::Measured(_) => Some("pairs"),
            Record::Tested(tested) => Some(match (tested.scope, &tested.outcome) {
                (TestScope::Near, TestOutcome::Passed { .. }) => "near",
                (TestScope::Near, _) => "near fails",
                _ => "full",
            }),
            _ => None,
        })
        .collect();
    acts.dedup();
    acts.truncate(4);
    acts
}

#[test]
fn tests_near_the_change_run_before_the_first_pair_and_the_full_suite_all_the_same() {
    assert_eq!(acts(&["src/words.rs"], None), ["near", "pairs", "full", "pairs"]);
}

#[test]
fn a_test_near_the_change_that_fails_costs_no_pair() {
    assert_eq!(acts(&["src/words.rs"], Some("words::splits")), ["near fails"]);
}

#[test]
fn where_no_suite_can_tell_what_is_near_nothing_is_run_twice() {
    assert_eq!(acts(&["README"], None), ["pairs", "full", "pairs"]);
}
