//! Rust tests: what `cargo test` and its test programs print for people.
//!
//! Format: libtest's pretty output (<https://doc.rust-lang.org/rustc/tests/index.html>), produced by
//! `cargo test --no-fail-fast 2>&1`: cargo names the program on standard error, the program its tests on
//! standard output, so the two are read as one stream. An id is `target: test`. Line numbers of doc tests are
//! left out of it: an edit above would make another test of it.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use super::exchange::whole;
use super::{NoCommand, Suite};
use crate::model::command::{CommandSpec, Exit, Finished};
use crate::model::id::TestId;
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteEnd, SuiteOutcome, TestEnd};

const NAME: &str = "cargo";

/// The `cargo` suite.
#[derive(Debug)]
pub struct Cargo;

impl Suite for Cargo {
    fn name(&self) -> &'static str {
        NAME
    }

    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand> {
        Ok(merged(own(plan)))
    }

    fn benchmarked(&self, plan: &SuitePlan) -> Option<CommandSpec> {
        let command = own(plan);
        let chosen = |word: &&String| {
            matches!(word.as_str(), "--release" | "-r" | "--profile") || word.starts_with("--profile=")
        };
        let is_cargo_test = command.argv.first().is_some_and(|word| word == "cargo")
            && command.argv.get(1).is_some_and(|word| word == "test");
        (is_cargo_test && !command.argv.iter().take_while(|word| *word != "--").any(|word| chosen(&word)))
            .then(|| merged(inserted(command, &["--release"])))
    }

    fn near(&self, plan: &SuitePlan, changed: &[&Path]) -> Option<CommandSpec> {
        if plan.command.is_some() {
            return None;
        }
        let mut filters = Vec::new();
        for path in changed {
            filters.push(module_filter(path)?);
        }
        filters.sort();
        filters.dedup();
        let near = CommandSpec::new(["cargo", "test", "--lib", "--"]);
        (!filters.is_empty()).then(|| {
            let argv = near.argv.into_iter().chain(filters);
            merged(CommandSpec::new(argv))
        })
    }

    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError> {
        let mut reader = Reader::default();
        let mut last = 0;
        for (index, line) in whole(NAME, &finished.stdout)?.split(|byte| *byte == b'\n').enumerate() {
            let line = String::from_utf8_lossy(line);
            last = index + 1;
            reader.take(Line { number: last, text: line.trim_end() })?;
        }
        reader.outcome(&finished.exit, last)
    }
}

/// The project's command, else cargo's own; without colours.
fn own(plan: &SuitePlan) -> CommandSpec {
    let own = plan.command.clone().unwrap_or_else(|| CommandSpec::new(["cargo", "test", "--no-fail-fast"]));
    own.with_env("CARGO_TERM_COLOR", "never")
}

/// Flags put behind `cargo test`.
fn inserted(mut command: CommandSpec, flags: &[&str]) -> CommandSpec {
    let at = command.argv.len().min(2);
    command.argv.splice(at..at, flags.iter().map(|flag| (*flag).to_owned()));
    command
}

/// The command with both streams in one: only their order tells which program a test belongs to.
fn merged(command: CommandSpec) -> CommandSpec {
    let shell = ["sh", "-c", "exec \"$@\" 2>&1", "sh"].map(str::to_owned);
    CommandSpec { argv: shell.into_iter().chain(command.argv).collect(), ..command }
}

/// The module of a source file of the root package as a test filter; `None` where there is none
/// (the crate's root, another package, a file that is no module).
pub(super) fn module_filter(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for component in path.components() {
        let Component::Normal(part) = component else { return None };
        parts.push(part.to_str()?);
    }
    let (first, modules) = parts.split_first()?;
    let (file, folders) = modules.split_last()?;
    let stem = file.strip_suffix(".rs")?;
    let mut modules = folders.to_vec();
    if stem != "mod" {
        modules.push(stem);
    }
    let is_root = matches!(modules.as_slice(), [] | ["lib" | "main"] | ["bin", ..]);
    (*first == "src" && !is_root).then(|| format!("{}::", modules.join("::")))
}

#[derive(Clone, Copy)]
struct Line<'a> {
    number: usize,
    text: &'a str,
}

/// What is known of the test program that is printing.
#[derive(Default)]
struct Program {
    /// Tests it said it runs; `None` before it said so.
    announced: Option<usize>,
    /// Test ends it told.
    told: usize,
    /// A test whose end has not come yet, because the test printed in between.
    pending: Option<String>,
}

#[derive(Default)]
struct Reader {
    target: String,
    /// How often each target's line was seen: packages of a workspace may have equal ones.
    targets: BTreeMap<String, u32>,
    program: Program,
    tests: BTreeMap<TestId, TestEnd>,
    /// Doc tests: target, name without line, line.
    doc_tests: Vec<(String, String, u64, TestEnd)>,
    not_built: bool,
    failed: bool,
}

impl Reader {
    fn take(&mut self, line: Line<'_>) -> Result<(), ParseError> {
        let text = line.text.trim_start();
        let indented = text.len() < line.text.len();
        if indented && let Some(target) = target(text) {
            self.end_program();
            self.target = self.numbered(target);
        } else if let Some(count) = text
            .strip_prefix("running ")
            .and_then(|rest| rest.strip_suffix(" tests").or(rest.strip_suffix(" test")))
        {
            if let Ok(count) = count.parse() {
                self.end_program();
                self.program = Program { announced: Some(count), ..Program::default() };
            }
        } else if text.starts_with("error: could not compile") || text.starts_with("error: failed to compile")
        {
            self.not_built = true;
        } else if let Some(summary) = text.strip_prefix("test result: ") {
            self.summary(line, summary)?;
        } else if self.program.announced.is_some() {
            self.test(line)?;
        }
        Ok(())
    }

