//! From evidence to findings and verdicts: pure, total, and the only place where a verdict is made.
//!
//! Not here: how evidence is gathered ([`super::gate`]) or stored. Start at [`verdict`].

use crate::model::verdict::{HoldReason, Rejection, Verdict};
use crate::policy::Policy;
use crate::policy::value::{Gate as Leniency, Guards as GuardRule};
use crate::stats::confirmation::{Attempt, Confirmation, Evidence, confirm};
use crate::stats::estimate::Estimate;
use crate::stats::failures::Failures;
use crate::stats::guard::{GuardState, WallState};
use crate::stats::pair::log_effect;
use crate::stats::sequential::{self, Look, Why};

use super::clocks;
use super::comparison::{Comparison, FamilyWalk, Shared, Walk};
use super::finding::{Finding, MemberFinding};
use super::gate::Gate;
use super::record::{BuildOutcome, Judged, ProfileOutcome, TestOutcome};

/// What a comparison found. `before` is the test that a confirmation confirms.
pub(super) fn finding(
    comparison: &Comparison,
    before: Option<&Comparison>,
    shared: &Shared,
    policy: &Policy,
) -> Finding {
    if let Some((failures, detail)) = shared.failure() {
        return Finding::Failed { failures, detail };
    }
    let estimate = Estimate::of(comparison.values());
    match comparison.walk() {
        Walk::Test(test) => {
            let decision = match test.look() {
                Look::Decided(decision) => decision,
                Look::Continue => test.out_of_time(),
            };
            let mean_cost_ratio = comparison.mean_cost_ratio(None);
            Finding::Test {
                decision,
                alpha: test.rule().alpha,
                reading: test.reading(),
                estimate,
                mean_cost_ratio,
            }
        }
        Walk::Collect { .. } => collected(comparison, before, policy),
        Walk::Goal(proof) => {
            Finding::Goal { state: proof.state(), ln_e: proof.ln_e(), estimate: proof.estimate() }
        }
        Walk::Wall => Finding::Wall { state: shared.wall.state(), estimate: shared.wall.estimate() },
        Walk::Guards { family, .. } => {
            let guards = family.guards().iter().map(|guard| (guard.state(), guard.estimate())).collect();
            Finding::Guards { guards }
        }
        Walk::Family(walk) => Finding::Family { members: members(comparison, walk) },
        Walk::Owed => Finding::Owed,
    }
}

/// Each benchmark of a family, as it stands if no more pairs are run.
fn members(comparison: &Comparison, walk: &FamilyWalk) -> Vec<MemberFinding> {
    let standings = walk.family.final_standings();
    let members = comparison.setting().works.iter().zip(walk.family.members());
    (members.zip(standings).zip(&walk.failed))
        .map(|(((work, member), standing), failed)| MemberFinding {
            benchmark: work.work.benchmark.clone(),
            standing,
            estimate: member.estimate(),
            ln_regressed: member.ln_regressed(),
            ln_clean: member.ln_clean(),
            failed: failed.clone(),
        })
        .collect()
}

/// Pairs collected for an estimate: a confirmation, or the final number.
fn collected(comparison: &Comparison, before: Option<&Comparison>, policy: &Policy) -> Finding {
    use crate::stats::coin::ComparisonKind;
    let estimate = Estimate::of(comparison.values());
    let mean_cost_ratio = comparison.mean_cost_ratio(before);
    let attempt = match comparison.id().kind {
        ComparisonKind::Confirmation => Attempt::First,
        ComparisonKind::SecondConfirmation => Attempt::Second,
        _ => return Finding::Final { estimate, mean_cost_ratio },
    };
    let least_effect = policy.min_effect.value.get();
    let theta0 = match before.map(Comparison::walk) {
        Some(Walk::Test(test)) => test.rule().theta0,
        _ => log_effect(least_effect),
    };
    let counted = before.is_some_and(Comparison::was_counted).then(|| comparison.confirms(theta0)).flatten();
    let outcome = counted.unwrap_or_else(|| {
        confirm(&Evidence {
            theta0,
            least_effect,
            test: before.map_or(&[], Comparison::values),
            fresh: comparison.values(),
            mean_cost_ratio,
            attempt,
        })
    });
    Finding::Confirmation { outcome, estimate, mean_cost_ratio }
}

