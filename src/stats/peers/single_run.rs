//! "Run it once, keep it if it got better": one launch a side, what agents do when left alone. The
//! least effect is not asked for.

use super::Peer;

/// One launch a side.
pub(super) struct SingleRun;

impl Peer for SingleRun {
    fn name(&self) -> String {
        "single run".to_owned()
    }

    fn launches(&self) -> usize {
        1
    }

    fn improved(&self, base: &[f64], candidate: &[f64], _least_effect: f64) -> bool {
        base.first().zip(candidate.first()).is_some_and(|(before, after)| after < before)
    }
}
