//! A simulated laboratory: launches of base and candidate with a known true effect, under noise and
//! under what an adversary or an unlucky machine adds.
//!
//! It knows nothing of pairs, rules or verdicts: the caller launches in the order its protocol
//! prescribes, discards included, because some attacks live in exactly that order. Start at [`Lab`].

use super::noise::{Draws, Noise, NoiseStream};
use super::pair::{Side, log_effect};

/// Layouts a side that a confirmation may cycle through.
pub const LAYOUTS: usize = 4;
/// Launches of noise that pass while a confirmation waits.
const WAIT: usize = 200;

/// What is added to the noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Attack {
    /// Nothing.
    None,
    /// The launch after one of the candidate takes this share longer.
    SlowsSuccessor(f64),
    /// Each build's code placement shifts its log cost by N(sd), anew with each [`Lab::relink`].
    Layout(f64),
    /// The second launch of a pair is multiplied by e to this.
    SecondSlot(f64),
    /// As `SecondSlot`, and a base launched after the candidate fails: if dropped, only flattering pairs remain.
    BaseFailsSecond(f64),
    /// The first launches take this share longer, halving every three launches.
    ColdCache(f64),
    /// Costs are read in ticks of this share of an undisturbed base launch.
    Ticks(f64),
    /// One candidate launch in ten takes three times as long.
    CandidateTail,
    /// The effect is there for this share of the time, in spells of about 50 launches.
    PartOfTheTime(f64),
    /// Wall time changes by this log effect (negative: slower) whatever the cost does.
    WallDiffers(f64),
    /// Every launch is slower than the last by this log cost.
    Drift(f64),
    /// Cauchy noise of this scale on top.
    Cauchy(f64),
    /// The candidate alone has N(sd) of noise more, launch by launch.
    WiderCandidate(f64),
    /// Both launches of a pair share a mode that costs this log cost, by chance.
    SharedModes(f64),
}

/// Which launch of a pair it is; a discarded launch has no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The first of a pair.
    First,
    /// The second of a pair.
    Second,
    /// Discarded: only its after-effects count.
    Discarded,
}

/// What a launch yields.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimulatedLaunch {
    /// The instrument's value; `None` if the launch failed.
    pub cost: Option<f64>,
    /// Wall time in the same unit.
    pub wall: f64,
}

/// What a laboratory simulates.
#[derive(Clone, Debug)]
pub struct World {
    /// The noise of every launch.
    pub noise: Noise,
    /// The true reduction of cost, as a share; negative is a slowdown.
    pub improvement: f64,
    /// What is added.
    pub attack: Attack,
}

/// A machine on which base and candidate are launched.
#[derive(Clone, Debug)]
pub struct Lab {
    world: World,
    stream: NoiseStream,
    draws: Draws,
    launches: i32,
    previous: Option<Side>,
    effective: bool,
    shared_mode: bool,
    /// Log cost of each side's layouts; before the first relink all are the one that was built.
    layouts: [[f64; LAYOUTS]; 2],
    side_launches: [usize; 2],
}

impl Lab {
    /// A laboratory that a seed repeats exactly.
    pub fn new(world: World, seed: u64) -> Self {
        let stream = NoiseStream::new(world.noise.clone(), seed);
        let mut draws = Draws::new(!seed);
        let sd = if let Attack::Layout(sd) = world.attack { sd } else { 0.0 };
        let layouts = [[draws.normal(sd); LAYOUTS], [draws.normal(sd); LAYOUTS]];
        let effective = match world.attack {
            Attack::PartOfTheTime(share) => draws.chance(share),
            _ => true,
        };
        Self {
            world,
            stream,
            draws,
            launches: 0,
            previous: None,
            effective,
            shared_mode: false,
            layouts,
            side_launches: [0; 2],
        }
    }

    /// Links each side anew in [`LAYOUTS`] layouts, which its launches then cycle through.
    pub fn relink(&mut self) {
        if let Attack::Layout(sd) = self.world.attack {
            self.layouts = std::array::from_fn(|_| std::array::from_fn(|_| self.draws.normal(sd)));
        }
    }

    /// Lets the minutes between test and confirmation pass: the noise moves on, and what comes and goes
    /// is there or not as it happens.
    pub fn wait(&mut self) {
        for _ in 0..WAIT {
            self.stream.launch();
        }
        if let Attack::PartOfTheTime(share) = self.world.attack {
            self.effective = self.draws.chance(share);
        }
    }

    /// Makes every launch do so many times the work: what a tick takes away is a smaller share of it.
    pub fn lengthen(&mut self, times: f64) {
        if let Attack::Ticks(tick) = &mut self.world.attack {
            *tick /= times;
        }
    }

