//! The simulated world: steps are answered from a table of proposals with true effects, launches run on
//! a [`Machine`]. Shared by the engine's tests and the validation suite.

#[path = "setup.rs"]
mod setup;

use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use optiloop::app::drive::{Chronicle, World};
use optiloop::engine::measure::{
    BuiltTree, Conditions, Discarded, Launched, Measure, Measured, MeasuredPair, Reading, Work,
};
use optiloop::engine::record::{
    BuildOutcome, Built, Calibrated, Calibration, ChangeSize, CostFrom, Entry, Inspected, Landed, Landing,
    Prepared, ProfileOutcome, Profiled, Proposed, Record, SetAside, SuiteBaseline, TestOutcome, Tested,
};
use optiloop::engine::step::{Source, Step};
use optiloop::model::bench::{Iterations, WorkControl};
use optiloop::model::change::TreePath;
use optiloop::model::id::{BenchmarkId, CommitId, Digest, Iteration, Revision, TestId, TreeId};
use optiloop::model::proposal::{AgentReport, ReportSource, Tokens, Turn, TurnEnd};
use optiloop::model::verdict::{HoldReason, Rejection};
use optiloop::policy::Policy;
use optiloop::stats::coin::ComparisonKind;
use optiloop::stats::instrument::{self, Instrument};
use optiloop::stats::pair::{Order, Side};

pub(crate) use setup::Setup;

/// Median cost of a launch of the original, in seconds; above a tenth, so that pairs are walked one by one.
pub(crate) const LAUNCH: f64 = 0.2;

/// The least effect of the presets.
const LEAST_EFFECT: f64 = 0.05;

/// One proposal of a simulated agent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proposal {
    /// True reduction of cost on whatever it is applied to.
    pub(crate) effect: f64,
    /// The same on every guard; negative is a slowdown.
    pub(crate) on_guards: f64,
    /// What inspection says against it.
    pub(crate) rejections: Vec<Rejection>,
    /// What inspection holds it for.
    pub(crate) holds: Vec<HoldReason>,
    /// A test it breaks.
    pub(crate) breaks: Option<&'static str>,
    /// Whether it builds to the same code.
    pub(crate) same_code: bool,
    /// Whether it builds with the tests it adds only.
    pub(crate) needs_additions: bool,
    /// The files it changes, where that matters.
    pub(crate) changed: Vec<TreePath>,
}

impl Proposal {
    /// One that only changes cost.
    pub(crate) fn of_effect(effect: f64) -> Self {
        Self { effect, ..Self::default() }
    }
}

/// What launches run on.
pub(crate) trait Machine {
    /// Launches a tree whose true cost on the log scale, the original's being 0, is `log_cost`. `slot` is 0
    /// for the first of a pair, 1 for the second, `None` for a discarded one.
    fn launch(&mut self, side: Side, slot: Option<u32>, log_cost: f64) -> Launched;

    /// A comparison is about to run its first pair.
    fn begin(&mut self, _measure: &Measure) {}
}

/// A machine on which side and slot say what a launch costs more, on the log scale; discards leave no trace.
impl<F: FnMut(Side, u32) -> f64> Machine for F {
    fn launch(&mut self, side: Side, slot: Option<u32>, log_cost: f64) -> Launched {
        let more = slot.map_or(0.0, |slot| self(side, slot));
        let seconds = LAUNCH * (log_cost + more).exp();
        reading(seconds, seconds)
    }
}

/// The world.
pub(crate) struct Simulated<M> {
    /// Proposals in the order the agent makes them.
    pub(crate) proposals: Vec<Proposal>,
    /// The machine.
    pub(crate) machine: M,
    /// The instrument that calibration chooses.
    pub(crate) instrument: Instrument,
    /// What landed, with its evidence.
    pub(crate) landings: Vec<Landing>,
    /// Resolution of the cost, in seconds.
    pub(crate) resolution: f64,
    /// Cost of each tree on the log scale: of the target and of every guard.
    costs: BTreeMap<TreeId, [f64; 2]>,
    /// True reduction of cost of each benchmark of two sides, where those are compared.
    pub(crate) family: Vec<f64>,
    /// Whether a launch does so many iterations that a part of them can be planted.
    pub(crate) fine_work: bool,
    /// What every step takes.
    pub(crate) step_time: Duration,
    /// What people have said and nobody has taken yet.
    pub(crate) messages: Vec<Record>,
}

/// Nothing goes wrong here.
#[derive(Debug, thiserror::Error)]
#[error("the simulated world cannot {0}")]
pub(crate) struct Unsupported(String);

impl<M: Machine> Simulated<M> {
    /// A world in which the original costs [`LAUNCH`].
    pub(crate) fn new(proposals: Vec<Proposal>, machine: M) -> Self {
        let costs = BTreeMap::from([(tree(0), [0.0; 2])]);
        Self {
            proposals,
            machine,
            instrument: Instrument::Wall,
            landings: Vec::new(),
            resolution: 0.0,
            family: Vec::new(),
            fine_work: false,
            step_time: Duration::ZERO,
            costs,
            messages: Vec::new(),
        }
    }

