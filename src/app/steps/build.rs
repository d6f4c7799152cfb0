//! Builds both sides and keeps what a launch needs of them, by content.

use std::path::Path;
use std::time::Duration;

use crate::app::hands::{Errand, Hands};
use crate::app::world::{RealWorld, WorldError};
use crate::app::{bin, code};
use crate::bench::{Harness, Placed};
use crate::engine::measure::BuiltTree;
use crate::engine::record::{BuildOutcome, Header};
use crate::engine::step::BuildRound;
use crate::model::command::{Exit, Finished, Limits, Output};
use crate::model::id::{Digest, Revision, TreeId};
use crate::model::plan::Plan;

use super::setup;

/// Wall limit of one build command.
const LIMIT: Duration = Duration::from_mins(30);
/// Bytes of a build's output that are kept: it may tell where it put what.
const OUTPUT: usize = 32 << 20;
/// Characters of a log's end that a reason quotes.
const QUOTED: usize = 2000;

/// What is built.
#[derive(Debug, Clone, Copy)]
pub struct Sides {
    /// The base.
    pub base: Revision,
    /// The candidate.
    pub candidate: Revision,
    /// The candidate with the tests and benchmarks it adds, where it adds some.
    pub whole: Option<TreeId>,
}

/// Builds the base in its own workspace and the candidate in a copy of it.
pub async fn perform(
    world: &mut RealWorld<'_>,
    Sides { base, candidate, whole }: Sides,
    round: BuildRound,
) -> Result<BuildOutcome, WorldError> {
    let (base_tree, candidate_tree) = (world.site.overlaid(base.tree)?, world.site.overlaid(candidate.tree)?);
    world.site.base.switch(base_tree)?;
    // What landed may have changed a lockfile: nothing is done where it has not.
    if let Some(detail) = setup::perform(&world.site, &world.hands, &world.header.plan, base.tree).await? {
        return Ok(BuildOutcome::BaseFailed { detail });
    }
    let folder = world.site.base.folder().to_owned();
    let base_built = match build(&world.header, &world.hands, &folder, &world.site.roots.bin()).await? {
        Ok(artifact) => BuiltTree { tree: base.tree, artifact },
        Err(detail) => return Ok(BuildOutcome::BaseFailed { detail }),
    };
    // Both rounds start from the base's outputs: a first build must not be poisoned by an earlier candidate,
    // a fresh one not by this candidate's first.
    world.site.reset_candidate(candidate_tree)?;
    let folder = world.site.candidate.folder().to_owned();
    let candidate_built = match build(&world.header, &world.hands, &folder, &world.site.roots.bin()).await? {
        Ok(artifact) => BuiltTree { tree: candidate.tree, artifact },
        Err(detail) => {
            let Some(whole) = whole else { return Ok(BuildOutcome::CandidateFailed { detail }) };
            world.site.reset_candidate(world.site.overlaid(whole)?)?;
            return Ok(match build(&world.header, &world.hands, &folder, &world.site.roots.bin()).await? {
                Ok(_) => BuildOutcome::NeedsAdditions { detail },
                Err(_) => BuildOutcome::CandidateFailed { detail },
            });
        }
    };
    let same_code = match round {
        BuildRound::First => {
            same_code(&world.site.roots.bin(), base_built.artifact, candidate_built.artifact)?
        }
        BuildRound::Fresh => None,
    };
    Ok(BuildOutcome::Ready { base: base_built, candidate: candidate_built, same_code })
}

/// Runs the harness's build in a workspace; the artifact's digest, or how the build failed.
pub async fn build(
    header: &Header,
    hands: &Hands,
    workspace: &Path,
    bin: &Path,
) -> Result<Result<Digest, String>, WorldError> {
    let plan = &header.plan;
    if let Err(detail) = make(hands, plan, workspace).await? {
        return Ok(Err(detail));
    }
    let artifacts = harness(plan)?.artifacts(&plan.bench);
    if let Some(detail) = bin::leading_out(workspace, &plan.root, &artifacts) {
        return Ok(Err(detail));
    }
    if let Some(path) = bin::absent(workspace, &plan.root, &plan.bench.artifacts) {
        let path = path.display();
        return Ok(Err(format!(
            "{path} is not there after the build: `[bench] artifacts` in optiloop.toml names it, `[bench] build` \
             must make it"
        )));
    }
    Ok(Ok(bin::keep(bin, workspace, &plan.root, &artifacts)?))
}

