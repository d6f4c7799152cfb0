//! The live figures: a planted change of exactly −20 % and changes of nothing, in six languages or through a harness,
//! judged by the real program on this machine with the instrument it picks by itself.
//!
//! `cargo bench --bench live -- [--planted N] [--same N] [--program PATH] [NAME]…`; names pick languages or harnesses, PATH is
//! the program where it is not the one built along. Ends with an error where a nothing was accepted, CPU time was not chosen, an interval is 4 points wide or more, or more intervals miss −20 %
//! than one in twenty explains.
#![expect(clippy::print_stdout, reason = "the tables are what this program is for")]

mod judgement;
mod projects;
mod wanted;

use std::process::ExitCode;

use judgement::{Failed, Judge, Judgement};
use optiloop::model::verdict::Verdict;
use optiloop::stats::estimate::{Estimate, PercentChange};
use optiloop::stats::instrument::Instrument;
use projects::{Change, Project};
use wanted::Wanted;

/// The truth of the planted change in percent.
const TRUTH: f64 = -20.0;
/// Points that an interval may be wide where CPU time was chosen.
const WIDEST: f64 = 4.0;

fn main() -> ExitCode {
    let wanted = match Wanted::of(5, std::env::args().skip(1)) {
        Ok(wanted) => wanted,
        Err(message) => {
            println!("{message}");
            return ExitCode::from(2);
        }
    };
    match figures(&wanted) {
        Ok(missed) if missed.is_empty() => ExitCode::SUCCESS,
        Ok(missed) => {
            for line in missed {
                println!("MISSED {line}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// All tables; what was not met.
fn figures(wanted: &Wanted) -> Result<Vec<String>, Failed> {
    let folder = tempfile::Builder::new().prefix("optiloop-live-").tempdir();
    let folder =
        folder.map_err(|error| Failed::Program { what: "a folder".into(), detail: error.to_string() })?;
    let mut missed = Vec::new();
    for name in &wanted.names {
        let made = Project::named(name)?.make(folder.path())?;
        let judge = Judge { program: &wanted.program, folder: &made.folder };
        made.change(Change::Planted(20))?;
        planted(name, judge, wanted.planted, &mut missed)?;
        made.change(Change::Nothing)?;
        same(name, judge, wanted.same, &mut missed)?;
    }
    Ok(missed)
}

/// The planted change again and again.
fn planted(name: &str, judge: Judge<'_>, times: u32, missed: &mut Vec<String>) -> Result<(), Failed> {
    if times > 0 {
        println!("\n{name}, planted {TRUTH} %\n");
        println!(
            "| verdict | effect, 95 % interval | width | covers {TRUTH} % | instrument | CPU s a launch | launches | minutes |"
        );
        println!("|---|---|---|---|---|---|---|---|");
    }
    let mut uncovered = 0;
    for _ in 0..times {
        let judged = judge.work_tree(&[])?;
        let Some(effect) = judged.effect.as_ref().map(Estimate::percent) else {
            missed.push(format!("{name}: no effect, {:?}", judged.verdict));
            continue;
        };
        let width = effect.high - effect.low;
        let covers = (effect.low..=effect.high).contains(&TRUTH);
        uncovered += u32::from(!covers);
        let instrument = judged.calibrated.instrument;
        if instrument != Instrument::CpuTime {
            missed.push(format!("{name}: {instrument:?}: {}", judged.calibrated.reason));
        } else if width >= WIDEST {
            missed.push(format!("{name}: an interval {width:.1} points wide"));
        }
        println!(
            "| {} | {} | {width:.1} | {} | {instrument:?} | {:.2} | {} | {:.1} |",
            verdict(&judged),
            interval(&effect),
            if covers { "yes" } else { "no" },
            judged.calibrated.cost,
            judged.launches,
            judged.took.as_secs_f64() / 60.0
        );
    }
    // One in twenty misses by right: three of five or five of twenty would not.
    if uncovered > 1 + times / 10 {
        missed.push(format!("{name}: {uncovered} of {times} intervals miss {TRUTH} %"));
    }
    Ok(())
}

/// A comment again and again, equal machine code being measured all the same.
fn same(name: &str, judge: Judge<'_>, times: u32, missed: &mut Vec<String>) -> Result<(), Failed> {
    let (mut launches, mut seconds, mut accepted) = (Vec::new(), Vec::new(), 0);
    let mut ends = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..times {
        let judged = judge.work_tree(&["--no-code-identity"])?;
        accepted += u32::from(!matches!(judged.verdict, Verdict::Rejected { .. }));
        *ends.entry(format!("{} ({})", verdict(&judged), judged.why)).or_default() += 1;
        launches.push(judged.launches);
        seconds.push(judged.took.as_secs());
    }
    if times > 0 {
        let ends: Vec<String> = ends.iter().map(|(end, count)| format!("{count} {end}")).collect();
        println!("\n{name}, a comment: {accepted} of {times} accepted or held; {}", ends.join(", "));
        println!("launches each: {launches:?}");
        println!("seconds each: {seconds:?}");
    }
    if accepted > 0 {
        missed.push(format!("{name}: {accepted} of {times} changes of nothing accepted"));
    }
    Ok(())
}

fn verdict(judged: &Judgement) -> String {
    match &judged.verdict {
        Verdict::Accepted => "accepted".to_owned(),
        Verdict::Held { reasons } => format!("held: {reasons:?}"),
        Verdict::Rejected { reason } => reason.kind().replace('_', " "),
    }
}

fn interval(effect: &PercentChange) -> String {
    format!("{:.1} % [{:.1}, {:.1}]", effect.change, effect.low, effect.high).replace('-', "−")
}