/// The verdict on a proposal, from all that was recorded of it.
pub(super) fn verdict(gate: &Gate, policy: &Policy) -> Judged {
    let effect = effect(gate);
    let judged = |verdict, notes| Judged { iteration: gate.iteration, verdict, effect, notes };
    if let Some(reason) = rejection(gate, policy) {
        return judged(Verdict::Rejected { reason }, Vec::new());
    }
    let mut notes = Vec::new();
    let mut reasons = holds(gate, policy, &mut notes);
    if let Some((by, waived)) = &gate.accepted_by {
        reasons.retain(|reason| {
            !waived.iter().any(|w| std::mem::discriminant(w) == std::mem::discriminant(reason))
        });
        notes.push(format!("accepted by {by}"));
    }
    let verdict = if reasons.is_empty() { Verdict::Accepted } else { Verdict::Held { reasons } };
    judged(verdict, notes)
}

/// The effect to report: of the freshest pairs.
fn effect(gate: &Gate) -> Option<Estimate> {
    let of = |found: &Option<Finding>| match found {
        Some(Finding::Test { estimate, .. } | Finding::Confirmation { estimate, .. }) => *estimate,
        _ => None,
    };
    of(&gate.second_found).or_else(|| of(&gate.confirmation_found)).or_else(|| of(&gate.test_found))
}

/// The first typed reason against it, cheapest evidence first.
fn rejection(gate: &Gate, policy: &Policy) -> Option<Rejection> {
    if let Some(inspected) = &gate.inspected {
        if let Some(reason) = inspected.rejections.first() {
            return Some(reason.clone());
        }
        if inspected.candidate.is_none() {
            return Some(Rejection::NothingChanged);
        }
    }
    built(gate.built.as_ref(), policy)
        .or_else(|| tested(gate))
        .or_else(|| broken(gate))
        .or_else(|| parallel(gate, policy))
        .or_else(|| test_found(gate))
        .or_else(|| built(gate.fresh.as_ref(), policy))
        .or_else(|| confirmed(gate))
}

/// Launches failed too often, in whatever comparison or discard (A.3).
fn broken(gate: &Gate) -> Option<Rejection> {
    match gate.shared.failure()? {
        (Failures::Broken, detail) => Some(Rejection::Broken { detail }),
        _ => None,
    }
}

/// It runs on several cores where the base does not, and policy blocks that (A.9).
fn parallel(gate: &Gate, policy: &Policy) -> Option<Rejection> {
    let blocked = policy.parallelism.value == Leniency::Block;
    gate.requalified.clone().filter(|_| blocked).map(|detail| Rejection::Parallelism { detail })
}

fn built(outcome: Option<&BuildOutcome>, policy: &Policy) -> Option<Rejection> {
    match outcome? {
        BuildOutcome::CandidateFailed { detail } => Some(Rejection::BuildFailed { detail: detail.clone() }),
        BuildOutcome::Ready { same_code: Some(true), .. } if policy.code_identity.value => {
            Some(Rejection::SameCode)
        }
        BuildOutcome::Ready { .. }
        | BuildOutcome::NeedsAdditions { .. }
        | BuildOutcome::BaseFailed { .. } => None,
    }
}

fn tested(gate: &Gate) -> Option<Rejection> {
    if !gate.tests_failed() {
        return None;
    }
    gate.tested.iter().find_map(|tested| match &tested.outcome {
        TestOutcome::Passed { .. } => None,
        TestOutcome::Failed { tests, detail } => {
            Some(Rejection::TestsFailed { tests: tests.clone(), detail: detail.clone() })
        }
        TestOutcome::Missing { tests } => Some(Rejection::TestsMissing { tests: tests.clone() }),
    })
}

