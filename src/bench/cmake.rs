//! Programs that `cmake` builds: configured for release with lines, built by target, found by name.
//!
//! Where config has commands of its own they build, and programs are paths. Start at [`build`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Placed;
use crate::model::command::{CommandSpec, Output};
use crate::model::parse::ParseError;
use crate::model::plan::BenchPlan;

/// The folder it builds in, below the package's.
const TREE: &str = ".optiloop/build";
/// Where programs lie.
const FOLDER: &str = ".optiloop/bench";
/// A cache that was configured elsewhere is thrown away: it is refused.
const CONFIGURE: &str = "grep -qsFx \"CMAKE_HOME_DIRECTORY:INTERNAL=$PWD\" .optiloop/build/CMakeCache.txt || rm -rf .optiloop/build; \
    exec cmake -S . -B .optiloop/build -DCMAKE_BUILD_TYPE=Release";

/// A program as it is launched from the package's folder.
pub(super) fn program(plan: &BenchPlan, name: &str) -> String {
    if plan.build.is_empty() { format!("./{FOLDER}/{name}") } else { format!("./{name}") }
}

/// The project's own build, or that of the targets that are programs.
pub(super) fn build(plan: &BenchPlan) -> Vec<CommandSpec> {
    if !plan.build.is_empty() {
        return plan.build.clone();
    }
    let inside = |command: CommandSpec| command.in_folder(&plan.package);
    // Lines for profiles; the code is the same.
    let configure =
        CommandSpec::new(["sh", "-c", CONFIGURE]).with_env("CFLAGS", "-g").with_env("CXXFLAGS", "-g");
    let mut make = CommandSpec::new(["cmake", "--build", TREE, "--parallel", "4", "--target"]);
    make.argv.extend(plan.programs.iter().cloned());
    let mut find = CommandSpec::new(["find", TREE, "-type", "f", "-perm", "-u+x", "("]);
    for (at, name) in plan.programs.iter().enumerate() {
        let or = (at > 0).then_some("-o");
        find.argv.extend(or.into_iter().chain(["-name", name]).map(str::to_owned));
    }
    find.argv.push(")".to_owned());
    [configure, make, find].map(inside).into()
}

/// The programs, from the paths that the last command of [`build`] printed.
pub(super) fn place(harness: &str, plan: &BenchPlan, stdout: &[&Output]) -> Result<Vec<Placed>, ParseError> {
    if !plan.build.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (index, line) in
        stdout.last().map_or(&b""[..], |output| &output.head).split(|byte| *byte == b'\n').enumerate()
    {
        let text = String::from_utf8_lossy(line);
        let path = Path::new(text.as_ref());
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if let Some(other) = found.insert(name.to_owned(), plan.package.join(path)) {
            let what = format!("two programs of one name, the other is {}", other.display());
            return Err(ParseError::line(harness, index + 1, what, &text));
        }
    }
    let placed = |name: &String| {
        let from = found.get(name).cloned().ok_or_else(|| {
            let what = "CMake's build left no program of this name (is it a target that links one?)";
            ParseError::line(harness, 0, what, name)
        })?;
        Ok(Placed { from, to: plan.package.join(FOLDER).join(name) })
    };
    plan.programs.iter().map(placed).collect()
}