    /// Launches one side once.
    pub fn launch(&mut self, side: Side, slot: Slot) -> SimulatedLaunch {
        let noise = self.stream.launch();
        let extra = self.extra(side, slot);
        let effect =
            if side == Side::Candidate && self.effective { log_effect(self.world.improvement) } else { 0.0 };
        let cost = libm::exp(noise + extra - effect);
        let wall = match self.world.attack {
            Attack::WallDiffers(effect) if side == Side::Candidate => libm::exp(noise + extra - effect),
            _ => cost,
        };
        self.launches += 1;
        self.previous = Some(side);
        let fails = matches!(self.world.attack, Attack::BaseFailsSecond(_))
            && (side, slot) == (Side::Base, Slot::Second);
        let cost = match self.world.attack {
            Attack::Ticks(tick) => tick * (cost / tick).floor(),
            _ => cost,
        };
        SimulatedLaunch { cost: (!fails).then_some(cost), wall }
    }

    /// The log cost the attack adds to this launch.
    fn extra(&mut self, side: Side, slot: Slot) -> f64 {
        let candidate = side == Side::Candidate;
        let second = slot == Slot::Second;
        let added = match self.world.attack {
            Attack::SlowsSuccessor(share) if self.previous == Some(Side::Candidate) => libm::log1p(share),
            Attack::SecondSlot(log) | Attack::BaseFailsSecond(log) if second => log,
            Attack::ColdCache(share) => libm::log1p(share * libm::exp2(-f64::from(self.launches) / 3.0)),
            Attack::CandidateTail if candidate && self.draws.chance(0.1) => libm::log(3.0),
            Attack::Drift(step) => step * f64::from(self.launches),
            Attack::Cauchy(scale) => {
                scale * libm::tan(std::f64::consts::PI * (self.draws.uniform() - 0.5)).clamp(-20.0, 20.0)
            }
            Attack::WiderCandidate(sd) if candidate => self.draws.normal(sd),
            Attack::SharedModes(log) => {
                if slot == Slot::First {
                    self.shared_mode = self.draws.chance(0.5);
                }
                if self.shared_mode { log } else { 0.0 }
            }
            Attack::PartOfTheTime(share) => {
                // Spells of 50 launches on average; the chain keeps `share` as its stationary law.
                let change = if self.effective { (1.0 - share) / 50.0 } else { share / 50.0 };
                self.effective ^= self.draws.chance(change);
                0.0
            }
            _ => 0.0,
        };
        let at = usize::from(candidate);
        let layout = self.layouts[at][self.side_launches[at] % LAYOUTS];
        self.side_launches[at] += 1;
        added + layout
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean log ratio base/candidate of alternating pairs, base first, with or without a discard before each launch.
    fn mean_effect(attack: Attack, discards: &[Side]) -> f64 {
        let mut lab = Lab::new(World { noise: Noise::Quiet, improvement: 0.0, attack }, 5);
        let mut sum = 0.0;
        for _ in 0..200 {
            let mut measured = |side, slot| {
                for discarded in discards {
                    lab.launch(*discarded, Slot::Discarded);
                }
                lab.launch(side, slot).cost.map_or(0.0, f64::ln)
            };
            let base = measured(Side::Base, Slot::First);
            sum += base - measured(Side::Candidate, Slot::Second);
        }
        sum / 200.0
    }

    #[test]
    fn a_discarded_base_launch_disarms_a_candidate_that_slows_its_successor() {
        assert!((mean_effect(Attack::SlowsSuccessor(0.2), &[]) - 0.18).abs() < 0.02);
        assert!(mean_effect(Attack::SlowsSuccessor(0.2), &[Side::Base]).abs() < 0.02);
    }

    #[test]
    fn relinking_cycles_through_four_layouts_a_side() {
        let world =
            World { noise: Noise::trace(&[1.0]).unwrap(), improvement: 0.0, attack: Attack::Layout(0.02) };
        let mut lab = Lab::new(world, 9);
        let mut distinct = || {
            let costs = (0..8).filter_map(|_| lab.launch(Side::Base, Slot::First).cost.map(f64::to_bits));
            costs.collect::<std::collections::BTreeSet<u64>>().len()
        };
        assert_eq!(distinct(), 1);
        lab.relink();
        let costs = (0..8).filter_map(|_| lab.launch(Side::Base, Slot::First).cost.map(f64::to_bits));
        assert_eq!(costs.collect::<std::collections::BTreeSet<u64>>().len(), LAYOUTS);
    }

    #[test]
    fn a_base_that_fails_after_the_candidate_yields_nothing_there() {
        let world = World { noise: Noise::Quiet, improvement: 0.0, attack: Attack::BaseFailsSecond(-0.08) };
        let mut lab = Lab::new(world, 1);
        assert!(lab.launch(Side::Base, Slot::First).cost.is_some());
        assert!(lab.launch(Side::Base, Slot::Second).cost.is_none());
    }
}
