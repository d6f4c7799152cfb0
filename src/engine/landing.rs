//! The evidence a landing carries into its commit: what was shown, how, and what was not checked.

use crate::policy::value::Alpha;
use crate::stats::estimate::Estimate;

use super::clocks::{self, Agreement};
use super::finding::Finding;
use super::gate::Gate;
use super::record::{Calibrated, CostFrom, Header, Landing, ProfileOutcome};
use super::step::TestScope;

/// Puts the evidence of an accepted proposal together.
pub(super) fn landing(header: &Header, gate: &Gate, effect: Estimate, works: &[Calibrated]) -> Landing {
    let turn = gate.turn.as_ref();
    let hypothesis = turn.and_then(|turn| turn.report.as_ref()).map(|report| report.hypothesis.clone());
    let measured_with = gate.test.as_ref().map_or(works, |test| test.setting().works.as_slice());
    Landing {
        run: header.run.clone(),
        iteration: gate.iteration,
        hypothesis: hypothesis.unwrap_or_default(),
        agent: turn.map_or_else(|| "none".to_owned(), |turn| turn.agent.clone()),
        target: header.target.name.clone(),
        effect,
        instrument: measured_with.first().map_or_else(String::new, instrument),
        stamps: stamps(header, gate),
        accepted_by: gate.accepted_by.as_ref().map(|(by, _)| by.clone()),
    }
}

/// The instrument in words.
pub fn instrument(calibrated: &Calibrated) -> String {
    use crate::stats::instrument::Instrument;
    let name = match (calibrated.cost_from, calibrated.instrument) {
        (CostFrom::Told, _) => "the harness's own value",
        (CostFrom::Outside, Instrument::CpuTime) | (CostFrom::Cpu, _) => "CPU time",
        (CostFrom::Outside, Instrument::WallMinusRunDelay) => "wall time less run delay",
        (CostFrom::Outside, Instrument::Wall) => "wall time",
        (CostFrom::Peak, _) => "peak memory",
        (CostFrom::Size, _) => "size of the build",
        (CostFrom::Counter, _) => calibrated.work.gauge.as_deref().unwrap_or("a counter"),
    };
    format!("{name} ({})", calibrated.reason)
}

/// Which pairs the effect is of, and what that does to it: only what looked good enough gets here (A.6).
fn estimated_from(gate: &Gate) -> &'static str {
    match (&gate.second_found, &gate.confirmation_found) {
        (None, None) => {
            "the pairs that decided; it overstates, unlike the run's final number, which is of fresh pairs"
        }
        _ => {
            "confirmation pairs that had to show a gain to land; it may overstate, unlike the run's final number"
        }
    }
}

fn stamps(header: &Header, gate: &Gate) -> Vec<(String, String)> {
    let mut stamps = vec![(
        "Confined".to_owned(),
        format!("{} ({})", header.confinement.confined, header.confinement.mechanism),
    )];
    let mut stamp = |key: &str, value: String| stamps.push((key.to_owned(), value));
    let rule = match header.policy.alpha.value {
        Alpha::Lond => "e-LOND",
        Alpha::Fixed => "fixed, no false-discovery rate claimed",
    };
    stamp("Alpha", format!("{:.5} ({rule})", gate.manner.alpha));
    let least = header.policy.min_effect.value;
    stamp("Shown", format!("at least {least} cheaper than the commit before"));
    stamp("Effect-From", estimated_from(gate).to_owned());
    let confirmed = match (&gate.second_found, &gate.confirmation_found) {
        _ if header.policy.confirm_delay.value.0 == 0 && gate.confirmation_found.is_some() => "without delay",
        (Some(_), _) => "twice, after a drift",
        (None, Some(_)) => "yes",
        (None, None) => "no",
    };
    stamp("Confirmed", confirmed.to_owned());
    if let Some(Finding::Test { decision, .. }) = &gate.test_found {
        stamp("Pairs", format!("{} in the test", decision.n));
    }
    let suites = gate.tested.iter().filter(|tested| tested.scope != TestScope::Near).count();
    let tests = match suites {
        0 => "not checked".to_owned(),
        runs => format!("{runs} suite runs on this tree"),
    };
    stamp("Outputs", tests);
    let clocks = match gate.test.as_ref().map(clocks::compare) {
        Some(Agreement::Agree) => "yes".to_owned(),
        Some(Agreement::Disagree { detail }) => format!("no: {detail}"),
        Some(Agreement::NotPossible { why }) => format!("not possible ({why})"),
        None => "not checked".to_owned(),
    };
    stamp("Clock agreement", clocks);
    if let Some(ProfileOutcome::NotCollected { reason }) = &gate.profiled {
        stamp("Profile", format!("none: {reason}"));
    }
    if let Some((_, reasons)) = &gate.accepted_by {
        let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        stamp("Waived", reasons.join("; "));
    }
    for line in &header.stamps {
        stamp("Note", line.clone());
    }
    stamps
}
