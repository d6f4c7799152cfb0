//! Google Benchmark: programs in C or C++, launched for one benchmark with a fixed number of iterations.
//!
//! Format: the library's JSON (<https://github.com/google/benchmark/blob/main/docs/user_guide.md#output-formats>),
//! produced by `program --benchmark_filter=^NAME$ --benchmark_min_time=Nx --benchmark_out=…`. `Nx` is there since 1.8:
//! the help of an older one (Debian 12 has 1.7.1) lacks it, and its launches are time-boxed. Without commands of the
//! project's own, programs are targets of CMake; else they are paths. Start at [`GoogleBenchmark`].

use std::path::PathBuf;

use serde::Deserialize;

use super::{Discovery, Harness, Placed, Printed, UnknownCase, cmake, program, told};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::{CommandSpec, Output, RESULTS};
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "google_benchmark";
/// What the library's help says where iterations can be pinned.
const PINS: &str = "<integer>x";
/// The file of results.
const FILE: &str = "benchmark.json";
/// In a name: the code pins the iterations itself.
const PINNED: &str = "/iterations:";
/// In a name: each thread counts.
const THREADS: &str = "/threads:";

/// The `google_benchmark` harness.
#[derive(Debug)]
pub struct GoogleBenchmark;

impl Harness for GoogleBenchmark {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, plan: &BenchPlan, case: &BenchmarkId) -> WorkControl {
        if case.as_str().contains(PINNED) {
            return WorkControl::Once;
        }
        plan.work.unwrap_or(WorkControl::Fixed)
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        let script = "\"$0\" --help && exec \"$0\" --benchmark_list_tests";
        let ask = |name: &String| {
            CommandSpec::new(["sh", "-c", script, &cmake::program(plan, name)]).in_folder(&plan.package)
        };
        Discovery::Ask(plan.programs.iter().map(ask).collect())
    }

    fn read_discovery(
        &self,
        plan: &BenchPlan,
        printed: &[Printed<'_>],
    ) -> Result<Vec<BenchmarkId>, ParseError> {
        let mut names = Vec::new();
        for (name, printed) in plan.programs.iter().zip(printed) {
            for (index, line) in listed(printed.stdout) {
                match std::str::from_utf8(line) {
                    Ok("") => {}
                    Ok(own) => names.push(program::join(plan, name, own)),
                    Err(_) => {
                        let text = String::from_utf8_lossy(line);
                        return Err(ParseError::line(NAME, index + 1, "not the name of a benchmark", &text));
                    }
                }
            }
        }
        if names.is_empty() {
            let what = match plan.programs.as_slice() {
                [] => {
                    "`[bench] programs` names no program: CMake targets, or paths where `[bench] build` builds"
                }
                _ => "no benchmark was listed",
            };
            let said = printed.first().map_or(&b""[..], |printed| printed.stdout);
            return Err(ParseError::line(NAME, 0, what, &String::from_utf8_lossy(said)));
        }
        Ok(names)
    }

    fn control(&self, listings: &[Printed<'_>]) -> Option<WorkControl> {
        let pins = |printed: &Printed<'_>| String::from_utf8_lossy(printed.stdout).contains(PINS);
        (!listings.iter().all(pins)).then_some(WorkControl::Adaptive)
    }

    fn build(&self, plan: &BenchPlan) -> Vec<CommandSpec> {
        cmake::build(plan)
    }

    fn place(&self, plan: &BenchPlan, stdout: &[&Output]) -> Result<Vec<Placed>, ParseError> {
        cmake::place(NAME, plan, stdout)
    }

    fn artifacts(&self, plan: &BenchPlan) -> Vec<PathBuf> {
        let programs = plan.programs.iter().map(|name| plan.package.join(cmake::program(plan, name)));
        programs.chain(plan.artifacts.iter().cloned()).collect()
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let (name, own) = program::split(plan, case).ok_or_else(|| UnknownCase {
            harness: NAME,
            case: case.clone(),
            known: plan.programs.clone(),
        })?;
        let mut argv = vec![
            cmake::program(plan, name),
            format!("--benchmark_filter=^{}$", told::quoted(own)),
            format!("--benchmark_out={RESULTS}/{FILE}"),
            "--benchmark_out_format=json".to_owned(),
        ];
        match self.work(plan, case) {
            WorkControl::Fixed => argv.push(format!("--benchmark_min_time={}x", n.0)),
            WorkControl::Once => {}
            WorkControl::Adaptive => {
                argv.extend(["--benchmark_min_time=0.05", "--benchmark_repetitions=7"].map(str::to_owned));
            }
        }
        Ok(CommandSpec::new(argv).in_folder(&plan.package))
    }

    fn parse(&self, plan: &BenchPlan, case: &BenchmarkId, out: Printed<'_>) -> Result<Vec<Told>, ParseError> {
        let own = program::split(plan, case).map_or(case.as_str(), |(_, own)| own);
        let whole = |what: String| ParseError::line(NAME, 0, what, &String::from_utf8_lossy(out.stderr));
        let bytes = out.results.get(std::path::Path::new(FILE));
        let bytes = bytes.ok_or_else(|| whole(format!("{own} left no {FILE}; it said")))?;
        // The library writes numbers that JSON does not have, where a deviation is of nothing.
        let text = String::from_utf8_lossy(bytes);
        let text =
            text.replace(": NaN", ": null").replace(": Infinity", ": null").replace(": -Infinity", ": null");
        let report: Report = serde_json::from_str(&text).map_err(|error| {
            let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or("");
            ParseError::line(NAME, error.line(), format!("{FILE}: {error}"), line)
        })?;
        let (mut costs, mut iterations) = (Vec::new(), None);
        for run in report.benchmarks {
            if run.run_type.as_deref() == Some("aggregate") {
                continue;
            }
            if run.run_name.as_deref().unwrap_or(&run.name) != own {
                return Err(whole(format!(
                    "{FILE}: a result of another benchmark, {}, than {own}",
                    run.name
                )));
            }
            if run.error_occurred || run.skipped {
                let said = run.error_message.or(run.skip_message).unwrap_or_default();
                return Err(whole(format!("{own} told an error: {said:?}")));
            }
            let scale = match run.time_unit.as_str() {
                "ns" => 1.0,
                "us" => 1e3,
                "ms" => 1e6,
                "s" => 1e9,
                unit => return Err(whole(format!("{FILE}: {unit:?} is no unit of time"))),
            };
            let time = run.real_time.ok_or_else(|| whole(format!("{FILE}: {own} has no real_time")))?;
            costs.push(told::cost(time * scale).map_err(|what| whole(format!("{FILE}: {what}")))?);
            iterations = run.iterations;
        }
        let none = || whole(format!("{FILE} has no result of {own}; it said"));
        let value = Some(told::median(&mut costs).ok_or_else(none)?);
        let counted = self.work(plan, case) == WorkControl::Fixed && !own.contains(THREADS);
        let iterations = iterations.filter(|_| counted);
        Ok(vec![Told { benchmark: case.clone(), value, iterations }])
    }
}

/// Lines of the list, without the help before it: that is indented but for its first line.
fn listed(stdout: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = stdout.split(|byte| *byte == b'\n').enumerate();
    lines.filter(|(_, line)| !line.starts_with(b"  ") && !line.starts_with(b"benchmark [--"))
}

#[derive(Debug, Deserialize)]
struct Report {
    benchmarks: Vec<Repetition>,
}

/// One repetition, or an aggregate of several; fields we do not use are ignored.
#[derive(Debug, Deserialize)]
struct Repetition {
    name: String,
    run_name: Option<String>,
    run_type: Option<String>,
    #[serde(default)]
    error_occurred: bool,
    #[serde(default)]
    skipped: bool,
    error_message: Option<String>,
    skip_message: Option<String>,
    iterations: Option<u64>,
    real_time: Option<f64>,
    #[serde(default)]
    time_unit: String,
}

#[cfg(test)]
mod tests;