    /// Learns the trees that a cut run has made already.
    pub(crate) fn remember(&mut self, entries: &[Entry]) {
        let mut heads = vec![tree(0)];
        for entry in entries {
            match &entry.record {
                Record::Inspected(inspected) => {
                    let base = *heads.last().expect("the original is there");
                    let proposal = self.proposal(inspected.iteration);
                    self.learn(base, inspected.iteration, &proposal);
                }
                Record::Landed(landed) => heads.push(landed.head.tree),
                _ => {}
            }
        }
    }

    fn proposal(&self, iteration: Iteration) -> Proposal {
        self.proposals.get(iteration.0 as usize - 1).cloned().unwrap_or_default()
    }

    /// The cost of a proposal's tree, from that of its base.
    fn learn(&mut self, base: TreeId, iteration: Iteration, proposal: &Proposal) {
        let [target, guards] = self.costs.get(&base).copied().unwrap_or_default();
        let cost = [target + (-proposal.effect).ln_1p(), guards + (-proposal.on_guards).ln_1p()];
        self.costs.insert(tree(iteration.0), cost);
    }

    fn inspect(&mut self, iteration: Iteration, base: Revision, source: Source) -> Record {
        let taken_whole = matches!(source, Source::Held { whole: Some(_), .. });
        let is_control = matches!(source, Source::Control { .. });
        let proposal = match source {
            Source::Held { iteration, .. } => self.proposal(iteration),
            _ => self.proposal(iteration),
        };
        let candidate = if is_control { base } else { revision(iteration.0) };
        if !is_control {
            self.learn(base.tree, iteration, &proposal);
        }
        Record::Inspected(Inspected {
            iteration,
            source,
            candidate: Some(candidate),
            diff: None,
            size: ChangeSize::default(),
            rejections: proposal.rejections,
            holds: proposal.holds,
            additions: Vec::new(),
            changed: proposal.changed,
            whole: (proposal.needs_additions && !taken_whole).then(|| tree(1000 + iteration.0)),
        })
    }

    /// Pairs as the real world runs them: one discarded launch of each side when a comparison starts, and
    /// under changed conditions a discarded one of the base before every measured launch.
    fn measure(&mut self, measure: &Measure) -> Measured {
        let mut discarded = Vec::new();
        let from_pair = measure.pairs.first().map_or(1, |pair| pair.pair);
        if from_pair == 1 {
            self.machine.begin(measure);
            for side in [Side::Base, Side::Candidate] {
                discarded.push(Discarded { side, launched: self.launch((measure, 0), side, None) });
            }
        }
        let mut pairs = Vec::new();
        for pair in &measure.pairs {
            for (work, order) in &pair.rounds {
                let mut launch = |side, slot| {
                    if matches!(measure.conditions, Conditions::Changed { .. }) {
                        let launched = self.launch((measure, *work), Side::Base, None);
                        discarded.push(Discarded { side: Side::Base, launched });
                    }
                    self.launch((measure, *work), side, Some(slot))
                };
                let (base, candidate) = match order {
                    Order::BaseFirst => (launch(Side::Base, 0), launch(Side::Candidate, 1)),
                    Order::CandidateFirst => {
                        let candidate = launch(Side::Candidate, 0);
                        (launch(Side::Base, 1), candidate)
                    }
                };
                pairs.push(MeasuredPair { pair: pair.pair, work: *work, order: *order, base, candidate });
            }
        }
        Measured { comparison: measure.comparison, from_pair, pairs, discarded }
    }

    /// As the real calibration: a launch does as many iterations as its clock is too coarse for one.
    fn calibrated(&self, benchmark: BenchmarkId) -> Calibrated {
        let fine = if self.fine_work { 9000 } else { 1 };
        let iterations = instrument::tick(self.resolution, LAUNCH, LEAST_EFFECT).batch;
        let work = Work {
            benchmark,
            iterations: Iterations(fine * u64::from(iterations)),
            batch: 1,
            timeout: Duration::from_secs(10),
            gauge: None,
        };
        Calibrated {
            work,
            control: WorkControl::Fixed,
            readings: Vec::new(),
            cost_from: CostFrom::Outside,
            instrument: self.instrument,
            reason: "simulated".to_owned(),
            cost: LAUNCH * f64::from(iterations),
            noise: 0.01,
            fixed_share: None,
            resolution: self.resolution,
            at_fewer: Vec::new(),
            fewer: 0,
            floor: 0.0,
        }
    }

    fn launch(&mut self, (measure, work): (&Measure, usize), side: Side, slot: Option<u32>) -> Launched {
        let tree = if side == Side::Base { measure.base.tree } else { measure.candidate.tree };
        let of_what = usize::from(measure.comparison.kind == ComparisonKind::Guard);
        let mut log_cost = self.costs.get(&tree).map_or(0.0, |costs| costs[of_what]);
        if measure.comparison.kind == ComparisonKind::Family && side == Side::Candidate {
            log_cost = (-self.family.get(work).copied().unwrap_or(0.0)).ln_1p();
        }
        if let (Some(per_mille), Side::Base) = (measure.planted, side) {
            log_cost -= (-f64::from(per_mille) / 1000.0).ln_1p();
        }
        self.machine.launch(side, slot, log_cost)
    }
}

