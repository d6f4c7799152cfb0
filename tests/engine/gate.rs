//! What one proposal goes through, rule by rule of decision.md.

use optiloop::app::drive::drive;
use optiloop::engine::finding::Finding;
use optiloop::engine::measure::{Launched, Reading};
use optiloop::engine::record::{Found, Record};
use optiloop::engine::run::Run;
use optiloop::model::verdict::{HoldReason, Rejection, StopReason, Verdict};
use optiloop::policy::origin::{Origin, Sourced};
use optiloop::policy::value::{Gate, Ratio};
use optiloop::stats::coin::ComparisonKind;
use optiloop::stats::guard::GuardState;
use optiloop::stats::instrument::Instrument;
use optiloop::stats::pair::Side;

use super::world::{InMemory, LAUNCH, Machine, Proposal, Setup, Simulated, block_on, quick, reading};

/// A machine without noise on which some launches fail; of each side all are counted, discards too.
#[derive(Default)]
struct Failing {
    base: Vec<u32>,
    candidate: Vec<u32>,
    launches: [u32; 2],
}

impl Machine for Failing {
    fn launch(&mut self, side: Side, _slot: Option<u32>, log_cost: f64) -> Launched {
        let at = usize::from(side == Side::Candidate);
        self.launches[at] += 1;
        if [&self.base, &self.candidate][at].contains(&self.launches[at]) {
            return Launched::Failed(format!("launch {} fails", self.launches[at]));
        }
        let seconds = LAUNCH * log_cost.exp();
        reading(seconds, seconds)
    }
}

/// A machine on which the candidate works on two cores at once: less wall time, as much CPU time.
struct TwoCores;

impl Machine for TwoCores {
    fn launch(&mut self, side: Side, _slot: Option<u32>, _log_cost: f64) -> Launched {
        let wall = if side == Side::Candidate { 0.6 * LAUNCH } else { LAUNCH };
        let threads = if side == Side::Candidate { 2 } else { 1 };
        Launched::Read(Reading {
            cpu: LAUNCH,
            wall,
            run_delay: Some(0.0),
            run_delay_threads: Some(0.0),
            threads: Some(threads),
            ..Reading::default()
        })
    }
}

fn records<M: Machine>(setup: Setup, world: &mut Simulated<M>) -> Vec<Record> {
    let mut run = Run::new(setup.header());
    let mut kept = InMemory::default();
    block_on(drive(&mut run, world, &mut kept)).expect("the run ends by itself");
    kept.0.into_iter().map(|entry| entry.record).collect()
}

fn setup() -> Setup {
    Setup::looping(quick(), [5; 16])
}

fn verdict(records: &[Record]) -> Option<&Verdict> {
    records.iter().rev().find_map(|record| match record {
        Record::Judged(judged) => Some(&judged.verdict),
        _ => None,
    })
}

fn of(effect: f64, machine: Failing) -> Vec<Record> {
    records(setup(), &mut Simulated::new(vec![Proposal::of_effect(effect)], machine))
}

fn is_broken(records: &[Record]) -> bool {
    matches!(verdict(records), Some(Verdict::Rejected { reason: Rejection::Broken { .. } }))
}

#[test]
fn a_discarded_launch_of_the_candidate_that_fails_is_a_failure_of_it() {
    // The first launch of each comparison is a discarded one.
    assert!(!is_broken(&of(0.3, Failing { candidate: vec![1], ..Failing::default() })));
    assert!(is_broken(&of(0.3, Failing { candidate: vec![1, 4], ..Failing::default() })));
}

#[test]
fn discarded_launches_of_the_base_that_fail_are_the_environments_fault() {
    let records = of(0.3, Failing { base: vec![1, 3], ..Failing::default() });
    let Some(Record::Stopped { reason: StopReason::Environment { detail } }) = records.last() else {
        panic!("{:?}", records.last());
    };
    assert!(detail.contains("base: launch 3 fails"), "{detail}");
}

#[test]
fn one_failure_is_paid_for_with_sixty_clean_launches_and_a_second_among_them_breaks() {
    let once = of(0.3, Failing { candidate: vec![3], ..Failing::default() });
    assert_eq!(verdict(&once), Some(&Verdict::Accepted));
    let owed = once.iter().any(|record| {
        matches!(record, Record::Measured(measured) if measured.comparison.kind == ComparisonKind::Repeat)
    });
    assert!(owed, "launches were owed");
    assert!(is_broken(&of(0.3, Failing { candidate: vec![3, 60], ..Failing::default() })));
}

#[test]
fn equal_code_is_measured_where_policy_does_not_take_it_for_no_change() {
    let mut setup = setup();
    let proposal = Proposal { same_code: true, ..Proposal::of_effect(0.0) };
    let flag = Origin::Flag { name: "--no-code-identity".to_owned() };
    setup.policy.code_identity = Sourced::new(false, flag);
    let records = records(setup, &mut Simulated::new(vec![proposal], Failing::default()));
    assert_eq!(verdict(&records), Some(&Verdict::Rejected { reason: Rejection::Unchanged }));
}

