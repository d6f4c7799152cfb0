//! Criterion: the bench program, launched briefly for one benchmark; the value is the median of its samples.
//!
//! Format: `benchmark.json` and `sample.json` of criterion's results folder
//! (<https://bheisler.github.io/criterion.rs/book/user_guide/csv_output.html> says of them that they may change),
//! produced by `CRITERION_HOME=… program --bench --exact NAME`. Criterion is time-boxed and has no way to pin its
//! iterations: a launch burns the same time whatever the code costs, so only its own value counts.

use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::cargo_build::{Cargo, Targets, split};
use super::{Discovery, Harness, Placed, Printed, UnknownCase, told};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::{CommandSpec, Output, RESULTS};
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "criterion";
const CARGO: Cargo = Cargo { harness: NAME, targets: Targets::Benches };
/// About half a second a launch; what the benchmark sets for itself goes before.
const BRIEF: &[&str] = &[
    "--noplot",
    "--color=never",
    "--warm-up-time=0.1",
    "--measurement-time=0.4",
    "--sample-size=20",
    // Of criterion's own statistics, which nobody reads; below this it warns.
    "--nresamples=1001",
];

/// The `criterion` harness.
#[derive(Debug)]
pub struct Criterion;

impl Harness for Criterion {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, _: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        WorkControl::Adaptive
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        let commands = Cargo::listing(plan, &["--bench", "--list", "--format=terse"]);
        // Without it criterion asks cargo where results go.
        Discovery::Ask(
            commands.into_iter().map(|command| command.with_env("CRITERION_HOME", RESULTS)).collect(),
        )
    }

    fn read_discovery(
        &self,
        plan: &BenchPlan,
        printed: &[Printed<'_>],
    ) -> Result<Vec<BenchmarkId>, ParseError> {
        let stdout: Vec<&[u8]> = printed.iter().map(|printed| printed.stdout).collect();
        CARGO.read_listing(plan, &stdout)
    }

    fn build(&self, plan: &BenchPlan) -> Vec<CommandSpec> {
        CARGO.build(plan)
    }

    fn place(&self, plan: &BenchPlan, stdout: &[&Output]) -> Result<Vec<Placed>, ParseError> {
        CARGO.place(plan, stdout)
    }

    fn artifacts(&self, plan: &BenchPlan) -> Vec<PathBuf> {
        Cargo::artifacts(plan)
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        _: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let program = CARGO.launch(plan, case)?;
        let mut command = program.command.with_env("CRITERION_HOME", RESULTS);
        command.argv.push("--bench".to_owned());
        command.argv.extend(BRIEF.iter().map(ToString::to_string));
        command.argv.extend(["--exact", "--", program.own].map(str::to_owned));
        Ok(command)
    }

    fn parse(&self, plan: &BenchPlan, case: &BenchmarkId, out: Printed<'_>) -> Result<Vec<Told>, ParseError> {
        let own = split(plan, case).map_or(case.as_str(), |(_, own)| own);
        let mut others = Vec::new();
        for (path, bytes) in out.results {
            if !path.ends_with("new/benchmark.json") {
                continue;
            }
            let benchmark: Benchmark = read(path, bytes)?;
            if benchmark.full_id != own {
                others.push(benchmark.full_id);
                continue;
            }
            let path = path.with_file_name("sample.json");
            let none =
                || ParseError::line(NAME, 0, "a benchmark without its samples", &path.to_string_lossy());
            let sample: Sample = read(&path, out.results.get(&path).ok_or_else(none)?)?;
            let value = sample
                .median()
                .map_err(|what| ParseError::line(NAME, 0, format!("{}: {what}", path.display()), ""))?;
            return Ok(vec![Told { benchmark: case.clone(), value: Some(value), iterations: None }]);
        }
        let what = format!("criterion left no samples of {own}; it left some of {others:?}, and said");
        Err(ParseError::line(NAME, 0, what, &String::from_utf8_lossy(out.stdout)))
    }
}

/// Reads a file of results.
fn read<T: DeserializeOwned>(path: &std::path::Path, bytes: &[u8]) -> Result<T, ParseError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let text = String::from_utf8_lossy(bytes);
        ParseError::line(NAME, error.line(), format!("{}: {error}", path.display()), &text)
    })
}

#[derive(Debug, Deserialize)]
struct Benchmark {
    full_id: String,
}

/// Iterations of each sample and the nanoseconds they took.
#[derive(Debug, Deserialize)]
struct Sample {
    iters: Vec<f64>,
    times: Vec<f64>,
}

impl Sample {
    fn median(&self) -> Result<f64, String> {
        if self.iters.len() != self.times.len() {
            return Err(format!("{} iterations and {} times", self.iters.len(), self.times.len()));
        }
        let mut costs = Vec::new();
        for (iterations, time) in self.iters.iter().zip(&self.times) {
            costs.push(
                told::cost(time / iterations).map_err(|what| format!("sample {}: {what}", costs.len()))?,
            );
        }
        told::median(&mut costs).ok_or_else(|| "it holds no sample".to_owned())
    }
}

#[cfg(test)]
mod tests;
