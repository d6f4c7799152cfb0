//! From what the user calls the target to benchmarks of the original: built, listed, groups told apart.
//!
//! Names are matched in [`crate::bench::resolve`]. Start at [`Opened::target`].

use std::path::Path;

use crate::bench::resolve::{Source as BenchSource, resolve};
use crate::bench::{Discovery, Harness, Printed};
use crate::engine::record::Target;
use crate::model::bench::WorkControl;
use crate::model::command::{CommandSpec, Finished};
use crate::model::id::{BenchmarkId, Revision};

use super::config::{Scope, Settings};
use super::error::AppError;
use super::hands::{Errand, Hands};
use super::reporter::progress::Progress;
use super::start::{Opened, progress};
use super::steps::{build, setup};
use super::{laid_over, preflight};

impl Opened {
    /// The target as benchmarks, and what else is watched. A benchmark that groups others is replaced by those:
    /// the target is then their geometric mean (decision.md A.1).
    pub async fn target(&self, settings: &mut Settings, original: Revision) -> Result<Target, AppError> {
        let mut control = None;
        let bench = &settings.plan.bench;
        let harness =
            crate::bench::find(&bench.harness).map_err(|error| AppError::Config(error.to_string()))?;
        let site = Listing {
            hands: self.hands.with_env(&settings.plan.env),
            harness,
            settings: &*settings,
            folder: self.site.base.folder(),
        };
        let known = match harness.discovery(bench) {
            Discovery::Listed(listed) => {
                preflight::guards(settings, &listed)?;
                listed
            }
            Discovery::Ask(specs) => {
                let why = "the original is built to list its benchmarks".to_owned();
                progress(&self.reporter)(Progress::Waiting { why });
                self.site.base.switch(self.site.overlaid(original.tree)?)?;
                let failed = setup::perform(&self.site, &site.hands, &settings.plan, original.tree).await?;
                failed.map_or(Ok(()), |detail| Err(fails(detail)))?;
                let (listed, told) = site.list(&specs).await?;
                control = told;
                listed
            }
        };
        if let Scope::Every(names) = &settings.scope {
            let benchmarks = site.every(names, &known, || self.bench_sources(settings, original)).await?;
            return Ok(Target { name: settings.scope.name(), benchmarks, guards: Vec::new() });
        }
        let name = match &settings.target {
            Some(name) => name.clone(),
            None if known.len() == 1 => known[0].to_string(),
            None => return Err(AppError::NoTarget { known }),
        };
        let sources = self.bench_sources(settings, original)?;
        let forgotten = || laid_over::forgotten(&self.user, &settings.plan.bench, &name);
        let benchmarks = site.resolved(&name, &known, sources).await.map_err(|error| match error {
            AppError::NoBenchmark(error) => match forgotten() {
                Some(hint) => AppError::Forgotten { error, hint },
                None => AppError::NoBenchmark(error),
            },
            error => error,
        })?;
        let mut guards = Vec::new();
        for guard in &settings.guards {
            // One that is not there fails at calibration, with what the harness says of it.
            let members =
                if known.contains(guard) { site.members(guard).await? } else { vec![guard.clone()] };
            guards.extend(members);
        }
        guards.retain(|guard| !benchmarks.contains(guard));
        settings.plan.bench.work = settings.plan.bench.work.or(control);
        Ok(Target { name, benchmarks, guards })
    }

    /// Texts in which a function's name leads to benchmarks: the protected benchmark files of the original.
    fn bench_sources(&self, settings: &Settings, original: Revision) -> Result<Vec<BenchSource>, AppError> {
        let mut sources = Vec::new();
        for path in self.site.store.paths(original.tree)? {
            if !settings.is_benchmark(&path) {
                continue;
            }
            if let Some(content) = self.site.store.read_blob(original.tree, &path)? {
                let text = String::from_utf8_lossy(&content).into_owned();
                sources.push(BenchSource { path: path.lossy().into_owned(), text });
            }
        }
        Ok(sources)
    }
}

/// Where benchmarks are asked for.
struct Listing<'a> {
    hands: Hands,
    harness: &'static dyn Harness,
    settings: &'a Settings,
    folder: &'a Path,
}

