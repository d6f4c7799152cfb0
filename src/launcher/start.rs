//! Turns a request into a running process.

use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::fs::{Access, access};
use rustix::process::{Pid, chdir};

use super::restrict;
use super::session::{LauncherError, system};
use crate::clock::Stopwatch;
use crate::model::command::CommandSpec;
use crate::model::launch::{Job, Request};

/// A process that runs.
#[derive(Debug)]
pub(super) struct Started {
    /// The command itself, leader of its own process group.
    pub(super) leader: Pid,
    /// Runs since just before it was started.
    pub(super) clock: Stopwatch,
}

/// What came of starting.
#[derive(Debug)]
pub(super) enum Outcome {
    Started(Started),
    /// The command's own fault, in words.
    NotStarted(String),
}

/// Starts the command with `input` or `/dev/null` as its standard input.
///
/// Landlock binds a thread and what it starts. So a thread of its own restricts itself and starts the command,
/// and this process stays outside the command's domain: it can see and kill the command, never the reverse.
/// That saves a second re-exec at every launch.
pub(super) fn start(
    request: &Request,
    ports: &[u16],
    input: Option<OwnedFd>,
) -> Result<Outcome, LauncherError> {
    let job = &request.job;
    if let Err(error) = chdir(&job.folder) {
        return Ok(Outcome::NotStarted(format!("folder {}: {error}", job.folder.display())));
    }
    let program = match find(&job.argv, job) {
        Ok(program) => program,
        Err(why) => return Ok(Outcome::NotStarted(why)),
    };
    #[expect(clippy::disallowed_methods, reason = "this is where every child starts")]
    let mut command = Command::new(program);
    command.arg0(&job.argv[0]).args(&job.argv[1..]).env_clear().envs(&job.env);
    command.stdin(input.map_or_else(Stdio::null, Stdio::from));
    fenced(request, ports, command)
}

/// A command beside the one that is measured.
pub(super) struct Beside<'a> {
    /// What it is started for.
    pub(super) request: &'a Request,
    /// It itself; its folder is absolute.
    pub(super) spec: &'a CommandSpec,
    /// Ports it may use where others are refused.
    pub(super) ports: &'a [u16],
    /// Where both its streams go.
    pub(super) output: OwnedFd,
}

/// Starts it with the environment of the job and its own on top.
pub(super) fn start_beside(
    Beside { request, spec, ports, output }: Beside<'_>,
) -> Result<Outcome, LauncherError> {
    let program = match find(&spec.argv, &request.job) {
        // What is named by a path lies below its folder.
        Ok(program) => spec.folder.join(program),
        Err(why) => return Ok(Outcome::NotStarted(why)),
    };
    let same = system("share a pipe", output.try_clone())?;
    #[expect(clippy::disallowed_methods, reason = "this is where every service starts")]
    let mut command = Command::new(program);
    command.arg0(&spec.argv[0]).args(&spec.argv[1..]).env_clear().envs(&request.job.env).envs(&spec.env);
    command.current_dir(&spec.folder).stdin(Stdio::null()).stdout(output).stderr(same);
    fenced(request, ports, command)
}

/// Starts a command from a thread that has restricted itself.
fn fenced(request: &Request, ports: &[u16], command: Command) -> Result<Outcome, LauncherError> {
    std::thread::scope(|scope| {
        let starter = std::thread::Builder::new().spawn_scoped(scope, move || {
            if let Some(rules) = &request.landlock {
                restrict::fence(rules, ports)?;
            }
            spawn(command)
        });
        let starter = system("start a thread", starter)?;
        starter.join().map_err(|_| LauncherError::System {
            doing: "start the command",
            source: std::io::Error::other("the starting thread panicked"),
        })?
    })
}

fn spawn(mut command: Command) -> Result<Outcome, LauncherError> {
    command.process_group(0);
    let program = command.get_program().to_string_lossy().into_owned();
    let clock = Stopwatch::start();
    match command.spawn() {
        Ok(child) => {
            let leader = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
            let leader = system("name the command", leader.ok_or(std::io::ErrorKind::InvalidData))?;
            Ok(Outcome::Started(Started { leader, clock }))
        }
        Err(error) => Ok(Outcome::NotStarted(format!("{program}: {error}"))),
    }
}

/// Looks the program up in the child's `PATH`.
///
/// Done here and not by the standard library, which forks slowly when the child's `PATH` is not ours.
fn find(argv: &[String], job: &Job) -> Result<PathBuf, String> {
    let Some(program) = argv.first().filter(|program| !program.is_empty()) else {
        return Err("the command is empty".into());
    };
    if program.contains('/') {
        return Ok(program.into());
    }
    let path = job.env.get("PATH").map_or("", String::as_str);
    std::env::split_paths(path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file() && access(candidate, Access::EXEC_OK).is_ok())
        .ok_or_else(|| format!("program {program} not found in PATH={path}"))
}
