//! The report of `calibrate`, a function of its records.
//!
//! Start at [`of`]; [`controls`] is also the line of a run that slipped some past its judge.

use crate::app::exit::Exit;
use crate::app::reporter::amounts::{counted, minutes};
use crate::engine::controls::plantable;
use crate::engine::fitness;
use crate::engine::landing::instrument;
use crate::engine::measure::Launched;
use crate::engine::reading::cost;
use crate::engine::record::{Calibrated, Header, Pursuit};
use crate::engine::step::Control;
use crate::model::verdict::{StopReason, Verdict};
use crate::stats::location::mad_sd;
use crate::stats::lond::{LARGEST_ALPHA, Stream};
use crate::stats::pair::{Pair, log_effect};
use crate::stats::provable::{pairs_to_prove, smallest_provable};
use crate::stats::sequential::Rule;
use crate::stats::target::Target;

use super::outcome::Outcome;

/// The exit code: too noisy where nothing up to −78 % could be proven.
pub fn exit(header: &Header, outcome: &Outcome) -> Exit {
    match &outcome.stopped {
        None => Exit::Interrupted,
        Some(StopReason::OriginalFails { .. }) => Exit::OriginalFails,
        Some(StopReason::Environment { .. }) => Exit::Environment,
        Some(_) if provable(header, outcome).is_none() => Exit::Inconclusive,
        Some(_) => Exit::Success,
    }
}

/// The whole report.
pub fn of(header: &Header, outcome: &Outcome) -> String {
    let check = super::summary::check(header);
    format!("{} Check it with `{check}`.\n", paragraphs(header, outcome).join("\n\n"))
}

