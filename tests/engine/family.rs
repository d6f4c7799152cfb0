//! `compare` and `gate` through the drive loop: every benchmark is decided, evidence goes on where time was up.

use std::time::Duration;

use optiloop::app::drive::drive;
use optiloop::app::report::outcome::Outcome;
use optiloop::app::verify::recompute;
use optiloop::engine::record::{Entry, Header, Pursuit, Record};
use optiloop::engine::run::Run;
use optiloop::model::id::{CommitId, Revision};
use optiloop::stats::family::{Asked, Standing};
use optiloop::stats::noise::{Noise, NoiseStream};
use optiloop::stats::pair::Side;

use super::world::{InMemory, Setup, Simulated, block_on, quick, tree};

/// A gate over benchmarks of these true effects.
fn header(benchmarks: usize, minutes: u64) -> Header {
    let mut setup = Setup::looping(quick(), [9; 16]);
    let candidate = Revision { commit: CommitId::new(*tree(1).bytes()), tree: tree(1) };
    setup.pursuit = Pursuit::Compare { candidate, asked: Asked::Both };
    setup.targets = u32::try_from(benchmarks).expect("a few");
    setup.budget.time = Duration::from_mins(minutes);
    setup.header()
}

fn machine(seed: u64) -> impl FnMut(Side, u32) -> f64 {
    let mut noise = NoiseStream::new(Noise::MODELS[0].1.clone(), seed);
    move |_, _| noise.launch()
}

/// The records of a comparison whose every step takes `step`.
fn records(effects: &[f64], step: Duration) -> (Run, Vec<Entry>) {
    let header = header(effects.len(), 60);
    let mut run = Run::new(header.clone());
    let mut kept = InMemory(vec![Entry { took: Duration::ZERO, record: Record::Started(Box::new(header)) }]);
    on(&mut run, &mut kept, effects, step);
    (run, kept.0)
}

fn on(run: &mut Run, kept: &mut InMemory, effects: &[f64], step: Duration) {
    let mut world = Simulated::new(Vec::new(), machine(kept.0.len() as u64));
    (world.family, world.step_time) = (effects.to_vec(), step);
    block_on(drive(run, &mut world, kept)).expect("the comparison ends by itself");
}

fn standings(entries: &[Entry]) -> Vec<Standing> {
    Outcome::of(entries).members.iter().map(|member| member.standing).collect()
}

#[test]
fn every_benchmark_gets_its_own_finding_and_the_records_verify() {
    let (_, entries) = records(&[0.0, -0.06, 0.2], Duration::ZERO);
    assert_eq!(standings(&entries), [Standing::Clean, Standing::Regressed, Standing::Improved]);
    let (verified, faults) = recompute(&entries).expect("records of a comparison");
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(verified.decisions, 1);
}

#[test]
fn a_benchmark_that_is_decided_gets_no_more_pairs() {
    let (_, entries) = records(&[0.0, 0.9], Duration::ZERO);
    let outcome = Outcome::of(&entries);
    let used: usize =
        outcome.members.iter().filter_map(|member| member.estimate).map(|estimate| estimate.n).sum();
    assert_eq!(outcome.pairs, used);
}

#[test]
fn more_time_goes_on_with_the_same_evidence() {
    // Ten minutes a step: after six of them the hour is up and little is measured.
    let effects = [0.0; 40];
    let (mut run, mut entries) = records(&effects, Duration::from_mins(10));
    assert!(standings(&entries).contains(&Standing::Unproven));
    let before = Outcome::of(&entries).pairs;
    let extended =
        Entry { took: Duration::ZERO, record: Record::Extended { time: Duration::from_hours(99) } };
    run.apply(&extended).expect("a comparison whose time was up can be extended");
    entries.push(extended);
    let mut kept = InMemory(entries);
    on(&mut run, &mut kept, &effects, Duration::ZERO);
    let outcome = Outcome::of(&kept.0);
    assert!(standings(&kept.0).iter().all(|standing| *standing == Standing::Clean));
    let used: usize =
        outcome.members.iter().filter_map(|member| member.estimate).map(|estimate| estimate.n).sum();
    assert!(
        before > 0 && outcome.pairs == used,
        "{before} of {} pairs, {used} in the findings",
        outcome.pairs
    );
    assert!(recompute(&kept.0).expect("records").1.is_empty());
}

#[test]
fn a_comparison_that_is_decided_cannot_be_extended() {
    let (mut run, _) = records(&[0.0], Duration::ZERO);
    let extended = Entry { took: Duration::ZERO, record: Record::Extended { time: Duration::from_hours(1) } };
    assert!(run.apply(&extended).is_err());
}

#[test]
fn a_comparison_cut_at_any_record_ends_the_same() {
    let effects = [0.0, -0.1];
    let (_, whole) = records(&effects, Duration::ZERO);
    for cut in 1..whole.len() {
        let mut run = Run::replay(&whole[..cut]).expect("a beginning of a run");
        let mut kept = InMemory(whole[..cut].to_vec());
        on(&mut run, &mut kept, &effects, Duration::ZERO);
        assert_eq!(standings(&kept.0), standings(&whole), "cut at {cut}");
    }
}
