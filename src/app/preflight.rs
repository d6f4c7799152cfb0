//! What can be known to be wrong before anything is built: names nothing has, paths that lead out of the
//! project, an agent that is not there. A run that can only fail is never begun, so none is left to resume.
//!
//! Start at [`check`].

use std::path::{Component, Path};

use crate::agent::Agent;
use crate::engine::step::TestScope;
use crate::model::id::BenchmarkId;
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