/// Runs the harness's commands in a workspace and puts what they made where launches expect it; or how that failed.
pub async fn make(hands: &Hands, plan: &Plan, workspace: &Path) -> Result<Result<(), String>, WorldError> {
    let harness = harness(plan)?;
    let mut answers = Vec::new();
    for spec in harness.build(&plan.bench) {
        let mut errand = Errand::in_workspace(&spec, workspace, &plan.root);
        errand.limits = Limits { wall: LIMIT, output: OUTPUT, ..Limits::default() };
        let finished = hands.run(errand).await?;
        if !finished.exit.is_success() {
            return Ok(Err(format!("`{}`: {}", spec.argv.join(" "), failure(&finished))));
        }
        answers.push(finished);
    }
    let stdout: Vec<&Output> = answers.iter().map(|finished| &finished.stdout).collect();
    let placed = match harness.place(&plan.bench, &stdout) {
        Ok(placed) => placed,
        Err(error) => return Ok(Err(error.to_string())),
    };
    for Placed { from, to } in placed {
        let from = hands.on_host(&from, workspace);
        if let Some(detail) = bin::leading_out(workspace, &plan.root, std::slice::from_ref(&from)) {
            return Ok(Err(detail));
        }
        let (from, to) = (workspace.join(&plan.root).join(from), workspace.join(&plan.root).join(to));
        if !from.is_file() {
            return Ok(Err(format!("{} is not there after the build that named it", from.display())));
        }
        crate::fs::create_folder(to.parent().unwrap_or(workspace))?;
        crate::fs::copy_file(&from, &to)?;
    }
    Ok(Ok(()))
}

/// The harness of the plan.
pub fn harness(plan: &Plan) -> Result<&'static dyn Harness, WorldError> {
    crate::bench::find(&plan.bench.harness).map_err(|error| WorldError::Config(error.to_string()))
}

/// How a command ended and the end of what it said.
pub fn failure(finished: &Finished) -> String {
    let said = format!("{}\n{}", finished.stdout.text().trim(), finished.stderr.text().trim());
    let said = said.trim();
    let start = said.char_indices().rev().nth(QUOTED).map_or(0, |(at, _)| at);
    let leftovers = match finished.usage.leftovers {
        0 => String::new(),
        1 => ", 1 process left behind".to_owned(),
        n => format!(", {n} processes left behind"),
    };
    match &finished.exit {
        Exit::NotStarted(why) => format!("could not be started: {why}"),
        exit => format!("{exit}{leftovers}\n{}", &said[start..]).trim_end().to_owned(),
    }
}

/// Whether both artifacts hold the same code, file by file; `None` where a file is neither equal nor ELF.
fn same_code(bin: &Path, base: Digest, candidate: Digest) -> Result<Option<bool>, WorldError> {
    if base == candidate {
        return Ok(Some(true));
    }
    let (base, candidate) = (bin::folder(bin, base), bin::folder(bin, candidate));
    let files = bin::files(&base)?;
    if files != bin::files(&candidate)? {
        return Ok(Some(false));
    }
    let mut all = Some(true);
    for file in files {
        let base = crate::fs::read_with_kind(&base.join(&file))?;
        let candidate = crate::fs::read_with_kind(&candidate.join(&file))?;
        if base == candidate {
            continue;
        }
        if base.0 != candidate.0 || base.0 == "link" {
            return Ok(Some(false));
        }
        match code::same(&base.1, &candidate.1) {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => all = None,
        }
    }
    Ok(all)
}
