//! What the agent is told: data, rendered by a template at the edge.
//!
//! Not here: secrets, coins, paths of the store. Start at [`Brief`].

use serde::{Deserialize, Serialize};

use crate::model::hotspot::Hotspot;
use crate::model::id::Iteration;
use crate::model::verdict::{HoldReason, Verdict};

use super::gate::Gate;
use super::record::{Header, Judged};
use super::run::Run;
use super::words;

/// One brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// The proposal it asks for.
    pub iteration: Iteration,
    /// What is optimised.
    pub target: String,
    /// The benchmarks that decide.
    pub benchmarks: Vec<String>,
    /// The wanted total, in words; `None` for "as much as can be had".
    pub goal: Option<String>,
    /// What has been reached so far against the original, in words.
    pub so_far: Option<String>,
    /// The one hotspot to attack; `None` where no profile could be collected.
    pub hotspot: Option<Hotspot>,
    /// Earlier proposals and how they ended.
    pub attempts: Vec<Attempt>,
    /// Least effect that is accepted, as a ratio.
    pub min_effect: f64,
    /// Smallest effect that can be proven here now, as a ratio.
    pub smallest_provable: f64,
    /// Globs that must not be touched.
    pub protected: Vec<String>,
    /// The project's own sentences that rules could not be made of.
    pub advice: Vec<String>,
    /// Lines from the person who watches the run, newest last.
    pub hints: Vec<String>,
    /// What is left of the budget, in words.
    pub budget_left: String,
}

/// An earlier proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its number.
    pub iteration: Iteration,
    /// What the agent thought.
    pub hypothesis: String,
    /// The hotspot it was asked to attack.
    pub hotspot: Option<String>,
    /// `accepted`, `held`, or the rejection's kind.
    pub outcome: String,
    /// Details for the next try: failing tests, effect with interval.
    pub detail: String,
    /// The diff, where the brief has room for it.
    pub diff: Option<String>,
}

impl Run {
    /// The brief of a proposal, from all that the run knows.
    pub(super) fn brief(&self, iteration: Iteration) -> Brief {
        let Header { target, goal, policy, plan, advice, .. } = &self.header;
        let kept: f64 = self.kept.iter().map(|effect| effect.log).sum();
        let so_far = (!self.kept.is_empty()).then(|| {
            let change = 100.0 * crate::stats::pair::cost_change(kept);
            format!("{} % with {} landed changes", words::signed(change), self.kept.len())
        });
        Brief {
            iteration,
            target: target.name.clone(),
            benchmarks: target.benchmarks.iter().map(ToString::to_string).collect(),
            goal: goal.as_ref().map(ToString::to_string),
            so_far,
            hotspot: self.offered_hotspot().cloned(),
            attempts: self.attempts.clone(),
            min_effect: policy.min_effect.value.get(),
            smallest_provable: self.smallest_provable,
            protected: policy.protected.iter().map(|glob| glob.value.clone()).collect(),
            advice: advice.clone(),
            hints: self.hints.clone(),
            budget_left: self.spent.left(&plan.budget),
        }
    }
}

/// What the next brief says of a proposal.
pub(super) fn attempt(gate: &Gate, outcome: &str) -> Attempt {
    let report = gate.turn.as_ref().and_then(|turn| turn.report.as_ref());
    Attempt {
        iteration: gate.iteration,
        hypothesis: report.map_or_else(String::new, |report| report.hypothesis.clone()),
        hotspot: gate.hotspot.clone(),
        outcome: outcome.to_owned(),
        detail: gate.judged.as_ref().map_or_else(String::new, detail),
        diff: None,
    }
}

/// The reason and the effect of a verdict, for the next try.
fn detail(judged: &Judged) -> String {
    let reason = match &judged.verdict {
        Verdict::Accepted => String::new(),
        Verdict::Rejected { reason } => reason.to_string(),
        Verdict::Held { reasons } => reasons.iter().map(HoldReason::to_string).collect::<Vec<_>>().join("; "),
    };
    let effect = judged.effect.as_ref().map(|effect| format!("measured {}", words::effect(effect)));
    [Some(reason).filter(|reason| !reason.is_empty()), effect]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
}
