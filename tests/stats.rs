//! The decision procedure as its users see it: the worked vector, exactness over all coins, bad input,
//! and a first look at its error rates and its price. The full tables go through the engine's own loop.

use std::time::Instant;

use optiloop::stats::adjustment::Adjusted;
use optiloop::stats::coin::{CoinKey, ComparisonKind, Flip};
use optiloop::stats::eprocess::{ALPHA_CAP, Claim, EProcess, FUTILITY_CAP};
use optiloop::stats::estimate::Estimate;
use optiloop::stats::location::{count, mad_sd};
use optiloop::stats::noise::{Noise, NoiseStream, csv_column};
use optiloop::stats::pair::{Order, Pair, log_effect};
use optiloop::stats::sequential::{Decision, Finding, Look, MARGINS, Rule, SequentialTest, Why};
use proptest::prelude::*;

fn rule() -> Rule {
    Rule::new(log_effect(0.05), 0.01)
}

fn close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() < 1e-9, "{what}: {found} instead of {expected}");
}

/// The rows of the vector: [pair, o, y, p, y', ln A, ln R, ln F(.012), ln F(.054), σ].
fn vector() -> Vec<Vec<f64>> {
    let rows: Vec<Vec<f64>> = include_str!("data/stats/vector/vector.txt")
        .lines()
        .map(|line| line.split_whitespace().filter_map(|word| word.parse().ok()).collect::<Vec<f64>>())
        .filter(|row| row.len() == 10)
        .collect();
    assert_eq!(rows.len(), 14);
    rows
}

fn pair(row: &[f64]) -> Pair {
    finite(if row[1] > 0.0 { Order::BaseFirst } else { Order::CandidateFirst }, row[2])
}

fn finite(order: Order, y: f64) -> Pair {
    Pair::new(order, y).expect("the test gives finite values")
}

#[test]
fn every_number_of_the_worked_vector_is_met_to_a_billionth() {
    let theta0 = log_effect(0.05);
    let mut series = Adjusted::new();
    let mut processes = [
        EProcess::new(theta0, Claim::Above, ALPHA_CAP),
        EProcess::new(0.0, Claim::Below, ALPHA_CAP),
        EProcess::new(theta0 + MARGINS[0], Claim::Below, FUTILITY_CAP),
        EProcess::new(theta0 + MARGINS[4], Claim::Below, FUTILITY_CAP),
    ];
    for row in vector() {
        // p and y' are printed to eight digits, the rest to nine.
        assert!((series.shift() - row[3]).abs() < 1e-8, "p of pair {}", row[0]);
        let y_prime = series.push(pair(&row));
        assert!((y_prime - row[4]).abs() < 1e-8, "y' of pair {}", row[0]);
        for (process, expected) in processes.iter_mut().zip(&row[5..]) {
            process.push(y_prime);
            close(process.ln_e(), *expected, "ln E");
        }
        let sigma = mad_sd(series.values());
        assert!((sigma - row[9]).abs() < 1e-8, "sigma of pair {}", row[0]);
    }
}

#[test]
fn the_worked_vector_is_accepted_at_pair_twelve_with_its_estimate() {
    let mut test = SequentialTest::new(rule());
    let looks: Vec<Look> = vector().iter().map(|row| test.push(pair(row))).collect();
    let decision = Decision { finding: Finding::Improved, why: Why::Accept, n: 12 };
    assert_eq!(looks[10], Look::Continue);
    assert_eq!(looks[11..], [Look::Decided(decision); 3]);
    assert_eq!(test.values().len(), 12, "pairs after the decision enter nothing");
    let estimate = Estimate::of(test.values()).unwrap();
    close(estimate.log, 0.101_261_942_978_452_34, "HL");
    close(estimate.low, 0.077_422_643_260_869_62, "low");
    close(estimate.high, 0.126_431_056_484_375_03, "high");
}

