//! One decision: a loop of one proposal, driven to its end, and what its records tell.

use std::convert::Infallible;
use std::sync::LazyLock;

use optiloop::app::drive::{Chronicle, drive};
use optiloop::engine::finding::Finding;
use optiloop::engine::record::{Entry, Found, Record, StreamState};
use optiloop::engine::run::Run;
use optiloop::model::verdict::Verdict;
use optiloop::policy::Policy;
use optiloop::stats::coin::ComparisonKind;
use optiloop::stats::estimate::Estimate;
use optiloop::stats::guard::GuardState;
use optiloop::stats::instrument::Instrument;
use optiloop::stats::location::count;
use optiloop::stats::sequential;

use super::world::{Machine, Proposal, Setup, Simulated, block_on};

/// What one proposal goes through.
pub(crate) struct Trial<M> {
    pub(crate) machine: M,
    pub(crate) proposal: Proposal,
    pub(crate) instrument: Instrument,
    /// Resolution of the cost, in seconds.
    pub(crate) resolution: f64,
    /// Candidates tried before it; none of them landed.
    pub(crate) tried: u32,
    /// Secondary benchmarks.
    pub(crate) guards: u32,
    /// The key of its coins.
    pub(crate) key: [u8; 16],
}

/// How it ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decision {
    /// Whether the sequential test accepted.
    pub(crate) accepted: bool,
    /// Launches of the test, discards not counted.
    pub(crate) launches: f64,
    /// Whether it is on the branch.
    pub(crate) landed: bool,
    /// Whether a person must decide.
    pub(crate) held: bool,
    /// Change of cost in percent by the confirmation, as the commit tells it.
    pub(crate) told: Option<f64>,
    /// Change of cost in percent by the final number.
    pub(crate) final_number: Option<f64>,
    /// States of the guards.
    pub(crate) guards: Vec<GuardState>,
    /// Pairs of all comparisons.
    pub(crate) pairs: f64,
}

impl<M: Machine> Trial<M> {
    /// Drives the loop to its end.
    pub(crate) fn decide(self) -> Decision {
        let Self { machine, proposal, instrument, resolution, tried, guards, key } = self;
        let mut setup = Setup::looping(full(), key);
        setup.stream = StreamState { tried, landed: 0 };
        setup.guards = guards;
        let mut run = Run::new(setup.header());
        let mut world = Simulated::new(vec![proposal], machine);
        world.instrument = instrument;
        world.resolution = resolution;
        let mut decision = Decision::default();
        block_on(drive(&mut run, &mut world, &mut decision)).expect("the run ends by itself");
        decision
    }
}

/// The preset `default`: confirmed after five minutes.
pub(crate) fn full() -> Policy {
    static DEFAULT: LazyLock<Policy> =
        LazyLock::new(|| optiloop::policy::preset("default").expect("a preset resolves"));
    DEFAULT.clone()
}

/// A decision is what its records tell, nothing else.
impl Chronicle for Decision {
    type Error = Infallible;

    fn append(&mut self, entry: &Entry) -> Result<(), Infallible> {
        match &entry.record {
            Record::Measured(measured) => {
                let pairs = count(measured.pairs.len());
                self.pairs += pairs;
                if measured.comparison.kind == ComparisonKind::Test {
                    self.launches += 2.0 * pairs;
                }
            }
            Record::Found(Found { finding, .. }) => self.take(finding),
            Record::Judged(judged) => self.held = matches!(judged.verdict, Verdict::Held { .. }),
            Record::Landed(_) => self.landed = true,
            _ => {}
        }
        Ok(())
    }
}

impl Decision {
    fn take(&mut self, finding: &Finding) {
        let percent = |estimate: &Option<Estimate>| estimate.map(|estimate| estimate.percent().change);
        match finding {
            Finding::Test { decision, .. } => {
                self.accepted = decision.finding == sequential::Finding::Improved;
            }
            Finding::Confirmation { estimate, .. } => self.told = percent(estimate),
            Finding::Final { estimate, .. } => self.final_number = percent(estimate),
            Finding::Guards { guards } => self.guards = guards.iter().map(|(state, _)| *state).collect(),
            Finding::Wall { .. }
            | Finding::Goal { .. }
            | Finding::Family { .. }
            | Finding::Owed
            | Finding::Failed { .. } => {}
        }
    }
}
