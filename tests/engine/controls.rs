//! Blind controls: slipped in between proposals, judged like them, and part of nothing.

use optiloop::app::drive::drive;
use optiloop::app::report::outcome::Outcome;
use optiloop::app::verify::recompute;
use optiloop::engine::record::{Entry, Pursuit, Record};
use optiloop::engine::run::Run;
use optiloop::engine::step::Control;
use optiloop::model::verdict::Verdict;
use optiloop::stats::noise::{Noise, NoiseStream};
use optiloop::stats::pair::Side;

use super::world::{InMemory, Proposal, Setup, Simulated, block_on, quick};

/// A run of three proposals, the second a real gain, with so many shams, by this key.
fn entries(shams: u32, key: u8) -> Vec<Entry> {
    let proposals = [0.0, 0.3, 0.0].map(Proposal::of_effect).to_vec();
    let mut setup = Setup::looping(quick(), [key; 16]);
    (setup.budget.shams, setup.budget.iterations) = (shams, 4);
    driven(setup, proposals, u64::from(key))
}

fn driven(setup: Setup, proposals: Vec<Proposal>, seed: u64) -> Vec<Entry> {
    let header = setup.header();
    let mut noise = NoiseStream::new(Noise::MODELS[0].1.clone(), seed);
    let mut world = Simulated::new(proposals, move |_: Side, _: u32| noise.launch());
    world.fine_work = true;
    let mut run = Run::new(header.clone());
    let mut kept =
        InMemory(vec![Entry { took: std::time::Duration::ZERO, record: Record::Started(Box::new(header)) }]);
    block_on(drive(&mut run, &mut world, &mut kept)).expect("the run ends by itself");
    kept.0
}

/// Controls of each kind and how many of them were taken for cheaper.
fn seen(entries: &[Entry]) -> [(usize, usize); 2] {
    let outcome = Outcome::of(entries);
    [true, false].map(|shams| {
        let of_kind = outcome.controls.iter().filter(|(control, _)| (*control == Control::Sham) == shams);
        let verdicts: Vec<Option<&Verdict>> = of_kind.map(|(_, judged)| judged.verdict.as_ref()).collect();
        let accepted = verdicts.iter().filter(|verdict| matches!(verdict, Some(Verdict::Accepted))).count();
        (verdicts.len(), accepted)
    })
}

#[test]
fn no_sham_is_accepted_and_every_planted_change_is_found() {
    assert_eq!(seen(&entries(4, 1)), [(4, 0), (2, 2)]);
}

#[test]
fn controls_change_nothing_but_the_time_a_run_takes() {
    let landed =
        |entries: &[Entry]| entries.iter().filter(|entry| matches!(entry.record, Record::Landed(_))).count();
    let (with, without) = (entries(4, 2), entries(0, 2));
    assert_eq!((landed(&with), landed(&without)), (1, 1));
    let (with, without) = (Outcome::of(&with), Outcome::of(&without));
    assert_eq!(with.attempts.len(), without.attempts.len());
    assert_eq!(with.stopped, without.stopped);
}

#[test]
fn a_control_moves_no_level_of_the_stream() {
    let alphas = |entries: &[Entry]| -> Vec<f64> {
        let outcome = Outcome::of(entries);
        let findings = outcome.attempts.iter().flat_map(|attempt| &attempt.findings);
        findings
            .filter_map(|(_, finding)| match finding {
                optiloop::engine::finding::Finding::Test { alpha, .. } => Some(*alpha),
                _ => None,
            })
            .collect()
    };
    assert_eq!(alphas(&entries(4, 3)), alphas(&entries(0, 3)));
}

#[test]
fn where_they_are_slipped_in_is_drawn_by_the_key() {
    let order = |key| -> Vec<u32> {
        let entries = entries(4, key);
        let asked = entries.iter().filter_map(|entry| match &entry.record {
            Record::Inspected(inspected) => Some(u32::from(inspected.iteration.is_control())),
            _ => None,
        });
        asked.collect()
    };
    let orders: std::collections::BTreeSet<Vec<u32>> = (0..8).map(order).collect();
    assert!(orders.len() > 3, "{orders:?}");
}

#[test]
fn a_run_with_controls_verifies_and_resumes_from_any_record() {
    let whole = entries(2, 4);
    assert!(recompute(&whole).expect("records of a run").1.is_empty());
    for cut in 1..whole.len() {
        let run = Run::replay(&whole[..cut]).expect("a beginning of a run");
        let due = run.ready();
        assert!(!due.is_empty(), "cut at {cut}");
    }
}

#[test]
fn a_calibration_judges_as_many_as_it_was_asked_for() {
    let mut setup = Setup::looping(quick(), [6; 16]);
    setup.pursuit = Pursuit::Calibrate { shams: 10, planted: 3, per_mille: 100, pairs: 20 };
    let entries = driven(setup, Vec::new(), 6);
    assert_eq!(seen(&entries), [(10, 0), (3, 3)]);
}
