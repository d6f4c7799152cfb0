//! Failed launches of one candidate's comparisons, and what they forbid.
//!
//! One failure of each side is survived (the pair costs A a factor of .2); the second is not. After
//! one failure of the candidate, landing needs 60 further candidate launches without failure.

use serde::{Deserialize, Serialize};

use super::pair::Side;

/// Candidate launches without failure that landing needs after one failure.
pub const CLEAN_LAUNCHES: u32 = 60;

/// What the failures so far mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failures {
    /// The comparison goes on.
    Tolerated,
    /// The base failed twice: the comparison is void, the environment at fault.
    Void,
    /// The candidate failed twice: rejected, broken.
    Broken,
}

/// Launches of one candidate's test, discards, confirmation and guards, counted as they end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FailureTally {
    base_failed: u32,
    candidate_failed: u32,
    clean_since: u32,
}

impl FailureTally {
    /// Counts a launch that yielded its value.
    pub fn succeeded(&mut self, side: Side) {
        if side == Side::Candidate && self.candidate_failed > 0 {
            self.clean_since += 1;
        }
    }

    /// Counts a launch that failed, timed out or yielded no value.
    pub fn failed(&mut self, side: Side) -> Failures {
        match side {
            Side::Base => self.base_failed += 1,
            Side::Candidate => {
                self.candidate_failed += 1;
                self.clean_since = 0;
            }
        }
        self.state()
    }

    /// What the failures so far mean. A base that fails too says nothing about the candidate.
    pub fn state(&self) -> Failures {
        match (self.base_failed, self.candidate_failed) {
            (2.., _) => Failures::Void,
            (_, 2..) => Failures::Broken,
            _ => Failures::Tolerated,
        }
    }

    /// Candidate launches still to run, untimed, before the candidate may land.
    pub fn owed_before_landing(&self) -> u32 {
        if self.candidate_failed == 0 { 0 } else { CLEAN_LAUNCHES.saturating_sub(self.clean_since) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_failure_of_a_side_ends_the_comparison() {
        let mut tally = FailureTally::default();
        assert_eq!(tally.failed(Side::Candidate), Failures::Tolerated);
        assert_eq!(tally.failed(Side::Base), Failures::Tolerated);
        assert_eq!(tally.failed(Side::Candidate), Failures::Broken);
        assert_eq!(tally.failed(Side::Base), Failures::Void);
    }

    #[test]
    fn one_candidate_failure_is_paid_for_with_sixty_clean_launches() {
        let mut tally = FailureTally::default();
        tally.succeeded(Side::Candidate);
        assert_eq!(tally.owed_before_landing(), 0);
        tally.failed(Side::Candidate);
        (0..59).for_each(|_| tally.succeeded(Side::Candidate));
        tally.succeeded(Side::Base);
        assert_eq!(tally.owed_before_landing(), 1);
    }
}
