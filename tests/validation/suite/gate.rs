//! `gate` (A.8 over a whole family): benchmarks that nothing touched must hardly ever raise an alarm, one that got
//! 6 % dearer among them must be named, and a family must not cost more pairs than it has to.

use std::convert::Infallible;

use optiloop::app::drive::{Chronicle, drive};
use optiloop::engine::finding::{Finding, MemberFinding};
use optiloop::engine::record::{Entry, Pursuit, Record};
use optiloop::engine::run::Run;
use optiloop::model::id::{CommitId, Revision};
use optiloop::stats::attacks::{Attack, Lab, World};
use optiloop::stats::family::{Asked, Standing};
use optiloop::stats::location::{count, mean};

use super::cell::seed;
use super::cells::Named;
use super::decision::full;
use super::demand::{Checked, at_least, at_most};
use super::machine::LabMachine;
use super::world::{Setup, Simulated, block_on, tree};

/// Families of untouched benchmarks with an alarm, of `trials`.
pub(crate) fn false_alarms(noise: &Named, trials: u32, family: usize) -> Checked {
    let alarms = (0..trials).filter(|trial| alarmed(&gate(noise, *trial, &vec![0.0; family]).0)).count();
    at_most("families with a false alarm", as_count(alarms), trials, 0.05)
}

/// Slowdowns of 6 % of one benchmark that were named, of `trials`.
pub(crate) fn caught(noise: &Named, trials: u32, family: usize) -> Checked {
    let mut effects = vec![0.0; family];
    effects[family / 2] = -0.06;
    let named = |trial: &u32| gate(noise, *trial, &effects).0[family / 2].standing == Standing::Regressed;
    at_least("slowdowns of 6 % named", as_count((0..trials).filter(named).count()), trials, 0.90)
}

/// Mean pairs a benchmark of an untouched family, and the share that was shown clean.
pub(crate) fn price(noise: &Named, trials: u32, family: usize) -> (f64, f64) {
    let of = |trial| {
        let (members, pairs) = gate(noise, trial, &vec![0.0; family]);
        let clean = members.iter().filter(|member| member.standing == Standing::Clean).count();
        (count(pairs) / count(family), count(clean) / count(family))
    };
    let (pairs, clean): (Vec<f64>, Vec<f64>) = (0..trials).map(of).unzip();
    (mean(&pairs).unwrap_or_default(), mean(&clean).unwrap_or_default())
}

fn alarmed(members: &[MemberFinding]) -> bool {
    members.iter().any(|member| member.standing == Standing::Regressed)
}

fn as_count(trials: usize) -> u32 {
    u32::try_from(trials).expect("no more than the trials")
}

/// What a gate over benchmarks of these true effects finds, and the pairs it takes.
fn gate((name, noise): &Named, trial: u32, effects: &[f64]) -> (Vec<MemberFinding>, usize) {
    let seed = seed(&format!("gate of {}, {name}", effects.len()), trial);
    let lab = World { noise: noise.clone(), improvement: 0.0, attack: Attack::None };
    let mut setup = Setup::looping(full(), u128::from(seed).to_le_bytes());
    let candidate = Revision { commit: CommitId::new(*tree(1).bytes()), tree: tree(1) };
    setup.pursuit = Pursuit::Compare { candidate, asked: Asked::Regressions };
    setup.targets = as_count(effects.len());
    let mut world = Simulated::new(Vec::new(), LabMachine::new(Lab::new(lab, seed)));
    world.family = effects.to_vec();
    let mut found = Found::default();
    block_on(drive(&mut Run::new(setup.header()), &mut world, &mut found)).expect("the gate ends by itself");
    assert_eq!(found.members.len(), effects.len(), "every benchmark has its finding");
    (found.members, found.pairs)
}

/// What the records tell.
#[derive(Default)]
struct Found {
    members: Vec<MemberFinding>,
    pairs: usize,
}

impl Chronicle for Found {
    type Error = Infallible;

    fn append(&mut self, entry: &Entry) -> Result<(), Infallible> {
        match &entry.record {
            Record::Measured(measured) => self.pairs += measured.pairs.len(),
            Record::Found(found) => {
                if let Finding::Family { members } = &found.finding {
                    self.members.clone_from(members);
                }
            }
            _ => {}
        }
        Ok(())
    }
}
