//! `optiloop judge` on a work tree, through the real binary: what its records say.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use optiloop::clock::Stopwatch;
use optiloop::engine::finding::Finding;
use optiloop::engine::record::{Calibrated, Calibration, Entry, Record};
use optiloop::fs::PathError;
use optiloop::model::verdict::Verdict;
use optiloop::stats::estimate::Estimate;

/// Why a figure could not be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// A file.
    #[error("{0}: {source}", source = .0.source)]
    File(#[from] PathError),
    /// A program.
    #[error("{what}: {detail}")]
    Program {
        /// Which.
        what: String,
        /// What it said.
        detail: String,
    },
}

/// One judgement.
pub(crate) struct Judgement {
    /// How the benchmark is measured.
    pub calibrated: Calibrated,
    /// The verdict.
    pub verdict: Verdict,
    /// The effect that is reported.
    pub effect: Option<Estimate>,
    /// Why the test ended, in the word of the journal.
    pub why: String,
    /// Launches of pairs, and those discarded on purpose.
    pub launches: usize,
    /// From start to end of the program.
    pub took: Duration,
}

/// The program, and the project it is to judge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judge<'a> {
    /// The program.
    pub program: &'a Path,
    /// The project's folder; the store lies beside it.
    pub folder: &'a Path,
}

impl Judge<'_> {
    /// Judges the work tree.
    pub(crate) fn work_tree(&self, flags: &[&str]) -> Result<Judgement, Failed> {
        let clock = Stopwatch::start();
        #[expect(clippy::disallowed_methods, reason = "the program itself is measured")]
        let mut command = Command::new(self.program);
        command.args(["judge", "--preset", "quick", "--json", "--quiet", "--store"]);
        command.arg(self.folder.with_extension("store")).args(flags);
        let output = run(command.current_dir(self.folder))?;
        read(&output, clock.elapsed())
    }
}

fn read(output: &Output, took: Duration) -> Result<Judgement, Failed> {
    let mut records = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        // The first record lacks the key of the coins, on purpose; progress is no record.
        if let Ok(Entry { record, .. }) = serde_json::from_str(line) {
            records.push(record);
        }
    }
    let calibrated = records.iter().find_map(|record| match record {
        Record::Calibrated(Calibration::Ready { benchmarks, .. }) => benchmarks.first(),
        _ => None,
    });
    let judged = records.iter().find_map(|record| match record {
        Record::Judged(judged) => Some(judged),
        _ => None,
    });
    let (Some(calibrated), Some(judged)) = (calibrated, judged) else {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failed::Program { what: "judge".to_owned(), detail: said });
    };
    let why = records.iter().find_map(|record| match record {
        Record::Found(found) => match &found.finding {
            Finding::Test { decision, .. } => Some(format!("{:?}", decision.why).to_lowercase()),
            _ => None,
        },
        _ => None,
    });
    let launches = records.iter().map(|record| match record {
        Record::Measured(measured) => 2 * measured.pairs.len() + measured.discarded.len(),
        _ => 0,
    });
    Ok(Judgement {
        calibrated: calibrated.clone(),
        verdict: judged.verdict.clone(),
        effect: judged.effect,
        why: why.unwrap_or_else(|| "no test".to_owned()),
        launches: launches.sum(),
        took,
    })
}

/// Commits the work tree in a folder.
pub(crate) fn commit(folder: &Path, message: &str) -> Result<(), Failed> {
    git(folder, &["add", "-A"])?;
    let person = ["-c", "user.name=live", "-c", "user.email=live@localhost"];
    git(folder, &[&person[..], &["commit", "-q", "-m", message]].concat())
}

/// Git in a folder, without anybody's configuration.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> Result<(), Failed> {
    #[expect(clippy::disallowed_methods, reason = "a project needs a repository")]
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = run(command.current_dir(folder).args(arguments))?;
    if output.status.success() {
        return Ok(());
    }
    let detail = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Failed::Program { what: format!("git {}", arguments.join(" ")), detail })
}

fn run(command: &mut Command) -> Result<Output, Failed> {
    command.output().map_err(|error| Failed::Program {
        what: command.get_program().to_string_lossy().into_owned(),
        detail: error.to_string(),
    })
}
