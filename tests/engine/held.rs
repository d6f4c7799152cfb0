//! A held proposal waits for a person; their word lands it, and only the reason it was held for is waived.

use optiloop::app::drive::drive;
use optiloop::engine::record::{JudgeLanding, Landing, Pursuit, Record};
use optiloop::engine::run::Run;
use optiloop::engine::step::Source;
use optiloop::model::id::{Digest, Iteration};
use optiloop::model::verdict::{HoldReason, Verdict};
use optiloop::stats::pair::Side;

use super::world::{InMemory, Proposal, Setup, Simulated, block_on, quick};

fn held() -> Proposal {
    let holds = vec![HoldReason::Dependencies { detail: "Cargo.toml".to_owned() }];
    Proposal { holds, ..Proposal::of_effect(0.3) }
}

fn records(proposals: Vec<Proposal>, accept: bool) -> Vec<Record> {
    ended(Setup::looping(quick(), [3; 16]), proposals, accept).0
}

/// What was recorded, and the evidence of what landed.
fn ended(setup: Setup, proposals: Vec<Proposal>, accept: bool) -> (Vec<Record>, Vec<Landing>) {
    let mut world =
        Simulated::new(proposals, |side: Side, _: u32| if side == Side::Base { 0.001 } else { 0.0 });
    let mut run = Run::new(setup.header());
    let mut kept = InMemory::default();
    block_on(drive(&mut run, &mut world, &mut kept)).expect("the run ends by itself");
    if accept {
        // The run has ended: nothing is due but to hear the person.
        world.messages = vec![Record::AcceptAsked { iteration: Iteration(1), by: "a person".to_owned() }];
        block_on(drive(&mut run, &mut world, &mut kept)).expect("the acceptance ends by itself");
    }
    (kept.0.into_iter().map(|entry| entry.record).collect(), world.landings)
}

fn landed(records: &[Record]) -> usize {
    records.iter().filter(|record| matches!(record, Record::Landed(_))).count()
}

#[test]
fn a_held_proposal_does_not_land_by_itself() {
    let records = records(vec![held()], false);
    let verdicts = records.iter().filter_map(|record| match record {
        Record::Judged(judged) => Some(&judged.verdict),
        _ => None,
    });
    let verdicts: Vec<&Verdict> = verdicts.collect();
    assert!(matches!(verdicts[..], [Verdict::Held { .. }]), "{verdicts:?}");
    assert_eq!(landed(&records), 0);
}

#[test]
fn a_person_lands_a_held_proposal_on_the_head_it_was_made_on() {
    assert_eq!(landed(&records(vec![held()], true)), 1);
}

#[test]
fn what_builds_only_with_what_it_adds_is_held_unmeasured_and_lands_whole_through_the_gate() {
    let proposal = || Proposal { needs_additions: true, ..Proposal::of_effect(0.3) };
    let held = records(vec![proposal()], false);
    assert!(!held.iter().any(|record| matches!(record, Record::Measured(_))), "nothing was measured");
    assert_eq!(landed(&held), 0);
    assert_eq!(landed(&records(vec![proposal()], true)), 1);
}

#[test]
fn a_held_proposal_goes_through_the_gate_again_when_the_head_has_moved() {
    let records = records(vec![held(), Proposal::of_effect(0.4)], true);
    assert_eq!(landed(&records), 2);
    let inspected = records.iter().filter(|record| matches!(record, Record::Inspected(_))).count();
    assert_eq!(inspected, 3, "the held one is inspected twice");
}

#[test]
fn a_judgement_that_lands_nothing_by_itself_lands_what_a_person_accepts() {
    let source = Source::Patch { artifact: Digest::of(b"a patch") };
    let pursuit = Pursuit::Judge { source, landing: JudgeLanding::VerdictOnly };
    let setup = || Setup { pursuit: pursuit.clone(), ..Setup::looping(quick(), [3; 16]) };
    assert_eq!(landed(&ended(setup(), vec![held()], false).0), 0);
    assert_eq!(landed(&ended(setup(), vec![held()], true).0), 1);
    assert_eq!(landed(&ended(setup(), vec![Proposal::of_effect(0.3)], false).0), 0);
}

#[test]
fn what_was_waived_is_stamped_at_the_same_head_and_at_another() {
    let waived = |proposals| {
        let (_, landings) = ended(Setup::looping(quick(), [3; 16]), proposals, true);
        let accepted = landings.into_iter().find(|landing| landing.accepted_by.is_some())?;
        accepted.stamps.into_iter().find(|(name, _)| name == "Waived").map(|(_, text)| text)
    };
    for proposals in [vec![held()], vec![held(), Proposal::of_effect(0.4)]] {
        assert!(waived(proposals).is_some_and(|reason| reason.contains("Cargo.toml")));
    }
}
