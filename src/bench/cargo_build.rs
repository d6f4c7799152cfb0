//! What harnesses whose benchmarks are programs of cargo share: how they are built, found and put where launches
//! expect them.
//!
//! Format: cargo's messages (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>), produced
//! by `cargo bench --no-run --message-format=json-render-diagnostics`. A program is a `[[bench]]` target by name; for
//! libtest the library and the binaries are programs as well. Start at [`Cargo`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::{Placed, UnknownCase, program};
use crate::model::command::{CommandSpec, Output};
use crate::model::id::BenchmarkId;
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

/// Where programs lie, below the package's folder, which benchmarks expect to run in.
const FOLDER: &str = ".optiloop/bench";
/// Before the name of a program in a list of several that config does not name.
const PROGRAM: &str = "optiloop program ";

/// Builds for one harness.
#[derive(Debug)]
pub(super) struct Cargo {
    /// The harness, for errors.
    pub(super) harness: &'static str,
    /// Which targets are its programs.
    pub(super) targets: Targets,
}

/// Targets that hold benchmarks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Targets {
    /// `[[bench]]` alone.
    Benches,
    /// Whatever is built with libtest: benches, the library, binaries.
    Tested,
}

impl Cargo {
    /// The project's own build, told to name what it makes; else cargo's.
    pub(super) fn build(&self, plan: &BenchPlan) -> Vec<CommandSpec> {
        let clean = CommandSpec::new(["rm", "-rf", &plan.package.join(FOLDER).to_string_lossy()]);
        let own = plan.build.iter().cloned().map(telling);
        let commands: Vec<CommandSpec> =
            if plan.build.is_empty() { vec![self.cargo(plan)] } else { own.collect() };
        let lines = |command: CommandSpec| {
            // Without them a profile knows no lines; the code is the same.
            let command = command.with_env("CARGO_PROFILE_BENCH_DEBUG", "line-tables-only");
            command.with_env("CARGO_PROFILE_BENCH_STRIP", "none")
        };
        std::iter::once(clean).chain(commands.into_iter().map(lines)).collect()
    }

    fn cargo(&self, plan: &BenchPlan) -> CommandSpec {
        let mut argv = vec!["cargo".to_owned(), "bench".to_owned(), "--no-run".to_owned()];
        if !plan.package.as_os_str().is_empty() {
            argv.extend([
                "--manifest-path".to_owned(),
                plan.package.join("Cargo.toml").to_string_lossy().into_owned(),
            ]);
        } else if !plan.programs.is_empty() {
            // Named programs may belong to any member.
            argv.push("--workspace".to_owned());
        }
        match self.targets {
            Targets::Benches if !plan.programs.is_empty() => {
                argv.extend(plan.programs.iter().flat_map(|name| ["--bench".to_owned(), name.clone()]));
            }
            Targets::Benches | Targets::Tested => argv.push("--benches".to_owned()),
        }
        telling(CommandSpec::new(argv))
    }

