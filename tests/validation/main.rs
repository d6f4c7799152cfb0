//! The demands of decision.md part B, through the engine's own drive loop; fewer trials than
//! `cargo bench --bench validation`, which prints the full tables.

mod garbage;
#[expect(dead_code, reason = "the engine's tests and the benchmark use the rest")]
mod suite;

use suite::cell::Cell;
use suite::{cells, gate, guards, long_loop, price};

/// Trials a cell.
const TRIALS: u32 = 1000;

/// Decides every cell and reports all demands that are not met.
#[expect(clippy::print_stdout, reason = "the figures are worth reading with --nocapture")]
fn meets(cells: &[Cell], trials: u32) {
    let mut missed = Vec::new();
    for cell in cells {
        let figures = cell.run(trials, 1);
        for (id, checked) in cell.check(&figures) {
            let line = format!("{id} {}: {}", cell.name, checked.text);
            println!("{line}");
            if checked.met == Some(false) && id != cells::OPEN {
                missed.push(line);
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn a_no_op_is_hardly_ever_accepted_and_rejected_in_few_launches() {
    meets(&cells::no_ops(), TRIALS);
}

#[test]
fn a_true_3_percent_is_accepted_at_most_once_in_a_hundred() {
    meets(&cells::below_the_least_effect(), TRIALS);
}

#[test]
fn a_true_5_percent_is_accepted_at_the_level_that_was_promised() {
    meets(&cells::exactly_the_least_effect(), 2 * TRIALS);
}

#[test]
fn gains_of_7_percent_are_found_where_noise_is_small() {
    meets(&cells::sevens(), TRIALS);
}

#[test]
fn gains_of_10_percent_are_found_land_and_are_reported_without_bias() {
    meets(&cells::tens(), TRIALS);
}

#[test]
fn gains_of_20_percent_are_found_everywhere() {
    meets(&cells::twenties(), TRIALS);
}

#[test]
fn the_attacks_stay_within_promise() {
    meets(&cells::attacks(), TRIALS);
}

#[test]
fn attacks_that_do_better_than_part_b_says_do_no_better_than_was_measured() {
    meets(&cells::open_attacks(), TRIALS);
}

#[test]
fn a_coarse_clock_lands_nothing_that_is_too_small() {
    meets(&cells::ticks(), TRIALS);
}

#[test]
fn guards_raise_few_false_alarms_and_catch_a_slowdown_of_6_percent() {
    for noise in [&cells::models()[1], &cells::cpu_time()[0]] {
        let found = [guards::false_alarms(noise, TRIALS / 2), guards::caught(noise, TRIALS / 2)];
        for checked in found {
            assert_eq!(checked.met, Some(true), "{}: {}", noise.0, checked.text);
        }
    }
}

#[test]
fn a_gate_of_many_benchmarks_raises_few_false_alarms_and_names_a_slowdown_of_6_percent() {
    for noise in [&cells::models()[0], &cells::models()[1], &cells::cpu_time()[0]] {
        for checked in [gate::false_alarms(noise, 60, 100), gate::caught(noise, 60, 20)] {
            assert_eq!(checked.met, Some(true), "{}: {}", noise.0, checked.text);
        }
    }
}

#[test]
fn a_loop_of_200_candidates_lands_what_is_real_and_hardly_anything_else() {
    let loops = 10;
    let all: Vec<long_loop::Landings> =
        (0..loops).map(|seed| long_loop::run(&cells::models()[1].1, 0.0, seed)).collect();
    let false_landings: u32 = all.iter().map(|landings| landings.too_small).sum();
    let real: u32 = all.iter().map(|landings| landings.real).sum();
    assert!(f64::from(false_landings) <= 0.5 * 10.0, "{all:?}");
    assert!(real >= 150, "{all:?}");
}

#[test]
fn layouts_make_no_phantom_land_in_a_loop_of_200_candidates() {
    for seed in 0..5 {
        let landings = long_loop::run(&cells::models()[0].1, 0.02, seed);
        assert_eq!(landings.phantoms, 0, "{landings:?}");
    }
}

#[test]
fn deciding_costs_less_than_a_millisecond_a_pair() {
    let price = price::of_a_pair(100);
    assert!(price.as_micros() < 1000, "{price:?} a pair");
}