/// The mean of E over all coin patterns at the sharp null `y_i = s + o_i·e_i`, p recomputed in each.
fn mean_over_coins(boundary: f64, claim: Claim, disturbances: &[f64]) -> f64 {
    let patterns = 1_u32 << disturbances.len();
    let sum: f64 = (0..patterns)
        .map(|pattern| {
            let mut series = Adjusted::new();
            let mut process = EProcess::new(boundary, claim, ALPHA_CAP);
            for (at, disturbance) in disturbances.iter().enumerate() {
                let order = if pattern >> at & 1 == 0 { Order::BaseFirst } else { Order::CandidateFirst };
                let pair = finite(order, boundary + order.sign() * disturbance);
                process.push(series.push(pair));
            }
            process.ln_e().exp()
        })
        .sum();
    sum / f64::from(patterns)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_mean_of_e_over_all_coins_is_one(
        boundary in -0.1..0.1_f64,
        disturbances in prop::collection::vec(prop_oneof![-0.3..0.3_f64, Just(0.0), Just(0.1), Just(0.12)], 1..11),
    ) {
        for claim in [Claim::Above, Claim::Below] {
            let mean = mean_over_coins(boundary, claim, &disturbances);
            prop_assert!((mean - 1.0).abs() < 1e-9, "{mean}");
        }
    }

    #[test]
    fn one_factor_on_all_costs_changes_nothing(
        costs in prop::collection::vec((0.5..2.0_f64, 0.5..2.0_f64, any::<bool>()), 1..40),
        factor in 1e-9..1e9_f64,
    ) {
        let run = |factor: f64| {
            let mut test = SequentialTest::new(rule());
            for (base, candidate, base_first) in &costs {
                let order = if *base_first { Order::BaseFirst } else { Order::CandidateFirst };
                test.push(Pair::of_costs(order, factor * base, factor * candidate).unwrap());
            }
            (test.look(), test.reading())
        };
        let ((plain_look, plain), (scaled_look, scaled)) = (run(1.0), run(factor));
        prop_assert_eq!(plain_look, scaled_look);
        prop_assert!((plain.ln_a - scaled.ln_a).abs() < 1e-9 && (plain.ln_r - scaled.ln_r).abs() < 1e-9);
    }

    #[test]
    fn any_finite_pairs_end_in_a_decision_with_finite_numbers(
        values in prop::collection::vec((prop_oneof![-700.0..700.0_f64, -0.2..0.2_f64, Just(0.0)], any::<bool>()), 60..61),
    ) {
        let mut test = SequentialTest::new(rule());
        for (y, base_first) in values {
            let order = if base_first { Order::BaseFirst } else { Order::CandidateFirst };
            test.push(finite(order, y));
        }
        prop_assert!(matches!(test.look(), Look::Decided(_)));
        let reading = test.reading();
        prop_assert!(reading.ln_a.is_finite() && reading.ln_r.is_finite() && reading.ln_f.is_finite());
    }
}

fn feed(rule: Rule, values: impl IntoIterator<Item = f64>) -> SequentialTest {
    let mut test = SequentialTest::new(rule);
    for (at, y) in values.into_iter().enumerate() {
        let order = if at % 2 == 0 { Order::BaseFirst } else { Order::CandidateFirst };
        test.push(finite(order, y));
    }
    test
}

#[test]
fn the_best_possible_pairs_need_eight_to_be_accepted() {
    let decision = Decision { finding: Finding::Improved, why: Why::Accept, n: 8 };
    assert_eq!(feed(rule(), [1.0; 7]).look(), Look::Continue);
    assert_eq!(feed(rule(), [1.0; 20]).look(), Look::Decided(decision));
}

#[test]
fn a_failed_pair_delays_acceptance_and_is_no_pair() {
    let mut test = feed(rule(), [1.0; 4]);
    let before = test.reading();
    assert_eq!(test.push_failed(), Look::Continue);
    let after = test.reading();
    close(after.ln_a - before.ln_a, 0.2_f64.ln(), "A");
    assert_eq!(
        (after.n, after.ln_r.to_bits(), after.ln_f.to_bits()),
        (4, before.ln_r.to_bits(), before.ln_f.to_bits())
    );
}

#[test]
fn futility_waits_until_both_orders_were_seen() {
    let mut test = SequentialTest::new(rule());
    let mut looks = Vec::new();
    for order in [[Order::BaseFirst; 6].as_slice(), &[Order::CandidateFirst]].concat() {
        looks.push(test.push(finite(order, 0.0)));
    }
    assert_eq!(looks[5], Look::Continue);
    assert!(matches!(
        looks[6],
        Look::Decided(Decision { finding: Finding::Unchanged, why: Why::Futile, .. })
    ));
}

#[test]
fn a_slowdown_is_no_gain_in_a_run_and_a_regression_when_pursued() {
    let slower = [log_effect(-0.1); 30];
    let Look::Decided(stopped) = feed(rule(), slower).look() else { panic!("undecided") };
    assert_eq!((stopped.finding, stopped.why), (Finding::Unchanged, Why::Futile));
    let Look::Decided(pursued) = feed(rule().pursuing_regression(), slower).look() else {
        panic!("undecided")
    };
    assert_eq!((pursued.finding, pursued.why), (Finding::Regressed, Why::Regressed));
    assert!(pursued.n > stopped.n);
}

#[test]
fn a_pursuit_that_loses_its_evidence_ends_unchanged() {
    let values = [[log_effect(-0.1); 4].as_slice(), &[0.3; 20]].concat();
    let Look::Decided(decision) = feed(rule().pursuing_regression(), values).look() else {
        panic!("undecided")
    };
    assert_eq!((decision.finding, decision.why), (Finding::Unchanged, Why::Futile));
    assert!(decision.n > 4);
}

#[test]
fn hopeless_noise_ends_early_and_says_so() {
    let wild = (0..60).map(|at| if at % 4 < 2 { 0.9 } else { -0.9 });
    let Look::Decided(decision) = feed(rule(), wild).look() else { panic!("undecided") };
    assert_eq!(decision.finding, Finding::Inconclusive);
    assert!(decision.why == Why::NoiseExit && decision.n >= 12 && decision.n < 30, "{decision:?}");
}

