//! G12: a loop of 200 candidates, four in five without effect, one in ten 3 % and one in ten 12 % cheaper.
//!
//! With layouts, every build of a tree has a place in memory of its own that shifts its cost for good,
//! the head's included; a confirmation measures four others.

use std::collections::BTreeMap;
use std::convert::Infallible;

use optiloop::app::drive::{Chronicle, drive};
use optiloop::engine::measure::{Conditions, Launched, Measure};
use optiloop::engine::record::{Entry, Record};
use optiloop::engine::run::Run;
use optiloop::model::id::TreeId;
use optiloop::stats::noise::{Draws, Noise, NoiseStream};
use optiloop::stats::pair::Side;

use super::decision::full;
use super::world::{LAUNCH, Machine, Proposal, Setup, Simulated, block_on, reading};

/// Candidates of a loop.
pub(crate) const CANDIDATES: u32 = 200;

/// What landed of a loop.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Landings {
    /// Without any effect.
    pub(crate) phantoms: u32,
    /// With an effect below the least one: phantoms and those of 3 %.
    pub(crate) too_small: u32,
    /// Real ones.
    pub(crate) real: u32,
    /// Pairs of all comparisons.
    pub(crate) pairs: usize,
}

/// Runs one loop; layouts shift each build's log cost by N(`layout_sd`).
pub(crate) fn run(noise: &Noise, layout_sd: f64, seed: u64) -> Landings {
    let mut draws = Draws::new(seed);
    let effect = |share: f64| {
        if share < 0.8 {
            0.0
        } else if share < 0.9 {
            0.03
        } else {
            0.12
        }
    };
    let effects: Vec<f64> = (0..CANDIDATES).map(|_| effect(draws.uniform())).collect();
    let stream = NoiseStream::new(noise.clone(), seed.rotate_left(17));
    let machine = Relinked { stream, draws, layout_sd, layouts: BTreeMap::new(), now: None, launches: 0 };
    let proposals = effects.iter().map(|effect| Proposal::of_effect(*effect)).collect();
    let mut world = Simulated::new(proposals, machine);
    let mut run = Run::new(Setup::looping(full(), u128::from(seed).to_le_bytes()).header());
    let mut tally = Tally { effects, landings: Landings::default(), judged: 0 };
    block_on(drive(&mut run, &mut world, &mut tally)).expect("the loop ends by itself");
    assert_eq!(tally.judged, CANDIDATES, "every candidate was judged");
    tally.landings
}

/// Counts landings by their true effect.
struct Tally {
    effects: Vec<f64>,
    landings: Landings,
    judged: u32,
}

impl Chronicle for Tally {
    type Error = Infallible;

    fn append(&mut self, entry: &Entry) -> Result<(), Infallible> {
        match &entry.record {
            Record::Measured(measured) => self.landings.pairs += measured.pairs.len(),
            Record::Judged(_) => self.judged += 1,
            Record::Landed(landed) => {
                let effect = self.effects[landed.iteration.0 as usize - 1];
                self.landings.phantoms += u32::from(effect == 0.0);
                self.landings.too_small += u32::from(effect < 0.05);
                self.landings.real += u32::from(effect > 0.05);
            }
            _ => {}
        }
        Ok(())
    }
}

/// A machine on which each layout of each tree has a cost of its own.
struct Relinked {
    stream: NoiseStream,
    draws: Draws,
    layout_sd: f64,
    layouts: BTreeMap<(TreeId, u32), f64>,
    /// The trees compared now, and how many layouts are cycled through (0: as built).
    now: Option<([TreeId; 2], u32)>,
    launches: u32,
}

impl Machine for Relinked {
    fn begin(&mut self, measure: &Measure) {
        let layouts = match measure.conditions {
            Conditions::Plain => 0,
            Conditions::Changed { layouts, .. } => layouts,
        };
        self.now = Some(([measure.base.tree, measure.candidate.tree], layouts));
    }

    fn launch(&mut self, side: Side, slot: Option<u32>, log_cost: f64) -> Launched {
        let Some((trees, layouts)) = self.now else {
            return Launched::Failed("nothing was begun".to_owned());
        };
        let tree = trees[usize::from(side == Side::Candidate)];
        // Both sides of a pair, and the pairs after one another, go through the layouts.
        self.launches += u32::from(slot == Some(0));
        let layout = if layouts == 0 { 0 } else { 1 + self.launches % layouts };
        let (draws, sd) = (&mut self.draws, self.layout_sd);
        let placed = *self.layouts.entry((tree, layout)).or_insert_with(|| draws.normal(sd));
        let seconds = LAUNCH * (log_cost + placed + self.stream.launch()).exp();
        reading(seconds, seconds)
    }
}
