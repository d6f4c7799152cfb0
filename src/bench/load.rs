//! What load generators have in common: which figure of a service is wanted, and whether a launch may be believed.
//!
//! A percentile needs 20/(1−p) requests (decision.md A.12), all of them answered, at the rate that was offered: a
//! service that fails the slow ones, or serves fewer, has no better latency. Not here: any tool's format. Start at
//! [`Answer::cost`].

use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

/// The figure where config names none.
const USUAL: &str = "p95";
/// Requests above a percentile that make it a figure.
const ABOVE: f64 = 20.0;
/// Share of the offered rate that must be served.
const SERVED: f64 = 0.9;

/// The figure of a service that is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Figure {
    /// The latency that so many percent of requests do not exceed.
    Percentile(f64),
    /// Time per request served.
    Throughput,
}

impl Figure {
    /// The one that config's `metric` names.
    pub(super) fn of(plan: &BenchPlan) -> Result<Self, String> {
        let word = plan.metric.as_deref().unwrap_or(USUAL);
        if word == "throughput" {
            return Ok(Self::Throughput);
        }
        let percent = word.strip_prefix('p').and_then(|number| number.replace('_', ".").parse::<f64>().ok());
        match percent {
            Some(percent) if percent > 0.0 && percent < 100.0 => Ok(Self::Percentile(percent)),
            _ => Err(format!(
                "`[bench] metric` = {word:?} is neither a percentile, as \"p95\", nor \"throughput\""
            )),
        }
    }
}

/// What one launch of a load generator says.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// The load generator.
    pub(super) tool: &'static str,
    /// Requests sent.
    pub(super) requests: u64,
    /// Requests that were not answered as they should be.
    pub(super) failed: u64,
    /// How those failed, in its words.
    pub(super) failures: String,
    /// Requests sent a second.
    pub(super) offered: f64,
    /// Requests answered a second.
    pub(super) served: f64,
}

impl Answer {
    /// The cost in nanoseconds; `latency` gives a percentile in nanoseconds where the tool tells it.
    pub(super) fn cost(
        &self,
        figure: Figure,
        latency: impl FnOnce(f64) -> Result<f64, ParseError>,
    ) -> Result<f64, ParseError> {
        let Self { tool, requests, failed, failures, offered, served } = self;
        let refuse = |what: String| Err(ParseError::line(tool, 0, what, failures));
        if *failed > 0 || *requests == 0 {
            return refuse(format!(
                "{failed} of {requests} requests failed: what is not answered has no latency"
            ));
        }
        let cost = match figure {
            Figure::Throughput => 1e9 / served,
            Figure::Percentile(percent) => {
                let least = (ABOVE / (1.0 - percent / 100.0)).ceil();
                #[expect(clippy::cast_precision_loss, reason = "requests of a launch stay far below 2^52")]
                let enough = *requests as f64 >= least;
                if !enough {
                    return refuse(format!(
                        "p{percent} wants at least {least} requests a launch, better five times as many, and this one \
                         made {requests}: raise duration or rate"
                    ));
                }
                if served / offered < SERVED {
                    return refuse(format!(
                        "{served:.0} requests a second were served of {offered:.0}: the service does not keep up \
                         with the load"
                    ));
                }
                latency(percent)?
            }
        };
        if cost.is_finite() && cost > 0.0 { Ok(cost) } else { refuse(format!("{cost} is no cost")) }
    }
}
