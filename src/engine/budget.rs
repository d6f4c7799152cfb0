//! What a run may use, and what it has used: sums of records, no clock.

use std::time::Duration;

use crate::model::plan::Budget;
use crate::model::proposal::Tokens;
use crate::model::verdict::StopReason;

/// What has been used so far.
#[derive(Debug, Clone, Default)]
pub struct Spent {
    /// Wall time, the sum of the records' times.
    pub time: Duration,
    /// Tokens, at least; unknown usage is not counted as zero but makes `tokens_known` false.
    pub tokens: u64,
    /// Whether every turn told its tokens.
    pub tokens_unknown: u32,
    /// Proposals begun.
    pub iterations: u32,
    /// Proposals in a row that did not land.
    pub since_landing: u32,
}

impl Spent {
    /// Adds a turn's tokens.
    pub(super) fn add(&mut self, tokens: &Tokens) {
        match tokens.total() {
            Some(total) => self.tokens += total,
            None => self.tokens_unknown += 1,
        }
    }

    /// Why no further proposal may be asked for, if so.
    pub(super) fn exhausted(&self, budget: &Budget) -> Option<StopReason> {
        let stop = |which: &str| Some(StopReason::Budget { which: which.to_owned() });
        if self.iterations >= budget.iterations {
            stop("iterations")
        } else if self.out_of_time(budget) {
            stop("time")
        } else if self.tokens >= budget.tokens {
            stop("tokens")
        } else if self.since_landing >= budget.patience {
            Some(StopReason::Patience { iterations: self.since_landing })
        } else {
            None
        }
    }

    /// Whether the time is used up; an open comparison then ends without a decision.
    pub(super) fn out_of_time(&self, budget: &Budget) -> bool {
        self.time >= budget.time
    }

    /// What is left, in words for the brief.
    pub fn left(&self, budget: &Budget) -> String {
        let minutes = budget.time.saturating_sub(self.time).as_secs().div_ceil(60);
        let proposals = budget.iterations.saturating_sub(self.iterations);
        let tokens = budget.tokens.saturating_sub(self.tokens);
        format!("{proposals} proposals, {minutes} minutes, {tokens} tokens")
    }
}
