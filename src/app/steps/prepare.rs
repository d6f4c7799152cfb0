//! Sets up the base workspace, runs the original's tests twice, builds its benchmarks.

use std::time::Duration;

use crate::app::hands::Errand;
use crate::app::world::{RealWorld, WorldError};
use crate::clock::Stopwatch;
use crate::engine::measure::BuiltTree;
use crate::engine::record::{Prepared, SuiteBaseline};
use crate::engine::step::TestScope;
use crate::model::command::Limits;
use crate::model::id::Revision;
use crate::model::launch::Network;
use crate::model::tests::SuiteEnd;
use crate::vcs::store::Kept;

use super::build::{self, failure};
use super::test;

/// Wall limit of `setup`.
const SETUP_LIMIT: Duration = Duration::from_mins(30);

/// Makes the original ready, or says why nothing can be judged against it.
pub async fn perform(world: &mut RealWorld<'_>, original: Revision) -> Result<Prepared, WorldError> {
    world.site.store.keep(&world.header.run, Kept::Original, original.commit)?;
    world.site.base.switch(world.site.overlaid(original.tree)?)?;
    let folder = world.site.base.folder().to_owned();
    if let Some(setup) = &world.header.plan.setup {
        let mut errand = Errand::in_workspace(setup, &folder, &world.header.plan.root);
        errand.limits = Limits { wall: SETUP_LIMIT, ..Limits::default() };
        errand.network = Network::Host;
        let finished = world.hands.run(errand).await?;
        if !finished.exit.is_success() {
            return Ok(Prepared::Failed { detail: format!("setup: {}", failure(&finished)) });
        }
    }
    let mut suites = Vec::new();
    for plan in world.header.plan.suites.clone() {
        match baseline(world, &plan).await? {
            Ok(suite) => suites.push(suite),
            Err(detail) => return Ok(Prepared::Failed { detail }),
        }
    }
    match build::build(&world.header, &world.hands, &folder, &world.site.roots.bin()).await? {
        Ok(artifact) => Ok(Prepared::Sound { original: BuiltTree { tree: original.tree, artifact }, suites }),
        Err(detail) => Ok(Prepared::Failed { detail: format!("its benchmarks do not build: {detail}") }),
    }
}

/// Two runs of a suite: ids that differ are quarantined, a stable failure is the end.
async fn baseline(
    world: &mut RealWorld<'_>,
    plan: &crate::model::plan::SuitePlan,
) -> Result<Result<SuiteBaseline, String>, WorldError> {
    let suite = test::find(plan)?;
    let Some(spec) = test::command(suite, plan, TestScope::Full)? else {
        return Ok(Err(format!("suite {} has no command", plan.suite)));
    };
    let folder = world.site.base.folder().to_owned();
    // The first run builds as well; the second tells what a run takes.
    let (finished, first) = test::run(&world.header, &world.hands, &folder, plan, suite, &spec).await?;
    let first = match first {
        Ok(said) => said,
        Err(detail) => return Ok(Err(format!("its tests cannot be read: {detail}"))),
    };
    let watch = Stopwatch::start();
    let (second_finished, second) =
        test::run(&world.header, &world.hands, &folder, plan, suite, &spec).await?;
    let took = watch.elapsed();
    let second = match second {
        Ok(said) => said,
        Err(detail) => return Ok(Err(format!("its tests cannot be read: {detail}"))),
    };
    let quarantined = test::differing(&first.tests, &second.tests);
    let stable_failure = second.failed().into_iter().any(|id| !quarantined.contains(&id));
    let unexplained = second.end != SuiteEnd::Passed && quarantined.is_empty();
    if stable_failure || unexplained {
        world.site.artifacts.put(test::log(&second_finished).as_bytes())?;
        return Ok(Err(format!("its tests fail: {}", failure(&finished))));
    }
    let benchmarked_mode = match test::command(suite, plan, TestScope::BenchmarkedMode)? {
        None => None,
        Some(spec) => {
            let (_, said) = test::run(&world.header, &world.hands, &folder, plan, suite, &spec).await?;
            Some(said.is_ok_and(|said| said.end == SuiteEnd::Passed))
        }
    };
    Ok(Ok(SuiteBaseline {
        suite: plan.suite.clone(),
        ends: second.tests,
        quarantined,
        took,
        benchmarked_mode,
    }))
}
