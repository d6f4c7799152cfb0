//! Resolved config: how things are done in this run, locked at its start. Rules that judge are `policy`.
//!
//! `app/config` fills it from flags, `optiloop.toml`, language defaults and built-ins.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bench::{Instrument, WorkControl};
use super::command::CommandSpec;
use super::id::BenchmarkId;
use super::service::ServicePlan;

/// Everything config decides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Project root inside the repository, empty for the repository's own root; every
    /// [`CommandSpec::folder`] below is relative to it.
    pub root: PathBuf,
    /// The language whose defaults were used.
    pub language: Option<String>,
    /// Prepares a workspace with what git does not carry; the only command with network.
    pub setup: Option<CommandSpec>,
    /// Names of variables that `setup` gets, for registries that want a key; their values are never kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub setup_env: Vec<String>,
    /// Files below the user's HOME that `setup` may read and nothing else may: credentials of private registries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub setup_files: Vec<PathBuf>,
    /// Benchmarks.
    pub bench: BenchPlan,
    /// Services a launch needs, in the order they are started.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServicePlan>,
    /// Test suites, in the order they run.
    pub suites: Vec<SuitePlan>,
    /// The collector by name; `None` where none is wanted.
    pub collector: Option<String>,
    /// The agent; `None` for `judge`.
    pub agent: Option<AgentPlan>,
    /// Caps of the run.
    pub budget: Budget,
    /// Variables for build, test and launch, on top of the pinned ones.
    pub env: std::collections::BTreeMap<String, String>,
    /// The gauge that reads the goal's metric (`instructions`, `peak_memory`); `None` for time and for what the
    /// benchmark tells itself ([`BenchPlan::metric`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gauge: Option<String>,
    /// Whether what the benchmark tells ([`BenchPlan::metric`]) decides, whoever controls the work.
    #[serde(default)]
    pub told: bool,
    /// Resources of the target that must not get worse, each a gauge or `time`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
}

/// How benchmarks are built and launched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BenchPlan {
    /// The harness by name, as its file in `bench` is called: `command`, `go_test`, `criterion`.
    pub harness: String,
    /// Folder of the package that holds the benchmarks, relative to the project root.
    pub package: PathBuf,
    /// What holds the benchmarks, in the harness's own terms: bench targets, executables, scripts, a jar. Empty
    /// where the harness finds them.
    #[serde(default)]
    pub programs: Vec<String>,
    /// Commands that build it; a harness that knows its build leaves this empty.
    pub build: Vec<CommandSpec>,
    /// What a launch needs besides what the harness builds, relative to the project root; empty means,
    /// for `command`, the whole tree.
    pub artifacts: Vec<PathBuf>,
    /// Named commands of the `command` harness.
    pub cases: Vec<BenchCase>,
    /// Name of the `METRIC name=value unit` line that is the value, where the program's own word is wanted.
    pub metric: Option<String>,
    /// Who decides how much work a launch does, where the user says so; else the harness knows.
    pub work: Option<WorkControl>,
    /// Iterations a launch does, where the user pins them.
    pub iterations: Option<u64>,
    /// How a launch's cost is read from outside.
    #[serde(default)]
    pub instrument: Instrument,
    /// Globs of benchmark files, protected and laid over both sides.
    pub files: Vec<String>,
    /// Wall limit of one launch, where the user sets it.
    pub timeout: Option<Duration>,
}

/// One benchmark of the `command` harness.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BenchCase {
    /// Its name.
    pub name: BenchmarkId,
    /// Its command; `{n}` in an argument is replaced by the iterations, which `OPTILOOP_N` holds as well.
    pub run: CommandSpec,
}

/// One test suite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuitePlan {
    /// The suite by name, as its file in `suite` is called: `command`, `cargo`, `go_test`.
    pub suite: String,
    /// The project's own command; a suite that knows its command may do without.
    pub command: Option<CommandSpec>,
    /// Wall limit.
    pub timeout: Duration,
}

/// How the agent is reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentPlan {
    /// The transport by name: `replay`, `command`, `codex_exec`.
    pub transport: String,
    /// The program, where it is not the transport's usual one; for `command` the whole command.
    pub command: Vec<String>,
    /// Folder of recorded proposals, for `replay`.
    pub proposals: Option<PathBuf>,
    /// Model, where the user names one; none is hard-coded.
    pub model: Option<String>,
    /// Names of variables the agent gets from the user's environment (keys never are values in config).
    pub env: Vec<String>,
    /// Wall limit of one turn.
    pub wall: Duration,
    /// Longest silence within a turn.
    pub idle: Duration,
    /// Extra arguments or settings, as the transport documents them.
    pub settings: Vec<String>,
}

/// Caps of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Proposals.
    pub iterations: u32,
    /// Wall time, summed from records.
    pub time: Duration,
    /// Tokens, input and output.
    pub tokens: u64,
    /// Iterations without a landing.
    pub patience: u32,
    /// No-ops slipped past our own judge, and half as many planted changes.
    #[serde(default)]
    pub shams: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { iterations: 10, time: Duration::from_hours(2), tokens: 1_000_000, patience: 5, shams: 0 }
    }
}