/// The alphas of three no-ops in a row.
fn alphas(false_discovery: f64) -> Vec<f64> {
    let mut setup = setup();
    let origin = Origin::Flag { name: "--policy".to_owned() };
    setup.policy.false_discovery = Sourced::new(Ratio::try_from(false_discovery).expect("a share"), origin);
    let proposals = vec![Proposal::of_effect(0.0); 3];
    let records = records(setup, &mut Simulated::new(proposals, Failing::default()));
    let tests = records.iter().filter_map(|record| match record {
        Record::Found(Found { finding: Finding::Test { alpha, .. }, .. }) => Some(*alpha),
        _ => None,
    });
    tests.collect()
}

#[test]
fn the_alphas_of_a_stream_follow_from_the_promised_false_discovery_rate() {
    // q·γ_t with γ_t = 1/(2.2(t+1)ln²(t+1)), at most .01.
    let gamma = |t: f64| 1.0 / (2.2 * (t + 1.0) * (t + 1.0).ln().powi(2));
    for q in [0.1, 0.01] {
        let expected = [1.0, 2.0, 3.0].map(|t| (q * gamma(t)).min(0.01));
        let found = alphas(q);
        assert_eq!(found.len(), 3);
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} {expected:?}");
    }
}

#[test]
fn each_benchmark_of_a_target_is_a_guard_as_well_and_starts_with_the_pairs_of_the_test() {
    let setup = Setup { targets: 2, ..setup() };
    let records = records(setup, &mut Simulated::new(vec![Proposal::of_effect(0.3)], Failing::default()));
    let guards = records.iter().find_map(|record| match record {
        Record::Found(Found { finding: Finding::Guards { guards }, .. }) => Some(guards.clone()),
        _ => None,
    });
    let states: Vec<GuardState> = guards.unwrap_or_default().iter().map(|(state, _)| *state).collect();
    assert_eq!(states, [GuardState::Clean, GuardState::Clean]);
    let more = records.iter().any(|record| {
        matches!(record, Record::Measured(measured) if measured.comparison.kind == ComparisonKind::Guard)
    });
    assert!(!more, "the test's pairs were enough");
}

/// What becomes of a candidate that works on two cores.
fn on_two_cores(gate: Gate) -> Option<Verdict> {
    let mut setup = setup();
    setup.policy.parallelism = Sourced::new(gate, Origin::Flag { name: "--policy".to_owned() });
    let mut world = Simulated::new(vec![Proposal::of_effect(0.0)], TwoCores);
    world.instrument = Instrument::CpuTime;
    verdict(&records(setup, &mut world)).cloned()
}

#[test]
fn a_candidate_on_more_cores_is_measured_in_wall_time_and_policy_decides() {
    assert_eq!(on_two_cores(Gate::Allow), Some(Verdict::Accepted));
    let held = on_two_cores(Gate::Hold);
    assert!(
        matches!(&held, Some(Verdict::Held { reasons }) if matches!(reasons[..], [HoldReason::Parallelism { .. }])),
        "{held:?}"
    );
    let blocked = on_two_cores(Gate::Block);
    assert!(
        matches!(&blocked, Some(Verdict::Rejected { reason: Rejection::Parallelism { .. } })),
        "{blocked:?}"
    );
}

/// A machine on which one thread seems to idle for a fifth of its first launches, as it does where the launcher
/// itself waits for a core.
#[derive(Default)]
struct Late(u32);

impl Machine for Late {
    fn launch(&mut self, _: Side, _: Option<u32>, log_cost: f64) -> Launched {
        self.0 += 1;
        let cpu = LAUNCH * log_cost.exp();
        let wall = if self.0 <= 10 { 1.25 * cpu } else { cpu };
        Launched::Read(Reading {
            cpu,
            wall,
            run_delay: Some(0.0),
            run_delay_threads: Some(0.0),
            threads: Some(1),
            ..Reading::default()
        })
    }
}

#[test]
fn one_thread_on_a_busy_machine_is_not_held_for_parallelism() {
    let mut world = Simulated::new(vec![Proposal::of_effect(0.3)], Late::default());
    world.instrument = Instrument::CpuTime;
    assert_eq!(verdict(&records(setup(), &mut world)), Some(&Verdict::Accepted));
}

#[test]
fn the_profile_fills_the_wait_before_the_confirmation() {
    let records = of(0.3, Failing::default());
    let at = |wanted: fn(&Record) -> bool| records.iter().position(wanted);
    let profiled = at(|record| matches!(record, Record::Profiled(profiled) if profiled.iteration.is_some()));
    let confirmed = at(
        |record| matches!(record, Record::Measured(m) if m.comparison.kind == ComparisonKind::Confirmation),
    );
    assert!(profiled < confirmed && profiled.is_some(), "{profiled:?} {confirmed:?}");
}
