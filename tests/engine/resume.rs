//! A run cut at any record resumes to the same end.

use optiloop::app::drive::drive;
use optiloop::engine::record::{Entry, Record};
use optiloop::engine::run::Run;
use optiloop::stats::pair::Side;

use super::world::{InMemory, Proposal, Setup, Simulated, block_on, quick};

/// A machine without memory: the launch's cost depends on the side and slot alone, so that a run that is
/// cut and resumed sees the same launches.
fn still(side: Side, slot: u32) -> f64 {
    let side = if side == Side::Base { 0.002 } else { -0.001 };
    side + 0.003 * f64::from(slot)
}

fn proposals() -> Vec<Proposal> {
    vec![
        Proposal::of_effect(0.3),
        Proposal::of_effect(0.0),
        Proposal { breaks: Some("t"), ..Proposal::of_effect(0.4) },
    ]
}

fn go_on(entries: &[Entry]) -> Vec<Entry> {
    let mut run = match entries {
        [] => Run::new(Setup::looping(quick(), [7; 16]).header()),
        _ => Run::replay(entries).expect("a prefix of a run replays"),
    };
    let mut world = Simulated::new(proposals(), still);
    let mut records = InMemory(entries.to_vec());
    if entries.is_empty() {
        let header = Setup::looping(quick(), [7; 16]).header();
        records.0.push(Entry { took: std::time::Duration::ZERO, record: Record::Started(Box::new(header)) });
    }
    world.remember(entries);
    block_on(drive(&mut run, &mut world, &mut records)).expect("the run ends by itself");
    records.0
}

#[test]
fn a_run_cut_at_any_record_resumes_to_the_same_end() {
    let whole = go_on(&[]);
    assert!(whole.len() > 20, "{} records", whole.len());
    for cut in 1..whole.len() {
        assert_eq!(go_on(&whole[..cut]), whole, "cut after {cut} records");
    }
}

#[test]
fn a_record_that_answers_nothing_is_refused_and_changes_nothing() {
    let whole = go_on(&[]);
    let run = Run::replay(&whole[..3]).expect("replays");
    for entry in &whole[5..] {
        let mut copy = run.clone();
        if copy.apply(entry).is_err() {
            assert_eq!(copy.ready(), run.ready());
        } else {
            assert_eq!(entry.record.kind(), whole[3].record.kind(), "only the due kind of record is taken");
        }
    }
}
