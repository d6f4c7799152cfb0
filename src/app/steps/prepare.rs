//! Sets up the base workspace, runs the original's tests twice, builds its benchmarks.

use crate::app::laid_over;
use crate::app::report::quarantine;
use crate::app::reporter::progress::Progress;
use crate::app::world::{RealWorld, WorldError};
use crate::clock::Stopwatch;
use crate::engine::measure::BuiltTree;
use crate::engine::record::{Prepared, SuiteBaseline};
use crate::engine::step::TestScope;
use crate::model::id::Revision;
use crate::model::tests::SuiteOutcome;
use crate::vcs::store::Kept;

use super::build::{self, failure};
use super::{setup, test};

/// Makes the original ready, or says why nothing can be judged against it.
pub async fn perform(world: &mut RealWorld<'_>, original: Revision) -> Result<Prepared, WorldError> {
    world.site.store.keep(&world.header.run, Kept::Original, original.commit)?;
    world.site.base.switch(world.site.overlaid(original.tree)?)?;
    let folder = world.site.base.folder().to_owned();
    let (hands, plan) = (&world.hands, &world.header.plan);
    if let Some(detail) = setup::perform(&world.site, hands, plan, original.tree).await? {
        return Ok(Prepared::Failed { detail });
    }
    let mut suites = Vec::new();
    for plan in world.header.plan.suites.clone() {
        match baseline(world, &plan).await? {
            Ok(suite) => {
                if let Some(message) = quarantine::warnings(&suite) {
                    (world.progress)(Progress::Warning { message });
                }
                suites.push(suite);
            }
            Err(detail) => {
                let advice = setup::advice(&world.header.plan, &detail);
                return Ok(Prepared::Failed { detail: with(detail, advice) });
            }
        }
    }
    match build::build(&world.header, &world.hands, &folder, &world.site.roots.bin()).await? {
        Ok(artifact) => Ok(Prepared::Sound { original: BuiltTree { tree: original.tree, artifact }, suites }),
        Err(detail) => {
            let (plan, target) = (&world.header.plan, &world.header.target.name);
            let advice = laid_over::forgotten(&world.user, &plan.bench, target)
                .or_else(|| setup::advice(plan, &detail));
            Ok(Prepared::Failed { detail: with(format!("its benchmarks do not build: {detail}"), advice) })
        }
    }
}

/// What failed, and what may help.
fn with(detail: String, advice: Option<String>) -> String {
    match advice {
        Some(advice) => format!("{detail}\n{advice}"),
        None => detail,
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
    if stable_failure || !test::ended_well(&second, &quarantined) {
        world.site.artifacts.put(test::log(&second_finished).as_bytes())?;
        return Ok(Err(format!("its tests fail: `{}`: {}", spec.argv.join(" "), failure(&finished))));
    }
    let benchmarked_mode = match test::command(suite, plan, TestScope::BenchmarkedMode)? {
        None => None,
        Some(spec) => {
            let (_, said) = test::run(&world.header, &world.hands, &folder, plan, suite, &spec).await?;
            let sound = |said: SuiteOutcome| {
                let stable = said.failed().iter().all(|id| quarantined.contains(id));
                stable && test::ended_well(&said, &quarantined)
            };
            Some(said.is_ok_and(sound))
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
