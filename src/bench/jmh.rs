//! JMH benchmarks: a jar whose main class is JMH's, launched with a fixed number of invocations.
//!
//! Format: the JSON of <https://github.com/openjdk/jmh>, produced by
//! `java -jar benchmarks.jar ^X$ -bm ss -f 1 -wi 1 -wbs 500 -i 10 -bs 50 -tu ns -rf json -rff FILE`. Single shots are the
//! one mode in which a number and not a time decides how much is done: the first half of the invocations warms up,
//! the rest is measured in at most ten batches, of which the median is told, since the compiler may still be at work
//! during the first of them. One fork, as JMH advises: without it a launch is .27 s shorter (measured), but `@Fork`'s
//! JVM arguments and the compiler hints that benchmarks rely on would not hold.
//!
//! A benchmark with `@Param`s is the group of its combinations, `a.B.method(name=value)`. Not here: Maven and Gradle,
//! but for the usual build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Discovery, Harness, Printed, UnknownCase, program};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::{CommandSpec, RESULTS};
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "jmh";
/// What JMH's own archetype calls the jar.
const JAR: &str = "target/benchmarks.jar";
const FILE: &str = "jmh.json";
/// Batches that are measured.
const BATCHES: u64 = 10;

/// The `jmh` harness.
#[derive(Debug)]
pub struct Jmh;

impl Harness for Jmh {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, _: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        WorkControl::Fixed
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        let plan = with_jar(plan);
        Discovery::Ask(plan.programs.iter().map(|jar| java(jar, ["-l"])).collect())
    }

    fn read_discovery(
        &self,
        plan: &BenchPlan,
        printed: &[Printed<'_>],
    ) -> Result<Vec<BenchmarkId>, ParseError> {
        let plan = with_jar(plan);
        let mut names = Vec::new();
        for (jar, printed) in plan.programs.iter().zip(printed) {
            let text = String::from_utf8_lossy(printed.stdout);
            let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
            // Whatever a JVM says of its options stands before it.
            if !lines.any(|(_, line)| line == "Benchmarks:") {
                return Err(ParseError::line(NAME, 0, "no list of benchmarks", &text));
            }
            for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
                if line.contains(char::is_whitespace) || !line.contains('.') {
                    return Err(ParseError::line(NAME, number, "not the name of a benchmark", line));
                }
                names.push(program::join(&plan, jar, line));
            }
        }
        Ok(names)
    }

    fn members(&self, plan: &BenchPlan, case: &BenchmarkId) -> Option<CommandSpec> {
        launch(plan, case, Iterations(1)).ok()
    }

    fn build(&self, plan: &BenchPlan) -> Vec<CommandSpec> {
        if !plan.build.is_empty() {
            return plan.build.clone();
        }
        let mut command = CommandSpec::new(["mvn", "-B", "-o", "-q", "-DskipTests"]);
        if !plan.package.as_os_str().is_empty() {
            let module = plan.package.display().to_string();
            command.argv.extend(["-pl".to_owned(), module, "-am".to_owned()]);
        }
        command.argv.push("package".to_owned());
        vec![command]
    }

    fn artifacts(&self, plan: &BenchPlan) -> Vec<PathBuf> {
        let jars = with_jar(plan).programs.into_iter().map(PathBuf::from);
        jars.chain(plan.artifacts.iter().cloned()).collect()
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        launch(plan, case, n)
    }

    fn parse(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        let Some(json) = printed.results.get(Path::new(FILE)) else {
            let said = String::from_utf8_lossy(printed.stdout);
            let what = format!("{FILE} was not written");
            return Err(ParseError::line(NAME, 0, what, said.lines().last().unwrap_or_default()));
        };
        let entries: Vec<Entry> = serde_json::from_slice(json)
            .map_err(|error| ParseError::line(NAME, error.line(), format!("{FILE}: {error}"), ""))?;
        let wrong = |what: String| ParseError::line(NAME, 0, format!("{FILE}: {what}"), "");
        let plan = with_jar(plan);
        let (jar, wanted) = program::split(&plan, case).unwrap_or(("", case.as_str()));
        let mut told: Vec<Told> = Vec::new();
        for entry in &entries {
            let own = entry.name().map_err(wrong)?;
            if own != wanted && entry.benchmark != wanted {
                return Err(wrong(format!("a result of {own}, another benchmark than {case}")));
            }
            let benchmark = program::join(&plan, jar, &own);
            if told.iter().any(|known| known.benchmark == benchmark) {
                return Err(wrong(format!("{own} is told twice")));
            }
            let value = entry.value(metric(&plan)).map_err(|what| wrong(format!("{own}: {what}")))?;
            told.push(Told { benchmark, value: Some(value), iterations: Some(entry.invocations()) });
        }
        if told.is_empty() {
            return Err(wrong(format!("no result of {case}: it failed, or there is none of this name")));
        }
        Ok(told)
    }
}

/// The plan with the jar that is meant where none is named.
fn with_jar(plan: &BenchPlan) -> BenchPlan {
    let mut plan = plan.clone();
    if plan.programs.is_empty() {
        plan.programs = vec![plan.package.join(JAR).display().to_string()];
    }
    plan
}

/// JMH of a jar. Its lock would keep another JVM of this machine waiting, which is none of our business, and its
/// temporary files go where the launch may write.
fn java<'a>(jar: &str, arguments: impl IntoIterator<Item = &'a str>) -> CommandSpec {
    let tmp = format!("-Djava.io.tmpdir={RESULTS}");
    let mut command =
        CommandSpec::new(["java", "-XX:-UsePerfData", "-Djmh.ignoreLock=true", &tmp, "-jar", jar]);
    command.argv.extend(arguments.into_iter().map(str::to_owned));
    command
}

