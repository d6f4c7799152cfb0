//! What people use today, run as they run it. A tool's own test or estimate, and our margin: at least 5 % cheaper.
//!
//! hyperfine: 3 warm-ups, 10 runs a command, the ratio of means (it has no test). benchstat: 10 launches of the one,
//! then 10 of the other, in Go's text format; its Mann–Whitney test at .05 and its ratio of medians. criterion: its
//! defaults, the change's estimate where it calls the performance improved.

use std::time::Duration;

use optiloop::clock::Stopwatch;
use optiloop::fs::{create_folder, read_text, replace};

use crate::Answer;
use crate::judgement::Failed;
use crate::sides::{Sides, succeeded};

/// The margin of all.
const AT_MOST: f64 = 0.95;
/// Runs a side of hyperfine and benchstat.
const RUNS: usize = 10;
const WARM_UPS: usize = 3;

/// A tool.
pub(crate) trait Peer {
    /// Its name.
    fn name(&self) -> &'static str;

    /// Asks it.
    fn decide(&self, sides: &Sides) -> Result<Answer, Failed>;
}

/// The tools of a language.
pub(crate) fn of(language: &str) -> Vec<Box<dyn Peer>> {
    let mut peers: Vec<Box<dyn Peer>> = vec![Box::new(Hyperfine), Box::new(Benchstat)];
    if language == "rust" {
        peers.push(Box::new(Criterion));
    }
    peers
}

struct Hyperfine;

impl Peer for Hyperfine {
    fn name(&self) -> &'static str {
        "hyperfine"
    }

    fn decide(&self, sides: &Sides) -> Result<Answer, Failed> {
        let clock = Stopwatch::start();
        let place = sides.folders[0].parent().unwrap_or(&sides.folders[0]);
        let mut words: Vec<String> =
            ["hyperfine", "-N", "--style=none", "--export-json=out.json"].map(str::to_owned).to_vec();
        words.extend([format!("--warmup={WARM_UPS}"), format!("--runs={RUNS}")]);
        for folder in &sides.folders {
            words.push(format!("env -C {} {}", folder.display(), sides.launch.join(" ")));
        }
        succeeded(place, &words)?;
        let took = clock.elapsed();
        let text = read_text(&place.join("out.json"))?;
        let unreadable = |detail: String| Failed::Program { what: "hyperfine".to_owned(), detail };
        let all: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
        let mean = |side: usize| all["results"][side]["mean"].as_f64();
        let (Some(base), Some(candidate)) = (mean(0), mean(1)) else { return Err(unreadable(text)) };
        let launches = 2 * (RUNS + WARM_UPS);
        Ok(Answer { improved: candidate <= AT_MOST * base, launches, took })
    }
}

struct Benchstat;

impl Peer for Benchstat {
    fn name(&self) -> &'static str {
        "benchstat"
    }

    fn decide(&self, sides: &Sides) -> Result<Answer, Failed> {
        let clock = Stopwatch::start();
        let place = sides.folders[0].parent().unwrap_or(&sides.folders[0]);
        for (side, name) in ["old", "new"].iter().enumerate() {
            let mut lines = String::new();
            for _ in 0..RUNS {
                let (took, printed) = sides.launch(side)?;
                lines.push_str(&line(sides, took, &printed));
            }
            replace(&place.join(name), lines.as_bytes())?;
        }
        let words = ["benchstat", "-format=csv", "old", "new"].map(str::to_owned);
        let output = succeeded(place, &words)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let took = clock.elapsed();
        let row = text.lines().find(|line| line.starts_with("Work"));
        let row =
            row.ok_or_else(|| Failed::Program { what: "benchstat".to_owned(), detail: text.clone() })?;
        // name, old, its interval, new, its interval, change, P: the change is `~` where the test sees none.
        let change =
            row.split(',').nth(5).and_then(|cell| cell.strip_suffix('%')).and_then(|c| c.parse().ok());
        let improved = change.is_some_and(|percent: f64| 1.0 + percent / 100.0 <= AT_MOST);
        Ok(Answer { improved, launches: 2 * RUNS, took })
    }
}

/// Go's own line where the harness printed one, else one from the launch's wall time.
fn line(sides: &Sides, took: Duration, printed: &str) -> String {
    match printed.lines().find(|line| line.starts_with("BenchmarkWork")) {
        Some(own) => format!("{own}\n"),
        None => format!(
            "BenchmarkWork {} {} ns/op\n",
            sides.iterations,
            took.as_nanos() / u128::from(sides.iterations)
        ),
    }
}

/// The package with criterion in it, beside the two sides.
const MANIFEST: &str = "[package]\nname = \"measured\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n\n\
    [dependencies]\nwork = { path = \"SIDE\" }\n\n[dev-dependencies]\ncriterion = { version = \"0.8\", \
    default-features = false }\n\n[[bench]]\nname = \"work\"\nharness = false\n";
const BENCH: &str = "use criterion::{criterion_group, criterion_main, Criterion};\nuse std::hint::black_box;\n\
    fn work(c: &mut Criterion) {\n    c.bench_function(\"work\", |b| b.iter(|| work::work(black_box(7))));\n}\n\
    criterion_group!(benches, work);\ncriterion_main!(benches);\n";

struct Criterion;

impl Peer for Criterion {
    fn name(&self) -> &'static str {
        "criterion"
    }

    fn decide(&self, sides: &Sides) -> Result<Answer, Failed> {
        let place = sides.folders[0].parent().unwrap_or(&sides.folders[0]);
        let mut said = String::new();
        let mut took = Duration::ZERO;
        for (name, folder) in ["measured-a", "measured-b"].iter().zip(&sides.folders) {
            let package = place.join(name);
            if !package.join("Cargo.toml").exists() {
                create_folder(&package.join("benches"))?;
                create_folder(&package.join("src"))?;
                replace(&package.join("src/lib.rs"), b"//! Nothing.\n")?;
                replace(&package.join("benches/work.rs"), BENCH.as_bytes())?;
                let manifest = MANIFEST.replace("SIDE", &folder.display().to_string());
                replace(&package.join("Cargo.toml"), manifest.as_bytes())?;
                let build = ["cargo", "bench", "--no-run", "--bench", "work"].map(str::to_owned);
                succeeded(&package, &build)?;
            }
            // One folder of results for both: the second is compared with the first.
            let home = format!("CRITERION_HOME={}", place.join("criterion").display());
            let clock = Stopwatch::start();
            let words =
                ["env", &home, "cargo", "bench", "--bench", "work", "--", "--noplot"].map(str::to_owned);
            let output = succeeded(&package, &words)?;
            took += clock.elapsed();
            said = String::from_utf8_lossy(&output.stdout).into_owned();
        }
        let improved =
            said.contains("Performance has improved") && estimated(&said).is_some_and(|c| c <= AT_MOST);
        // Its samples: 100 a side in one process each.
        Ok(Answer { improved, launches: 200, took })
    }
}

/// The middle of `change: [−10.3% −10.1% −9.9%]`, as a ratio.
fn estimated(said: &str) -> Option<f64> {
    let after = said.split("change: [").nth(1)?;
    let middle = after.split_whitespace().nth(1)?.trim_end_matches('%').replace('−', "-");
    Some(1.0 + middle.parse::<f64>().ok()? / 100.0)
}
