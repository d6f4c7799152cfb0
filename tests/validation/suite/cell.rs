//! A cell: one true effect under one noise, many decisions, and what is demanded of them.

use std::thread;

use optiloop::stats::attacks::{Attack, Lab, World};
use optiloop::stats::instrument::Instrument;
use optiloop::stats::location::count;
use optiloop::stats::noise::Noise;

use super::decision::{Decision, Trial};
use super::demand::{Checked, Demand};
use super::machine::LabMachine;
use super::world::{LAUNCH, Proposal};

/// What is tried.
#[derive(Clone)]
pub(crate) struct Cell {
    /// Noise and true effect, in words.
    pub(crate) name: String,
    /// What the launches are like.
    pub(crate) lab: World,
    /// What cost is read by.
    pub(crate) instrument: Instrument,
    /// Candidates tried before this one; none of them landed.
    pub(crate) tried: u32,
    /// What part B demands, each with its row there.
    pub(crate) demands: Vec<(&'static str, Demand)>,
}

/// What came of a cell's trials.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    /// Decisions made.
    pub(crate) trials: u32,
    /// True change of cost in percent.
    pub(crate) true_change: f64,
    /// Accepted by the test.
    pub(crate) accepted: u32,
    /// Landed after the confirmation.
    pub(crate) landed: u32,
    /// Held for a person.
    pub(crate) held: u32,
    /// Launches of each test.
    pub(crate) launches: Vec<f64>,
    /// What each commit told, in percent.
    pub(crate) told: Vec<f64>,
    /// Each final number, in percent.
    pub(crate) final_numbers: Vec<f64>,
    /// Pairs of all comparisons.
    pub(crate) pairs: f64,
}

impl Cell {
    /// A cell without an attack, the first of its stream.
    pub(crate) fn new(name: &str, noise: &Noise, improvement: f64) -> Self {
        let lab = World { noise: noise.clone(), improvement, attack: Attack::None };
        Self { name: name.to_owned(), lab, instrument: Instrument::Wall, tried: 0, demands: Vec::new() }
    }

    /// The same under an attack.
    pub(crate) fn under(mut self, attack: Attack) -> Self {
        self.lab.attack = attack;
        self
    }

    /// The same with one demand more.
    pub(crate) fn demand(mut self, id: &'static str, demand: Demand) -> Self {
        self.demands.push((id, demand));
        self
    }

    /// Decides as often as is asked, on as many threads.
    pub(crate) fn run(&self, trials: u32, threads: u32) -> Figures {
        let parts: Vec<Figures> = thread::scope(|scope| {
            let part = |first| move || self.part((first..trials).step_by(threads as usize));
            let running: Vec<_> = (0..threads).map(|first| scope.spawn(part(first))).collect();
            running.into_iter().map(|thread| thread.join().expect("a trial does not panic")).collect()
        });
        let improvement = self.lab.improvement;
        parts
            .into_iter()
            .fold(Figures { true_change: -100.0 * improvement, ..Figures::default() }, Figures::and)
    }

    fn part(&self, trials: impl Iterator<Item = u32>) -> Figures {
        trials.fold(Figures::default(), |figures, trial| figures.with(&self.decide(trial)))
    }

    fn decide(&self, trial: u32) -> Decision {
        let seed = seed(&self.name, trial);
        Trial {
            machine: LabMachine::new(Lab::new(self.lab.clone(), seed)),
            proposal: Proposal::default(),
            instrument: self.instrument,
            resolution: if let Attack::Ticks(tick) = self.lab.attack { tick * LAUNCH } else { 0.0 },
            tried: self.tried,
            guards: 0,
            key: u128::from(seed).to_le_bytes(),
        }
        .decide()
    }

    /// Every demand beside the figures.
    pub(crate) fn check(&self, figures: &Figures) -> Vec<(&'static str, Checked)> {
        self.demands.iter().map(|(id, demand)| (*id, demand.check(figures))).collect()
    }
}

impl Figures {
    fn with(mut self, decision: &Decision) -> Self {
        self.trials += 1;
        self.accepted += u32::from(decision.accepted);
        self.landed += u32::from(decision.landed);
        self.held += u32::from(decision.held);
        self.launches.push(decision.launches);
        self.told.extend(decision.told.filter(|_| decision.landed));
        self.final_numbers.extend(decision.final_number);
        self.pairs += decision.pairs;
        self
    }

    fn and(mut self, other: Self) -> Self {
        self.trials += other.trials;
        self.accepted += other.accepted;
        self.landed += other.landed;
        self.held += other.held;
        self.launches.extend(other.launches);
        self.told.extend(other.told);
        self.final_numbers.extend(other.final_numbers);
        self.pairs += other.pairs;
        self
    }

    /// Mean launches of a test.
    pub(crate) fn mean_launches(&self) -> f64 {
        self.launches.iter().sum::<f64>() / count(self.launches.len())
    }
}

/// A seed of one trial of one name: FNV-1a, so that cells are independent and each repeats exactly.
pub(crate) fn seed(name: &str, trial: u32) -> u64 {
    let bytes = name.bytes().chain(trial.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
