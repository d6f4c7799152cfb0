//! hyperfine: commands that are timed by it, as many runs as we say.
//!
//! Format: the file of `--export-json` (<https://github.com/sharkdp/hyperfine>), produced by
//! `hyperfine --runs N --export-json … COMMAND`. A case of config is a command, or a whole `hyperfine …` of the
//! project's own (warm-up, `--prepare` and all). Runs that it pins stay; else the number is ours and the work fixed:
//! outer clocks then count the runs, and what hyperfine does around them.

use std::path::PathBuf;

use serde::Deserialize;

use super::{Discovery, Harness, Printed, UnknownCase, told};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::{CommandSpec, RESULTS};
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::{BenchCase, BenchPlan};

const NAME: &str = "hyperfine";
/// The file of results.
const FILE: &str = "hyperfine.json";

/// The `hyperfine` harness.
#[derive(Debug)]
pub struct Hyperfine;

impl Harness for Hyperfine {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, plan: &BenchPlan, case: &BenchmarkId) -> WorkControl {
        let pins =
            plan.cases.iter().find(|known| known.name == *case).is_some_and(|case| pins(&case.run.argv));
        if pins { WorkControl::Once } else { plan.work.unwrap_or(WorkControl::Fixed) }
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        Discovery::Listed(plan.cases.iter().map(|case| case.name.clone()).collect())
    }

    fn read_discovery(&self, _: &BenchPlan, printed: &[Printed<'_>]) -> Result<Vec<BenchmarkId>, ParseError> {
        let text = printed.first().map(|printed| String::from_utf8_lossy(printed.stdout)).unwrap_or_default();
        Err(ParseError::line(NAME, 0, "benchmarks of this harness are listed in config, not printed", &text))
    }

    fn build(&self, plan: &BenchPlan) -> Vec<CommandSpec> {
        plan.build.clone()
    }

    fn artifacts(&self, plan: &BenchPlan) -> Vec<PathBuf> {
        plan.artifacts.clone()
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        let known = plan.cases.iter().find(|known| known.name == *case).ok_or_else(|| UnknownCase {
            harness: NAME,
            case: case.clone(),
            known: plan.cases.iter().map(|known| known.name.to_string()).collect(),
        })?;
        let BenchCase { run, .. } = known;
        let export = ["--export-json".to_owned(), format!("{RESULTS}/{FILE}"), "--style=none".to_owned()];
        let mut argv = vec![NAME.to_owned()];
        argv.extend(export);
        if self.work(plan, case) == WorkControl::Fixed {
            argv.extend(["--runs".to_owned(), n.0.to_string()]);
        }
        if is_own(&run.argv) {
            argv.extend(run.argv.iter().skip(1).cloned());
        } else {
            // No shell between: hyperfine splits the text into the very words again.
            argv.extend(["--shell=none".to_owned(), "--".to_owned(), joined(&run.argv)]);
        }
        Ok(CommandSpec { argv, ..run.clone() })
    }

    fn parse(&self, plan: &BenchPlan, case: &BenchmarkId, out: Printed<'_>) -> Result<Vec<Told>, ParseError> {
        let whole = |what: String| ParseError::line(NAME, 0, what, &String::from_utf8_lossy(out.stderr));
        let bytes = out.results.get(std::path::Path::new(FILE));
        let bytes = bytes.ok_or_else(|| whole(format!("{case} left no {FILE}; hyperfine said")))?;
        let export: Export = serde_json::from_slice(bytes).map_err(|error| {
            let text = String::from_utf8_lossy(bytes);
            ParseError::line(NAME, error.line(), format!("{FILE}: {error}"), &text)
        })?;
        let [result] = export.results.as_slice() else {
            let what = format!("{FILE} holds {} commands: each is a case of its own", export.results.len());
            return Err(whole(what));
        };
        let failed = result.exit_codes.iter().position(|code| code.is_some_and(|code| code != 0));
        if let Some(run) = failed {
            return Err(whole(format!("run {run} of {:?} failed", result.command)));
        }
        let mut costs = Vec::new();
        for seconds in &result.times {
            costs.push(told::cost(seconds * 1e9).map_err(|what| whole(format!("{FILE}: {what}")))?);
        }
        let value = told::median(&mut costs).ok_or_else(|| whole(format!("{FILE} holds no run")))?;
        let iterations = (self.work(plan, case) == WorkControl::Fixed).then_some(costs.len() as u64);
        Ok(vec![Told { benchmark: case.clone(), value: Some(value), iterations }])
    }
}

/// Whether a case is a whole command of hyperfine.
fn is_own(argv: &[String]) -> bool {
    argv.first().is_some_and(|word| word.rsplit('/').next() == Some(NAME))
}

/// Whether a command of hyperfine says itself how many runs there are.
fn pins(argv: &[String]) -> bool {
    let pin = |word: &String| {
        matches!(word.as_str(), "--runs" | "-r")
            || word.starts_with("--runs=")
            || (word.starts_with("-r") && word[2..].parse::<u64>().is_ok())
    };
    is_own(argv) && argv.iter().any(pin)
}

/// Words as one text that splits into them again.
fn joined(words: &[String]) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
    let quoted = |word: &String| {
        if !word.is_empty() && word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[derive(Debug, Deserialize)]
struct Export {
    results: Vec<Timed>,
}

/// What was measured of one command; fields we do not use are ignored.
#[derive(Debug, Deserialize)]
struct Timed {
    command: String,
    /// Seconds of each run.
    #[serde(default)]
    times: Vec<f64>,
    #[serde(default)]
    exit_codes: Vec<Option<i32>>,
}

#[cfg(test)]
mod tests;
