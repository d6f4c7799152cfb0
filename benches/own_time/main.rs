//! What optiloop itself costs: a demo and a pair without the children's time, a launch beside its sandbox alone, and
//! the verbs that must answer at once.
//!
//! `cargo bench --bench own_time -- [WORD]…`; words pick figures: `version launch pair demo`. Ends with an error where a
//! figure is over what is wanted. Compared things are run side by side, in turn.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#![expect(clippy::disallowed_methods, reason = "the program itself is measured from outside")]

mod history;
#[path = "../live/judgement.rs"]
#[expect(dead_code, reason = "shared with the live figures, which use all of it")]
mod judgement;
#[path = "../live/projects.rs"]
#[expect(dead_code, reason = "shared with the live figures, which use all of it")]
mod projects;
mod watch;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use optiloop::app::roots::Roots;
use optiloop::clock::Stopwatch;
use optiloop::confine;
use optiloop::fs::{create_folder, read_text, replace};
use optiloop::journal::Journal;
use optiloop::model::command::Limits;
use optiloop::model::launch::{Bind, Confinement, Job, LauncherPath, Network, Sampling};
use optiloop::process::{facts, run};
use optiloop::stats::location::median;
use projects::{Change, Project};
use tokio_util::sync::CancellationToken;
use watch::Watched;

const PROGRAM: &str = env!("CARGO_BIN_EXE_optiloop");
/// Launches of each thing that is timed.
const TIMES: usize = 40;
/// Pairs over which own time is averaged, at least.
const PAIRS: usize = 60;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let has = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    let mut score = Score(true);
    let all: [(&str, Figure); 4] = [("version", version), ("launch", launch), ("pair", pair), ("demo", demo)];
    for (name, figure) in all {
        if has(name)
            && let Err(error) = figure(&mut score)
        {
            println!("{name}: {error}");
            score.0 = false;
        }
    }
    if score.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a figure.
type Figure = fn(&mut Score) -> Result<(), Box<dyn Error>>;

/// Whether all is met so far.
struct Score(bool);

impl Score {
    fn print(&mut self, what: &str, value: f64, most: f64, unit: &str) {
        let met = value <= most;
        self.0 &= met;
        println!("{what}: {value:.2} {unit} ≤ {most} {unit}: {}", if met { "met" } else { "MISSED" });
    }
}

/// Wall time in milliseconds of a program that says nothing.
fn timed(command: &mut Command) -> Result<f64, Box<dyn Error>> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let clock = Stopwatch::start();
    let status = command.status()?;
    let took = clock.elapsed();
    if status.success() { Ok(milliseconds(took)) } else { Err(format!("{command:?}: {status}").into()) }
}

fn milliseconds(time: Duration) -> f64 {
    1e3 * time.as_secs_f64()
}

fn middle(values: &[f64]) -> f64 {
    median(values).unwrap_or(f64::NAN)
}

fn version(score: &mut Score) -> Result<(), Box<dyn Error>> {
    let (mut ours, mut nothing) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        nothing.push(timed(&mut Command::new("true"))?);
        ours.push(timed(Command::new(PROGRAM).arg("--version"))?);
    }
    score.print("--version", middle(&ours), 10.0, "ms");
    println!("  of which starting a program at all (`true`): {:.2} ms", middle(&nothing));
    Ok(())
}