#[test]
fn time_that_runs_out_is_inconclusive_before_futility() {
    let decision = feed(rule(), [0.07; 3]).out_of_time();
    assert_eq!((decision.finding, decision.why, decision.n), (Finding::Inconclusive, Why::Time, 3));
}

/// What many tests of one true effect did.
struct Cell {
    accepted: f64,
    launches: f64,
    /// Standard error of the mean launches.
    error: f64,
}

/// `trials` tests with the run's real coin, launches drawn one after another.
fn cell(noise: &Noise, improvement: f64, trials: u32) -> Cell {
    let mut accepted = 0;
    let mut launches = Vec::new();
    for trial in 0..trials {
        let mut stream = NoiseStream::new(noise.clone(), u64::from(trial));
        let key = CoinKey::new(u128::from(trial).to_le_bytes());
        let mut test = SequentialTest::new(rule());
        let decision = (0..).find_map(|pair| {
            let order =
                key.order(Flip { kind: ComparisonKind::Test, benchmark: "cell", candidate_tree: &[1], pair });
            let (first, second) = (stream.launch(), stream.launch());
            let y = order.sign() * (first - second) + log_effect(improvement);
            match test.push(finite(order, y)) {
                Look::Continue => None,
                Look::Decided(decision) => Some(decision),
            }
        });
        let decision = decision.expect("a test decides within n_max");
        accepted += u32::from(decision.finding == Finding::Improved);
        launches.push(2.0 * count(decision.n));
    }
    let mean = launches.iter().sum::<f64>() / f64::from(trials);
    let variance = launches.iter().map(|n| (n - mean) * (n - mean)).sum::<f64>() / f64::from(trials - 1);
    Cell {
        accepted: f64::from(accepted) / f64::from(trials),
        launches: mean,
        error: (variance / f64::from(trials)).sqrt(),
    }
}

/// Demands of a noise: launches to reject a no-op, launches to accept −10 %, power there.
struct Demand {
    name: &'static str,
    noise: Noise,
    no_op: f64,
    gain: f64,
    power: f64,
}

const TRIALS: u32 = 300;

#[expect(clippy::print_stdout, reason = "the figures are worth reading with --nocapture")]
fn check(demand: &Demand) {
    let Demand { name, noise, no_op, gain, power } = demand;
    let (idle, faster) = (cell(noise, 0.0, TRIALS), cell(noise, 0.1, TRIALS));
    let shown = format!(
        "{name}: no-op accepted {:.2} % in {:.1} launches, −10 % accepted {:.1} % in {:.1} launches",
        100.0 * idle.accepted,
        idle.launches,
        100.0 * faster.accepted,
        faster.launches
    );
    println!("{shown}");
    assert!(idle.accepted <= 1.0 / f64::from(TRIALS), "{shown}");
    let slack = 3.0 * (power * (1.0 - power) / f64::from(TRIALS)).sqrt();
    assert!(faster.accepted >= power - slack, "{shown}");
    assert!(idle.launches <= no_op + 3.0 * idle.error, "{shown}");
    assert!(faster.launches <= gain + 3.0 * faster.error, "{shown}");
}

#[test]
fn error_rates_and_launches_are_near_their_demands_on_every_model() {
    let demands = [
        Demand { name: "quiet", noise: Noise::Quiet, no_op: 9.0, gain: 17.0, power: 0.98 },
        Demand { name: "vm", noise: Noise::Vm, no_op: 12.0, gain: 29.0, power: 0.98 },
        Demand { name: "bimodal", noise: Noise::Bimodal, no_op: 12.0, gain: 44.0, power: 0.98 },
        Demand { name: "ci", noise: Noise::Ci, no_op: 19.0, gain: 72.0, power: 0.80 },
    ];
    demands.iter().for_each(check);
}

#[test]
fn recorded_cpu_time_is_decided_with_the_promised_power() {
    for (name, text, power) in [
        ("cpu", include_str!("data/traces/series_cpu.csv"), 0.98),
        ("mem", include_str!("data/traces/series_mem.csv"), 0.80),
        ("py", include_str!("data/traces/series_py.csv"), 0.80),
    ] {
        let noise = Noise::trace(&csv_column(text, "cpu").unwrap()).unwrap();
        check(&Demand { name, noise, no_op: 60.0, gain: 120.0, power });
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a price in time needs a clock")]
fn deciding_a_pair_costs_less_than_a_millisecond() {
    let mut stream = NoiseStream::new(Noise::Ci, 1);
    let mut pairs = 0;
    let start = Instant::now();
    for _ in 0..20 {
        let mut test = SequentialTest::new(Rule { alpha: 1e-30, n_max: 160, ..rule() });
        while test.look() == Look::Continue {
            let order = if pairs % 2 == 0 { Order::BaseFirst } else { Order::CandidateFirst };
            test.push(finite(order, 0.08 + stream.launch() - stream.launch()));
            pairs += 1;
        }
    }
    let each = start.elapsed() / pairs;
    println!("{each:?} a pair over {pairs} pairs");
    assert!(each.as_micros() < 1000, "{each:?} a pair");
}
