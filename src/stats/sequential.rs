//! The sequential test of a candidate: accept, regressed, futile, noise exit, budget, in this order.
//!
//! Not the verdict: policy makes that from the [`Decision`]. Not the confirmation either: what is
//! accepted here must still confirm on fresh pairs. Start at [`SequentialTest`]: push pairs one at a
//! time, a batch too, and stop at the first [`Look::Decided`].

use serde::{Deserialize, Serialize};

use super::eprocess::{ALPHA_CAP, Claim, EProcess, FUTILITY_CAP};
use super::location::{count, mad_sd, median, whole};
use super::pair::Pair;
use super::target::Target;

/// The margins g of futility: each has a process of its own, run from pair 1.
pub const MARGINS: [f64; 5] = [0.012, 0.02, 0.03, 0.042, 0.054];
/// The last margin, also the one the noise exit is about.
const WIDEST: f64 = MARGINS[MARGINS.len() - 1];
/// Evidence that proves a regression.
const REGRESSED_AT: f64 = 100.0;
/// Evidence for futility: 1/β, β = .1.
const FUTILE_AT: f64 = 10.0;
/// Evidence of a slowdown, at the futile look, that is worth going on for.
const PURSUE_AT: f64 = 5.0;
/// Pairs below which neither futility nor the noise exit is looked at.
const FUTILE_FROM: usize = 4;
const NOISE_EXIT_FROM: usize = 12;

/// What a comparison found about θ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// θ > θ0 proven.
    Improved,
    /// θ < 0 proven.
    Regressed,
    /// θ ≥ θ0 + g disproved; in `run` it says nothing about a slowdown.
    Unchanged,
    /// Budget or noise.
    Inconclusive,
}

/// Which rule of the test decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// A ≥ 1/α.
    Accept,
    /// R ≥ 100.
    Regressed,
    /// `F_g` ≥ 10 at the margin consulted.
    Futile,
    /// The noise is too large for any margin within `n_max`: a better instrument or a longer launch is needed.
    NoiseExit,
    /// `n_max` pairs ran.
    Pairs,
    /// A deterministic counter: the ratio of three launches a side (A.10).
    Counted,
    /// Time ran out; resumable with the same E up to `n_max`.
    Time,
}

/// A finding, the rule that made it and the valid pairs it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was found.
    pub finding: Finding,
    /// By which rule.
    pub why: Why,
    /// Valid pairs.
    pub n: usize,
}

/// The state of the test after a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Another pair is needed.
    Continue,
    /// It is over; later pairs of a batch enter nothing.
    Decided(Decision),
}

/// What follows a futile look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterFutility {
    /// `run`: the comparison ends.
    Stop,
    /// `judge`, `compare`, `gate`: goes on while a slowdown may still be proven.
    PursueRegression,
}

/// The constants of one test, fixed before its first pair.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// θ0 = −ln(1 − X), plus the resolution τ/m of a coarse timer.
    pub theta0: f64,
    /// `α_t` of this candidate.
    pub alpha: f64,
    /// Valid pairs at most.
    pub n_max: usize,
    /// What follows a futile look.
    pub after_futility: AfterFutility,
}

impl Rule {
    /// The rule at this boundary and alpha, with `n_max` = ⌊60·ln(1/α)/ln 100⌋, ending at futility.
    pub fn new(theta0: f64, alpha: f64) -> Self {
        Self { theta0, alpha, n_max: pairs_allowed(alpha), after_futility: AfterFutility::Stop }
    }

    /// The same, going on after futility to name a slowdown.
    #[must_use]
    pub fn pursuing_regression(self) -> Self {
        Self { after_futility: AfterFutility::PursueRegression, ..self }
    }
}

/// `n_max` = ⌊60·ln(1/α)/ln 100⌋ pairs.
pub fn pairs_allowed(alpha: f64) -> usize {
    whole(60.0 * libm::log(1.0 / alpha) / libm::log(100.0))
}

/// The test's numbers now, for display and journal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Valid pairs.
    pub n: usize,
    /// ln A, evidence for θ > θ0.
    pub ln_a: f64,
    /// The largest ln A so far.
    pub max_ln_a: f64,
    /// ln R, evidence for θ < 0.
    pub ln_r: f64,
    /// ln F of the margin consulted.
    pub ln_f: f64,
    /// The margin g consulted at this pair.
    pub margin: f64,
    /// `σ_n` = 1.4826·MAD of y'.
    pub sigma: f64,
    /// Median y'; 0 before the first pair.
    pub median: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Testing,
    /// Futile, but a slowdown may still be proven.
    Pursuing,
    Over(Decision),
}

/// A test in progress.
#[derive(Clone, Debug)]
pub struct SequentialTest {
    rule: Rule,
    target: Target,
    accept: EProcess,
    regressed: EProcess,
    futile: [EProcess; MARGINS.len()],
    phase: Phase,
}

impl SequentialTest {
    /// A test of one benchmark.
    pub fn new(rule: Rule) -> Self {
        Self::of_target(rule, Target::single())
    }

