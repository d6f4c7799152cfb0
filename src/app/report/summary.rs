//! The report: its first paragraph is fixed, and everything in it can be recomputed from the journal.

use crate::engine::finding::Finding;
use crate::engine::record::{Entry, Header, Pursuit, Record};
use crate::engine::words;
use crate::model::verdict::{StopReason, Verdict};
use crate::stats::estimate::Estimate;

use super::line;

/// What a run came to, as plain data.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Why it ended; `None` while it has not.
    pub stopped: Option<StopReason>,
    /// Proposals that landed.
    pub kept: u32,
    /// Proposals that wait for a person.
    pub held: u32,
    /// Verdicts in order.
    pub verdicts: Vec<(u32, Verdict, Option<Estimate>)>,
    /// HEAD against ORIGINAL.
    pub total: Option<(Estimate, f64)>,
    /// Tokens, where all were told.
    pub tokens: u64,
    /// Seconds.
    pub seconds: u64,
    /// Smallest provable change.
    pub smallest_provable: f64,
}

impl Outcome {
    /// From the records of a run.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut outcome = Self::default();
        let mut time = std::time::Duration::ZERO;
        for entry in entries {
            time += entry.took;
            match &entry.record {
                Record::Judged(judged) => {
                    outcome.held += u32::from(matches!(judged.verdict, Verdict::Held { .. }));
                    outcome.verdicts.push((judged.iteration.0, judged.verdict.clone(), judged.effect));
                }
                Record::Landed(_) => outcome.kept += 1,
                Record::Found(found) => {
                    if let Finding::Final { estimate: Some(estimate), mean_cost_ratio } = &found.finding {
                        outcome.total = Some((*estimate, *mean_cost_ratio));
                    }
                }
                Record::Proposed(proposed) => outcome.tokens += proposed.turn.tokens.total().unwrap_or(0),
                Record::Calibrated(crate::engine::record::Calibration::Ready {
                    smallest_provable, ..
                }) => {
                    outcome.smallest_provable = *smallest_provable;
                }
                Record::Stopped { reason } => outcome.stopped = Some(reason.clone()),
                _ => {}
            }
        }
        outcome.seconds = time.as_secs();
        outcome
    }
}

/// The report of a run.
pub fn of(header: &Header, outcome: &Outcome) -> String {
    let mut text = first_paragraph(header, outcome);
    text.push_str("\n\n");
    for (iteration, verdict, effect) in &outcome.verdicts {
        let effect = effect.as_ref().map_or_else(String::new, |effect| format!(" {}", words::effect(effect)));
        text.push_str(&format!("  {iteration}. {}{effect}\n", line::verdict(verdict)));
    }
    if let Some((total, mean)) = &outcome.total {
        text.push_str(&format!(
            "\nHEAD costs {} compared with ORIGINAL: Hodges–Lehmann estimate from {} fresh coin-ordered pairs, measured \
             after all decisions on this machine, workload and time. Each of the {} landed changes was shown to lower \
             cost by at least {} against its own base at its e-LOND level. The expected share of landed changes below \
             that is at most {}, provided a change scales the cost by a constant factor and leaves no after-effect on \
             the next launch. The number concerns the typical launch; the mean changed by {} %. Gains are not additive \
             and may differ elsewhere. The layout of one build was varied through the environment's size only; \
             1–3 % of this may be placement.\n",
            words::effect(total),
            total.n,
            outcome.kept,
            header.policy.min_effect.value,
            header.policy.false_discovery.value,
            words::signed(100.0 * (mean - 1.0)),
        ));
    }
    if outcome.kept > 0 {
        text.push_str(&format!(
            "\nReview and merge:\n  git log -p optiloop/{run}\n  git merge --ff-only optiloop/{run}\n",
            run = header.run
        ));
    }
    text
}

/// What got cheaper, from how many pairs, what was rejected, what was not checked, what it cost, how to check it.
fn first_paragraph(header: &Header, outcome: &Outcome) -> String {
    let target = &header.target.name;
    let tried = outcome.verdicts.len();
    let gain = match (&outcome.total, &outcome.verdicts[..], &header.pursuit) {
        (Some((total, _)), ..) => {
            format!("{target}: {} from {} paired launches.", words::effect(total), total.n)
        }
        (None, [(_, verdict, effect)], Pursuit::Judge { .. }) => {
            let effect = effect.as_ref().map_or_else(String::new, |effect| {
                format!(", {} from {} pairs", words::effect(effect), effect.n)
            });
            format!("{target}: {}{effect}.", line::verdict(verdict))
        }
        _ => format!(
            "{target}: nothing was kept; the smallest gain that could have been proven here is {:.1} %.",
            outcome.smallest_provable * 100.0
        ),
    };
    let stopped = outcome.stopped.as_ref().map_or_else(|| "not ended".to_owned(), ToString::to_string);
    let mut unchecked = vec![format!("confined: {}", header.confinement.confined)];
    if header.plan.suites.is_empty() {
        unchecked.push("outputs: not checked".to_owned());
    }
    if header.policy.confirm_delay.value.0 == 0 {
        unchecked.push("confirmed without delay".to_owned());
    }
    unchecked.extend(header.stamps.iter().cloned());
    format!(
        "{gain} {} of {tried} proposals kept, {} held; {stopped}. {}. It took {:.1} minutes and {} tokens. Check it with: \
         optiloop verify {}",
        outcome.kept,
        outcome.held,
        unchecked.join(", "),
        std::time::Duration::from_secs(outcome.seconds).as_secs_f64() / 60.0,
        outcome.tokens,
        header.run
    )
}
