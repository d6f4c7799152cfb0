//! What can be written on the command line. Help texts start with a capital and have no full stop.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::app::config;
use crate::app::error::AppError;
use crate::model::bench::Instrument;
use crate::model::goal::Goal;

use super::commands::calibrate::Calibrate;
use super::commands::compare::{Compare, Gate};
use super::commands::course::Course;

/// Makes code faster and proves it
#[derive(Debug, Parser)]
#[command(name = "optiloop", version, about, disable_help_subcommand = true)]
pub(super) struct Arguments {
    /// Work in this folder
    #[arg(short = 'C', long = "folder", global = true, value_hint = clap::ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
    /// Keep journal and workspaces below this folder
    #[arg(long, global = true, value_hint = clap::ValueHint::DirPath)]
    pub store: Option<PathBuf>,
    /// Take templates of the same name from this folder
    #[arg(long, global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub templates: Option<PathBuf>,
    /// Write the report of the run that ends into this file too: .md, .json or .html; may be given more than once
    #[arg(long = "report", global = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub reports: Vec<PathBuf>,
    /// Print each record as a line of JSON on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// Print verdicts and warnings only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print what the agent does and every pair
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Show what optiloop does, on a small project of its own
    Demo(Demo),
    /// Write a first optiloop.toml for this project
    Init(Init),
    /// Say what this machine and project offer and lack
    Doctor,
    /// Let an agent propose until the goal is reached
    Run(RunArguments),
    /// Go on with a run that was interrupted
    Resume(OneRun),
    /// Judge one proposal: a patch, a commit, a range, or the work tree
    Judge(Judge),
    /// Say what can be proven here, in how many minutes, and how often our own judge errs
    Calibrate(Calibrate),
    /// Compare two revisions, folders or commands by every benchmark
    Compare(Compare),
    /// Compare HEAD with where it left a base, for CI: has anything got slower
    Gate(Gate),
    /// Show what each landed or compared commit did to each benchmark
    History(Course),
    /// Say how the last run stands
    Status,
    /// List the runs of this repository, or the records of one
    Log(Log),
    /// Show a run whole, or one proposal of it with its diff
    Show(Show),
    /// Write the report of a run: for a pull request, a program, or as a page with plots
    Report(Report),
    /// Land a held proposal in your name
    Accept(Accept),
    /// Put a line into the next brief of a run
    Hint(Hint),
    /// Recompute everything a run was decided from
    Verify(OneRun),
    /// Print the policy with the origin of each value
    Policy(Flags),
    /// Say what is kept for this repository and where
    Store,
    /// Remove what no run needs any more
    Gc,
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the man page
    Man,
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// The package of a workspace, by folder or name
    #[arg(long)]
    pub package: Option<String>,
    /// Write jobs that gate every change and look for faster code every night
    #[arg(long, value_name = "FORGE")]
    pub ci: Option<CiForge>,
}

/// Where pipelines run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CiForge {
    /// GitHub Actions
    Github,
    /// GitLab CI
    Gitlab,
}

impl Verb {
    /// Whether it prints records, which `--json` can be asked for.
    pub(super) fn has_records(&self) -> bool {
        match self {
            Self::Demo(_)
            | Self::Run(_)
            | Self::Resume(_)
            | Self::Judge(_)
            | Self::Calibrate(_)
            | Self::Compare(_)
            | Self::Gate(_)
            | Self::Log(_)
            | Self::Show(_)
            | Self::Accept(_) => true,
            Self::Init(_)
            | Self::Doctor
            | Self::History(_)
            | Self::Status
            | Self::Hint(_)
            | Self::Verify(_)
            | Self::Policy(_)
            | Self::Store
            | Self::Gc
            | Self::Report(_)
            | Self::Completions(_)
            | Self::Man => false,
        }
    }
}

/// Flags that shape a run.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Flags {
    /// Benchmark, or function that benchmarks are found for
    #[arg(short, long)]
    pub target: Option<String>,
    /// Level of comparisons: lond over the stream of candidates, or fixed for a single patch
    #[arg(long)]
    pub alpha: Option<String>,
    #[command(flatten)]
    pub rules: Rules,
}

/// Flags that say how anything is judged.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Rules {
    /// Named policy: default, strict or quick
    #[arg(long)]
    pub preset: Option<String>,
    /// Least reduction of cost that counts, as 5%
    #[arg(long, value_parser = ratio)]
    pub min_effect: Option<f64>,
    /// How launches are read: auto, cpu, wall or wall-minus-run-delay
    #[arg(long, value_parser = instrument)]
    pub instrument: Option<Instrument>,
    /// What is to become less: time, instructions, peak-memory, size and others, or what the benchmark tells
    #[arg(long)]
    pub metric: Option<String>,
    /// A value of the policy, as guard-margin=2%; the strictest of all sources wins
    #[arg(long, value_name = "KEY=VALUE")]
    pub policy: Vec<String>,
    /// Refuse to run without a sandbox
    #[arg(long)]
    pub require_sandbox: bool,
    /// Measure even what is equal machine code
    #[arg(long)]
    pub no_code_identity: bool,
    /// Allow flags to loosen what committed files demand, and stamp it
    #[arg(long)]
    pub override_policy: bool,
}

