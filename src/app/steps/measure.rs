//! Runs pairs: coin-flipped, back to back, discards first, alone on the machine.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::app::reporter::progress::Progress;
use crate::app::world::{RealWorld, WorldError};
use crate::clock::Stopwatch;
use crate::engine::measure::{
    Conditions, Discarded, Discards, Launched, Measure, Measured, MeasuredPair, planted_iterations,
};
use crate::model::launch::Sampling;
use crate::process::lock::MeasurementLock;
use crate::stats::coin::ComparisonKind;
use crate::stats::pair::{Order, Side};

use super::launch::{Launch, slot};

/// A pause after which one launch of each side is discarded again.
const PAUSE: Duration = Duration::from_secs(10);
/// Pairs of a test whose threads are sampled: the first batch, and one more where a launch of it failed.
const SAMPLED: u32 = 8;

/// Runs the batch.
pub async fn perform(world: &mut RealWorld<'_>, measure: &Measure) -> Result<Measured, WorldError> {
    wait(world, measure.after).await?;
    let what = format!("{} {:?}", world.header.run, measure.comparison.kind);
    let progress = &mut *world.progress;
    let lock = world.lock.clone();
    let _alone = MeasurementLock::acquire(&lock, &what, &world.hands.cancel, |holder| {
        progress(Progress::Waiting { why: format!("another measurement is running: {holder}") });
    })
    .await?;
    let mut batch = Batch { world, measure, discarded: Vec::new() };
    let first = measure.pairs.first().is_some_and(|pair| pair.pair == 1);
    if first || batch.world.last_pair.is_none_or(|last| last.elapsed() > PAUSE) {
        batch.warm_up().await?;
    }
    let mut pairs = Vec::new();
    for scheduled in &measure.pairs {
        for (work, order) in &scheduled.rounds {
            let pair = batch.pair(scheduled.pair, *work, *order).await?;
            (batch.world.progress)(Progress::pair(measure, &pair));
            pairs.push(pair);
            batch.world.last_pair = Some(Stopwatch::start());
            if measure.comparison.kind == ComparisonKind::Test {
                batch.world.last_test_pair = Some(Stopwatch::start());
            }
        }
    }
    let from_pair = measure.pairs.first().map_or(1, |pair| pair.pair);
    Ok(Measured { comparison: measure.comparison, from_pair, pairs, discarded: batch.discarded })
}

/// Waits until `after` has passed since the last pair of the test.
async fn wait(world: &mut RealWorld<'_>, after: Duration) -> Result<(), WorldError> {
    let waited = world.last_test_pair.map_or(Duration::ZERO, |last| last.elapsed());
    let left = after.saturating_sub(waited);
    if left.is_zero() {
        return Ok(());
    }
    (world.progress)(Progress::Waiting {
        why: format!("{} s until the confirmation, so that it runs under changed conditions", left.as_secs()),
    });
    tokio::select! {
        () = world.hands.cancel.cancelled() => Err(WorldError::Interrupted),
        () = tokio::time::sleep(left) => Ok(()),
    }
}

/// A batch in progress.
struct Batch<'w, 'p, 'm> {
    world: &'w mut RealWorld<'p>,
    measure: &'m Measure,
    discarded: Vec<Discarded>,
}

impl Batch<'_, '_, '_> {
    /// One discarded launch of each side, base first.
    async fn warm_up(&mut self) -> Result<(), WorldError> {
        for side in [Side::Base, Side::Candidate] {
            for work in scheduled(self.measure) {
                let launched = self.launch(work, side, 0).await?;
                self.discarded.push(Discarded { side, launched });
            }
        }
        Ok(())
    }

    async fn pair(&mut self, pair: u32, work: usize, order: Order) -> Result<MeasuredPair, WorldError> {
        let layout = match self.measure.conditions {
            Conditions::Plain => 0,
            Conditions::Changed { layouts, .. } => pair % layouts.max(1),
        };
        let sides = match order {
            Order::BaseFirst => [Side::Base, Side::Candidate],
            Order::CandidateFirst => [Side::Candidate, Side::Base],
        };
        let (mut base, mut candidate) = (None, None);
        for (slot, side) in sides.into_iter().enumerate() {
            if self.discards_before(slot) {
                let launched = self.launch(work, Side::Base, layout).await?;
                self.discarded.push(Discarded { side: Side::Base, launched });
            }
            let launched = self.launch(work, side, layout).await?;
            match side {
                Side::Base => base = Some(launched),
                Side::Candidate => candidate = Some(launched),
            }
        }
        let missing = || Launched::Failed("was not launched".to_owned());
        let (base, candidate) = (base.unwrap_or_else(missing), candidate.unwrap_or_else(missing));
        Ok(MeasuredPair { pair, work, order, base, candidate })
    }

    /// Whether a base launch is discarded before this slot, so that what ran before it is the same for both.
    fn discards_before(&self, slot: usize) -> bool {
        match self.measure.conditions {
            Conditions::Plain => false,
            Conditions::Changed { discards: Discards::EachLaunch, .. } => true,
            Conditions::Changed { discards: Discards::EachPair, .. } => slot == 0,
        }
    }

    async fn launch(&self, work: usize, side: Side, layout: u32) -> Result<Launched, WorldError> {
        let Some(work) = self.measure.works.get(work) else {
            return Ok(Launched::Failed("an unknown benchmark was scheduled".to_owned()));
        };
        let built = match side {
            Side::Base => self.measure.base,
            Side::Candidate => self.measure.candidate,
        };
        let first = self.measure.pairs.first().is_some_and(|pair| pair.pair <= SAMPLED);
        // The first pairs of a test decide again whether the instrument fits.
        // Each benchmark of a family has first pairs of its own, whenever they come.
        let kind = self.measure.comparison.kind;
        let sampling = if (first && kind == ComparisonKind::Test) || kind == ComparisonKind::Family {
            Sampling::Threads
        } else {
            Sampling::Off
        };
        let mut work = work.clone();
        if let (Some(per_mille), Side::Base) = (self.measure.planted, side) {
            work.iterations = planted_iterations(work.iterations, per_mille);
        }
        slot(self.world, Launch { artifact: built.artifact, work: &work, layout, sampling }).await
    }
}

/// The benchmarks that this batch runs: of a family only some.
fn scheduled(measure: &Measure) -> BTreeSet<usize> {
    measure.pairs.iter().flat_map(|pair| pair.rounds.iter().map(|(work, _)| *work)).collect()
}
