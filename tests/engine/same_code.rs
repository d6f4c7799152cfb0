//! Equal machine code is no change, unless policy says that pairs decide: trials of optiloop itself.

use optiloop::app::drive::drive;
use optiloop::engine::record::Record;
use optiloop::engine::run::Run;
use optiloop::model::verdict::{Rejection, Verdict};
use optiloop::stats::pair::Side;

use super::world::{InMemory, Proposal, Setup, Simulated, block_on, quick};

/// The verdict on a proposal of the same code, and how many batches of pairs were run for it.
fn judged(effect: f64, code_identity: bool) -> (Option<Verdict>, usize) {
    let proposal = Proposal { same_code: true, ..Proposal::of_effect(effect) };
    let noise = |side: Side, _: u32| if side == Side::Base { 0.001 } else { 0.0 };
    let mut world = Simulated::new(vec![proposal], noise);
    let mut policy = quick();
    policy.code_identity.value = code_identity;
    let mut run = Run::new(Setup::looping(policy, [5; 16]).header());
    let mut kept = InMemory::default();
    block_on(drive(&mut run, &mut world, &mut kept)).expect("the run ends by itself");
    let verdict = kept.0.iter().find_map(|entry| match &entry.record {
        Record::Judged(judged) => Some(judged.verdict.clone()),
        _ => None,
    });
    (verdict, kept.0.iter().filter(|entry| matches!(entry.record, Record::Measured(_))).count())
}

#[test]
fn the_same_code_is_rejected_without_a_launch() {
    let rejected = Some(Verdict::Rejected { reason: Rejection::SameCode });
    assert_eq!(judged(0.3, true), (rejected, 0));
}

#[test]
fn in_trials_of_optiloop_the_pairs_decide_about_the_same_code() {
    assert_eq!(judged(0.0, false).0, Some(Verdict::Rejected { reason: Rejection::Unchanged }));
    assert_eq!(judged(0.3, false).0, Some(Verdict::Accepted));
}