impl Flags {
    /// Flags as config takes them.
    pub(super) fn for_config(self) -> Result<config::Flags, AppError> {
        let Flags { target, alpha, rules } = self;
        let Rules {
            preset,
            min_effect,
            instrument,
            metric,
            policy,
            require_sandbox,
            no_code_identity,
            override_policy,
        } = rules;
        let given = config::Given { target, preset, min_effect, instrument, metric, alpha, policy };
        let switches = [
            (require_sandbox, config::Switch::RequireSandbox),
            (no_code_identity, config::Switch::NoCodeIdentity),
            (override_policy, config::Switch::OverridePolicy),
        ];
        config::Flags::of(given, switches.into_iter().filter(|(set, _)| *set).map(|(_, switch)| switch))
    }
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    pub flags: Flags,
    /// Wanted change against the original, as 20%, 1.25x or <50ms
    #[arg(short, long, allow_hyphen_values = true)]
    pub goal: Option<Goal>,
    /// Way to reach the agent: `codex_exec`, command or replay
    #[arg(short, long)]
    pub agent: Option<String>,
    /// Most proposals
    #[arg(long)]
    pub iterations: Option<u32>,
    /// How long it may take, as 2h
    #[arg(long, value_parser = super::commands::compare::duration)]
    pub time: Option<std::time::Duration>,
    /// Count no candidates of earlier runs, and stamp it
    #[arg(long)]
    pub fresh: bool,
    /// Stop before the first proposal and show its brief
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct Judge {
    /// Patch file, `-` for standard input, commit or range A..B; without it the work tree
    pub subject: Option<String>,
    #[command(flatten)]
    pub flags: Flags,
    /// Land it on a branch when it is accepted
    #[arg(long)]
    pub land: bool,
    /// Give the verdict without fresh pairs, and say so
    #[arg(long, conflicts_with = "land")]
    pub no_confirm: bool,
}

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Make the project in this folder and keep it
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Propose in an order drawn from this seed
    #[arg(long)]
    pub shuffle: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct OneRun {
    /// The run; the last one if none is named
    pub run: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Log {
    /// The run whose records are listed
    pub run: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The run; the last one if none is named
    pub run: Option<String>,
    /// The proposal
    pub proposal: Option<u32>,
}

#[derive(Debug, Args)]
pub(super) struct Report {
    /// The run; the last one if none is named
    pub run: Option<String>,
    /// What to write; told by the name of the output where that is given, else markdown
    #[arg(short, long)]
    pub format: Option<ReportFormat>,
    /// Write into this file
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For pull requests and job summaries
    Markdown,
    /// For programs
    Json,
    /// A page with plots that needs nothing else
    Html,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct Accept {
    /// The run
    pub run: String,
    /// The held proposal
    pub proposal: u32,
}

#[derive(Debug, Args)]
pub(super) struct Hint {
    /// The run
    pub run: String,
    /// The line
    pub text: String,
}

/// `5%` or `0.05`.
pub(super) fn ratio(text: &str) -> Result<f64, String> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse::<f64>(),
    };
    match number {
        Ok(ratio) if ratio > 0.0 && ratio < 1.0 => Ok(ratio),
        _ => Err("a share between 0 % and 100 % is wanted, as 5%".to_owned()),
    }
}

/// The words of config.
fn instrument(text: &str) -> Result<Instrument, String> {
    let wanted = "one of auto, cpu, wall, wall-minus-run-delay is wanted";
    Instrument::named(text).ok_or_else(|| wanted.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn every_help_text_starts_with_a_capital_and_has_no_full_stop() {
        fn check(command: &clap::Command) {
            let mut helps: Vec<String> = command.get_about().map(ToString::to_string).into_iter().collect();
            helps.extend(command.get_arguments().filter_map(|a| a.get_help().map(ToString::to_string)));
            for help in helps {
                assert!(help.starts_with(char::is_uppercase) && !help.ends_with('.'), "{help:?}");
            }
            command.get_subcommands().for_each(check);
        }
        check(&Arguments::command());
    }

    #[test]
    fn nonsense_is_refused() {
        for arguments in [
            ["run", "--goal", "0"],
            ["run", "--goal", "100%"],
            ["run", "--goal", "abc"],
            ["run", "--min-effect", "0"],
            ["run", "--instrument", "sundial"],
            ["judge", "--land", "--no-confirm"],
        ] {
            let all = ["optiloop"].into_iter().chain(arguments);
            assert!(Arguments::try_parse_from(all).is_err(), "{arguments:?}");
        }
    }
}