fn launch(plan: &BenchPlan, case: &BenchmarkId, n: Iterations) -> Result<CommandSpec, UnknownCase> {
    let plan = with_jar(plan);
    let (jar, own) = program::split(&plan, case).ok_or_else(|| UnknownCase {
        harness: NAME,
        case: case.clone(),
        known: plan.programs.clone(),
    })?;
    let (method, parameters) = match own.split_once('(') {
        Some((method, rest)) => (method, rest.strip_suffix(')').unwrap_or(rest)),
        None => (own, ""),
    };
    let Shape { warm, batches, batch } = Shape::of(n);
    let mut command =
        java(jar, [quoted(method).as_str(), "-bm", "ss", "-f", "1", "-foe", "true", "-tu", "ns"]);
    let numbers = [("-wi", u64::from(warm > 0)), ("-wbs", warm.max(1)), ("-i", batches), ("-bs", batch)];
    command.argv.extend(numbers.into_iter().flat_map(|(flag, n)| [flag.to_owned(), n.to_string()]));
    command.argv.extend(["-rf", "json", "-rff"].map(str::to_owned));
    command.argv.push(format!("{RESULTS}/{FILE}"));
    for parameter in parameters.split(',').filter(|text| !text.is_empty()) {
        command.argv.extend(["-p".to_owned(), parameter.to_owned()]);
    }
    if metric(&plan).is_some_and(|metric| metric.starts_with("gc.")) {
        command.argv.extend(["-prof".to_owned(), "gc".to_owned()]);
    }
    Ok(command)
}

/// The metric as JMH calls it, where it is not time.
fn metric(plan: &BenchPlan) -> Option<&str> {
    match plan.metric.as_deref() {
        Some("allocated-bytes" | "allocated_bytes") => Some("gc.alloc.rate.norm"),
        own => own,
    }
}

/// How `n` invocations are spread: all of them, and exactly as many, in warm-up and batches.
struct Shape {
    warm: u64,
    batches: u64,
    batch: u64,
}

impl Shape {
    fn of(n: Iterations) -> Self {
        let n = n.0.max(1);
        let batches = n.div_ceil(2).min(BATCHES);
        let batch = (n / (2 * batches)).max(1);
        Self { warm: n - batches * batch, batches, batch }
    }
}

/// The pattern that matches this benchmark alone.
fn quoted(method: &str) -> String {
    let mut quoted = "^".to_owned();
    for c in method.chars() {
        if !c.is_alphanumeric() && c != '_' {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('$');
    quoted
}

/// One benchmark of the file; fields we do not use are ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    benchmark: String,
    mode: String,
    #[serde(default)]
    params: BTreeMap<String, String>,
    warmup_iterations: u64,
    warmup_batch_size: u64,
    measurement_iterations: u64,
    measurement_batch_size: u64,
    primary_metric: Metric,
    /// Read when asked for: what a profiler cannot tell stands there as a text.
    #[serde(default)]
    secondary_metrics: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    score_unit: String,
    /// By fork and iteration.
    raw_data: Vec<Vec<f64>>,
}

impl Entry {
    /// The benchmark's name with its parameters, which must be such as JMH's command line can name.
    fn name(&self) -> Result<String, String> {
        let pairs: Vec<String> = self.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let Some(odd) = pairs.iter().find(|pair| pair.contains([',', '(', ')'])) else {
            let parameters = pairs.join(",");
            let none = parameters.is_empty();
            return Ok(if none {
                self.benchmark.clone()
            } else {
                format!("{}({parameters})", self.benchmark)
            });
        };
        Err(format!(
            "the parameter {odd:?} holds a character that JMH's -p cannot pass on: give the value another name"
        ))
    }

    fn invocations(&self) -> u64 {
        let warm = self.warmup_iterations.saturating_mul(self.warmup_batch_size);
        warm.saturating_add(self.measurement_iterations.saturating_mul(self.measurement_batch_size))
    }

    /// The median batch, by invocation.
    fn value(&self, metric: Option<&str>) -> Result<f64, String> {
        if self.mode != "ss" {
            return Err(format!("mode {} where single shots (ss) were asked for", self.mode));
        }
        let secondary: Metric;
        let told = match metric {
            None => &self.primary_metric,
            Some(name) => {
                // Before 1.37 profilers' metrics began with a dot of their own.
                let found =
                    self.secondary_metrics.iter().find(|(known, _)| known.trim_start_matches('·') == name);
                let known: Vec<&String> = self.secondary_metrics.keys().collect();
                let missing = || format!("there is no metric {name:?}; there are {known:?}");
                let value = found.ok_or_else(missing)?.1;
                secondary =
                    Metric::deserialize(value).map_err(|error| format!("metric {name:?}: {error}"))?;
                &secondary
            }
        };
        if metric.is_none() && told.score_unit != "ns/op" {
            return Err(format!("{} where ns/op was asked for", told.score_unit));
        }
        let mut values: Vec<f64> = told.raw_data.iter().flatten().copied().collect();
        if values.is_empty() || !values.iter().all(|value| value.is_finite() && *value > 0.0) {
            return Err("its values must be finite and above zero".to_owned());
        }
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let median =
            if values.len() % 2 == 1 { values[middle] } else { values[middle - 1].midpoint(values[middle]) };
        #[expect(clippy::cast_precision_loss, reason = "batches stay far below 2^52")]
        let batch = self.measurement_batch_size.max(1) as f64;
        Ok(median / batch)
    }
}

#[cfg(test)]
mod tests;
