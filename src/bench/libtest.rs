//! libtest's own `#[bench]`: the test program, launched for one benchmark.
//!
//! Format: libtest's line for people (<https://doc.rust-lang.org/nightly/unstable-book/library-features/test.html>),
//! produced by `program --bench --exact NAME`: the median of 50 samples, in nanoseconds. `#[bench]` needs
//! `#![feature(test)]`, and so a nightly compiler or `RUSTC_BOOTSTRAP=1`. libtest chooses the iterations itself and
//! takes 0.3 to 3 seconds a launch.

use std::path::PathBuf;

use super::cargo_build::{Cargo, Targets, split};
use super::{Discovery, Harness, Placed, Printed, UnknownCase, told};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::{CommandSpec, Output};
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "libtest";
const CARGO: Cargo = Cargo { harness: NAME, targets: Targets::Tested };

/// The `libtest` harness.
#[derive(Debug)]
pub struct Libtest;

impl Harness for Libtest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, _: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        WorkControl::Adaptive
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        Discovery::Ask(Cargo::listing(plan, &["--list", "--format=terse"]))
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

    fn advice(&self, failure: &str) -> Option<&'static str> {
        (failure.contains("E0554") || failure.contains("use of unstable library feature `test`")).then_some(
            "`#[bench]` needs a nightly compiler (a rust-toolchain.toml that names one) or, with a stable one, \
             `RUSTC_BOOTSTRAP = \"1\"` under [env] in optiloop.toml",
        )
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        _: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let program = CARGO.launch(plan, case)?;
        let mut command = program.command;
        command.argv.extend(["--bench", "--color=never", "--exact", "--", program.own].map(str::to_owned));
        Ok(command)
    }

    fn parse(&self, plan: &BenchPlan, case: &BenchmarkId, out: Printed<'_>) -> Result<Vec<Told>, ParseError> {
        let own = split(plan, case).map_or(case.as_str(), |(_, own)| own);
        let mut value = None;
        for (index, line) in out.stdout.split(|byte| *byte == b'\n').enumerate() {
            let text = String::from_utf8_lossy(line);
            let wrong = |what: String| ParseError::line(NAME, index + 1, what, &text);
            // What a benchmark prints is captured.
            let Some((name, end)) = text.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "))
            else {
                continue;
            };
            if name.trim() != own {
                return Err(wrong(format!("a result of another benchmark than {own}")));
            }
            let Some(reading) = end.strip_prefix("bench:") else {
                return Err(wrong("the benchmark told no time: it failed, or was ignored".to_owned()));
            };
            let (number, _) = reading
                .split_once(" ns/iter (+/- ")
                .ok_or_else(|| wrong("expected `N ns/iter (+/- N)`".to_owned()))?;
            let number = number.trim().replace(',', "");
            let number: f64 =
                number.parse().map_err(|_| wrong("expected a number before ns/iter".to_owned()))?;
            if value.replace(told::cost(number).map_err(wrong)?).is_some() {
                return Err(ParseError::line(NAME, index + 1, "the same benchmark told twice", &text));
            }
        }
        let none = || {
            let what = format!("no result of {own}; it said");
            ParseError::line(NAME, 0, what, &String::from_utf8_lossy(out.stdout))
        };
        let value = Some(value.ok_or_else(none)?);
        Ok(vec![Told { benchmark: case.clone(), value, iterations: None }])
    }
}

#[cfg(test)]
mod tests;
