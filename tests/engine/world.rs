//! The simulated world: steps are answered from a table of proposals with true effects, launches are
//! drawn from a noise generator. Shared by the engine's tests and the validation suite.

use std::collections::BTreeMap;
use std::time::Duration;

use optiloop::app::drive::{Chronicle, World};
use optiloop::engine::measure::{BuiltTree, Launched, Measure, Measured, MeasuredPair, Reading, Work};
use optiloop::engine::record::{
    BuildOutcome, Built, Calibrated, Calibration, ChangeSize, CostFrom, Entry, Header, Inspected, Landed,
    Prepared, ProfileOutcome, Profiled, Proposed, Pursuit, Record, SetAside, StreamState, SuiteBaseline,
    Target, TestOutcome, Tested,
};
use optiloop::engine::step::{Source, Step};
use optiloop::model::bench::{Iterations, WorkControl};
use optiloop::model::goal::Goal;
use optiloop::model::id::{BenchmarkId, CommitId, Digest, Iteration, Revision, RunId, TestId, TreeId};
use optiloop::model::launch::ConfinementStamp;
use optiloop::model::plan::{BenchPlan, Budget, Plan};
use optiloop::model::proposal::{AgentReport, ReportSource, Tokens, Turn, TurnEnd};
use optiloop::model::verdict::{HoldReason, Rejection};
use optiloop::policy::Policy;
use optiloop::stats::coin::CoinKey;
use optiloop::stats::instrument::Instrument;
use optiloop::stats::pair::{Order, Side};

/// Median cost of a launch of the original, in seconds; above a tenth, so that pairs are walked one by one.
pub const LAUNCH: f64 = 0.2;

/// One proposal of a simulated agent.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    /// True reduction of cost on whatever it is applied to.
    pub effect: f64,
    /// What inspection says against it.
    pub rejections: Vec<Rejection>,
    /// What inspection holds it for.
    pub holds: Vec<HoldReason>,
    /// A test it breaks.
    pub breaks: Option<&'static str>,
    /// Whether it builds to the same code.
    pub same_code: bool,
}

impl Proposal {
    /// One that only changes cost.
    pub fn of_effect(effect: f64) -> Self {
        Self { effect, ..Self::default() }
    }
}

/// What a launch costs on the log scale, on top of the true effect.
pub trait Noise {
    /// The next launch of the machine; `slot` is 0 for the first of a pair, 1 for the second.
    fn launch(&mut self, side: Side, slot: u32) -> f64;
}

impl<F: FnMut(Side, u32) -> f64> Noise for F {
    fn launch(&mut self, side: Side, slot: u32) -> f64 {
        self(side, slot)
    }
}

/// The world.
pub struct Simulated<N> {
    /// Proposals in the order the agent makes them.
    pub proposals: Vec<Proposal>,
    /// The machine.
    pub noise: N,
    /// Launches that entered or could have entered a comparison (discards are not counted).
    pub launches: u32,
    /// Cost of each tree, on the log scale.
    costs: BTreeMap<TreeId, f64>,
    messages: Vec<Record>,
}

/// Nothing goes wrong here.
#[derive(Debug, thiserror::Error)]
#[error("the simulated world cannot {0}")]
pub struct Unsupported(String);

impl<N: Noise> Simulated<N> {
    /// A world in which the original costs [`LAUNCH`].
    pub fn new(proposals: Vec<Proposal>, noise: N) -> Self {
        Self { proposals, noise, launches: 0, costs: BTreeMap::from([(tree(0), 0.0)]), messages: Vec::new() }
    }

    /// What is delivered before the next proposal.
    pub fn send(&mut self, record: Record) {
        self.messages.push(record);
    }

    /// Learns the trees that a cut run has made already.
    pub fn remember(&mut self, entries: &[Entry]) {
        let mut heads = vec![tree(0)];
        for entry in entries {
            match &entry.record {
                Record::Inspected(inspected) => {
                    let base = heads.last().and_then(|head| self.costs.get(head)).copied().unwrap_or(0.0);
                    let cost = base + (1.0 - self.proposal(inspected.iteration).effect).ln();
                    self.costs.insert(tree(inspected.iteration.0), cost);
                }
                Record::Landed(landed) => heads.push(landed.head.tree),
                _ => {}
            }
        }
    }

    fn proposal(&self, iteration: Iteration) -> Proposal {
        self.proposals.get(iteration.0 as usize - 1).cloned().unwrap_or_default()
    }

    fn inspect(&mut self, iteration: Iteration, base: Revision, source: Source) -> Record {
        let proposal = match source {
            Source::Held { iteration, .. } => self.proposal(iteration),
            _ => self.proposal(iteration),
        };
        let candidate = revision(iteration.0);
        let cost = self.costs.get(&base.tree).copied().unwrap_or(0.0) + (1.0 - proposal.effect).ln();
        self.costs.insert(candidate.tree, cost);
        Record::Inspected(Inspected {
            iteration,
            source,
            candidate: Some(candidate),
            diff: None,
            size: ChangeSize::default(),
            rejections: proposal.rejections,
            holds: proposal.holds,
            additions: Vec::new(),
        })
    }

