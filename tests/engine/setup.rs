//! What a simulated run starts from: its header, under a policy. Start at [`Setup::looping`].

use std::collections::BTreeMap;

use optiloop::engine::record::{Header, Pursuit, StreamState, Target};
use optiloop::model::goal::Goal;
use optiloop::model::id::{BenchmarkId, RunId};
use optiloop::model::launch::ConfinementStamp;
use optiloop::model::plan::{BenchPlan, Budget, Plan};
use optiloop::policy::Policy;
use optiloop::stats::coin::CoinKey;

use super::revision;

/// What a simulated run starts from.
pub(crate) struct Setup {
    pub(crate) policy: Policy,
    pub(crate) pursuit: Pursuit,
    pub(crate) goal: Option<Goal>,
    pub(crate) key: [u8; 16],
    pub(crate) stream: StreamState,
    pub(crate) budget: Budget,
    /// How many secondary benchmarks there are.
    pub(crate) guards: u32,
    /// How many benchmarks the target has.
    pub(crate) targets: u32,
}

impl Setup {
    /// A loop under this policy without an end of its own.
    pub(crate) fn looping(policy: Policy, key: [u8; 16]) -> Self {
        let budget = Budget { iterations: 1000, patience: 1000, ..Budget::default() };
        Self {
            policy,
            pursuit: Pursuit::Loop,
            goal: None,
            key,
            stream: StreamState::default(),
            budget,
            guards: 0,
            targets: 1,
        }
    }

    /// The header of such a run.
    pub(crate) fn header(self) -> Header {
        let Self { policy, pursuit, goal, key, stream, budget, guards, targets } = self;
        let more = (2..=targets).map(|n| BenchmarkId::new(format!("target_{n}")));
        let benchmarks = [BenchmarkId::new("parse_document")].into_iter().chain(more).collect();
        let guards = (1..=guards).map(|n| BenchmarkId::new(format!("guard_{n}"))).collect();
        Header {
            format: optiloop::engine::record::FORMAT,
            version: "simulated".to_owned(),
            run: RunId::new("simulated"),
            pursuit,
            original: revision(0),
            target: Target { name: "parse_document".to_owned(), benchmarks, guards },
            goal,
            policy,
            locked_policy: None,
            plan: Plan {
                services: Vec::new(),
                root: "".into(),
                language: None,
                setup: None,
                setup_env: Vec::new(),
                setup_files: Vec::new(),
                bench: BenchPlan::default(),
                suites: Vec::new(),
                collector: None,
                agent: None,
                budget,
                env: BTreeMap::new(),
                gauge: None,
                told: false,
                resources: Vec::new(),
            },
            key: CoinKey::new(key),
            stream,
            confinement: ConfinementStamp {
                mechanism: "none".to_owned(),
                confined: "no".to_owned(),
                gaps: Vec::new(),
            },
            machine: optiloop::model::machine::Machine::default(),
            tools: BTreeMap::new(),
            advice: Vec::new(),
            stamps: Vec::new(),
            laid_over: Vec::new(),
        }
    }
}