/// The report but for how to check it.
pub fn paragraphs(header: &Header, outcome: &Outcome) -> Vec<String> {
    let mut paragraphs = vec![machine(header)];
    paragraphs.push(outcome.calibrated.iter().map(benchmark).collect::<Vec<_>>().join("\n"));
    paragraphs.push(proof(header, outcome));
    paragraphs.extend(own_errors(header, outcome));
    let ended = match &outcome.stopped {
        Some(StopReason::Calibrated) => String::new(),
        Some(reason) => format!(" It ended: {reason}."),
        None => " It has not ended; `optiloop resume` goes on.".to_owned(),
    };
    let pairs = counted(outcome.pairs, "pair");
    paragraphs.push(format!("{pairs} in {}.{ended}", minutes(outcome.time)));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

fn machine(header: &Header) -> String {
    let remarks = fitness::judge(&header.machine);
    let lines = remarks.iter().map(|remark| format!("  {:5}  {}", remark.weight.word(), remark.text));
    [fitness::summary(&remarks).to_owned()].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

fn benchmark(calibrated: &Calibrated) -> String {
    let batch = f64::from(calibrated.work.batch.max(1));
    let batched = match calibrated.work.batch {
        0 | 1 => String::new(),
        n => format!(", {n} launches a value"),
    };
    format!(
        "{}: {:.1} ms a launch of {}{batched}, noise of a launch {:.1} %, read by {}",
        calibrated.work.benchmark,
        1000.0 * calibrated.slot_seconds() / batch,
        counted(calibrated.work.iterations.0, "iteration"),
        100.0 * calibrated.noise,
        instrument(calibrated)
    )
}

/// y' of the pairs of the original with itself.
fn y_primes(outcome: &Outcome) -> Vec<f64> {
    let works = outcome.calibrated.len();
    let Some(mut target) = Target::weighted(&vec![1.0; works.max(1)]) else { return Vec::new() };
    let mut rounds: std::collections::BTreeMap<u32, Vec<Option<Pair>>> = std::collections::BTreeMap::new();
    for pair in &outcome.noise_pairs {
        let Some(calibrated) = outcome.calibrated.get(pair.work) else { continue };
        let read = |launched: &Launched| match launched {
            Launched::Read(reading) => cost(reading, calibrated),
            Launched::Failed(_) => None,
        };
        let value = read(&pair.base).zip(read(&pair.candidate));
        let value = value.and_then(|(base, candidate)| Pair::of_costs(pair.order, base, candidate));
        rounds.entry(pair.pair).or_insert_with(|| vec![None; works])[pair.work] = value;
    }
    for round in rounds.values() {
        target.push(round);
    }
    target.values().to_vec()
}

/// The rule of the first candidate.
fn rule(header: &Header, outcome: &Outcome) -> Rule {
    let tick = outcome.calibrated.iter().map(Calibrated::tick).fold(0.0, f64::max);
    let alpha = match header.policy.alpha.value {
        crate::policy::value::Alpha::Fixed => LARGEST_ALPHA,
        crate::policy::value::Alpha::Lond => {
            Stream { tested: header.stream.tried, landed: header.stream.landed }
                .alpha(header.policy.false_discovery.value.get())
        }
    };
    Rule::new(log_effect(header.policy.min_effect.value.get()) + tick, alpha)
}

/// The smallest saving that can be proven, from the pairs that were run.
fn provable(header: &Header, outcome: &Outcome) -> Option<f64> {
    smallest_provable(&y_primes(outcome), rule(header, outcome), 1)
}

/// Smallest provable change and its minutes; the minutes of the goal.
fn proof(header: &Header, outcome: &Outcome) -> String {
    let pairs = y_primes(outcome);
    let rule = rule(header, outcome);
    let slot: f64 = outcome.calibrated.iter().map(Calibrated::slot_seconds).sum();
    let Some(smallest) = provable(header, outcome) else {
        return format!(
            "Nothing up to −78 % could be proven here now, from {}: use a longer launch, another instrument or a quieter \
             machine.",
            counted(pairs.len(), "pair")
        );
    };
    let takes = |saving: f64| {
        pairs_to_prove(&pairs, rule, log_effect(saving), 1).map(|needed| {
            // As many fresh pairs confirm, each launch after a discarded one.
            let confirmation = if header.policy.confirm.value { 4.0 * needed.max(20.0) } else { 0.0 };
            let test = 2.0 * needed * slot / 60.0;
            let wait = if header.policy.confirm.value { header.policy.confirm_delay.value.0 } else { 0 };
            let confirmed = (confirmation * slot + f64::from(u32::try_from(wait).unwrap_or(u32::MAX))) / 60.0;
            format!(
                "{needed:.0} pairs, {test:.1} minutes, and {confirmed:.1} more to confirm it (building and testing aside)"
            )
        })
    };
    let mut lines = vec![format!(
        "Noise of a pair {:.1} %, from {} of the original with itself. Smallest change provable now (80 % power): −{:.1} %, \
         in about {}.",
        100.0 * mad_sd(&pairs),
        counted(pairs.len(), "pair"),
        100.0 * smallest,
        takes(smallest).unwrap_or_else(|| "more pairs than are allowed".to_owned())
    )];
    if let (Some(goal), Some(first)) = (header.goal, outcome.calibrated.first()) {
        let wanted = goal.reduction_from(first.cost_per_iteration());
        lines.push(match takes(wanted) {
            _ if wanted <= 0.0 => format!("The goal {goal} is met by the original already."),
            Some(minutes) if wanted >= smallest => {
                format!("The goal {goal} in one change, −{:.1} %: about {minutes}.", 100.0 * wanted)
            }
            _ => format!(
                "The goal {goal}, −{:.1} %, is below what one change can be shown to bring here.",
                100.0 * wanted
            ),
        });
    }
    lines.join("\n")
}

/// What our own judge made of decisions whose answer is known.
fn own_errors(header: &Header, outcome: &Outcome) -> Option<String> {
    let Pursuit::Calibrate { shams, planted, per_mille, .. } = header.pursuit else { return None };
    let mut lines: Vec<String> = controls(outcome).into_iter().collect();
    if shams > 0 {
        let (judged, accepted) = counts(outcome, |control| control == Control::Sham);
        lines.push(format!(
            "False accepts of a no-op here: {accepted} of {judged}; with 95 % confidence at most {:.1} %.",
            100.0 * at_most(accepted, judged)
        ));
    }
    if planted > 0 {
        lines.push(match plantable(&outcome.calibrated, per_mille) {
            Ok(truth) => {
                let (judged, found) = counts(outcome, |control| control != Control::Sham);
                format!(
                    "Planted {:.1} % (the base does more iterations; {:.1} % by their whole numbers): found {found} of {judged}.",
                    f64::from(per_mille) / 10.0,
                    100.0 * truth
                )
            }
            Err(why) => format!("Power by planted changes: not possible here, {why}."),
        });
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// `0 of 4 shams accepted, 2 of 2 planted found`; nothing where there were none.
pub fn controls(outcome: &Outcome) -> Option<String> {
    let (shams, accepted) = counts(outcome, |control| control == Control::Sham);
    let (planted, found) = counts(outcome, |control| control != Control::Sham);
    let said = [
        (shams > 0).then(|| format!("{accepted} of {shams} shams accepted")),
        (planted > 0).then(|| format!("{found} of {planted} planted found")),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("Blind controls: {}.", said.join(", ")))
}

/// How many of a kind were judged, and how many of those were taken for cheaper.
fn counts(outcome: &Outcome, like: fn(Control) -> bool) -> (usize, usize) {
    let verdicts = outcome.controls.iter().filter(|(control, _)| like(*control));
    let verdicts: Vec<&Verdict> = verdicts.filter_map(|(_, judged)| judged.verdict.as_ref()).collect();
    let cheaper = |verdict: &&&Verdict| matches!(verdict, Verdict::Accepted | Verdict::Held { .. });
    (verdicts.len(), verdicts.iter().filter(cheaper).count())
}

/// The rate that `hits` of `trials` rule out with 95 % confidence: the upper end of Clopper and Pearson (1934).
fn at_most(hits: usize, trials: usize) -> f64 {
    use statrs::distribution::{Beta, ContinuousCDF as _};
    if trials == 0 || hits >= trials {
        return 1.0;
    }
    let (hits, trials) = (crate::stats::location::count(hits), crate::stats::location::count(trials));
    Beta::new(hits + 1.0, trials - hits).map_or(1.0, |beta| beta.inverse_cdf(0.95))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hit_in_fifty_nine_trials_rules_out_five_percent() {
        assert!((at_most(0, 59) - 0.0495).abs() < 1e-3);
        assert!((at_most(0, 300) - 0.00994).abs() < 1e-4);
        assert!((at_most(0, 0) - 1.0).abs() < f64::EPSILON);
    }
}
