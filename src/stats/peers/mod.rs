//! How other tools would decide "is the candidate at least 5 % cheaper?" on the same launches, so that
//! what our procedure costs and saves can be recomputed at each release.
//!
//! Rules only, written from their documentation and behaviour; none of them decides anything here.
//! A new peer is one file and one line in [`PEERS`].

mod benchstat;
mod criterion;
mod hyperfine;
mod min_of_n;
mod pyperf;
mod single_run;

/// A tool's fixed-size rule.
pub trait Peer: Sync {
    /// The tool and its setting.
    fn name(&self) -> String;

    /// Launches a side it decides from.
    fn launches(&self) -> usize;

    /// Whether it calls the candidate improved by at least `least_effect`, from costs of both sides.
    fn improved(&self, base: &[f64], candidate: &[f64], least_effect: f64) -> bool;
}

/// Every peer in its usual setting.
pub static PEERS: &[&dyn Peer] = &[
    &benchstat::Benchstat { launches: 10 },
    &criterion::Criterion { launches: 20 },
    &hyperfine::Hyperfine { launches: 10 },
    &min_of_n::MinOfN { launches: 5 },
    &pyperf::Pyperf { launches: 20 },
    &single_run::SingleRun,
];

/// benchstat's rule at a fixed size, for the comparison at equal error.
pub fn benchstat_at(launches: usize) -> impl Peer {
    benchstat::Benchstat { launches }
}
