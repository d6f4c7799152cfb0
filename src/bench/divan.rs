//! Divan: the bench program, launched for one benchmark with a fixed number of iterations.
//!
//! Format: the tree that divan prints for people (<https://docs.rs/divan/0.1>; it has no other), produced by
//! `program --bench --sample-count=C --sample-size=S ^NAME$`. Its options go before those in the code, so that C × S is
//! the work. An iteration's inputs are made for a whole sample at once: samples are kept small.

use std::path::PathBuf;

use super::cargo_build::{Cargo, Targets, crate_of, split};
use super::{Discovery, Harness, Placed, Printed, UnknownCase, told};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::{CommandSpec, Output};
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "divan";
const CARGO: Cargo = Cargo { harness: NAME, targets: Targets::Benches };
/// Samples a launch has at least, where it has as many iterations.
const SAMPLES: u64 = 100;
/// Iterations a sample has at most: more than enough against divan's own cost of a sample.
const LARGEST: u64 = 1000;
/// Between the columns of the tree: fastest, slowest, median, mean, samples, iters.
const COLUMN: char = '│';

/// The `divan` harness.
#[derive(Debug)]
pub struct Divan;

impl Harness for Divan {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, plan: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        plan.work.unwrap_or(WorkControl::Fixed)
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        let commands = Cargo::listing(plan, &["--list", "--format=terse"]);
        // The list that is not for people is there for nextest alone.
        Discovery::Ask(commands.into_iter().map(|command| command.with_env("NEXTEST", "1")).collect())
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
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let program = CARGO.launch(plan, case)?;
        let mut command = program.command;
        command.argv.extend(["--bench".to_owned(), "--color=never".to_owned()]);
        if plan.work != Some(WorkControl::Adaptive) {
            let size = (n.0 / SAMPLES).clamp(1, LARGEST);
            command.argv.extend([
                format!("--sample-count={}", (n.0 / size).max(1)),
                format!("--sample-size={size}"),
                // Limits of time in the code would cut the work, or add to it.
                "--min-time=0".to_owned(),
                "--max-time=100000".to_owned(),
            ]);
        }
        let pattern = format!("^({})?{}$", told::quoted(&crate_of(program.name)), told::quoted(program.own));
        command.argv.extend(["--".to_owned(), pattern]);
        Ok(command)
    }

    fn parse(&self, plan: &BenchPlan, case: &BenchmarkId, out: Printed<'_>) -> Result<Vec<Told>, ParseError> {
        let own = split(plan, case).map_or(case.as_str(), |(_, own)| own);
        let ours =
            |name: &str| own == name || own.strip_suffix(name).is_some_and(|path| path.ends_with("::"));
        // A benchmark on several numbers of threads has a row for each, below its name: the launch did them all.
        let (mut median, mut rows, mut named) = (0.0, 0, false);
        for (index, line) in out.stdout.split(|byte| *byte == b'\n').enumerate() {
            let text = String::from_utf8_lossy(line);
            let wrong = |what: String| ParseError::line(NAME, index + 1, what, &text);
            let Some(row) = Row::read(&text) else { continue };
            if !(ours(row.name) || named && row.name.starts_with("t=")) {
                match row.median {
                    Some(_) => return Err(wrong(format!("a result of another benchmark than {own}"))),
                    None => continue,
                }
            }
            named = true;
            let Some(text) = row.median else { continue };
            median += nanoseconds(text).and_then(told::cost).map_err(wrong)?;
            rows += 1;
        }
        if rows == 0 {
            let what = format!("no result of {own}; it said");
            return Err(ParseError::line(NAME, 0, what, &String::from_utf8_lossy(out.stdout)));
        }
        let value = told::cost(median).map_err(|what| ParseError::line(NAME, 0, what, ""))?;
        Ok(vec![Told { benchmark: case.clone(), value: Some(value), iterations: None }])
    }
}

/// A line of the tree that begins a benchmark or a group; those below a result (allocations, throughput) do not.
struct Row<'a> {
    name: &'a str,
    median: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn read(line: &'a str) -> Option<Self> {
        // What hangs below a branch that goes on has its own bar before it, which is no column.
        let at = line.find(['├', '╰'])?;
        if !line[..at].chars().all(|c| c == ' ' || c == COLUMN) {
            return None;
        }
        let branch = line[at..].strip_prefix("├─ ").or_else(|| line[at..].strip_prefix("╰─ "))?;
        let mut columns = branch.split(COLUMN);
        let first = columns.next()?;
        let name = first.split_once("  ").map_or(first, |(name, _)| name).trim();
        let median = columns.nth(1).map(str::trim).filter(|text| !text.is_empty());
        Some(Self { name, median })
    }
}

/// `163.4 µs` in nanoseconds.
fn nanoseconds(text: &str) -> Result<f64, String> {
    let (number, unit) = text.split_once(' ').ok_or("expected a time with its unit")?;
    let scale = match unit {
        "ps" => 1e-3,
        "ns" => 1.0,
        "µs" | "us" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3600e9,
        "d" => 86400e9,
        _ => return Err(format!("{unit:?} is no unit of time")),
    };
    let number: f64 = number.parse().map_err(|_| format!("{number:?} is no number"))?;
    Ok(number * scale)
}

#[cfg(test)]
mod tests;
