//! Readings that are no value: NaN, infinite, zero, negative, of a candidate that looks twice as fast.

use optiloop::engine::measure::{Launched, Reading};
use optiloop::stats::instrument::Instrument;
use optiloop::stats::pair::Side;

use crate::suite::decision::{Decision, Trial};
use crate::suite::world::{Machine, Proposal};

/// The candidate yields `value` in each launch from this one on, counted from 1, else half the base's cost.
struct Garbage {
    value: f64,
    from: u32,
    launches: u32,
}

impl Machine for Garbage {
    fn launch(&mut self, side: Side, _slot: Option<u32>, _log_cost: f64) -> Launched {
        self.launches += u32::from(side == Side::Candidate);
        let seconds = match side {
            Side::Base => 0.2,
            Side::Candidate if self.launches >= self.from => self.value,
            Side::Candidate => 0.1,
        };
        Launched::Read(Reading { cpu: seconds, wall: seconds, ..Reading::default() })
    }
}

fn decide(value: f64, from: u32) -> Decision {
    let machine = Garbage { value, from, launches: 0 };
    let proposal = Proposal::default();
    let instrument = Instrument::Wall;
    Trial { machine, proposal, instrument, resolution: 0.0, tried: 0, guards: 0, key: [3; 16] }.decide()
}

#[test]
fn a_reading_that_is_no_value_is_a_failed_launch_and_the_second_ends_the_comparison() {
    for value in [f64::NAN, f64::INFINITY, 0.0, -0.1] {
        let decision = decide(value, 4);
        assert!(!decision.accepted && !decision.landed, "{value}: {decision:?}");
        assert!(decision.launches <= 20.0, "{value}: {decision:?}");
    }
}

#[test]
fn garbage_that_begins_after_the_test_keeps_the_candidate_from_landing() {
    let sound = decide(0.1, u32::MAX);
    assert!(sound.landed, "{sound:?}");
    for value in [f64::NAN, f64::INFINITY, 0.0, -0.1] {
        let decision = decide(value, 20);
        assert!(decision.accepted && !decision.landed, "{value}: {decision:?}");
    }
}
