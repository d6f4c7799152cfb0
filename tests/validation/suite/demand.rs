//! What part B demands of a cell, and whether its figures meet it.
//!
//! A share fails when it is more than 3 binomial standard deviations beyond its demand, a mean when it is
//! more than 3 standard errors beyond; a bias is judged only where its standard error is at most a third
//! of the limit. Start at [`Demand::check`].

use optiloop::stats::location::{count, mean, variance};

use super::cell::Figures;

/// What is demanded, of which figure.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Demand {
    /// The test accepts at most this share.
    AcceptedAtMost(f64),
    /// The test accepts at least this share: its power.
    AcceptedAtLeast(f64),
    /// At most this share lands.
    LandedAtMost(f64),
    /// At least this share lands.
    LandedAtLeast(f64),
    /// At least this share is held.
    HeldAtLeast(f64),
    /// Mean launches of the test.
    Launches(f64),
    /// Points of percent between the mean final number and the true change.
    Bias(f64),
}

/// A figure beside its limit.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    /// In words: figure, demand, limit.
    pub(crate) text: String,
    /// Whether it is met; `None` where too few trials can tell.
    pub(crate) met: Option<bool>,
}

impl Demand {
    /// Holds the figures against the demand.
    pub(crate) fn check(self, figures: &Figures) -> Checked {
        let trials = figures.trials;
        match self {
            Self::AcceptedAtMost(limit) => at_most("accepted", figures.accepted, trials, limit),
            Self::AcceptedAtLeast(limit) => at_least("accepted", figures.accepted, trials, limit),
            Self::LandedAtMost(limit) => at_most("landed", figures.landed, trials, limit),
            Self::LandedAtLeast(limit) => at_least("landed", figures.landed, trials, limit),
            Self::HeldAtLeast(limit) => at_least("held", figures.held, trials, limit),
            Self::Launches(limit) => launches(&figures.launches, limit),
            Self::Bias(limit) => bias(&figures.final_numbers, figures.true_change, limit),
        }
    }
}

/// At most this share: fails above the demand and 3 standard deviations, rounded up to whole trials
/// (3 of 1,000 at .05 %, 34 of 2,000 at 1 %).
pub(crate) fn at_most(what: &str, found: u32, trials: u32, limit: f64) -> Checked {
    let n = f64::from(trials);
    let allowed = (n * limit + 3.0 * (n * limit * (1.0 - limit)).sqrt()).ceil();
    let text = share(what, found, trials, "≤", limit);
    Checked {
        text: format!("{text} (fails above {allowed} of {trials})"),
        met: Some(f64::from(found) <= allowed),
    }
}

/// At least this share: fails below the demand less 3 standard deviations, rounded down.
pub(crate) fn at_least(what: &str, found: u32, trials: u32, limit: f64) -> Checked {
    let n = f64::from(trials);
    let wanted = (n * limit - 3.0 * (n * limit * (1.0 - limit)).sqrt()).floor();
    let text = share(what, found, trials, "≥", limit);
    Checked {
        text: format!("{text} (fails below {wanted} of {trials})"),
        met: Some(f64::from(found) >= wanted),
    }
}

fn share(what: &str, found: u32, trials: u32, sign: &str, limit: f64) -> String {
    let percent = 100.0 * f64::from(found) / f64::from(trials);
    format!("{what} {percent:.3} % {sign} {} %", (100_000.0 * limit).round() / 1000.0)
}

fn launches(launches: &[f64], limit: f64) -> Checked {
    let found = mean(launches).unwrap_or(f64::NAN);
    let allowed = limit + 3.0 * standard_error(launches);
    let text = format!("{found:.2} launches ≤ {limit} (fails above {allowed:.2})");
    Checked { text, met: Some(found <= allowed) }
}

fn bias(numbers: &[f64], true_change: f64, limit: f64) -> Checked {
    let bias = mean(numbers).unwrap_or(f64::NAN) - true_change;
    let error = standard_error(numbers);
    let text = format!("bias {bias:+.3} ± {error:.3} points, ≤ {limit}");
    Checked { text, met: (error <= limit / 3.0).then_some(bias.abs() <= limit) }
}

/// The standard error of a mean.
pub(crate) fn standard_error(values: &[f64]) -> f64 {
    (variance(values).unwrap_or(f64::NAN) / count(values.len())).sqrt()
}
