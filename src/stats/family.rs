//! Many benchmarks of the same two builds at once: which got dearer, which provably did not, which got cheaper.
//!
//! The family's false alarms are bounded together (Bonferroni on e-values, decision.md A.8): a member is named
//! regressed or improved at m/.05, so that the chance of one false name among all of them is at most 5 %. Each
//! member gets pairs until it is decided, and no more: effort goes to the undecided. What follows of it (an exit
//! code) is not decided here. Start at [`Family`].

use serde::{Deserialize, Serialize};

use super::adjustment::Adjusted;
use super::eprocess::{ALPHA_CAP, Claim, EProcess, FUTILITY_CAP};
use super::estimate::Estimate;
use super::failures::{FailureTally, Failures};
use super::location::{count, median};
use super::pair::{Pair, Side};
use super::sequential::{MARGINS, pairs_allowed};

/// The family's false-alarm rate.
pub const FAMILY_ALPHA: f64 = 0.05;
/// Evidence that a member stayed within its margin: 1/.05.
const CLEAN_AT: f64 = 20.0;
/// Evidence that a gain worth naming is out of reach: 1/β, β = .1.
const FUTILE_AT: f64 = 10.0;

/// What is asked of each member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// `gate`: did it get dearer?
    Regressions,
    /// `compare`: did it get dearer or cheaper?
    Both,
}

/// The constants of a family, fixed before its first pair.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyRule {
    /// What is asked.
    pub asked: Asked,
    /// The growth of cost that is still none (.03 is 3 %).
    pub margin: f64,
    /// θ0 = −ln(1 − X) of a gain that is named.
    pub theta0: f64,
}

/// Where a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// More pairs are needed.
    Open,
    /// Cost grew: θ < 0 proven at the family's level.
    Regressed,
    /// Cost fell by at least the least effect: θ > θ0 proven at the family's level.
    Improved,
    /// Cost grew by less than the margin, if at all: shown at 5 %.
    Clean,
    /// All its pairs, or all the time, are used up without a proof.
    Unproven,
    /// The candidate's launches failed twice.
    Broken,
    /// The base's launches failed twice: nothing can be said.
    Void,
}

/// One benchmark of a family.
#[derive(Clone, Debug)]
pub struct Member {
    series: Adjusted,
    regressed: EProcess,
    clean: EProcess,
    improved: EProcess,
    futile: EProcess,
    tally: FailureTally,
    standing: Standing,
}

impl Member {
    fn new(rule: &FamilyRule, tick: f64) -> Self {
        let theta0 = rule.theta0 + tick;
        let widest = MARGINS[MARGINS.len() - 1];
        Self {
            series: Adjusted::new(),
            regressed: EProcess::new(0.0, Claim::Below, ALPHA_CAP),
            clean: EProcess::new(-libm::log1p(rule.margin), Claim::Above, ALPHA_CAP),
            improved: EProcess::new(theta0, Claim::Above, ALPHA_CAP),
            futile: EProcess::new(theta0 + widest, Claim::Below, FUTILITY_CAP),
            tally: FailureTally::default(),
            standing: Standing::Open,
        }
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Valid pairs.
    pub fn pairs(&self) -> usize {
        self.series.values().len()
    }

    /// Its effect with its interval; `None` without pairs.
    pub fn estimate(&self) -> Option<Estimate> {
        Estimate::of(self.series.values())
    }

    /// ln E for θ < 0 now.
    pub fn ln_regressed(&self) -> f64 {
        self.regressed.ln_e()
    }

    /// The largest ln E for "within the margin" so far.
    pub fn ln_clean(&self) -> f64 {
        self.clean.max_ln_e()
    }

    fn is_clean(&self) -> bool {
        self.clean.max_ln_e() >= libm::log(CLEAN_AT)
    }

    fn take(&mut self, pair: Option<Pair>, rule: &FamilyRule, named_at: f64) {
        let Some(pair) = pair else {
            self.clean.fail();
            self.improved.fail();
            return;
        };
        let y_prime = self.series.push(pair);
        for process in [&mut self.regressed, &mut self.clean, &mut self.improved, &mut self.futile] {
            process.push(y_prime);
        }
        let slower = median(self.series.values()).is_some_and(|median| median < 0.0);
        self.standing = if self.regressed.ln_e() >= named_at && slower {
            Standing::Regressed
        } else if rule.asked == Asked::Both && self.improved.ln_e() >= named_at {
            Standing::Improved
        } else if self.is_clean()
            && (rule.asked == Asked::Regressions || self.futile.max_ln_e() >= libm::log(FUTILE_AT))
        {
            Standing::Clean
        } else {
            Standing::Open
        };
    }

    /// Evidence missing to the nearer of the claims of A.8; of a clean one whose gain is still open, to the gain.
    fn distance(&self, named_at: f64) -> f64 {
        let to_clean = libm::log(CLEAN_AT) - self.clean.ln_e();
        let near = if self.is_clean() { named_at - self.improved.ln_e() } else { to_clean };
        near.min(named_at - self.regressed.ln_e())
    }
}

/// The benchmarks of one comparison of two builds.
#[derive(Clone, Debug)]
pub struct Family {
    rule: FamilyRule,
    members: Vec<Member>,
    named_at: f64,
    most_pairs: usize,
}

impl Family {
    /// A family with one member per tick: the resolution of its cost relative to it, 0 where it shows none.
    pub fn new(rule: FamilyRule, ticks: &[f64]) -> Self {
        let alpha = FAMILY_ALPHA / count(ticks.len().max(1));
        Self {
            rule,
            members: ticks.iter().map(|tick| Member::new(&rule, *tick)).collect(),
            named_at: -libm::log(alpha),
            most_pairs: pairs_allowed(alpha),
        }
    }

