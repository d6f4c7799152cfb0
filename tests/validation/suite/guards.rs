//! G11: guards beside a target that improves. A family of five that nothing touches must raise no false
//! alarm; one guard that gets 6 % dearer must be caught within its 30 pairs.

use optiloop::stats::attacks::{Attack, Lab, World};
use optiloop::stats::guard::GuardState;
use optiloop::stats::instrument::Instrument;

use super::cell::seed;
use super::cells::Named;
use super::decision::Trial;
use super::demand::{Checked, at_least, at_most};
use super::machine::LabMachine;
use super::world::Proposal;

/// Families with a false alarm, of `trials`.
pub(crate) fn false_alarms(noise: &Named, trials: u32) -> Checked {
    at_most("families with a false alarm", alarms(noise, trials, 5, 0.0), trials, 0.05)
}

/// Slowdowns of 6 % that were caught.
pub(crate) fn caught(noise: &Named, trials: u32) -> Checked {
    at_least("slowdowns caught", alarms(noise, trials, 1, -0.06), trials, 0.97)
}

/// Trials in which a guard regressed, where the target improves by half so that its test is short.
fn alarms((name, noise): &Named, trials: u32, guards: u32, on_guards: f64) -> u32 {
    let lab = World { noise: noise.clone(), improvement: 0.0, attack: Attack::None };
    let alarms = (0..trials).filter(|trial| {
        let seed = seed(&format!("{guards} guards, {name}"), *trial);
        let decision = Trial {
            machine: LabMachine::new(Lab::new(lab.clone(), seed)),
            proposal: Proposal { on_guards, ..Proposal::of_effect(0.5) },
            instrument: Instrument::Wall,
            resolution: 0.0,
            tried: 0,
            guards,
            key: u128::from(seed).to_le_bytes(),
        }
        .decide();
        assert_eq!(decision.guards.len(), guards as usize, "the guards were reached");
        decision.guards.contains(&GuardState::Regressed)
    });
    u32::try_from(alarms.count()).expect("no more than the trials")
}