fn test_found(gate: &Gate) -> Option<Rejection> {
    let Finding::Test { decision, .. } = gate.test_found.as_ref()? else { return None };
    match decision.finding {
        sequential::Finding::Improved => None,
        sequential::Finding::Regressed => Some(Rejection::Regressed),
        sequential::Finding::Unchanged => Some(Rejection::Unchanged),
        sequential::Finding::Inconclusive => {
            let detail = match decision.why {
                Why::NoiseExit => {
                    "too noisy to prove the least effect; use a longer launch or a quieter machine"
                }
                Why::Time => "the time budget ran out; a longer one goes on from the same evidence",
                _ => "all pairs were run without a decision",
            };
            Some(Rejection::Inconclusive { detail: detail.to_owned() })
        }
    }
}

fn confirmed(gate: &Gate) -> Option<Rejection> {
    let last = gate.second_found.as_ref().or(gate.confirmation_found.as_ref())?;
    match last {
        Finding::Confirmation { outcome: Confirmation::DidNotConfirm, estimate, .. } => {
            let measured =
                estimate.map_or_else(|| "no valid pair".to_owned(), |effect| super::words::effect(&effect));
            Some(Rejection::DidNotConfirm { detail: format!("fresh pairs: {measured}") })
        }
        _ => None,
    }
}

/// Everything a person must decide about it.
fn holds(gate: &Gate, policy: &Policy, notes: &mut Vec<String>) -> Vec<HoldReason> {
    let mut reasons: Vec<HoldReason> =
        gate.inspected.iter().flat_map(|inspected| inspected.holds.clone()).collect();
    if let Some(ProfileOutcome::Read { unexplained: Some(line), .. }) = &gate.profiled {
        notes.push(format!("profile: {line}"));
    }
    for tested in &gate.tested {
        if let TestOutcome::Failed { tests, detail } = &tested.outcome {
            let names: Vec<&str> = tests.iter().map(crate::model::id::TestId::as_str).collect();
            notes.push(format!("with its own tests, {} of the base fail: {detail}", names.join(", ")));
        }
    }
    if let Some(BuildOutcome::NeedsAdditions { detail }) = &gate.built {
        reasons.push(HoldReason::NeedsAdditions { detail: detail.clone() });
    }
    match gate.second_found.as_ref().or(gate.confirmation_found.as_ref()) {
        Some(Finding::Confirmation { outcome: Confirmation::HeldTail, mean_cost_ratio, .. }) => {
            reasons.push(HoldReason::Tail { mean_ratio: *mean_cost_ratio });
        }
        None if !policy.confirm.value => notes.push("not confirmed on fresh pairs".to_owned()),
        _ => {}
    }
    if let Some(Finding::Wall { state, estimate }) = &gate.wall_found
        && *state != WallState::Clean
    {
        let measured =
            estimate.map_or_else(|| "no valid pair".to_owned(), |effect| super::words::effect(&effect));
        reasons.push(HoldReason::WallUnproven { detail: format!("wall time {measured}") });
    }
    if let Some(Finding::Guards { guards: states }) = &gate.guards_found {
        let works = gate.guards.iter().flat_map(|guards| &guards.setting().works);
        for ((state, estimate), guard) in states.iter().zip(works) {
            let name = guard.work.label();
            let measured =
                estimate.map_or_else(|| "no valid pair".to_owned(), |effect| super::words::effect(&effect));
            match state {
                GuardState::Clean => {}
                GuardState::Regressed => {
                    reasons.push(HoldReason::TradeOff { detail: format!("{name} {measured}") });
                }
                GuardState::Unproven if policy.guards.value == GuardRule::Clean => {
                    reasons.push(HoldReason::GuardsUnproven { detail: format!("{name} {measured}") });
                }
                GuardState::Unproven => notes.push(format!("guard {name} unproven: {measured}")),
            }
        }
    }
    if let (Some(why), Leniency::Hold) = (&gate.requalified, policy.parallelism.value) {
        reasons.push(HoldReason::Parallelism { detail: why.clone() });
    }
    match gate.test.as_ref().map(clocks::compare) {
        Some(clocks::Agreement::Disagree { detail }) => reasons.push(HoldReason::ClocksDisagree { detail }),
        Some(clocks::Agreement::NotPossible { why }) => {
            notes.push(format!("clock agreement: not possible ({why})"));
        }
        Some(clocks::Agreement::Agree) | None => {}
    }
    reasons
}