    /// The same family without a pair.
    #[must_use]
    pub fn again(&self, ticks: &[f64]) -> Self {
        Self::new(self.rule, ticks)
    }

    /// The members in the caller's order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Valid pairs that a member gets at most.
    pub fn most_pairs(&self) -> usize {
        self.most_pairs
    }

    /// Takes the next pair of a member, `None` for a failed one. Once it is decided, nothing enters.
    pub fn push(&mut self, at: usize, pair: Option<Pair>) {
        let (rule, named_at, most) = (self.rule, self.named_at, self.most_pairs);
        let Some(member) = self.members.get_mut(at).filter(|member| member.standing == Standing::Open) else {
            return;
        };
        member.take(pair, &rule, named_at);
        if member.standing == Standing::Open && member.pairs() >= most {
            member.standing = member.at_an_end();
        }
    }

    /// Counts a launch of a member's side that failed; twice the same side ends the member.
    pub fn failed(&mut self, at: usize, side: Side) {
        let Some(member) = self.members.get_mut(at).filter(|member| member.standing == Standing::Open) else {
            return;
        };
        member.standing = match member.tally.failed(side) {
            Failures::Tolerated => Standing::Open,
            Failures::Void => Standing::Void,
            Failures::Broken => Standing::Broken,
        };
    }

    /// The undecided, the one farthest from a claim first.
    pub fn undecided(&self) -> Vec<usize> {
        let open = |(at, member): (usize, &Member)| {
            (member.standing == Standing::Open).then(|| (at, member.distance(self.named_at)))
        };
        let mut open: Vec<(usize, f64)> = self.members.iter().enumerate().filter_map(open).collect();
        open.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
        open.into_iter().map(|(at, _)| at).collect()
    }

    /// Where each member stands if no more pairs are run.
    pub fn final_standings(&self) -> Vec<Standing> {
        self.members.iter().map(Member::at_an_end).collect()
    }
}

impl Member {
    /// Where it stands if it gets no more pairs: what was shown stays shown.
    fn at_an_end(&self) -> Standing {
        match self.standing {
            Standing::Open if self.is_clean() => Standing::Clean,
            Standing::Open => Standing::Unproven,
            decided => decided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pair::{Order, log_effect};
    use super::*;

    fn pair(at: usize, y: f64) -> Option<Pair> {
        Pair::new(if at.is_multiple_of(2) { Order::BaseFirst } else { Order::CandidateFirst }, y)
    }

    fn rule(asked: Asked) -> FamilyRule {
        FamilyRule { asked, margin: 0.03, theta0: log_effect(0.05) }
    }

    /// Standings and pairs of members whose every pair has these log effects.
    fn run(asked: Asked, effects: &[f64]) -> (Vec<Standing>, Vec<usize>) {
        let mut family = Family::new(rule(asked), &vec![0.0; effects.len()]);
        for round in 0..200 {
            for at in family.undecided() {
                family.push(at, pair(round, effects[at]));
            }
        }
        (family.final_standings(), family.members().iter().map(Member::pairs).collect())
    }

    #[test]
    fn a_gate_stops_at_the_first_claim_of_each_benchmark() {
        let (standings, pairs) = run(Asked::Regressions, &[0.0, -0.06, 0.2]);
        assert_eq!(standings, [Standing::Clean, Standing::Regressed, Standing::Clean]);
        assert!(pairs.iter().all(|pairs| *pairs < 12), "{pairs:?}");
    }

    #[test]
    fn a_comparison_names_gains_as_well_and_gives_up_small_ones() {
        let (standings, _) = run(Asked::Both, &[0.0, -0.06, 0.2, 0.03]);
        assert_eq!(standings, [Standing::Clean, Standing::Regressed, Standing::Improved, Standing::Clean]);
    }

    #[test]
    fn the_bar_of_a_name_grows_with_the_family() {
        let pairs = |m: usize| run(Asked::Regressions, &vec![-0.06; m]).1[0];
        assert!(pairs(1) < pairs(5) && pairs(5) < pairs(100), "{} {} {}", pairs(1), pairs(5), pairs(100));
    }

    #[test]
    fn what_never_tells_ends_after_its_pairs() {
        let mut family = Family::new(rule(Asked::Regressions), &[0.0]);
        for round in 0..200 {
            // Wild in both directions: neither claim is proven.
            family.push(0, pair(round, if round / 2 % 2 == 0 { 0.5 } else { -0.5 }));
        }
        assert_eq!(family.members()[0].standing(), Standing::Unproven);
        assert_eq!(family.members()[0].pairs(), family.most_pairs());
    }

    #[test]
    fn a_benchmark_that_fails_twice_on_one_side_ends_alone() {
        let mut family = Family::new(rule(Asked::Regressions), &[0.0; 3]);
        for (at, side) in [(0, Side::Candidate), (0, Side::Candidate), (1, Side::Base), (1, Side::Base)] {
            family.failed(at, side);
            family.push(at, None);
        }
        assert_eq!(family.final_standings(), [Standing::Broken, Standing::Void, Standing::Unproven]);
        assert_eq!(family.undecided(), [2]);
    }

    #[test]
    fn the_farthest_from_a_claim_goes_first() {
        let mut family = Family::new(rule(Asked::Regressions), &[0.0; 2]);
        family.push(0, pair(0, 0.1));
        assert_eq!(family.undecided(), [1, 0]);
    }
}
