//! Which pairs of a comparison are due, their coins drawn before any data.
//!
//! Not here: what the pairs say. Start at [`Comparison::due`].

use std::time::Duration;

use crate::engine::measure::{Measure, ScheduledPair};
use crate::engine::record::Calibrated;
use crate::stats::coin::{CoinKey, Flip, Round};

use super::{Comparison, Setting, Walk};

/// Pairs of the first batch.
const FIRST_BATCH: u32 = 4;
/// Pairs of the first batch of what is counted.
const COUNTED: u32 = 3;
/// A launch longer than this is looked at pair by pair.
const LONG_LAUNCH: Duration = Duration::from_millis(100);

/// What a round of a family may take, so that a record is written every few seconds.
const FAMILY_ROUND: f64 = 4.0;

/// What a batch of short launches may take.
const SECOND: Duration = Duration::from_secs(1);

impl Comparison {
    /// The next batch, its coins drawn.
    pub(in crate::engine) fn due(&self, key: &CoinKey) -> Measure {
        let Setting { id, base, candidate, works, conditions, after, planted } = &self.setting;
        let pairs = (0..self.batch()).map(|at| self.schedule(key, self.next_pair + at)).collect();
        Measure {
            comparison: *id,
            base: *base,
            candidate: *candidate,
            works: works.iter().map(|calibrated| calibrated.work.clone()).collect(),
            pairs,
            conditions: *conditions,
            after: if self.next_pair == 1 { *after } else { Duration::ZERO },
            planted: *planted,
        }
    }

    fn schedule(&self, key: &CoinKey, pair: u32) -> ScheduledPair {
        let Setting { id, candidate, works, .. } = &self.setting;
        let names: Vec<&str> = works.iter().map(|calibrated| calibrated.work.benchmark.as_str()).collect();
        let tree = candidate.tree.bytes();
        let coin =
            |at: usize| key.order(Flip { kind: id.kind, benchmark: names[at], candidate_tree: tree, pair });
        let positions = match &self.walk {
            // A guard's round is one guard: the undecided one farthest from a claim.
            Walk::Guards { family, .. } => family.next().into_iter().collect(),
            // A family's round is those undecided benchmarks that are farthest from a claim, in random order.
            Walk::Family(walk) => {
                let due = due_of_family(&walk.family.undecided(), works);
                let round = Round { kind: id.kind, candidate_tree: tree, round: pair };
                key.round_order(round, &names).into_iter().filter(|at| due.contains(at)).collect()
            }
            _ => key.round_order(Round { kind: id.kind, candidate_tree: tree, round: pair }, &names),
        };
        ScheduledPair { pair, rounds: positions.into_iter().map(|at| (at, coin(at))).collect() }
    }

    /// Four pairs first, then one where a launch is long, else about a second's worth; never more than
    /// a comparison of fixed size still wants.
    fn batch(&self) -> u32 {
        let seconds = self.setting.works.iter().map(Calibrated::slot_seconds);
        let launch: Duration = seconds.map(|s| Duration::try_from_secs_f64(s).unwrap_or_default()).sum();
        let pair = (2 * launch).max(Duration::from_millis(20));
        let by_time = if launch > LONG_LAUNCH {
            1
        } else {
            u32::try_from(SECOND.as_nanos() / pair.as_nanos()).unwrap_or(1).max(1)
        };
        match &self.walk {
            Walk::Guards { .. } | Walk::Family(_) => 1,
            Walk::Collect { target, wanted } => {
                let missing = u32::try_from(wanted.saturating_sub(target.values().len())).unwrap_or(1);
                by_time.min(missing.max(1))
            }
            Walk::Test(_) if self.next_pair == 1 && self.counts() => COUNTED,
            _ if self.next_pair == 1 => FIRST_BATCH,
            _ => by_time,
        }
    }
}

/// As many of the undecided, in their order, as a round has time for; at least one.
fn due_of_family(undecided: &[usize], works: &[Calibrated]) -> Vec<usize> {
    let mut seconds = 0.0;
    let fits = |at: &usize| {
        let begun = seconds < FAMILY_ROUND;
        seconds += works.get(*at).map_or(0.0, |work| 2.0 * work.slot_seconds());
        begun
    };
    undecided.iter().copied().take_while(fits).collect()
}
