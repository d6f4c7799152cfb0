//! The peers' rules on the same noise: what they accept must be what was measured when ours was chosen,
//! or the comparison with them is worth nothing. Base batch, then candidate batch, as they run.

use optiloop::stats::location::count;
use optiloop::stats::noise::{Noise, NoiseStream};
use optiloop::stats::pair::log_effect;
use optiloop::stats::peers::{PEERS, Peer, benchstat_at};

const TRIALS: u32 = 300;

/// How the launches of both sides follow each other.
#[derive(Clone, Copy)]
enum Schedule {
    Batches,
    Interleaved,
}

/// The share of trials in which a peer calls a true improvement "at least 5 %".
fn accepted(peer: &dyn Peer, noise: &Noise, improvement: f64, schedule: Schedule) -> f64 {
    let accepted = (0..TRIALS).filter(|trial| {
        let mut stream = NoiseStream::new(noise.clone(), u64::from(*trial));
        let launches: Vec<f64> = (0..2 * peer.launches()).map(|_| stream.launch().exp()).collect();
        let (base, candidate): (Vec<f64>, Vec<f64>) = match schedule {
            Schedule::Batches => {
                let (base, candidate) = launches.split_at(peer.launches());
                (base.to_vec(), candidate.to_vec())
            }
            Schedule::Interleaved => launches.chunks(2).map(|pair| (pair[0], pair[1])).unzip(),
        };
        let candidate: Vec<f64> =
            candidate.iter().map(|cost| cost * (-log_effect(improvement)).exp()).collect();
        peer.improved(&base, &candidate, 0.05)
    });
    count(accepted.count()) / f64::from(TRIALS)
}

fn named(name: &str) -> &'static dyn Peer {
    PEERS.iter().copied().find(|peer| peer.name().starts_with(name)).expect("a registered peer")
}

#[test]
fn peers_accept_what_was_measured_of_them() {
    // peer, noise, true improvement, share accepted then (2,000 trials).
    let table = [
        ("benchstat", Noise::Vm, 0.03, 0.168),
        ("benchstat", Noise::Ci, 0.0, 0.148),
        ("benchstat", Noise::Quiet, 0.05, 0.488),
        ("criterion", Noise::Vm, 0.10, 0.830),
        ("criterion", Noise::Ci, 0.0, 0.075),
        ("hyperfine", Noise::Ci, 0.0, 0.281),
        ("min of", Noise::Vm, 0.03, 0.252),
        ("single run", Noise::Vm, 0.0, 0.500),
        ("single run", Noise::Quiet, 0.03, 0.977),
    ];
    for (name, noise, improvement, expected) in table {
        let share = accepted(named(name), &noise, improvement, Schedule::Batches);
        // 4 standard deviations of the difference of both measurements.
        let slack = 4.0 * (expected * (1.0 - expected) * (1.0 / f64::from(TRIALS) + 1.0 / 2000.0)).sqrt();
        assert!(
            (share - expected).abs() <= slack,
            "{name} {noise:?} {improvement}: {share}, then {expected}"
        );
    }
}

#[test]
fn benchstat_needs_forty_interleaved_launches_a_side_on_a_virtual_machine() {
    let share = |launches, improvement| {
        accepted(&benchstat_at(launches), &Noise::Vm, improvement, Schedule::Interleaved)
    };
    assert!(share(10, 0.03) > 0.04);
    assert!(share(40, 0.03) <= 0.03 && share(40, 0.10) >= 0.95);
}

#[test]
fn pyperf_finds_a_clear_gain_and_keeps_a_no_op_apart_on_a_quiet_machine() {
    let share = |improvement| accepted(named("pyperf"), &Noise::Quiet, improvement, Schedule::Batches);
    assert!(share(0.20) > 0.97 && share(0.0) < 0.02);
}
