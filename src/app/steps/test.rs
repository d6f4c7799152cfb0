//! Runs the project's suites on a candidate and compares with what passed on the original.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::app::hands::{Errand, Hands};
use crate::app::world::{RealWorld, WorldError};
use crate::engine::record::{Header, SuiteBaseline, TestOutcome, Tested};
use crate::engine::step::TestScope;
use crate::model::command::{CommandSpec, Finished, Limits};
use crate::model::id::{Iteration, TestId, TreeId};
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteEnd, SuiteOutcome, TestEnd};
use crate::suite::Suite;

use super::build::failure;

/// Output of a suite that is kept whole: ids are read from it.
const OUTPUT: usize = 64 << 20;

/// What is tested.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Of which proposal.
    pub iteration: Iteration,
    /// The tree.
    pub tree: TreeId,
    /// Which tests.
    pub scope: TestScope,
    /// The changed files, relative to the project root.
    pub changed: Vec<PathBuf>,
    /// How the suites ran on the original, in the plan's order.
    pub baselines: Vec<SuiteBaseline>,
}

/// Tests a tree in the candidate's workspace.
pub async fn perform(world: &mut RealWorld<'_>, wanted: &Wanted) -> Result<Tested, WorldError> {
    let Wanted { iteration, tree, scope, changed, baselines } = wanted;
    let (iteration, tree, scope) = (*iteration, *tree, *scope);
    let changed: Vec<&Path> = changed.iter().map(PathBuf::as_path).collect();
    world.site.candidate.switch(world.site.overlaid(tree)?)?;
    let folder = world.site.candidate.folder().to_owned();
    let mut ids = 0;
    for (plan, baseline) in world.header.plan.suites.iter().zip(baselines) {
        let suite = find(plan)?;
        let spec = match scope {
            TestScope::Near => suite.near(plan, &changed),
            scope => command(suite, plan, scope)?,
        };
        let Some(spec) = spec else { continue };
        let (finished, said) = run(&world.header, &world.hands, &folder, plan, suite, &spec).await?;
        let log = world.site.artifacts.put(log(&finished).as_bytes())?;
        let outcome = match said {
            Ok(said) if scope == TestScope::Near => judge_near(&said, baseline, &finished),
            // A first look that cannot be read says nothing.
            Err(_) if scope == TestScope::Near => continue,
            Ok(said) => judge(&said, baseline, &finished),
            Err(detail) => TestOutcome::Failed { tests: Vec::new(), detail },
        };
        match outcome {
            TestOutcome::Passed { ids: seen } => ids += seen,
            outcome => return Ok(Tested { iteration, tree, scope, outcome, log: Some(log) }),
        }
    }
    Ok(Tested { iteration, tree, scope, outcome: TestOutcome::Passed { ids }, log: None })
}

/// The suite of a plan.
pub fn find(plan: &SuitePlan) -> Result<&'static dyn Suite, WorldError> {
    crate::suite::find(&plan.suite).map_err(|error| WorldError::Config(error.to_string()))
}

/// The command for a scope; `None` where the suite has none for it.
pub fn command(
    suite: &dyn Suite,
    plan: &SuitePlan,
    scope: TestScope,
) -> Result<Option<CommandSpec>, WorldError> {
    match scope {
        TestScope::Full => {
            let full =
                suite.full(plan).map_err(|error| WorldError::Config(format!("{error}; {}", error.hint())))?;
            Ok(Some(full))
        }
        TestScope::BenchmarkedMode => Ok(suite.benchmarked(plan)),
        TestScope::Near => Ok(None),
    }
}

/// Runs a suite; what it said, or why that could not be read.
pub async fn run(
    header: &Header,
    hands: &Hands,
    folder: &Path,
    plan: &SuitePlan,
    suite: &dyn Suite,
    spec: &CommandSpec,
) -> Result<(Finished, Result<SuiteOutcome, String>), WorldError> {
    let mut errand = Errand::in_workspace(spec, folder, &header.plan.root);
    errand.limits = Limits { wall: plan.timeout, output: OUTPUT, ..Limits::default() };
    let finished = hands.run(errand).await?;
    let said = suite.parse(&finished).map_err(|error| format!("{error}\n{}", failure(&finished)));
    Ok((finished, said))
}

