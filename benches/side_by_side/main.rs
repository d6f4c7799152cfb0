//! The same decisions by optiloop and by what people use today, side by side on this machine: changes of nothing
//! (false accepts) and a planted −10 % (misses), in six languages, with what each decision cost.
//!
//! `cargo bench --bench side_by_side -- [--same N] [--planted N] [--program PATH] [LANGUAGE]…` needs `hyperfine` and
//! `benchstat` in `PATH`. All of them answer one question: is the change at least 5 % cheaper? optiloop by its
//! verdict with preset `quick`, the others by their own test or estimate and that same margin ([`peers`]). Tools take
//! turns decision by decision, so that each meets the same hour of the machine.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "tables, and each decision as it is made")]

#[path = "../live/judgement.rs"]
mod judgement;
mod peers;
#[path = "../live/projects.rs"]
mod projects;
mod sides;
#[path = "../live/wanted.rs"]
mod wanted;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use judgement::{Failed, Judge};
use optiloop::fs::{copy_folder, replace};
use optiloop::model::verdict::Verdict;
use optiloop::stats::estimate::Estimate;
use projects::{Change, Made, Project};
use sides::Sides;
use wanted::Wanted;

/// Percent that the planted change is cheaper.
const PLANTED: u32 = 10;

/// One tool's answer to one question.
pub(crate) struct Answer {
    /// Whether it says that the change is at least 5 % cheaper.
    pub improved: bool,
    /// Processes of the benchmark that it started.
    pub launches: usize,
    /// From question to answer.
    pub took: Duration,
}

/// What a tool's answers came to.
#[derive(Default)]
struct Tally {
    asked: u32,
    improved: u32,
    launches: usize,
    seconds: f64,
}

impl Tally {
    fn take(&mut self, answer: &Answer) {
        self.asked += 1;
        self.improved += u32::from(answer.improved);
        self.launches += answer.launches;
        self.seconds += answer.took.as_secs_f64();
    }

    fn mean(&self, sum: f64) -> f64 {
        sum / f64::from(self.asked.max(1))
    }

    #[expect(clippy::cast_precision_loss, reason = "some thousand launches")]
    fn cells(&self) -> String {
        format!("{:.0} | {:.1}", self.mean(self.launches as f64), self.mean(self.seconds))
    }
}

fn main() -> ExitCode {
    let wanted = match Wanted::of(10, std::env::args().skip(1)) {
        Ok(wanted) => wanted,
        Err(message) => {
            println!("{message}");
            return ExitCode::from(2);
        }
    };
    println!(
        "| language | tool | false accepts | launches | seconds | misses | launches | seconds | seconds in all, optiloop = 1 |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for language in &wanted.names {
        if let Err(error) = language_of(language, &wanted) {
            println!("{language}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// All rows of a language.
fn language_of(name: &str, wanted: &Wanted) -> Result<(), Failed> {
    let folder = tempfile::Builder::new().prefix("optiloop-peers-").tempdir();
    let folder =
        folder.map_err(|error| Failed::Program { what: "a folder".into(), detail: error.to_string() })?;
    let made = Project::named(name)?.make(folder.path())?;
    let judge = Judge { program: &wanted.program, folder: &made.folder };
    let peers = peers::of(name);
    let mut tallies: Vec<[Tally; 2]> =
        std::iter::repeat_with(Default::default).take(peers.len() + 1).collect();
    for (which, change, times) in
        [(0, Change::Nothing, wanted.same), (1, Change::Planted(PLANTED), wanted.planted)]
    {
        let place = folder.path().join(format!("sides{which}"));
        let mut sides: Option<Sides> = None;
        for _ in 0..times {
            made.change(change)?;
            let (answer, iterations) = ours(judge)?;
            tallies[0][which].take(&answer);
            let sides = match &mut sides {
                Some(sides) => sides,
                none => none.insert(both(name, &made, &place, iterations)?),
            };
            for (peer, tally) in peers.iter().zip(&mut tallies[1..]) {
                tally[which].take(&peer.decide(sides)?);
            }
        }
    }
    let ours = tallies[0].iter().map(|tally| tally.seconds).sum::<f64>();
    let tools = std::iter::once("optiloop").chain(peers.iter().map(|peer| peer.name()));
    for (tool, [same, planted]) in tools.zip(&tallies) {
        println!(
            "| {name} | {tool} | {} of {} | {} | {} of {} | {} | {:.2} |",
            same.improved,
            same.asked,
            same.cells(),
            planted.asked - planted.improved,
            planted.asked,
            planted.cells(),
            (same.seconds + planted.seconds) / ours
        );
    }
    Ok(())
}

/// Our verdict, and the iterations of a launch that was calibrated.
fn ours(judge: Judge<'_>) -> Result<(Answer, u64), Failed> {
    let judged = judge.work_tree(&["--no-code-identity"])?;
    let improved = !matches!(judged.verdict, Verdict::Rejected { .. });
    let effect = judged.effect.as_ref().map(Estimate::percent);
    let effect =
        effect.map_or_else(String::new, |e| format!("{:.1} % [{:.1}, {:.1}]", e.change, e.low, e.high));
    eprintln!("optiloop: {:?}, {}, {effect}, {:?}", judged.verdict, judged.why, judged.calibrated.instrument);
    let answer = Answer { improved, launches: judged.launches, took: judged.took };
    Ok((answer, judged.calibrated.work.iterations.0))
}

/// Original and change, built beside each other and doing the work that optiloop's launches did.
fn both(name: &str, made: &Made, place: &Path, iterations: u64) -> Result<Sides, Failed> {
    let (base, candidate) = (place.join("a"), place.join("b"));
    for folder in [&base, &candidate] {
        copy_folder(&made.folder, folder)?;
    }
    let inside = made.source.strip_prefix(&made.folder).unwrap_or(&made.source);
    replace(&base.join(inside), made.original.as_bytes())?;
    Sides::build(name, [base, candidate], iterations)
}
