//! The demo's five proposals keep their verdicts in every order.

use optiloop::app::drive::drive;
use optiloop::engine::record::{Entry, Record};
use optiloop::engine::run::Run;
use optiloop::model::change::TreePath;
use optiloop::model::verdict::{Rejection, StopReason, Verdict};
use optiloop::stats::pair::Side;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::world::{InMemory, Proposal, Setup, Simulated};

/// The five, with the kind of verdict each must get.
fn five() -> Vec<(Proposal, &'static str)> {
    let edits_the_benchmark = Rejection::ProtectedPath {
        path: TreePath::new("benches/parse_document.rs"),
        rule: "benches/**".to_owned(),
    };
    vec![
        (Proposal::of_effect(0.6), "accepted"),
        (Proposal::of_effect(0.4), "accepted"),
        (Proposal::of_effect(0.0), "unchanged"),
        (Proposal { effect: 0.5, breaks: Some("unescapes"), ..Proposal::default() }, "tests_failed"),
        (
            Proposal { effect: 0.5, rejections: vec![edits_the_benchmark], ..Proposal::default() },
            "protected_path",
        ),
    ]
}

fn run_in_order(order: &[usize], seed: u8) -> Vec<Entry> {
    let five = five();
    let proposals = order.iter().map(|at| five[*at].0.clone()).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
    let noise = move |_: Side, _: u32| (rng.random::<f64>() - 0.5) * 0.04;
    let mut world = Simulated::new(proposals, noise);
    let header = Setup::looping(super::world::quick(), [seed; 16]).header();
    let mut run = Run::new(header);
    let mut records = InMemory::default();
    super::world::block_on(drive(&mut run, &mut world, &mut records)).expect("the run ends by itself");
    records.0
}

fn verdicts(entries: &[Entry]) -> Vec<&'static str> {
    (entries.iter())
        .filter_map(|entry| match &entry.record {
            Record::Judged(judged) => Some(match &judged.verdict {
                Verdict::Accepted => "accepted",
                Verdict::Held { .. } => "held",
                Verdict::Rejected { reason } => reason.kind(),
            }),
            _ => None,
        })
        .collect()
}

/// All orders of `n` things.
fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(n - 1);
    (shorter.iter())
        .flat_map(|order| {
            (0..n).map(move |at| {
                let mut order = order.clone();
                order.insert(at, n - 1);
                order
            })
        })
        .collect()
}

#[test]
fn all_120_orders_of_the_five_proposals_give_the_same_five_verdicts() {
    let orders = permutations(5);
    assert_eq!(orders.len(), 120);
    for (seed, order) in orders.iter().enumerate() {
        let entries = run_in_order(order, u8::try_from(seed).expect("120 orders"));
        let expected: Vec<&str> = order.iter().map(|at| five()[*at].1).collect();
        assert_eq!(verdicts(&entries), expected, "order {order:?}");
        let last = entries.last().map(|entry| &entry.record);
        assert_eq!(last, Some(&Record::Stopped { reason: StopReason::NothingMore }), "order {order:?}");
    }
}
