//! `vitest bench`: benchmarks in test files, each timed for as long as its own options say.
//!
//! Format: the file of `vitest bench --outputJson`, <https://vitest.dev/guide/cli.html>. Adaptive: vitest takes times, but
//! no number of iterations, from outside; the value is the median of its samples. Its command line lists tests only,
//! so listing and launching go through its own interface, `vitest/node`. An id is `file > suite > name`.

use serde::Deserialize;

use super::{Discovery, Harness, Printed, UnknownCase, driver};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "vitest";
const DRIVER: &str = include_str!("vitest/driver.mjs");
const MARK: &str = "vitest: ";
/// Between the parts of a name.
const BETWEEN: &str = " > ";

/// The `vitest` harness.
#[derive(Debug)]
pub struct Vitest;

impl Harness for Vitest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, _: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        WorkControl::Adaptive
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        let files = plan.programs.iter().map(String::as_str);
        Discovery::Ask(vec![driver::node(DRIVER, plan, ["list", "", ""].into_iter().chain(files))])
    }

    fn read_discovery(&self, _: &BenchPlan, printed: &[Printed<'_>]) -> Result<Vec<BenchmarkId>, ParseError> {
        let mut found = Vec::new();
        for printed in printed {
            found.extend(driver::names(NAME, MARK, printed.stdout)?.into_iter().map(BenchmarkId::new));
        }
        Ok(found)
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        _: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let (file, name) =
            case.as_str().split_once(BETWEEN).ok_or_else(|| driver::unknown(NAME, plan, case))?;
        Ok(driver::node(DRIVER, plan, ["run", &pattern(name), &driver::place(), file]))
    }

    fn parse(
        &self,
        _: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        let report: Report = driver::result(NAME, case.as_str(), printed)?;
        let groups = report.files.iter().flat_map(|file| &file.groups);
        let ran: Vec<(String, &Benchmark)> = groups
            .flat_map(|group| {
                let named = |it| (format!("{}{BETWEEN}{}", group.full_name, Benchmark::name(it)), it);
                group.benchmarks.iter().filter(|it| it.sample_count.is_some_and(|n| n > 0)).map(named)
            })
            .collect();
        let wrong = |what: String| {
            let names: Vec<&str> = ran.iter().map(|(name, _)| name.as_str()).collect();
            ParseError::line(NAME, 0, what, &names.join(", "))
        };
        let mut own = ran.iter().filter(|(name, _)| name == case.as_str());
        let Some((_, benchmark)) = own.next() else {
            return Err(wrong(format!("no result of {case}; results there are")));
        };
        if own.next().is_some() {
            return Err(wrong(format!("two results of {case}")));
        }
        let milliseconds = benchmark.median.or(benchmark.mean).unwrap_or_default();
        let value = Some(driver::cost(NAME, milliseconds, 1e6)?);
        Ok(vec![Told { benchmark: case.clone(), value, iterations: None }])
    }
}

/// The pattern that this benchmark alone fits: vitest joins suites and name with blanks.
fn pattern(name: &str) -> String {
    let mut pattern = "^".to_owned();
    for c in name.replace(BETWEEN, " ").chars() {
        if r"\.+*?()|[]{}^$/-".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern + "$"
}

#[derive(Deserialize)]
struct Report {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    full_name: String,
    benchmarks: Vec<Benchmark>,
}

/// Milliseconds an iteration; without samples it was passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Benchmark {
    name: String,
    median: Option<f64>,
    mean: Option<f64>,
    sample_count: Option<u64>,
}

impl Benchmark {
    fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests;