    /// `test name ... ok`, or the two halves of it with the test's own output between them.
    fn test(&mut self, line: Line<'_>) -> Result<(), ParseError> {
        let named = line.text.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "));
        if let Some((name, end)) = named {
            if let Some(before) = self.program.pending.replace(name.to_owned()) {
                let what = format!("a test began before {before} ended: its output hides its end");
                return Err(ParseError::line(NAME, line.number, what, line.text));
            }
            if let Some(end) = test_end(end) {
                self.record(line, end)?;
            }
        } else if self.program.pending.is_some()
            && let Some(end) = test_end(line.text)
        {
            self.record(line, end)?;
        }
        Ok(())
    }

    fn record(&mut self, line: Line<'_>, end: TestEnd) -> Result<(), ParseError> {
        let Some(name) = self.program.pending.take() else { return Ok(()) };
        self.program.told += 1;
        self.failed |= end == TestEnd::Failed;
        if let Some((place, line_number, rest)) = doc_test(&name) {
            self.doc_tests.push((self.target.clone(), format!("{place}{rest}"), line_number, end));
            return Ok(());
        }
        let id = TestId::new(format!("{}: {name}", self.target));
        if self.tests.insert(id, end).is_some() {
            return Err(ParseError::line(NAME, line.number, "the same test told twice", line.text));
        }
        Ok(())
    }

    /// Ends a program: what it announced must have been told.
    fn summary(&mut self, line: Line<'_>, summary: &str) -> Result<(), ParseError> {
        let program = std::mem::take(&mut self.program);
        self.failed |= !summary.starts_with("ok");
        if program.announced.is_some_and(|announced| announced != program.told) {
            let announced = program.announced.unwrap_or(0);
            let what = format!(
                "{announced} tests were announced, {} ends were told (is the suite run with --quiet?)",
                program.told
            );
            return Err(ParseError::line(NAME, line.number, what, line.text));
        }
        Ok(())
    }

    /// Ends a program that told no result: it died, and with it the test that was running, where its name
    /// had been printed. The tests it did not come to are not known.
    fn end_program(&mut self) {
        let program = std::mem::take(&mut self.program);
        if program.announced.is_some() {
            self.failed = true;
            let name = program.pending.unwrap_or_else(|| "(the whole program)".to_owned());
            self.tests.insert(TestId::new(format!("{}: {name}", self.target)), TestEnd::Failed);
        }
    }

    /// The target, told apart from earlier ones of the same name.
    fn numbered(&mut self, target: String) -> String {
        let seen = self.targets.entry(target.clone()).or_insert(0);
        *seen += 1;
        if *seen == 1 { target } else { format!("{target} #{seen}") }
    }

    fn outcome(mut self, exit: &Exit, lines: usize) -> Result<SuiteOutcome, ParseError> {
        let crashed = self.program.announced.is_some();
        if crashed && exit.is_success() {
            return Err(ParseError::line(
                NAME,
                lines,
                "a test program ended without a result, and cargo is content",
                "",
            ));
        }
        self.end_program();
        // Several doc tests of one item keep their order in the file.
        self.doc_tests.sort();
        let mut counts: BTreeMap<(String, String), u32> = BTreeMap::new();
        for (target, name, _, end) in self.doc_tests {
            let id = format!("{target}: {name}");
            let count = counts.entry((target, name)).or_insert(0);
            *count += 1;
            let id = if *count == 1 { id } else { format!("{id} #{count}") };
            self.tests.insert(TestId::new(id), end);
        }
        let end = match exit {
            Exit::Cancelled | Exit::NotStarted(_) | Exit::Service(_) => SuiteEnd::Indeterminate,
            _ if self.not_built => SuiteEnd::NotBuilt,
            Exit::Code(0) if !self.failed => SuiteEnd::Passed,
            _ => SuiteEnd::Failed,
        };
        Ok(SuiteOutcome { end, tests: self.tests })
    }
}

/// `Running unittests src/lib.rs (target/debug/deps/name-0123456789abcdef)` or `Doc-tests name` as a target.
fn target(text: &str) -> Option<String> {
    if let Some(name) = text.strip_prefix("Doc-tests ") {
        return Some(format!("doc {name}"));
    }
    let rest = text.strip_prefix("Running ")?;
    let (what, program) = rest.strip_suffix(')')?.rsplit_once(" (")?;
    let file = program.rsplit(['/', '\\']).next()?;
    let name = file.strip_suffix(".exe").unwrap_or(file);
    // cargo's hash changes with compiler and flags.
    let name = name.rsplit_once('-').map_or(name, |(name, _)| name);
    Some(format!("{what} ({name})"))
}

/// `src/lib.rs - item (line 5) - compile` as place, line and rest.
fn doc_test(name: &str) -> Option<(&str, u64, &str)> {
    let (place, rest) = name.split_once(" (line ")?;
    let (number, rest) = rest.split_once(')')?;
    Some((place, number.parse().ok()?, rest))
}

/// `ok`, `ok <0.01s>` with --report-time, `ignored, reason`, `bench: 12 ns/iter` in a run with benches.
fn test_end(text: &str) -> Option<TestEnd> {
    let (word, rest) = text.split_at(text.find([' ', ',', ':']).unwrap_or(text.len()));
    let timed = rest.is_empty() || rest.starts_with(" <");
    match word {
        "ok" if timed => Some(TestEnd::Passed),
        "FAILED" if timed => Some(TestEnd::Failed),
        "ignored" if rest.is_empty() || rest.starts_with(',') => Some(TestEnd::Skipped),
        "bench" if rest.starts_with(':') => Some(TestEnd::Passed),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
