//! `verify` without the chain of hashes: what somebody who recomputed the hashes would still be caught by.

use optiloop::app::verify::recompute;
use optiloop::engine::finding::Finding;
use optiloop::engine::measure::Launched;
use optiloop::engine::record::{Entry, Record};
use optiloop::model::verdict::Verdict;
use optiloop::policy::value::Ratio;
use optiloop::stats::pair::Order;

use super::sample::entries;

/// The faults named after a change to the first record that `change` takes.
fn faults(change: impl Fn(&mut Record) -> bool) -> Vec<String> {
    let mut entries = entries();
    let changed = entries.iter_mut().any(|Entry { record, .. }| change(record));
    assert!(changed, "there is no such record");
    recompute(&entries).expect("the header is there").1
}

#[test]
fn a_run_as_it_was_written_verifies() {
    let (verified, faults) = recompute(&entries()).expect("the header is there");
    assert_eq!(faults, Vec::<String>::new());
    assert!(verified.decisions > 10 && verified.pairs > 40, "{verified:?}");
}

#[test]
fn a_flipped_sample_is_found_by_the_finding_it_no_longer_gives() {
    let faults = faults(|record| match record {
        Record::Measured(measured) => match &mut measured.pairs[0].candidate {
            Launched::Read(reading) => {
                reading.wall *= 1.01;
                true
            }
            Launched::Failed(_) => false,
        },
        _ => false,
    });
    assert!(faults[0].contains("found: test of proposal 1"), "{faults:?}");
}

#[test]
fn a_flipped_coin_is_found() {
    let faults = faults(|record| match record {
        Record::Measured(measured) => {
            let order = &mut measured.pairs[0].order;
            *order = if *order == Order::BaseFirst { Order::CandidateFirst } else { Order::BaseFirst };
            true
        }
        _ => false,
    });
    assert!(faults[0].contains("its order is not what the coins say"), "{faults:?}");
}

#[test]
fn a_flipped_finding_is_found() {
    let faults = faults(|record| match record {
        Record::Found(found) => match &mut found.finding {
            Finding::Test { reading, .. } => {
                reading.ln_a += 1e-3;
                true
            }
            _ => false,
        },
        _ => false,
    });
    assert!(faults[0].contains("found: test of proposal 1"), "{faults:?}");
}

#[test]
fn a_flipped_verdict_is_found() {
    let faults = faults(|record| match record {
        Record::Judged(judged) if judged.verdict != Verdict::Accepted => {
            judged.verdict = Verdict::Accepted;
            true
        }
        _ => false,
    });
    assert!(faults[0].contains("judged: the verdict on proposal 2"), "{faults:?}");
}

#[test]
fn a_flipped_policy_value_is_found_by_its_name() {
    let faults = faults(|record| match record {
        Record::Started(header) => {
            header.policy.min_effect.value = Ratio::try_from(0.03).expect("a share");
            true
        }
        _ => false,
    });
    assert!(faults[0].starts_with("policy value min-effect = 3 % claims to be of preset"), "{faults:?}");
}
