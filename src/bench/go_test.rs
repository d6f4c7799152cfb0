//! Go benchmarks: the package's test binary, built once and launched with a fixed number of iterations.
//!
//! Format: <https://go.googlesource.com/proposal/+/master/design/14313-benchmark-format.md>, produced by
//! `bench.test -test.run=^$ -test.bench=^BenchmarkX$ -test.benchtime=100x -test.count=1`. The binary runs
//! every benchmark once before it does the N iterations; both sides of a comparison do.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::unit::{as_cost, is_rate};
use super::{Discovery, Harness, Printed, UnknownCase};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

/// The test binary, relative to the package's folder, which Go programs expect to run in and which thus exists
/// wherever the binary is copied to; `./...` does not look into folders with a dot.
pub const BINARY: &str = ".optiloop/bench.test";
const NAME: &str = "go_test";
/// What stands for none of what is counted whole.
const HALF: f64 = 0.5;

/// The `go_test` harness.
#[derive(Debug)]
pub struct GoTest;

impl Harness for GoTest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, _: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        WorkControl::Fixed
    }

    fn tells(&self, metric: &str) -> bool {
        matches!(metric.replace('-', "_").as_str(), "allocations" | "allocated_bytes")
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        Discovery::Ask(vec![
            CommandSpec::new([format!("./{BINARY}"), "-test.list=^Benchmark".to_owned()])
                .in_folder(&plan.package),
        ])
    }

    fn read_discovery(&self, _: &BenchPlan, printed: &[Printed<'_>]) -> Result<Vec<BenchmarkId>, ParseError> {
        let mut names = Vec::new();
        let lines = printed.iter().flat_map(|printed| printed.stdout.split(|byte| *byte == b'\n'));
        for (index, line) in lines.enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            match std::str::from_utf8(line) {
                Ok("") => {}
                Ok(name) if name.starts_with("Benchmark") && !name.contains(char::is_whitespace) => {
                    names.push(BenchmarkId::new(name));
                }
                // A TestMain or an init function may print lines of its own.
                _ if !line.starts_with(b"Benchmark") => {}
                _ => {
                    let text = String::from_utf8_lossy(line);
                    return Err(ParseError::line(NAME, index + 1, "not the name of a benchmark", &text));
                }
            }
        }
        Ok(names)
    }

    fn members(&self, plan: &BenchPlan, case: &BenchmarkId) -> Option<CommandSpec> {
        let mut command = launch(plan, case, Iterations(1));
        // With it every name ends in -7, also where there is one processor and a name ends in a number of its own.
        command.argv.push("-test.cpu=7".to_owned());
        Some(command)
    }

    fn build(&self, plan: &BenchPlan) -> Vec<CommandSpec> {
        if !plan.build.is_empty() {
            return plan.build.clone();
        }
        let package = format!("./{}", plan.package.display());
        let binary = plan.package.join(BINARY).display().to_string();
        let argv = ["go", "test", "-c", "-trimpath", "-o", &binary, package.trim_end_matches('/')];
        vec![CommandSpec::new(argv)]
    }

    fn artifacts(&self, plan: &BenchPlan) -> Vec<PathBuf> {
        let mut artifacts = vec![plan.package.join(BINARY), plan.package.join("testdata")];
        artifacts.extend(plan.artifacts.iter().cloned());
        artifacts
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        Ok(launch(plan, case, n))
    }

    fn parse(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        let unit = unit(plan);
        let mut results = Vec::new();
        let mut pending = None;
        for (index, line) in printed.stdout.split(|byte| *byte == b'\n').enumerate() {
            let text = String::from_utf8_lossy(line);
            let line = Line { number: index + 1, text: text.trim_end() };
            line.check_failure()?;
            if let Some(rest) = name_rest(line.text) {
                let (name, rest) = rest;
                // The name comes first and the numbers when it has run; what the benchmark itself prints
                // stands between them.
                pending = Some(name.to_owned());
                if let Some(result) = line.result(rest, unit)? {
                    results.push((line.number, name.to_owned(), result));
                    pending = None;
                }
            } else if let Some(result) = line.result(line.text, unit)? {
                let name = pending.take().ok_or_else(|| line.wrong("a result without a benchmark's name"))?;
                results.push((line.number, name, result));
            }
        }
        if let Some(name) = pending.filter(|name| may_be(case, name)) {
            return Err(ParseError::line(NAME, 0, "a benchmark began and told no result", &name));
        }
        told(case, &results, printed.stderr)
    }
}

/// The unit of the value: nanoseconds, or that of the metric; a metric of the benchmark's own is its unit.
fn unit(plan: &BenchPlan) -> &str {
    match plan.metric.as_deref() {
        None => "ns/op",
        Some("allocations") => "allocs/op",
        Some("allocated-bytes" | "allocated_bytes") => "B/op",
        Some(own) => own,
    }
}

/// Whether it counts whole things of which there may be none.
fn is_count(unit: &str) -> bool {
    matches!(unit, "allocs/op" | "B/op")
}

