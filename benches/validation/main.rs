//! The full tables of decision.md part B: every cell, guards, the long loop, the price of a pair, the
//! peers' rules on the same noise, and launches at equal error.
//!
//! `cargo bench --bench validation -- [--trials N] [--threads N] [WORD]…`; words pick groups and cells that
//! contain one of them. Ends with an error when a demand is missed.
#![expect(clippy::print_stdout, reason = "the tables are what this program is for")]

mod equal_error;
mod peers;
#[path = "../../tests/validation/suite/mod.rs"]
#[expect(dead_code, reason = "the simulated world has parts that only the engine's tests use")]
mod suite;

use std::process::ExitCode;

use optiloop::clock::Stopwatch;
use optiloop::stats::location::mean;
use suite::cell::{Cell, Figures};
use suite::demand::Checked;
use suite::{cells, gate, guards, long_loop, price};

/// What was asked for.
struct Wanted {
    trials: u32,
    threads: u32,
    words: Vec<String>,
}

impl Wanted {
    fn of(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut wanted = Self { trials: 20_000, threads: 2, words: Vec::new() };
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let text = arguments.next().ok_or_else(|| format!("{argument} needs a number"))?;
                text.parse::<u32>()
                    .ok()
                    .filter(|n| *n > 0)
                    .ok_or_else(|| format!("{argument} {text}: not a number above 0"))
            };
            match argument.as_str() {
                "--bench" => {}
                "--trials" => wanted.trials = number()?,
                "--threads" => wanted.threads = number()?,
                _ => wanted.words.push(argument),
            }
        }
        Ok(wanted)
    }

    fn has(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word.as_str()))
    }
}

/// Demands so far.
#[derive(Default)]
struct Score {
    met: u32,
    not_judged: u32,
    open: u32,
    missed: Vec<String>,
}

impl Score {
    /// Counts a demand and says in a word how it stands.
    fn take(&mut self, what: &str, checked: &Checked) -> &'static str {
        match checked.met {
            Some(true) => {
                self.met += 1;
                "met"
            }
            Some(false) if what.starts_with(cells::OPEN) => {
                self.open += 1;
                "OPEN"
            }
            Some(false) => {
                self.missed.push(format!("{what}: {}", checked.text));
                "MISSED"
            }
            None => {
                self.not_judged += 1;
                "not judged"
            }
        }
    }

    fn print(&mut self, id: &str, name: &str, checked: &Checked) {
        let word = self.take(&format!("{id} {name}"), checked);
        println!("{id} {name}: {}: {word}", checked.text);
    }
}

/// Families of 1, 10 and 100 benchmarks: alarms, slowdowns named, pairs each.
fn gates(wanted: &Wanted, score: &mut Score) {
    let trials = wanted.trials.min(1000);
    println!("\ngates, {trials} trials");
    for noise in [&cells::models()[0], &cells::models()[1], &cells::cpu_time()[0]] {
        for family in [1, 10, 100] {
            let name = format!("gate of {family}, {}", noise.0);
            score.print("G11", &name, &gate::false_alarms(noise, trials, family));
            score.print("G11", &name, &gate::caught(noise, trials.min(400), family));
            let (pairs, clean) = gate::price(noise, trials.min(100), family);
            println!("    {pairs:.1} pairs a benchmark, {:.1} % of them shown clean", 100.0 * clean);
        }
    }
}