    /// A test of a target of several benchmarks, which must be empty still.
    pub fn of_target(rule: Rule, target: Target) -> Self {
        let below = |margin| EProcess::new(rule.theta0 + margin, Claim::Below, FUTILITY_CAP);
        Self {
            rule,
            target,
            accept: EProcess::new(rule.theta0, Claim::Above, ALPHA_CAP),
            regressed: EProcess::new(0.0, Claim::Below, ALPHA_CAP),
            futile: MARGINS.map(below),
            phase: Phase::Testing,
        }
    }

    /// Takes the next valid pair of a single benchmark and looks.
    pub fn push(&mut self, pair: Pair) -> Look {
        self.push_round(&[Some(pair)])
    }

    /// Takes a failed pair: it costs A a factor of .2 and is not a look.
    pub fn push_failed(&mut self) -> Look {
        self.push_round(&[])
    }

    /// Takes a round of the target, see [`Target::push`], and looks. After the decision nothing enters.
    pub fn push_round(&mut self, round: &[Option<Pair>]) -> Look {
        if let Phase::Over(decision) = self.phase {
            return Look::Decided(decision);
        }
        let Some(y_prime) = self.target.push(round) else {
            self.accept.fail();
            return Look::Continue;
        };
        self.accept.push(y_prime);
        self.regressed.push(y_prime);
        self.futile.iter_mut().for_each(|process| process.push(y_prime));
        self.phase = self.next_phase();
        self.look()
    }

    /// Ends the test by what a deterministic counter says, which needs no evidence of pairs (A.10).
    pub fn count_in(&mut self, finding: Finding) {
        if self.look() == Look::Continue {
            self.phase = Phase::Over(self.decision(finding, Why::Counted));
        }
    }

    /// Where the test stands.
    pub fn look(&self) -> Look {
        match self.phase {
            Phase::Over(decision) => Look::Decided(decision),
            Phase::Testing | Phase::Pursuing => Look::Continue,
        }
    }

    /// What the test says if no time is left now.
    pub fn out_of_time(&self) -> Decision {
        match self.phase {
            Phase::Over(decision) => decision,
            Phase::Pursuing => self.decision(Finding::Unchanged, Why::Futile),
            Phase::Testing => self.decision(Finding::Inconclusive, Why::Time),
        }
    }

    /// The numbers now.
    pub fn reading(&self) -> Reading {
        let sigma = mad_sd(self.values());
        let at = self.margin_at(sigma);
        Reading {
            n: self.values().len(),
            ln_a: self.accept.ln_e(),
            max_ln_a: self.accept.max_ln_e(),
            ln_r: self.regressed.ln_e(),
            ln_f: self.futile[at].ln_e(),
            margin: MARGINS[at],
            sigma,
            median: median(self.values()).unwrap_or(0.0),
        }
    }

    /// ln F of each of [`MARGINS`].
    pub fn futility(&self) -> [f64; MARGINS.len()] {
        std::array::from_fn(|at| self.futile[at].ln_e())
    }

    /// y' of every valid pair.
    pub fn values(&self) -> &[f64] {
        self.target.values()
    }

    /// The rounds so far, for the guards of the target's own benchmarks.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The constants of this test.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    fn next_phase(&self) -> Phase {
        let Reading { n, ln_a, ln_r, ln_f, sigma, median, .. } = self.reading();
        let over = |finding, why| Phase::Over(self.decision(finding, why));
        let regressed = ln_r >= libm::log(REGRESSED_AT);
        if self.phase == Phase::Pursuing {
            return match regressed {
                true => over(Finding::Regressed, Why::Regressed),
                false if ln_r < 0.0 || n >= self.rule.n_max => over(Finding::Unchanged, Why::Futile),
                false => Phase::Pursuing,
            };
        }
        if ln_a >= -libm::log(self.rule.alpha) {
            return over(Finding::Improved, Why::Accept);
        }
        if regressed {
            return over(Finding::Regressed, Why::Regressed);
        }
        if n >= FUTILE_FROM && self.target.saw_both_orders() && ln_f >= libm::log(FUTILE_AT) {
            let pursue = self.rule.after_futility == AfterFutility::PursueRegression
                && ln_r >= libm::log(PURSUE_AT)
                && n < self.rule.n_max;
            return if pursue { Phase::Pursuing } else { over(Finding::Unchanged, Why::Futile) };
        }
        let noisy = 4.6 * sigma / count(self.rule.n_max).sqrt() > 2.0 * WIDEST;
        let hopeless = ln_a < libm::log(0.2) && median < self.rule.theta0 + WIDEST;
        if n >= NOISE_EXIT_FROM && noisy && hopeless {
            return over(Finding::Inconclusive, Why::NoiseExit);
        }
        if n >= self.rule.n_max {
            return over(Finding::Inconclusive, Why::Pairs);
        }
        Phase::Testing
    }

    /// Position of the smallest margin ≥ .`6·σ·√(60/n_max)`, else of the widest.
    fn margin_at(&self, sigma: f64) -> usize {
        let wanted = 0.6 * sigma * (60.0 / count(self.rule.n_max)).sqrt();
        MARGINS.iter().position(|margin| *margin >= wanted).unwrap_or(MARGINS.len() - 1)
    }

    fn decision(&self, finding: Finding, why: Why) -> Decision {
        Decision { finding, why, n: self.values().len() }
    }
}