/// A launch of `true` as every launch is made, beside the sandbox alone and the program alone.
fn launch(_: &mut Score) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let launcher = LauncherPath(PROGRAM.into());
    let facts = runtime.block_on(facts::probe(&launcher));
    let sandbox = confine::choose(&facts);
    let tmp = folder.path().join("tmp");
    create_folder(&tmp)?;
    let confinement = Confinement {
        read_only: ["/bin", "/usr", "/lib"].map(Bind::same).into(),
        writable: Vec::new(),
        masked: Vec::new(),
        tmp,
        network: Network::Loopback,
    };
    let job = Job {
        argv: vec!["true".into()],
        folder: "/".into(),
        env: BTreeMap::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]),
        limits: Limits::default(),
        sampling: Sampling::Off,
        services: Vec::new(),
    };
    let (mut ours, mut alone, mut nothing) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        nothing.push(timed(&mut Command::new("true"))?);
        let wrapped = sandbox.wrap(job.clone(), &confinement, &launcher);
        // The same line without the launcher at its end.
        let argv = &wrapped.argv[..wrapped.argv.len() - 2];
        if let Some((program, arguments)) = argv.split_first() {
            alone.push(timed(Command::new(program).args(arguments).arg("true"))?);
        }
        let clock = Stopwatch::start();
        let finished = runtime.block_on(run::run(wrapped, &CancellationToken::new()))?;
        if !finished.exit.is_success() {
            return Err(format!("{:?}: {}", finished.exit, finished.stderr.text()).into());
        }
        ours.push(milliseconds(clock.elapsed()));
    }
    let (ours, nothing) = (middle(&ours), middle(&nothing));
    println!("a launch of `true` in {}: {ours:.2} ms; `true` alone: {nothing:.2} ms", sandbox.name());
    if !alone.is_empty() {
        let alone = middle(&alone);
        println!("  of which the sandbox alone: {alone:.2} ms; ours: {:.2} ms", ours - alone);
    }
    Ok(())
}

/// What the driver does between launches, for each pair of a launch of 20 ms.
fn pair(score: &mut Score) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let made = Project::named("c")?.make(folder.path())?;
    let config = made.folder.join("optiloop.toml");
    let text = read_text(&config)?.replacen("[bench]\n", "[bench]\niterations = 110\n", 1);
    replace(&config, text.as_bytes())?;
    judgement::commit(&made.folder, "pin the work of a launch")?;
    made.change(Change::Nothing)?;
    let (mut pairs, mut own, mut whole) = (0, 0.0, 0.0);
    while pairs < PAIRS {
        let mut command = Command::new(PROGRAM);
        command.args(["judge", "--preset", "quick", "--json", "--quiet", "--no-code-identity", "--store"]);
        command.arg(made.folder.with_extension("store")).current_dir(&made.folder);
        let watched = Watched::run(&mut command)?;
        let is_pair = |line: &str| line.contains(r#""progress":"pair""#);
        let at: Vec<Duration> =
            watched.lines.iter().filter(|(_, line)| is_pair(line)).map(|(at, _)| *at).collect();
        let (Some(from), Some(to)) = (at.first(), at.last()) else { return Err("no pair was run".into()) };
        let span = milliseconds(to.saturating_sub(*from));
        own += watched.own_share(*from, *to).0 * span;
        whole += span;
        pairs += at.len() - 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "some hundred pairs")]
    let each = |sum: f64| sum / pairs as f64;
    println!("a pair of launches of 20 ms takes {:.1} ms in all, mean of {pairs}", each(whole));
    score.print("  of which without any child at work", each(own), 5.0, "ms");
    Ok(())
}

/// A demo, and `status` on a thousand iterations like its own.
fn demo(all: &mut Score) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(PROGRAM);
    let watched = Watched::run(command.args(["demo", "--json", "--dir"]).arg(folder.path()))?;
    let (share, looks) = watched.own_share(Duration::ZERO, watched.wall);
    println!("demo: {:.1} s, looked at {looks} times", watched.wall.as_secs_f64());
    all.print("  of which without any child at work", 100.0 * share, 2.0, "%");
    let (project, store) = (folder.path().join("wikitree"), folder.path().join("store"));
    let path = Roots::below(&store, &project.join(".git")).journal();
    let iterations = history::lengthen(&mut Journal::open(&path)?, 1000)?;
    status(all, &project, &store, iterations)
}

fn status(all: &mut Score, project: &Path, store: &Path, iterations: u64) -> Result<(), Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let mut command = Command::new(PROGRAM);
        times.push(timed(command.arg("status").arg("--store").arg(store).current_dir(project))?);
    }
    all.print(&format!("status on {iterations} iterations"), middle(&times), 50.0, "ms");
    Ok(())
}