    /// Every program the build told of, by its target's name.
    pub(super) fn place(&self, plan: &BenchPlan, stdout: &[&Output]) -> Result<Vec<Placed>, ParseError> {
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for output in stdout {
            let lines =
                output.head.split(|byte| *byte == b'\n').chain(output.tail.split(|byte| *byte == b'\n'));
            for (index, line) in lines.enumerate() {
                let wrong = |what: String| {
                    ParseError::line(self.harness, index + 1, what, &String::from_utf8_lossy(line))
                };
                // What is no message is a script's own; where output was dropped a line may be cut.
                if !line.starts_with(b"{") {
                    continue;
                }
                let message: Message = match serde_json::from_slice(line) {
                    Ok(message) => message,
                    Err(_) if output.dropped > 0 => continue,
                    Err(error) => return Err(wrong(format!("not a message of cargo: {error}"))),
                };
                let Some((name, executable)) = self.program(plan, message) else { continue };
                if !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
                    return Err(wrong("not the name of a target".to_owned()));
                }
                if found.get(&name).is_some_and(|known| *known != executable) {
                    return Err(wrong(format!(
                        "two packages have a bench target {name}: name the package's folder in `[bench] package`"
                    )));
                }
                found.insert(name, executable);
            }
        }
        if let Some(missing) = plan.programs.iter().find(|program| !found.contains_key(*program)) {
            let names: Vec<&str> = found.keys().map(String::as_str).collect();
            let what = format!("cargo built no benchmark program {missing}; it built");
            return Err(ParseError::line(self.harness, 0, what, &names.join(", ")));
        }
        let placed =
            |(name, from): (String, String)| Placed { from: PathBuf::from(from), to: at(plan, &name) };
        Ok(found.into_iter().map(placed).collect())
    }

    /// The target and the executable of a message that tells of a program of ours.
    fn program(&self, plan: &BenchPlan, message: Message) -> Option<(String, String)> {
        let (target, executable) = (message.target?, message.executable?);
        let ours = match self.targets {
            Targets::Benches => target.kind.iter().any(|kind| kind == "bench"),
            Targets::Tested => message.profile.is_some_and(|profile| profile.test),
        };
        let wanted = plan.programs.is_empty() || plan.programs.contains(&target.name);
        (ours && wanted).then_some((target.name, executable))
    }

    /// The programs, and the folder of their sources, where their inputs often lie.
    pub(super) fn artifacts(plan: &BenchPlan) -> Vec<PathBuf> {
        let mut artifacts = match plan.programs.as_slice() {
            [] => vec![plan.package.join(FOLDER)],
            programs => programs.iter().map(|name| at(plan, name)).collect(),
        };
        artifacts.push(plan.package.join("benches"));
        artifacts.extend(plan.artifacts.iter().cloned());
        artifacts
    }

    /// Commands that list benchmarks: each program with `arguments`. Where config names none a shell asks every
    /// program there is, after a line with its name.
    pub(super) fn listing(plan: &BenchPlan, arguments: &[&str]) -> Vec<CommandSpec> {
        if plan.programs.is_empty() {
            let script = format!(
                "for program in {FOLDER}/*; do echo \"{PROGRAM}${{program##*/}}\"; \"$program\" \"$@\" || exit; done"
            );
            let argv = ["sh", "-c", &script, "sh"].into_iter().chain(arguments.iter().copied());
            return vec![CommandSpec::new(argv).in_folder(&plan.package)];
        }
        let one = |name: &String| {
            let program = format!("./{FOLDER}/{name}");
            let argv = std::iter::once(program.as_str()).chain(arguments.iter().copied());
            CommandSpec::new(argv).in_folder(&plan.package)
        };
        plan.programs.iter().map(one).collect()
    }

    /// Lines of libtest's terse list, `name: benchmark`, which all of these harnesses print.
    pub(super) fn read_listing(
        &self,
        plan: &BenchPlan,
        printed: &[&[u8]],
    ) -> Result<Vec<BenchmarkId>, ParseError> {
        let mut names = Vec::new();
        for (at, stdout) in printed.iter().enumerate() {
            let mut program = plan.programs.get(at).cloned();
            for (index, line) in stdout.split(|byte| *byte == b'\n').enumerate() {
                let text = String::from_utf8_lossy(line);
                if let Some(name) = text.strip_prefix(PROGRAM) {
                    program = Some(name.to_owned());
                    continue;
                }
                let own = text.strip_suffix(": benchmark").or_else(|| text.strip_suffix(": bench"));
                // Tests of the same program, and what a program prints at its start.
                let Some(own) = own else { continue };
                if std::str::from_utf8(line).is_err() || own.is_empty() {
                    return Err(ParseError::line(
                        self.harness,
                        index + 1,
                        "not the name of a benchmark",
                        &text,
                    ));
                }
                let program = program.as_deref().ok_or_else(|| {
                    ParseError::line(self.harness, index + 1, "a benchmark of no program", &text)
                })?;
                names.push(named(plan, program, own.strip_prefix(&crate_of(program)).unwrap_or(own)));
            }
        }
        if names.is_empty() {
            let what = format!("no benchmark was listed: has the package any of {}?", self.harness);
            let first = printed.first().copied().unwrap_or_default();
            return Err(ParseError::line(self.harness, 0, what, &String::from_utf8_lossy(first)));
        }
        Ok(names)
    }

    /// A launch of the program of `case`, and the program's own name for it.
    pub(super) fn launch<'a>(
        &self,
        plan: &'a BenchPlan,
        case: &'a BenchmarkId,
    ) -> Result<Program<'a>, UnknownCase> {
        let (name, own) = split(plan, case).ok_or_else(|| UnknownCase {
            harness: self.harness,
            case: case.clone(),
            known: plan.programs.clone(),
        })?;
        let command = CommandSpec::new([format!("./{FOLDER}/{name}")]).in_folder(&plan.package);
        Ok(Program { name, own, command })
    }
}

/// The program of a benchmark.
#[derive(Debug)]
pub(super) struct Program<'a> {
    /// Its target's name.
    pub(super) name: &'a str,
    /// Its own name of the benchmark.
    pub(super) own: &'a str,
    /// The program without arguments.
    pub(super) command: CommandSpec,
}

/// The path of a crate before its modules, which divan names benchmarks with.
pub(super) fn crate_of(program: &str) -> String {
    format!("{}::", program.replace('-', "_"))
}

/// The program of a benchmark and its own name for it. Without programs in config every name begins with one.
pub(super) fn split<'a>(plan: &'a BenchPlan, case: &'a BenchmarkId) -> Option<(&'a str, &'a str)> {
    if plan.programs.is_empty() { case.as_str().split_once("::") } else { program::split(plan, case) }
}

fn named(plan: &BenchPlan, program: &str, own: &str) -> BenchmarkId {
    match plan.programs.len() {
        0 => BenchmarkId::new(format!("{program}::{own}")),
        _ => program::join(plan, program, own),
    }
}

fn at(plan: &BenchPlan, name: &str) -> PathBuf {
    plan.package.join(FOLDER).join(name)
}

/// A build of cargo told to say where it puts programs; other commands as they are.
fn telling(mut command: CommandSpec) -> CommandSpec {
    let builds = command.argv.first().is_some_and(|word| word == "cargo")
        && command.argv.iter().skip(1).any(|word| matches!(word.as_str(), "bench" | "build" | "test"));
    if builds && !command.argv.iter().any(|word| word.starts_with("--message-format")) {
        let end = command.argv.iter().position(|word| word == "--").unwrap_or(command.argv.len());
        command.argv.insert(end, "--message-format=json-render-diagnostics".to_owned());
    }
    command
}

/// One of cargo's messages; fields we do not use are ignored.
#[derive(Debug, Deserialize)]
struct Message {
    target: Option<Target>,
    profile: Option<Profile>,
    executable: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Profile {
    test: bool,
}

#[cfg(test)]
mod tests;
