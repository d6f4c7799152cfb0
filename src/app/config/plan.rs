//! The plan of a run: `optiloop.toml` over the language's defaults over built-ins, and flags over all of them.
//!
//! Pure: what the file says is read elsewhere (`policy/file`). Start at [`plan`].

use std::path::PathBuf;
use std::time::Duration;

use crate::model::plan::{AgentPlan, BenchPlan, Budget, Plan, SuitePlan};
use crate::policy::file::{AgentEntry, Bench, BudgetEntry, ConfigFile};
use crate::policy::language::Language;

use super::Flags;
use super::watched::Watched;

/// Wall limit of a suite where config sets none.
const SUITE_LIMIT: Duration = Duration::from_mins(30);
const TURN_LIMIT: Duration = Duration::from_mins(30);
const IDLE_LIMIT: Duration = Duration::from_mins(10);

/// Everything config decides.
pub(super) fn plan(
    config: ConfigFile,
    language: &Language,
    root: PathBuf,
    (flags, watched): (&Flags, Watched),
) -> Plan {
    let named = harness(&config, language);
    let mut env = language.env.clone();
    env.extend(config.env);
    let Bench {
        harness: _,
        package,
        programs,
        build,
        artifacts,
        files,
        metric,
        work,
        iterations,
        instrument,
        timeout,
        cases,
    } = config.bench;
    let bench = BenchPlan {
        harness: named,
        package: package.unwrap_or_default(),
        programs,
        build,
        artifacts,
        cases,
        metric,
        work,
        iterations,
        instrument: flags.instrument.or(instrument).unwrap_or_default(),
        files,
        timeout,
    };
    let suites = if config.suites.is_empty() {
        let usual = language.suite.clone().filter(|suite| suite != "command");
        usual.map(|suite| SuitePlan { suite, command: None, timeout: SUITE_LIMIT }).into_iter().collect()
    } else {
        config
            .suites
            .into_iter()
            .map(|entry| SuitePlan {
                suite: entry.kind,
                command: entry.command,
                timeout: entry.timeout.unwrap_or(SUITE_LIMIT),
            })
            .collect()
    };
    let agent = Some(agent(config.agent, flags.agent.clone()));
    let BudgetEntry { iterations, time, tokens, patience, shams } = config.budget;
    let usual = Budget::default();
    let budget = Budget {
        iterations: flags.iterations.or(iterations).unwrap_or(usual.iterations),
        time: flags.time.or(time).unwrap_or(usual.time),
        tokens: tokens.unwrap_or(usual.tokens),
        patience: patience.unwrap_or(usual.patience),
        shams: shams.unwrap_or(usual.shams),
    };
    let collector = config.collector.or_else(|| language.collector.clone()).filter(|name| name != "none");
    let (language, setup) = (Some(language.name.clone()), config.setup);
    let (setup_env, setup_files) = (config.setup_env, config.setup_files);
    let services = config.services;
    let Watched { gauge, told, resources, .. } = watched;
    let bench = BenchPlan { metric: told.clone().or(bench.metric), ..bench };
    let told = told.is_some();
    Plan {
        root,
        language,
        setup,
        setup_env,
        setup_files,
        bench,
        services,
        suites,
        collector,
        agent,
        budget,
        env,
        gauge,
        told,
        resources,
    }
}

/// The harness by name.
pub(super) fn harness(config: &ConfigFile, language: &Language) -> String {
    let named = config.bench.harness.clone().or_else(|| language.harness.clone());
    named.unwrap_or_else(|| "command".to_owned())
}

fn agent(entry: Option<AgentEntry>, flag: Option<String>) -> AgentPlan {
    let AgentEntry { transport, command, proposals, model, env, wall, idle, settings } =
        entry.unwrap_or_default();
    AgentPlan {
        transport: flag.or(transport).unwrap_or_else(|| "codex_exec".to_owned()),
        command,
        proposals,
        model,
        env,
        wall: wall.unwrap_or(TURN_LIMIT),
        idle: idle.unwrap_or(IDLE_LIMIT),
        settings,
    }
}
