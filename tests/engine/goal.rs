//! The goal: proven, reached by estimate, and what the run says of it.

use std::time::Duration;

use optiloop::app::drive::{World as _, drive};
use optiloop::engine::record::{Entry, Record};
use optiloop::engine::run::Run;
use optiloop::engine::step::Step;
use optiloop::model::verdict::StopReason;
use optiloop::stats::pair::Side;

use super::world::{InMemory, Proposal, Setup, Simulated, block_on, quick};

fn still(_: Side, _: u32) -> f64 {
    0.0
}

/// Why a run towards 30 % ends after one proposal of this effect.
fn end(effect: f64) -> Option<StopReason> {
    let setup = Setup { goal: Some("30%".parse().expect("a goal")), ..Setup::looping(quick(), [3; 16]) };
    let mut world = Simulated::new(vec![Proposal::of_effect(effect)], still);
    let mut run = Run::new(setup.header());
    let mut kept = InMemory::default();
    block_on(drive(&mut run, &mut world, &mut kept)).expect("the run ends by itself");
    match kept.0.pop().map(|entry| entry.record) {
        Some(Record::Stopped { reason }) => Some(reason),
        _ => None,
    }
}

#[test]
fn a_goal_is_reached_with_proof_or_by_estimate_or_not() {
    assert_eq!(end(0.4), Some(StopReason::GoalReached));
    assert_eq!(end(0.3001), Some(StopReason::GoalEstimated));
    assert_eq!(end(0.2), Some(StopReason::NothingMore));
}

#[test]
fn what_lands_says_what_was_shown_and_of_which_pairs_its_effect_is() {
    let mut world = Simulated::new(vec![Proposal::of_effect(0.3)], still);
    let mut run = Run::new(Setup::looping(quick(), [3; 16]).header());
    block_on(drive(&mut run, &mut world, &mut InMemory::default())).expect("the run ends by itself");
    let landing = world.landings.first().expect("it lands");
    let stamp =
        |key: &str| landing.stamps.iter().find(|(name, _)| name == key).map(|(_, text)| text.as_str());
    assert_eq!(stamp("Shown"), Some("at least 5 % cheaper than the commit before"));
    assert!(stamp("Effect-From").is_some_and(|text| text.starts_with("confirmation pairs")));
}

/// A run up to the first pairs of its first proposal.
fn at_the_first_pairs() -> Run {
    let mut world = Simulated::new(vec![Proposal::of_effect(0.3)], still);
    let mut run = Run::new(Setup::looping(quick(), [3; 16]).header());
    while let Some(step) = run.ready().into_iter().next() {
        if matches!(step, Step::Measure(_)) {
            break;
        }
        let entry = block_on(world.perform(step)).expect("the simulated world does it");
        run.apply(&entry).expect("it was due");
    }
    run
}

fn first_pair(run: &Run) -> Option<u32> {
    match run.ready().first() {
        Some(Step::Measure(measure)) => measure.pairs.first().map(|pair| pair.pair),
        _ => None,
    }
}

#[test]
fn a_pair_cut_by_the_drivers_end_is_run_again_once_and_then_has_failed() {
    let cut = Entry { took: Duration::ZERO, record: Record::Interrupted { by: "a kill".to_owned() } };
    let mut run = at_the_first_pairs();
    let due = run.ready();
    run.apply(&cut).expect("a message is always taken");
    assert_eq!(run.ready(), due, "the same pairs with the same coins");
    run.apply(&cut).expect("a message is always taken");
    assert_eq!(first_pair(&run), Some(2));
}