impl Listing<'_> {
    /// Builds the benchmarks and asks for their names, and for who decides the work in them.
    async fn list(&self, asks: &[CommandSpec]) -> Result<(Vec<BenchmarkId>, Option<WorkControl>), AppError> {
        let plan = &self.settings.plan;
        if let Err(detail) = build::make(&self.hands, plan, self.folder).await? {
            return Err(fails(self.with_advice(format!("its benchmarks do not build: {detail}"))));
        }
        let mut answers = Vec::new();
        for ask in asks {
            answers.push(self.answer(ask, "listing benchmarks").await?);
        }
        let printed: Vec<Printed<'_>> = answers.iter().map(Printed::of).collect();
        let listed = self.harness.read_discovery(&plan.bench, &printed);
        Ok((listed.map_err(|error| fails(error.to_string()))?, self.harness.control(&printed)))
    }

    fn with_advice(&self, detail: String) -> String {
        let own = self.harness.advice(&detail).map(str::to_owned);
        match own.or_else(|| setup::advice(&self.settings.plan, &detail)) {
            Some(advice) => format!("{detail}\n{advice}"),
            None => detail,
        }
    }

    /// The benchmarks a name means, groups replaced by their members. A member is found by its group: only
    /// running a group tells who is in it.
    async fn resolved(
        &self,
        name: &str,
        known: &[BenchmarkId],
        sources: Vec<BenchSource>,
    ) -> Result<Vec<BenchmarkId>, AppError> {
        let group = name.split_once('/').map(|(group, _)| group);
        let group = group.filter(|_| !known.iter().any(|known| known.as_str() == name));
        if let Some(Ok(groups)) = group.map(|group| resolve(group, known, Vec::new)) {
            return Ok(resolve(name, &self.all_members(&groups).await?, || sources)?);
        }
        self.all_members(&resolve(name, known, || sources)?).await
    }

    /// Every benchmark that one of the names means, once; all where none is named.
    async fn every(
        &self,
        names: &[String],
        known: &[BenchmarkId],
        sources: impl Fn() -> Result<Vec<BenchSource>, AppError>,
    ) -> Result<Vec<BenchmarkId>, AppError> {
        if names.is_empty() {
            let all = self.all_members(known).await?;
            return if all.is_empty() { Err(AppError::NoTarget { known: all }) } else { Ok(all) };
        }
        let mut every = Vec::new();
        for name in names {
            for benchmark in self.resolved(name, known, sources()?).await? {
                if !every.contains(&benchmark) {
                    every.push(benchmark);
                }
            }
        }
        Ok(every)
    }

    async fn all_members(&self, benchmarks: &[BenchmarkId]) -> Result<Vec<BenchmarkId>, AppError> {
        let mut members = Vec::new();
        for benchmark in benchmarks {
            members.extend(self.members(benchmark).await?);
        }
        Ok(members)
    }

    /// The members of a group; a benchmark that is none is its own only member.
    async fn members(&self, benchmark: &BenchmarkId) -> Result<Vec<BenchmarkId>, AppError> {
        let bench = &self.settings.plan.bench;
        let Some(spec) = self.harness.members(bench, benchmark) else { return Ok(vec![benchmark.clone()]) };
        let answer = self.answer(&spec, benchmark.as_str()).await?;
        let told = self.harness.parse(bench, benchmark, Printed::of(&answer));
        let told = told.map_err(|error| fails(format!("{benchmark}: {error}")))?;
        Ok(told.into_iter().map(|told| told.benchmark).collect())
    }

    /// What a command answers in the base's workspace.
    async fn answer(&self, spec: &CommandSpec, doing: &str) -> Result<Finished, AppError> {
        let errand = Errand::in_workspace(spec, self.folder, &self.settings.plan.root);
        let finished = self.hands.run(errand).await?;
        if finished.exit.is_success() {
            return Ok(finished);
        }
        Err(fails(format!("{doing}: {}", build::failure(&finished))))
    }
}

fn fails(detail: String) -> AppError {
    AppError::OriginalFails { detail }
}