    fn measure(&mut self, measure: &Measure) -> Measured {
        let Measure { comparison, base, candidate, pairs, .. } = measure;
        let mut measured = Vec::new();
        for pair in pairs {
            for (work, order) in &pair.rounds {
                let mut launch = |side: Side, slot: u32| {
                    let tree = if side == Side::Base { base.tree } else { candidate.tree };
                    let cost = self.costs.get(&tree).copied().unwrap_or(0.0);
                    self.launches += 1;
                    reading(LAUNCH * (cost + self.noise.launch(side, slot)).exp())
                };
                let (base, candidate) = match order {
                    Order::BaseFirst => {
                        let base = launch(Side::Base, 0);
                        (base, launch(Side::Candidate, 1))
                    }
                    Order::CandidateFirst => {
                        let candidate = launch(Side::Candidate, 0);
                        (launch(Side::Base, 1), candidate)
                    }
                };
                measured.push(MeasuredPair { pair: pair.pair, work: *work, order: *order, base, candidate });
            }
        }
        let from_pair = pairs.first().map_or(1, |pair| pair.pair);
        Measured { comparison: *comparison, from_pair, pairs: measured, discarded: Vec::new() }
    }
}

fn reading(seconds: f64) -> Launched {
    if !(seconds.is_finite() && seconds > 0.0) {
        return Launched::Failed("no value".to_owned());
    }
    Launched::Read(Reading { cpu: seconds, wall: seconds, ..Reading::default() })
}

impl<N: Noise> World for Simulated<N> {
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
                benchmarks: benchmarks.into_iter().map(calibrated).collect(),
                smallest_provable: 0.06,
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
            Step::Build { iteration, base, candidate, round } => Record::Built(Built {
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
            Step::Land { iteration, candidate, .. } => Record::Landed(Landed { iteration, head: candidate }),
            Step::SetAside { iteration, candidate, .. } => {
                Record::SetAside(SetAside { iteration, commit: candidate.map(|revision| revision.commit) })
            }
            Step::Judge(_) | Step::Stop(_) => return Err(Unsupported(format!("perform {step:?}"))),
        };
        Ok(Entry { took: Duration::ZERO, record })
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
pub fn quick() -> Policy {
    optiloop::policy::preset("quick").expect("a preset resolves")
}

/// Runs a future that never waits.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

/// Records in memory.
#[derive(Default)]
pub struct InMemory(pub Vec<Entry>);

impl Chronicle for InMemory {
    type Error = Unsupported;
    fn append(&mut self, entry: &Entry) -> Result<(), Unsupported> {
        self.0.push(entry.clone());
        Ok(())
    }
}

/// The n-th tree of a simulated run.
pub fn tree(n: u32) -> TreeId {
    let mut bytes = [0; 20];
    bytes[..4].copy_from_slice(&n.to_le_bytes());
    TreeId::new(bytes)
}

fn revision(n: u32) -> Revision {
    Revision { commit: CommitId::new(*tree(n).bytes()), tree: tree(n) }
}

fn built(tree: TreeId) -> BuiltTree {
    BuiltTree { tree, artifact: Digest::of(tree.bytes()) }
}

fn calibrated(benchmark: BenchmarkId) -> Calibrated {
    Calibrated {
        work: Work { benchmark, iterations: Iterations(1), batch: 1, timeout: Duration::from_secs(10) },
        control: WorkControl::Fixed,
        readings: Vec::new(),
        cost_from: CostFrom::Outside,
        instrument: Instrument::Wall,
        reason: "simulated".to_owned(),
        cost: LAUNCH,
        noise: 0.01,
        fixed_share: None,
    }
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

/// What a simulated run starts from.
pub struct Setup {
    pub policy: Policy,
    pub pursuit: Pursuit,
    pub goal: Option<Goal>,
    pub key: [u8; 16],
    pub stream: StreamState,
    pub budget: Budget,
}

impl Setup {
    /// A loop under this policy without an end of its own.
    pub fn looping(policy: Policy, key: [u8; 16]) -> Self {
        let budget = Budget { iterations: 1000, patience: 1000, ..Budget::default() };
        Self { policy, pursuit: Pursuit::Loop, goal: None, key, stream: StreamState::default(), budget }
    }

    /// The header of such a run.
    pub fn header(self) -> Header {
        let Self { policy, pursuit, goal, key, stream, budget } = self;
        let benchmark = BenchmarkId::new("parse_document");
        Header {
            format: optiloop::engine::record::FORMAT,
            version: "simulated".to_owned(),
            run: RunId::new("simulated"),
            pursuit,
            original: revision(0),
            target: Target {
                name: "parse_document".to_owned(),
                benchmarks: vec![benchmark],
                guards: Vec::new(),
            },
            goal,
            policy,
            plan: Plan {
                root: "".into(),
                language: None,
                setup: None,
                bench: BenchPlan::default(),
                suites: Vec::new(),
                collector: None,
                agent: None,
                budget,
                env: BTreeMap::new(),
            },
            key: CoinKey::new(key),
            stream,
            confinement: ConfinementStamp {
                mechanism: "none".to_owned(),
                confined: "no".to_owned(),
                gaps: Vec::new(),
            },
            tools: BTreeMap::new(),
            advice: Vec::new(),
            stamps: Vec::new(),
        }
    }
}
