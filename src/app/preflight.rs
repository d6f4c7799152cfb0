//! What can be known to be wrong before anything is built: names nothing has, paths that lead out of the
//! project, an agent that is not there. A run that can only fail is never begun, so none is left to resume.
//!
//! Start at [`check`].

use std::path::{Component, Path};

use crate::agent::Agent;
use crate::engine::step::TestScope;
use crate::gauge::Source;
use crate::model::goal::{Goal, Quantity};
use crate::model::id::BenchmarkId;
use crate::model::plan::Plan;
use crate::model::registry;

use super::config::{FILE, Settings};
use super::environment::Environment;
use super::error::AppError;
use super::steps::test;

/// Checks what needs no build.
pub fn check(settings: &Settings, environment: &Environment) -> Result<(), AppError> {
    let plan = &settings.plan;
    let named = |error: &registry::Unknown| AppError::Config(format!("{FILE}: {error}"));
    crate::bench::find(&plan.bench.harness).map_err(|error| named(&error))?;
    crate::collect::of(plan).map_err(|error| named(&error))?;
    for suite in &plan.suites {
        test::command(test::find(suite)?, suite, TestScope::Full)?;
    }
    measurable(settings.goal, plan)?;
    gauges(plan, environment)?;
    for path in plan.bench.artifacts.iter().chain([&plan.bench.package]) {
        if leads_out(path) {
            let path = path.display();
            return Err(AppError::Config(format!(
                "{FILE}: {path} is not a path inside the project; name it relative to the project's root"
            )));
        }
    }
    if let Some(agent) = &plan.agent {
        let paths = environment.get("PATH").unwrap_or_default();
        if let Some(failure) = Agent::open(agent)?.missing(paths) {
            return Err(AppError::AgentMissing { transport: agent.transport.clone(), failure });
        }
    }
    Ok(())
}

/// A bound on memory needs a metric that tells memory: what we measure ourselves is time.
fn measurable(goal: Option<Goal>, plan: &Plan) -> Result<(), AppError> {
    let (Some(goal), None) = (goal, &plan.bench.metric) else { return Ok(()) };
    let gauge = plan.gauge.as_deref().and_then(|gauge| crate::gauge::find(gauge).ok());
    let (measured, name) = match gauge {
        Some(gauge) => (gauge.quantity(), gauge.name()),
        None => (Quantity::Time, crate::gauge::TIME),
    };
    match goal.bounds() {
        Some(Quantity::Memory) if measured == Quantity::Time => Err(AppError::Config(format!(
            "the goal {goal} bounds memory and what is measured is {name}; bound time, name a `[target] metric` such as \
             `peak-memory`, or the benchmark's own `[bench] metric` that tells memory"
        ))),
        Some(bounds) if bounds != measured => Err(AppError::Config(format!(
            "the goal {goal} is in another unit than {name}; write a reduction such as 20%"
        ))),
        _ => Ok(()),
    }
}

/// Tools that gauges need, and gauges that see nothing of some languages.
fn gauges(plan: &Plan, environment: &Environment) -> Result<(), AppError> {
    for name in plan.gauge.iter().chain(&plan.resources).filter(|name| *name != crate::gauge::TIME) {
        let gauge = crate::gauge::find(name).map_err(|error| AppError::Config(format!("{FILE}: {error}")))?;
        let path = environment.get("PATH").unwrap_or_default();
        if let Some((program, hint)) = gauge.needs()
            && !std::env::split_paths(path).any(|folder| folder.join(program).is_file())
        {
            return Err(AppError::Config(format!(
                "the metric {name} needs {program}, which is not in PATH: `{hint}`"
            )));
        }
        let own_heap = ["go", "java", "node"].contains(&plan.language.as_deref().unwrap_or_default());
        if own_heap && name.starts_with("alloc") {
            let language = plan.language.as_deref().unwrap_or_default();
            return Err(AppError::Config(format!(
                "{name} of {language} cannot be counted from outside: its runtime has a heap of its own; let the \
                 benchmark tell it (Go's harness does; else a `METRIC` line), or measure peak-memory"
            )));
        }
        if gauge.source() == Source::Artifact
            && plan.bench.harness == "command"
            && plan.bench.artifacts.is_empty()
        {
            return Err(AppError::Config(format!(
                "{FILE}: size is that of what is built; name it as `[bench] artifacts`"
            )));
        }
    }
    Ok(())
}

/// Checks that every guard is a benchmark.
pub fn guards(settings: &Settings, known: &[BenchmarkId]) -> Result<(), AppError> {
    let entries = || known.iter().map(|benchmark| (benchmark.as_str(), ()));
    for guard in &settings.guards {
        if !known.contains(guard) {
            registry::find("benchmark", guard.as_str(), entries())
                .map_err(|error| AppError::Config(format!("{FILE}: `target.guards`: {error}")))?;
        }
    }
    Ok(())
}

/// Whether a path is absolute or goes up.
pub fn leads_out(path: &Path) -> bool {
    path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::BenchPlan;

    #[test]
    fn a_bound_on_memory_wants_a_metric_that_tells_memory() {
        let plan = |metric: Option<&str>, gauge: Option<&str>| Plan {
            bench: BenchPlan { metric: metric.map(str::to_owned), ..BenchPlan::default() },
            gauge: gauge.map(str::to_owned),
            ..Plan::default()
        };
        let goal = |text: &str| Some(text.parse().unwrap());
        for (goal, plan) in [
            (goal("<10MiB"), plan(None, None)),
            (goal("<10MiB"), plan(None, Some("start_up"))),
            (goal("<10MiB"), plan(None, Some("allocations"))),
            (goal("<5ms"), plan(None, Some("peak_memory"))),
        ] {
            assert!(measurable(goal, &plan).is_err(), "{goal:?}");
        }
        for (goal, plan) in [
            (goal("<10MiB"), plan(Some("peak"), None)),
            (goal("<10MiB"), plan(None, Some("peak_memory"))),
            (goal("<5ms"), plan(None, None)),
            (goal("20%"), plan(None, Some("instructions"))),
        ] {
            assert!(measurable(goal, &plan).is_ok(), "{goal:?}");
        }
    }
}