fn main() -> ExitCode {
    let wanted = match Wanted::of(std::env::args().skip(1)) {
        Ok(wanted) => wanted,
        Err(message) => {
            println!("{message}");
            return ExitCode::from(2);
        }
    };
    let clock = Stopwatch::start();
    let mut score = Score::default();
    println!("{} trials a cell, through drive(run, world, chronicle)", wanted.trials);
    for (group, cells) in cells::groups() {
        let picked: Vec<Cell> =
            cells.into_iter().filter(|cell| wanted.has(group) || wanted.has(&cell.name)).collect();
        if !picked.is_empty() {
            table(group, &picked, &wanted, &mut score);
        }
    }
    if wanted.has("guards") {
        guard_families(&wanted, &mut score);
    }
    if wanted.has("gate") {
        gates(&wanted, &mut score);
    }
    if wanted.has("loop") {
        loops(&wanted, &mut score);
    }
    if wanted.has("price") {
        let each = price::of_a_pair(1000);
        let checked =
            Checked { text: format!("{each:.1?} a pair ≤ 1 ms"), met: Some(each.as_micros() < 1000) };
        println!();
        score.print("G13", "deciding", &checked);
    }
    if wanted.has("peers") {
        peers::table(wanted.trials.div_ceil(10), wanted.threads);
    }
    if wanted.has("equal error") {
        println!("\nG9: launches where nine in ten candidates are no-ops, at equal error");
        for (name, checked) in equal_error::compare(wanted.trials.div_ceil(10), wanted.threads) {
            score.print("G9", name, &checked);
        }
    }
    println!(
        "\n{} demands met, {} missed, {} known and open, {} not judged, {:.0?}",
        score.met,
        score.missed.len(),
        score.open,
        score.not_judged,
        clock.elapsed()
    );
    score.missed.iter().for_each(|line| println!("MISSED {line}"));
    if score.missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A group: shares in percent, launches of the test, the mean reported change less the true one in points
/// (of the commit, of the final number), and each demand.
fn table(group: &str, cells: &[Cell], wanted: &Wanted, score: &mut Score) {
    let width = cells.iter().map(|cell| cell.name.chars().count()).max().unwrap_or(0);
    println!("\n{group}");
    println!(
        "{:width$} {:>9} {:>8} {:>8} {:>8} {:>7} {:>7}  demands",
        "", "accepted", "landed", "held", "launches", "told", "final"
    );
    for cell in cells {
        let figures = cell.run(wanted.trials, wanted.threads);
        let demands: Vec<String> = (cell.check(&figures).iter())
            .map(|(id, checked)| format!("{id} {}", score.take(&format!("{id} {}", cell.name), checked)))
            .collect();
        let percent = |share: u32| 100.0 * f64::from(share) / f64::from(figures.trials);
        println!(
            "{:width$} {:>9.3} {:>8.3} {:>8.3} {:>8.2} {:>7} {:>7}  {}",
            cell.name,
            percent(figures.accepted),
            percent(figures.landed),
            percent(figures.held),
            figures.mean_launches(),
            off(&figures.told, &figures),
            off(&figures.final_numbers, &figures),
            demands.join(", "),
        );
    }
}

/// How far reported changes lie off the true one on average, in points; too few say nothing.
fn off(numbers: &[f64], figures: &Figures) -> String {
    match mean(numbers) {
        Some(mean) if numbers.len() >= 100 => format!("{:+.3}", mean - figures.true_change),
        _ => "–".to_owned(),
    }
}

fn guard_families(wanted: &Wanted, score: &mut Score) {
    println!();
    let trials = wanted.trials.div_ceil(10);
    for noise in [&cells::models()[1], &cells::cpu_time()[0]] {
        score.print("G11", noise.0, &guards::false_alarms(noise, trials));
        score.print("G11", noise.0, &guards::caught(noise, trials));
    }
}

fn loops(wanted: &Wanted, score: &mut Score) {
    println!();
    let loops = wanted.trials.div_ceil(100);
    let models = cells::models();
    for ((name, noise), layout_sd) in [(&models[1], 0.0), (&models[0], 0.02), (&models[1], 0.02)] {
        let all: Vec<long_loop::Landings> =
            (0..loops).map(|seed| long_loop::run(noise, layout_sd, seed.into())).collect();
        let sum = |pick: fn(&long_loop::Landings) -> u32| all.iter().map(pick).sum::<u32>();
        let each = f64::from(sum(|landings| landings.too_small)) / f64::from(loops);
        let phantoms = sum(|landings| landings.phantoms);
        let real = f64::from(sum(|landings| landings.real)) / f64::from(loops);
        let text = format!(
            "{loops} loops of 200: {each:.3} false landings a loop ≤ .5, {phantoms} phantoms in all, {real:.1} real landings a loop"
        );
        let met = if layout_sd > 0.0 { phantoms == 0 } else { each <= 0.5 };
        score.print("G12", &format!("{name}, layout sd {layout_sd}"), &Checked { text, met: Some(met) });
    }
}
