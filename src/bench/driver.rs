//! Drivers: small programs in the benchmark's own language that stand between a tool and its user's files where the
//! tool can neither list its benchmarks nor be told how much to do. What they print and leave is read here.
//!
//! They are given to the interpreter as an argument, so that nothing is written into the project, and edit nothing:
//! they replace a method of the tool's own classes for one process. Start at [`names`] and [`result`].

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Printed, UnknownCase, program};
use crate::model::bench::{Told, WorkControl};
use crate::model::command::{CommandSpec, RESULTS};
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

/// The file a driver leaves its numbers in.
const FILE: &str = "told.json";

/// That file as an argument of a launch.
pub(super) fn place() -> String {
    format!("{RESULTS}/{FILE}")
}

/// Node with a driver, which finds the tool where the package does.
pub(super) fn node<'a>(
    driver: &'static str,
    plan: &BenchPlan,
    arguments: impl IntoIterator<Item = &'a str>,
) -> CommandSpec {
    let own = ["node", "--input-type=module", "--eval", driver, "--"];
    CommandSpec::new(own.into_iter().chain(arguments)).in_folder(&plan.package)
}

/// The names on lines of `mark`, each a JSON string; whatever else a project's files print is left alone.
pub(super) fn names(reader: &str, mark: &str, stdout: &[u8]) -> Result<Vec<String>, ParseError> {
    let mut names: Vec<String> = Vec::new();
    for (index, line) in stdout.split(|byte| *byte == b'\n').enumerate() {
        let Some(rest) = line.strip_prefix(mark.as_bytes()) else { continue };
        let wrong = |what: String| ParseError::line(reader, index + 1, what, &String::from_utf8_lossy(line));
        let name: String = serde_json::from_slice(rest)
            .map_err(|error| wrong(format!("not the name of a benchmark: {error}")))?;
        if names.contains(&name) {
            return Err(wrong("two benchmarks of one name, which cannot be told apart".to_owned()));
        }
        names.push(name);
    }
    Ok(names)
}

/// The benchmarks that the programs of a plan print, one listing a program.
pub(super) fn listed(
    (reader, mark): (&str, &str),
    plan: &BenchPlan,
    printed: &[Printed<'_>],
) -> Result<Vec<BenchmarkId>, ParseError> {
    let mut found = Vec::new();
    for (program, printed) in plan.programs.iter().zip(printed) {
        let names = names(reader, mark, printed.stdout)?;
        found.extend(names.iter().map(|own| program::join(plan, program, own)));
    }
    Ok(found)
}

/// A case whose program the plan does not have.
pub(super) fn unknown(harness: &'static str, plan: &BenchPlan, case: &BenchmarkId) -> UnknownCase {
    UnknownCase { harness, case: case.clone(), known: plan.programs.clone() }
}

/// The file a launch was to leave, as JSON.
pub(super) fn result<T: DeserializeOwned>(
    reader: &str,
    case: &str,
    printed: Printed<'_>,
) -> Result<T, ParseError> {
    let Some((path, bytes)) = printed.results.iter().find(|(path, _)| path.as_os_str() == FILE) else {
        let what = format!("no result of {case}: it was skipped, or there is none of this name");
        let said = if printed.stderr.is_empty() { printed.stdout } else { printed.stderr };
        return Err(ParseError::line(reader, 0, what, String::from_utf8_lossy(said).trim()));
    };
    serde_json::from_slice(bytes).map_err(|error| {
        let line = bytes.split(|byte| *byte == b'\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
        let what = format!("{} is not what was expected: {error}", path.display());
        ParseError::line(reader, error.line().max(1), what, &String::from_utf8_lossy(line))
    })
}

/// What the drivers of Node's scripts leave: the cost of an iteration, and how many there were.
#[derive(Deserialize)]
struct Said {
    #[serde(alias = "nanoseconds", alias = "milliseconds")]
    cost: f64,
    iterations: Option<u64>,
}

/// The one value such a driver left; `scale` makes nanoseconds of its unit. Iterations count where we set them.
pub(super) fn told(
    (reader, scale): (&str, f64),
    (case, control): (&BenchmarkId, WorkControl),
    printed: Printed<'_>,
) -> Result<Vec<Told>, ParseError> {
    let Said { cost: said, iterations } = result(reader, case.as_str(), printed)?;
    Ok(vec![Told {
        benchmark: case.clone(),
        value: Some(cost(reader, said, scale)?),
        iterations: iterations.filter(|_| control == WorkControl::Fixed),
    }])
}

/// A value that is a cost, in nanoseconds.
pub(super) fn cost(reader: &str, value: f64, scale: f64) -> Result<f64, ParseError> {
    let cost = value * scale;
    if cost.is_finite() && cost > 0.0 {
        return Ok(cost);
    }
    Err(ParseError::line(reader, 0, "a value must be finite and above zero", &value.to_string()))
}

#[cfg(test)]
pub(super) mod tests;
