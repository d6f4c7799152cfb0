//! The run all these tests look at: two gains, a no-op, a broken test, a protected path, one held.

use std::time::Duration;

use optiloop::app::drive::drive;
use optiloop::app::history::header;
use optiloop::app::report::outcome::Outcome;
use optiloop::engine::record::{Entry, Header, JudgeLanding, Pursuit, Record};
use optiloop::engine::run::Run;
use optiloop::engine::step::Source;
use optiloop::model::change::TreePath;
use optiloop::model::goal::Goal;
use optiloop::model::verdict::{HoldReason, Rejection};
use optiloop::stats::pair::Side;

use super::world::{InMemory, Proposal, Setup, Simulated, block_on, quick, tree};

/// A machine without memory on which launches of one side differ a little from slot to slot.
fn machine() -> impl FnMut(Side, u32) -> f64 {
    let mut launches = 0_u32;
    move |side, slot| {
        launches = launches.wrapping_mul(1_103_515_245).wrapping_add(12345);
        let noise = f64::from(launches >> 16) / 65536.0 - 0.5;
        let side = if side == Side::Base { 0.001 } else { -0.001 };
        side + 0.002 * f64::from(slot) + 0.004 * noise
    }
}

/// Its records.
pub(crate) fn entries() -> Vec<Entry> {
    let rule = "benches/** (AGENTS.md:13)".to_owned();
    let cheating = Rejection::ProtectedPath { path: TreePath::new("benches/parse.rs".as_bytes()), rule };
    let proposals = vec![
        Proposal::of_effect(0.3),
        Proposal::of_effect(0.0),
        Proposal { breaks: Some("escapes::nested"), ..Proposal::of_effect(0.4) },
        Proposal { rejections: vec![cheating], ..Proposal::of_effect(0.5) },
        Proposal {
            holds: vec![HoldReason::Dependencies { detail: "Cargo.toml".to_owned() }],
            ..Proposal::of_effect(0.2)
        },
        Proposal::of_effect(0.15),
    ];
    let mut setup = Setup::looping(quick(), [5; 16]);
    setup.goal = Some("60%".parse::<Goal>().expect("a goal"));
    driven(proposals, setup.header())
}

/// The records of one judgement of a real gain.
pub(crate) fn judged() -> Vec<Entry> {
    let mut setup = Setup::looping(quick(), [5; 16]);
    let source = Source::Given { tree: tree(1) };
    setup.pursuit = Pursuit::Judge { source, landing: JudgeLanding::VerdictOnly };
    driven(vec![Proposal::of_effect(0.3)], setup.header())
}

fn driven(proposals: Vec<Proposal>, header: Header) -> Vec<Entry> {
    let mut world = Simulated::new(proposals, machine());
    let mut run = Run::new(header.clone());
    let started = Entry { took: Duration::ZERO, record: Record::Started(Box::new(header)) };
    let mut kept = InMemory(vec![started]);
    block_on(drive(&mut run, &mut world, &mut kept)).expect("the run ends by itself");
    for (at, entry) in kept.0.iter_mut().enumerate() {
        entry.took = Duration::from_millis(if at == 0 { 0 } else { 500 });
    }
    kept.0
}

/// What the reports are made of.
pub(crate) fn outcome(entries: &[Entry]) -> (Header, Outcome) {
    (header(entries).expect("a run begins with its header"), Outcome::of(entries))
}