/// Everything a suite printed, for the artifacts.
pub fn log(finished: &Finished) -> String {
    format!("{}\n{}\n{}", finished.exit, finished.stdout.text(), finished.stderr.text())
}

/// A first look: only a test that passed on the original and fails now speaks against the candidate.
fn judge_near(said: &SuiteOutcome, baseline: &SuiteBaseline, finished: &Finished) -> TestOutcome {
    let passed =
        |id: &TestId| baseline.ends.get(id) == Some(&TestEnd::Passed) && !baseline.quarantined.contains(id);
    let failed = said.tests.iter().filter(|(id, end)| **end == TestEnd::Failed && passed(id));
    let failed: Vec<TestId> = failed.map(|(id, _)| id.clone()).collect();
    if failed.is_empty() {
        return TestOutcome::Passed { ids: u32::try_from(said.tests.len()).unwrap_or(u32::MAX) };
    }
    TestOutcome::Failed { tests: failed, detail: failure(finished) }
}

/// What passed on the original must pass; what is quarantined is left out.
fn judge(said: &SuiteOutcome, baseline: &SuiteBaseline, finished: &Finished) -> TestOutcome {
    let wanted: Vec<&TestId> = (baseline.ends.iter())
        .filter(|(id, end)| **end == TestEnd::Passed && !baseline.quarantined.contains(id))
        .map(|(id, _)| id)
        .collect();
    let failed: Vec<TestId> = (said.tests.iter())
        .filter(|(id, end)| **end == TestEnd::Failed && !baseline.quarantined.contains(id))
        .map(|(id, _)| id.clone())
        .collect();
    if !failed.is_empty() || !ended_well(said, &baseline.quarantined) {
        return TestOutcome::Failed { tests: failed, detail: failure(finished) };
    }
    let missing: Vec<TestId> =
        wanted.into_iter().filter(|id| said.tests.get(id) != Some(&TestEnd::Passed)).cloned().collect();
    if !missing.is_empty() {
        return TestOutcome::Missing { tests: missing };
    }
    TestOutcome::Passed { ids: u32::try_from(said.tests.len()).unwrap_or(u32::MAX) }
}

/// Whether a suite passed but for tests that are quarantined: one of those must have failed to explain its end.
pub fn ended_well(said: &SuiteOutcome, quarantined: &[TestId]) -> bool {
    match said.end {
        SuiteEnd::Passed => true,
        SuiteEnd::Failed => said.failed().iter().any(|id| quarantined.contains(id)),
        SuiteEnd::NotBuilt | SuiteEnd::Indeterminate => false,
    }
}

/// Ids whose end differs between two runs.
pub fn differing(one: &BTreeMap<TestId, TestEnd>, other: &BTreeMap<TestId, TestEnd>) -> Vec<TestId> {
    one.keys()
        .chain(other.keys().filter(|id| !one.contains_key(id)))
        .filter(|id| one.get(id) != other.get(id))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(end: SuiteEnd, failed: &[&str]) -> SuiteOutcome {
        let tests = failed.iter().map(|id| (TestId::new(*id), TestEnd::Failed)).collect();
        SuiteOutcome { end, tests }
    }

    #[test]
    fn only_a_failure_of_a_quarantined_test_explains_that_a_suite_failed() {
        let quarantined = [TestId::new("flaky")];
        assert!(ended_well(&said(SuiteEnd::Passed, &[]), &quarantined));
        assert!(ended_well(&said(SuiteEnd::Failed, &["flaky"]), &quarantined));
        assert!(!ended_well(&said(SuiteEnd::Failed, &[]), &quarantined), "it failed for another reason");
        assert!(!ended_well(&said(SuiteEnd::NotBuilt, &["flaky"]), &quarantined));
        assert!(!ended_well(&said(SuiteEnd::Failed, &["flaky"]), &[]));
    }
}
