//! Seeded noise of launches, to validate the rules on: four models and recorded traces.
//!
//! On the log scale, one step a launch; autocorrelated parts start from their stationary law. What an
//! adversary adds to it is [`super::attacks`].

use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::location::whole;
use super::pair::is_value;

/// A kind of noise.
#[derive(Clone, Debug, PartialEq)]
pub enum Noise {
    /// A quiet machine: N(.01) with 1 % spikes.
    Quiet,
    /// A virtual machine: N(.03), drift AR(1) .98 of sd .03, 3 % spikes.
    Vm,
    /// A shared CI runner: N(.05), drift AR(1) .95 of sd .06, 8 % spikes, two states .12 apart.
    Ci,
    /// Two modes a launch falls into by chance: N(.015), half of them 8 % slower.
    Bimodal,
    /// Consecutive recorded launches (log costs) from a uniformly random start, closed to a ring.
    Trace(Arc<[f64]>),
}

impl Noise {
    /// The four models with their names.
    pub const MODELS: [(&'static str, Self); 4] =
        [("quiet", Self::Quiet), ("vm", Self::Vm), ("ci", Self::Ci), ("bimodal", Self::Bimodal)];

    /// A trace of recorded costs; `None` if one is no value or there is none.
    pub fn trace(costs: &[f64]) -> Option<Self> {
        let recorded = !costs.is_empty() && costs.iter().all(|cost| is_value(*cost));
        recorded.then(|| Self::Trace(costs.iter().map(|cost| libm::log(*cost)).collect()))
    }
}

/// The numbers of one column of a CSV file with a header line; `None` if there is no such column or
/// a line has no number in it.
pub fn csv_column(text: &str, name: &str) -> Option<Vec<f64>> {
    let mut lines = text.lines();
    let at = lines.next()?.split(',').position(|column| column.trim() == name)?;
    lines.map(|line| line.split(',').nth(at)?.trim().parse().ok()).collect()
}

/// Random draws of a simulation: uniform, normal, exponential, coins.
#[derive(Clone, Debug)]
pub struct Draws(ChaCha8Rng);

impl Draws {
    /// Draws that a seed repeats exactly.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Uniform on (0, 1): never an end, so that its logarithm and powers are finite.
    pub fn uniform(&mut self) -> f64 {
        let high = u32::try_from(self.0.next_u64() >> 32).unwrap_or(0);
        (f64::from(high) + 0.5) / 4_294_967_296.0
    }

    /// Normal with this standard deviation (Box & Muller 1958).
    pub fn normal(&mut self, sd: f64) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        sd * radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// One of `count` positions, each as likely; 0 of none.
    pub fn position(&mut self, count: usize) -> usize {
        whole(self.uniform() * super::location::count(count)).min(count.saturating_sub(1))
    }
}

/// The noise of launch after launch.
#[derive(Clone, Debug)]
pub struct NoiseStream {
    noise: Noise,
    draws: Draws,
    /// The drift now, of the models that have one.
    drift: f64,
    /// Whether the slow state holds, of the model that has one.
    slow: bool,
    /// The next launch of a trace.
    position: usize,
}

impl NoiseStream {
    /// A stream of this noise; a seed repeats it exactly.
    pub fn new(noise: Noise, seed: u64) -> Self {
        let mut draws = Draws::new(seed);
        let drift = match noise {
            Noise::Vm => draws.normal(VM_DRIFT.sd),
            Noise::Ci => draws.normal(CI_DRIFT.sd),
            Noise::Quiet | Noise::Bimodal | Noise::Trace(_) => 0.0,
        };
        let slow = draws.chance(CI_ENTER / (CI_ENTER + CI_LEAVE));
        let position = match &noise {
            Noise::Trace(ring) => draws.position(ring.len()),
            _ => 0,
        };
        Self { noise, draws, drift, slow, position }
    }

    /// The log cost of the next launch, relative to an undisturbed one (of a trace: absolute).
    pub fn launch(&mut self) -> f64 {
        match &self.noise {
            Noise::Quiet => self.draws.normal(0.01) + self.heavy_spike(0.01),
            Noise::Vm => {
                self.drift = VM_DRIFT.step(self.drift, &mut self.draws);
                self.draws.normal(0.03) + self.drift + self.heavy_spike(0.03)
            }
            Noise::Ci => {
                self.drift = CI_DRIFT.step(self.drift, &mut self.draws);
                let change = if self.slow { CI_LEAVE } else { CI_ENTER };
                self.slow ^= self.draws.chance(change);
                let spike =
                    if self.draws.chance(0.08) { libm::log1p(0.4 * self.draws.exponential()) } else { 0.0 };
                self.draws.normal(0.05) + self.drift + spike + if self.slow { 0.12 } else { 0.0 }
            }
            Noise::Bimodal => {
                let slow = self.draws.chance(0.5);
                self.draws.normal(0.015) + if slow { libm::log(1.08) } else { 0.0 }
            }
            Noise::Trace(ring) => {
                let value = ring.get(self.position).copied().unwrap_or(0.0);
                self.position = (self.position + 1) % ring.len().max(1);
                value
            }
        }
    }

    /// A Pareto spike, ln(1 + .1·U^(−1/1.5)), with this probability.
    fn heavy_spike(&mut self, probability: f64) -> f64 {
        if !self.draws.chance(probability) {
            return 0.0;
        }
        libm::log1p(0.1 * libm::pow(self.draws.uniform(), -1.0 / 1.5))
    }
}

/// A stationary AR(1) process.
struct Drift {
    memory: f64,
    sd: f64,
}

impl Drift {
    fn step(&self, now: f64, draws: &mut Draws) -> f64 {
        self.memory * now + draws.normal(self.sd * (1.0 - self.memory * self.memory).sqrt())
    }
}

const VM_DRIFT: Drift = Drift { memory: 0.98, sd: 0.03 };
const CI_DRIFT: Drift = Drift { memory: 0.95, sd: 0.06 };
/// Probabilities a launch of entering and leaving the slow state.
const CI_ENTER: f64 = 0.03;
const CI_LEAVE: f64 = 0.07;

#[cfg(test)]
mod tests {
    use super::super::location::mad_sd;
    use super::*;

    #[test]
    fn pairs_of_each_model_have_the_noise_it_was_decided_on() {
        for ((name, noise), expected) in Noise::MODELS.into_iter().zip([0.0145, 0.046, 0.088, 0.062]) {
            let pairs: Vec<f64> = (0..400)
                .flat_map(|seed| {
                    let mut stream = NoiseStream::new(noise.clone(), seed);
                    (0..20).map(move |_| stream.launch() - stream.launch()).collect::<Vec<_>>()
                })
                .collect();
            let sd = mad_sd(&pairs);
            assert!((sd / expected - 1.0).abs() < 0.06, "{name}: {sd}");
        }
    }

    #[test]
    fn a_trace_is_a_ring_entered_anywhere() {
        let noise = Noise::trace(&[1.0, 2.0, 4.0]).unwrap();
        let starts: std::collections::BTreeSet<u64> = (0..50)
            .map(|seed| {
                let mut stream = NoiseStream::new(noise.clone(), seed);
                let lap: Vec<f64> = (0..6).map(|_| stream.launch()).collect();
                assert_eq!(lap[..3], lap[3..]);
                lap[0].to_bits()
            })
            .collect();
        assert_eq!(starts.len(), 3);
        assert_eq!(Noise::trace(&[1.0, 0.0]), None);
    }

    #[test]
    fn a_column_is_found_by_its_name() {
        let text = "i,ms,cpu\n0,2.5,1\n1,3.5,2\n";
        assert_eq!(csv_column(text, "ms"), Some(vec![2.5, 3.5]));
        assert_eq!(csv_column(text, "rss"), None);
        assert_eq!(csv_column("ms\nx\n", "ms"), None);
    }
}