/// A launch of the test binary: fixed work is always possible with it.
fn launch(plan: &BenchPlan, case: &BenchmarkId, n: Iterations) -> CommandSpec {
    let argv = [
        format!("./{BINARY}"),
        "-test.run=^$".to_owned(),
        format!("-test.bench={}", anchored(case)),
        format!("-test.benchtime={}x", n.0),
        "-test.count=1".to_owned(),
    ];
    let memory = plan.metric.is_some().then(|| "-test.benchmem".to_owned());
    CommandSpec::new(argv.into_iter().chain(memory)).in_folder(&plan.package)
}

/// Turns result lines into what was told, once per benchmark.
fn told(
    case: &BenchmarkId,
    results: &[(usize, String, Reading)],
    stderr: &[u8],
) -> Result<Vec<Told>, ParseError> {
    // Every name ends in `-GOMAXPROCS` unless that is 1; a name may also end in a number of its own.
    let suffixes: BTreeSet<Option<&str>> = results.iter().map(|(_, name, _)| processors(name)).collect();
    let exact = results.iter().any(|(_, name, _)| name == case.as_str());
    let suffix = match suffixes.first() {
        Some(Some(digits)) if suffixes.len() == 1 && !exact => format!("-{digits}"),
        _ => String::new(),
    };
    let mut seen = BTreeSet::new();
    let mut told = Vec::new();
    for (number, name, reading) in results {
        let name = name.strip_suffix(suffix.as_str()).unwrap_or(name);
        if name != case.as_str()
            && !name.strip_prefix(case.as_str()).is_some_and(|rest| rest.starts_with('/'))
        {
            return Err(ParseError::line(
                NAME,
                *number,
                format!("a result of another benchmark than {case}"),
                name,
            ));
        }
        if !seen.insert(name.to_owned()) {
            return Err(ParseError::line(NAME, *number, "the same benchmark told twice", name));
        }
        told.push(Told {
            benchmark: BenchmarkId::new(name),
            value: Some(reading.value),
            iterations: Some(reading.iterations),
        });
    }
    if told.is_empty() {
        let what = format!("no result of {case}: it was skipped, or there is none of this name");
        return Err(ParseError::line(NAME, 0, what, &String::from_utf8_lossy(stderr)));
    }
    Ok(told)
}

/// The numbers of one result line.
struct Reading {
    iterations: u64,
    value: f64,
}

struct Line<'a> {
    number: usize,
    text: &'a str,
}

impl Line<'_> {
    fn wrong(&self, what: &str) -> ParseError {
        ParseError::line(NAME, self.number, what, self.text)
    }

    /// A failure is one even where the exit code says otherwise.
    fn check_failure(&self) -> Result<(), ParseError> {
        let text = self.text.trim_start();
        if text.starts_with("--- FAIL") || text == "FAIL" {
            return Err(self.wrong("the benchmark failed"));
        }
        if text.starts_with("--- SKIP") {
            return Err(self.wrong("the benchmark was skipped"));
        }
        if self.text.starts_with("panic: ") || self.text.starts_with("fatal error: ") {
            return Err(self.wrong("the benchmark crashed"));
        }
        Ok(())
    }

    /// `100  123.4 ns/op  5 B/op`; `None` where it is something else a benchmark printed.
    fn result(&self, fields: &str, unit: &str) -> Result<Option<Reading>, ParseError> {
        let words: Vec<&str> = fields.split_whitespace().take(64).collect();
        let before = |unit: &str| words.iter().position(|word| *word == unit).filter(|at| *at >= 2);
        let Some(iterations) = words.first().and_then(|word| word.parse::<u64>().ok()) else {
            return Ok(None);
        };
        if before("ns/op").is_none() && before(unit).is_none() {
            return Ok(None);
        }
        let Some(at) = before(unit) else {
            return Err(self.wrong(&format!("no value in {unit}")));
        };
        let value: f64 =
            words[at - 1].parse().map_err(|_| self.wrong(&format!("expected a number before {unit}")))?;
        // Nothing allocated is less than one, and ratios need a number above zero.
        let value = if value == 0.0 && is_count(unit) { HALF } else { value };
        if iterations == 0 || !(value.is_finite() && value > 0.0) {
            return Err(self.wrong("a value must be finite and above zero"));
        }
        let value = if is_rate(unit) { as_cost(value, unit) } else { value };
        Ok(Some(Reading { iterations, value }))
    }
}

/// A line's benchmark name and what follows it.
fn name_rest(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("Benchmark")?;
    // As `go test` decides: BenchmarkX, never Benchmarkx.
    if rest.chars().next().is_some_and(char::is_lowercase) {
        return None;
    }
    let end = text.find(char::is_whitespace)?;
    Some(text.split_at(end))
}

/// The digits after the last `-`.
fn processors(name: &str) -> Option<&str> {
    let (_, digits) = name.rsplit_once('-')?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// Whether `name`, perhaps with a processor suffix, can belong to `case`.
fn may_be(case: &BenchmarkId, name: &str) -> bool {
    name.strip_prefix(case.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '-']))
}

/// The pattern that matches this benchmark alone: Go splits pattern and name at slashes.
fn anchored(case: &BenchmarkId) -> String {
    let parts: Vec<String> = case.as_str().split('/').map(|part| format!("^{}$", quoted(part))).collect();
    parts.join("/")
}

/// As Go's `regexp.QuoteMeta`.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

#[cfg(test)]
mod tests;
