//! Latency percentiles and throughput of a service under vegeta (<https://github.com/tsenart/vegeta>), which sends at
//! a fixed rate whatever the service does: an open loop, so that a slow answer delays no other request.
//!
//! Config lists the cases as commands that end in `vegeta report -type=json`; what serves them is a `[[service]]`. The
//! format is `Metrics` of its `lib/metrics.go`. Start at [`Vegeta`].

use std::collections::BTreeMap;

use serde::Deserialize;

use super::load::{Answer, Figure};
use super::{Discovery, Harness, Printed, UnknownCase, command};
use crate::model::bench::{Iterations, Told, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

const NAME: &str = "vegeta";

/// The `vegeta` harness.
#[derive(Debug)]
pub struct Vegeta;

impl Harness for Vegeta {
    fn name(&self) -> &'static str {
        NAME
    }

    /// The load is the command's; its value is a percentile, of which no clock outside knows.
    fn work(&self, plan: &BenchPlan, _: &BenchmarkId) -> WorkControl {
        plan.work.unwrap_or(WorkControl::Adaptive)
    }

    fn drives_a_load(&self) -> bool {
        true
    }

    fn discovery(&self, plan: &BenchPlan) -> Discovery {
        Discovery::Listed(plan.cases.iter().map(|case| case.name.clone()).collect())
    }

    fn read_discovery(&self, _: &BenchPlan, _: &[Printed<'_>]) -> Result<Vec<BenchmarkId>, ParseError> {
        Err(ParseError::line(NAME, 0, "benchmarks of this harness are listed in config, not printed", ""))
    }

    fn launch(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        n: Iterations,
    ) -> Result<CommandSpec, UnknownCase> {
        command::launch_of(NAME, plan, case, n)
    }

    fn parse(
        &self,
        plan: &BenchPlan,
        case: &BenchmarkId,
        printed: Printed<'_>,
    ) -> Result<Vec<Told>, ParseError> {
        let whole = |what: String| ParseError::line(NAME, 0, what, "");
        let figure = Figure::of(plan).map_err(whole)?;
        if matches!(figure, Figure::Percentile(_)) && is_closed_loop(plan, case) {
            return Err(whole(
                "`-rate=0` sends as fast as answers come, so that the slow ones hide those that had to wait: name a \
                 rate, or `metric = \"throughput\"`"
                    .to_owned(),
            ));
        }
        let report = read(printed.stdout)?;
        let cost = report.answer().cost(figure, |percent| report.latency(percent))?;
        // Where CPU time or wall time of the service at this load is wanted, the percentile is no second clock for it.
        let value = (self.work(plan, case) == WorkControl::Adaptive).then_some(cost);
        Ok(vec![Told { benchmark: case.clone(), value, iterations: None }])
    }
}

/// Whether the case's command sends the next request when one is answered.
fn is_closed_loop(plan: &BenchPlan, case: &BenchmarkId) -> bool {
    let command = plan.cases.iter().find(|known| known.name == *case).map(|known| known.run.argv.join(" "));
    command.is_some_and(|text| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let rate = |word: &str| word.trim_start_matches('-').to_owned();
        words.iter().any(|word| matches!(rate(word).as_str(), "rate=0" | "rate=infinity"))
            || words.windows(2).any(|pair| rate(pair[0]) == "rate" && matches!(pair[1], "0" | "infinity"))
    })
}

#[derive(Debug, Deserialize)]
struct Report {
    latencies: BTreeMap<String, f64>,
    requests: u64,
    /// Requests sent a second.
    rate: f64,
    /// Successful ones a second.
    throughput: f64,
    status_codes: BTreeMap<String, u64>,
    #[serde(default)]
    errors: Vec<String>,
}

/// The report: one line of JSON, of which there may be others' before it.
fn read(stdout: &[u8]) -> Result<Report, ParseError> {
    let lines = stdout.split(|byte| *byte == b'\n').enumerate();
    let last = lines.filter(|(_, line)| line.trim_ascii_start().starts_with(b"{")).last();
    let Some((at, line)) = last else {
        let what = "no report; the case's command must end in `vegeta report -type=json`";
        return Err(ParseError::line(NAME, 0, what, &String::from_utf8_lossy(stdout)));
    };
    serde_json::from_slice(line).map_err(|error| {
        let what = format!("no report of vegeta ({error})");
        ParseError::line(NAME, at + 1, what, &String::from_utf8_lossy(line))
    })
}

impl Report {
    fn answer(&self) -> Answer {
        // As vegeta counts success.
        let good = |code: &str| code.parse::<u16>().is_ok_and(|code| (200..400).contains(&code));
        let answered =
            self.status_codes.iter().filter(|(code, _)| good(code)).map(|(_, count)| count).sum::<u64>();
        let codes: Vec<String> =
            self.status_codes.iter().map(|(code, count)| format!("{count} with status {code}")).collect();
        let failures = codes.into_iter().chain(self.errors.iter().take(3).cloned()).collect::<Vec<_>>();
        Answer {
            tool: NAME,
            requests: self.requests,
            failed: self.requests.saturating_sub(answered),
            failures: failures.join("; "),
            offered: self.rate,
            served: self.throughput,
        }
    }

    /// A latency in nanoseconds; it tells the 50th, 90th, 95th and 99th.
    fn latency(&self, percent: f64) -> Result<f64, ParseError> {
        self.latencies.get(&format!("{percent}th")).copied().ok_or_else(|| {
            let told: Vec<&str> = self.latencies.keys().filter_map(|key| key.strip_suffix("th")).collect();
            let what = format!("its report has no p{percent}; it has p{}", told.join(", p"));
            ParseError::line(NAME, 0, what, "")
        })
    }
}

#[cfg(test)]
mod tests;