/// What a launch that took so long yields.
pub(crate) fn reading(cpu: f64, wall: f64) -> Launched {
    if !(cpu.is_finite() && cpu > 0.0) {
        return Launched::Failed("no value".to_owned());
    }
    Launched::Read(Reading { cpu, wall, ..Reading::default() })
}

impl<M: Machine> World for Simulated<M> {
    type Error = Unsupported;

    async fn perform(&mut self, step: Step) -> Result<Entry, Unsupported> {
        let record = match step {
            Step::Prepare { original } => Record::Prepared(Prepared::Sound {
                original: built(original.tree),
                suites: vec![SuiteBaseline {
                    suite: "command".to_owned(),
                    ends: BTreeMap::new(),
                    quarantined: Vec::new(),
                    took: Duration::ZERO,
                    benchmarked_mode: None,
                }],
            }),
            Step::Calibrate { benchmarks, .. } => Record::Calibrated(Calibration::Ready {
                benchmarks: benchmarks.into_iter().map(|benchmark| self.calibrated(benchmark)).collect(),
                smallest_provable: 0.06,
                notes: Vec::new(),
            }),
            Step::Profile { iteration, .. } => Record::Profiled(Profiled {
                iteration,
                outcome: ProfileOutcome::NotCollected { reason: "simulated".to_owned() },
            }),
            Step::Propose { iteration, .. } => Record::Proposed(Proposed {
                iteration,
                turn: turn(iteration.0 as usize <= self.proposals.len()),
                raw: None,
                patch: None,
            }),
            Step::Inspect { iteration, base, source } => self.inspect(iteration, base, source),
            Step::Build { iteration, round, whole: Some(_), .. } => Record::Built(Built {
                iteration,
                round,
                outcome: BuildOutcome::NeedsAdditions { detail: "no such module".to_owned() },
            }),
            Step::Build { iteration, base, candidate, round, whole: None } => Record::Built(Built {
                iteration,
                round,
                outcome: BuildOutcome::Ready {
                    base: built(base.tree),
                    candidate: built(candidate.tree),
                    same_code: Some(self.proposal(iteration).same_code),
                },
            }),
            Step::Test { iteration, tree, scope, .. } => {
                let outcome = match self.proposal(iteration).breaks {
                    None => TestOutcome::Passed { ids: 0 },
                    Some(test) => TestOutcome::Failed {
                        tests: vec![TestId::new(test)],
                        detail: "exit code 101".to_owned(),
                    },
                };
                Record::Tested(Tested { iteration, tree, scope, outcome, log: None })
            }
            Step::Measure(measure) => Record::Measured(self.measure(&measure)),
            Step::Land { iteration, candidate, landing, .. } => {
                self.landings.push(*landing);
                Record::Landed(Landed { iteration, head: candidate })
            }
            Step::SetAside { iteration, candidate, .. } => {
                Record::SetAside(SetAside { iteration, commit: candidate.map(|revision| revision.commit) })
            }
            Step::Judge(_) | Step::Stop(_) => return Err(Unsupported(format!("perform {step:?}"))),
        };
        Ok(Entry { took: self.step_time, record })
    }

    fn messages(&mut self) -> Result<Vec<Record>, Unsupported> {
        Ok(self.messages.clone())
    }

    fn messages_kept(&mut self) -> Result<(), Unsupported> {
        self.messages.clear();
        Ok(())
    }
}

/// The preset `quick`: no delay before the confirmation.
pub(crate) fn quick() -> Policy {
    optiloop::policy::preset("quick").expect("a preset resolves")
}

/// Runs a future that never waits.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the simulated world waits for nothing"),
    }
}

/// Records in memory.
#[derive(Default)]
pub(crate) struct InMemory(pub Vec<Entry>);

impl Chronicle for InMemory {
    type Error = Unsupported;
    fn append(&mut self, entry: &Entry) -> Result<(), Unsupported> {
        self.0.push(entry.clone());
        Ok(())
    }
}

/// The n-th tree of a simulated run.
pub(crate) fn tree(n: u32) -> TreeId {
    let mut bytes = [0; 20];
    bytes[..4].copy_from_slice(&n.to_le_bytes());
    TreeId::new(bytes)
}

pub(crate) fn revision(n: u32) -> Revision {
    Revision { commit: CommitId::new(*tree(n).bytes()), tree: tree(n) }
}

fn built(tree: TreeId) -> BuiltTree {
    BuiltTree { tree, artifact: Digest::of(tree.bytes()) }
}

fn turn(has_proposal: bool) -> Turn {
    Turn {
        end: if has_proposal { TurnEnd::Completed } else { TurnEnd::NothingMore },
        report: Some(AgentReport { hypothesis: "it is faster".to_owned(), ..AgentReport::default() }),
        report_source: ReportSource::Tool,
        tokens: Tokens { input: Some(10), output: Some(1), ..Tokens::default() },
        agent: "simulated".to_owned(),
        took: Duration::ZERO,
    }
}
