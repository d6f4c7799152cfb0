//! What other tools' rules say on the same noise, beside ours: share called "at least 5 % cheaper".
//!
//! They run their base batch, then their candidate batch, as they do; ours goes through the drive loop.

use optiloop::stats::noise::{Noise, NoiseStream};
use optiloop::stats::pair::log_effect;
use optiloop::stats::peers::{PEERS, Peer};

use super::suite::cell::{Cell, seed};
use super::suite::cells;

/// True improvements of the columns.
const EFFECTS: [f64; 4] = [0.0, 0.03, 0.05, 0.10];

/// How launches of both sides follow each other.
#[derive(Clone, Copy)]
pub(crate) enum Schedule {
    /// All of the base, then all of the candidate.
    Batches,
    /// In turns.
    Interleaved,
}

/// Prints the table.
pub(crate) fn table(trials: u32, threads: u32) {
    println!(
        "\nthe peers' rules on the same noise: accepted % at a true 0, 3, 5, 10 %, and launches ({trials} trials)"
    );
    for (name, noise) in [cells::models(), cells::cpu_time()].concat() {
        println!("{name}");
        for peer in PEERS {
            let shares = EFFECTS.map(|effect| share(*peer, &noise, effect, (Schedule::Batches, trials)));
            let [none, three, five, ten] = shares.map(|share| 100.0 * share);
            println!(
                "  {:20} {none:>7.2} {three:>7.2} {five:>7.2} {ten:>7.2}  {}",
                peer.name(),
                2 * peer.launches()
            );
        }
        let ours = EFFECTS.map(|effect| {
            Cell::new(&format!("peers, {effect}, {name}"), &noise, effect).run(trials, threads)
        });
        for (what, counts) in [
            ("optiloop accepted", ours.each_ref().map(|f| f.accepted)),
            ("optiloop landed", ours.each_ref().map(|f| f.landed)),
        ] {
            let [none, three, five, ten] = counts.map(|count| 100.0 * f64::from(count) / f64::from(trials));
            let launches = format!("{:.1} to {:.1}", ours[0].mean_launches(), ours[3].mean_launches());
            println!("  {what:20} {none:>7.2} {three:>7.2} {five:>7.2} {ten:>7.2}  {launches}");
        }
    }
}

/// The share of trials in which a peer calls this improvement "at least 5 %".
pub(crate) fn share(
    peer: &dyn Peer,
    noise: &Noise,
    improvement: f64,
    (schedule, trials): (Schedule, u32),
) -> f64 {
    let factor = (-log_effect(improvement)).exp();
    let accepted = (0..trials).filter(|trial| {
        let mut stream = NoiseStream::new(noise.clone(), seed("peers", *trial));
        let launches: Vec<f64> = (0..2 * peer.launches()).map(|_| stream.launch().exp()).collect();
        let (base, candidate): (Vec<f64>, Vec<f64>) = match schedule {
            Schedule::Batches => {
                let (base, candidate) = launches.split_at(peer.launches());
                (base.to_vec(), candidate.iter().map(|cost| cost * factor).collect())
            }
            Schedule::Interleaved => launches.chunks_exact(2).map(|pair| (pair[0], pair[1] * factor)).unzip(),
        };
        peer.improved(&base, &candidate, 0.05)
    });
    f64::from(u32::try_from(accepted.count()).unwrap_or(u32::MAX)) / f64::from(trials)
}
