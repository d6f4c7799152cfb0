//! What can be known to be wrong before anything is built: names nothing has, paths that lead out of the
//! project, an agent that is not there. A run that can only fail is never begun, so none is left to resume.
//!
//! Start at [`check`].

use std::path::{Component, Path};

use crate::agent::Agent;
use crate::engine::step::TestScope;
use crate::model::goal::{Goal, Quantity};
use crate::model::id::BenchmarkId;
use crate::model::plan::BenchPlan;
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
    measurable(settings.goal, &plan.bench)?;
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
fn measurable(goal: Option<Goal>, bench: &BenchPlan) -> Result<(), AppError> {
    match goal {
        Some(goal) if goal.bounds() == Some(Quantity::Memory) && bench.metric.is_none() => {
            Err(AppError::Config(format!(
                "the goal {goal} bounds memory and what is measured is time; bound time, or name the benchmark's own \
                 `[bench] metric` that tells memory"
            )))
        }
        _ => Ok(()),
    }
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

    #[test]
    fn a_bound_on_memory_wants_a_metric_that_tells_memory() {
        let told = BenchPlan { metric: Some("peak".to_owned()), ..BenchPlan::default() };
        let goal = |text: &str| Some(text.parse().unwrap());
        assert!(measurable(goal("<10MiB"), &BenchPlan::default()).is_err());
        for (goal, bench) in [
            (goal("<10MiB"), told),
            (goal("<5ms"), BenchPlan::default()),
            (goal("20%"), BenchPlan::default()),
        ] {
            assert!(measurable(goal, &bench).is_ok(), "{goal:?}");
        }
    }
}
