//! What `init` finds in a project of C or C++: programs of Google Benchmark, tests of CTest, a makefile.

use super::found::{Case, Found, Suite};
use super::tree::Tree;

/// Endings of sources.
const SOURCES: &[&str] = &[".cc", ".cpp", ".cxx", ".c++"];
/// Calls that declare tests to CTest.
const TESTED: &[&str] = &["enable_testing", "include(CTest)", "add_test", "gtest_discover_tests"];

/// Google Benchmark's programs where CMake links some, else a command.
pub(super) fn find(tree: &Tree<'_>, folder: &str) -> Found {
    let cmake: Vec<String> = (tree.below(folder))
        .filter(|path| path.rsplit('/').next() == Some("CMakeLists.txt"))
        .filter_map(|path| tree.text(folder, path))
        .collect();
    let programs: Vec<String> = cmake.iter().flat_map(|text| benchmarked(text)).collect();
    let called = cmake.iter().any(|text| TESTED.iter().any(|call| text.contains(call)));
    let mut found =
        if programs.is_empty() { command(tree, folder) } else { google_benchmark(tree, folder, programs) };
    let is_cmake = tree.has(folder, "CMakeLists.txt");
    found.suites = vec![match () {
        () if is_cmake && called => Suite::known("ctest"),
        () if tree.has(folder, "meson.build") => Suite::running(
            "command",
            "sh -c 'meson setup --reconfigure .optiloop/meson && meson test -C .optiloop/meson'",
        ),
        () => {
            let target = made(tree, folder);
            if target.is_none() {
                found.notes.push(
                    "Its suite `make test` is a guess: name the command that runs the tests.".to_owned(),
                );
            }
            Suite::running("command", &format!("make {}", target.unwrap_or("test")))
        }
    }];
    found
}

fn google_benchmark(tree: &Tree<'_>, folder: &str, programs: Vec<String>) -> Found {
    let sources = tree.below(folder).filter(|path| SOURCES.iter().any(|ending| path.ends_with(ending)));
    let declared = sources.filter_map(|path| tree.text(folder, path)).find_map(|text| declared(&text));
    Found {
        target: declared,
        about: "CMake builds these targets for release; each is a program of Google Benchmark.".to_owned(),
        harness: "google_benchmark".to_owned(),
        programs,
        ..Found::default()
    }
}

fn command(tree: &Tree<'_>, folder: &str) -> Found {
    let build: &[&str] = if tree.has(folder, "CMakeLists.txt") {
        &[
            "cmake -S . -B .optiloop/build -DCMAKE_BUILD_TYPE=RelWithDebInfo",
            "cmake --build .optiloop/build --parallel 4",
        ]
    } else if tree.has(folder, "meson.build") {
        &[
            "meson setup --reconfigure --buildtype=release -Ddebug=true .optiloop/meson",
            "meson compile -C .optiloop/meson",
        ]
    } else {
        &["make"]
    };
    let name = tree.text(folder, "CMakeLists.txt").and_then(|text| {
        Some(arguments(&text, "project")?.first().cloned()?).filter(|name: &String| !name.contains('$'))
    });
    Found {
        name,
        about: "A benchmark is a command that does its work `{n}` times and exits; `build` and `artifacts` say what makes it and what a launch needs.".to_owned(),
        harness: "command".to_owned(),
        build: build.iter().map(ToString::to_string).collect(),
        artifacts: vec!["benchmark".to_owned()],
        cases: vec![Case { name: "parse_document".to_owned(), run: "./benchmark {n}".to_owned() }],
        notes: vec!["No benchmark of Google Benchmark was found: name the program, and what it is called, under [bench].".to_owned()],
        ..Found::default()
    }
}

/// Targets that link Google Benchmark.
fn benchmarked(cmake: &str) -> Vec<String> {
    let links = |words: &[String]| {
        words.iter().skip(1).any(|word| {
            word.starts_with("benchmark::") || matches!(word.as_str(), "benchmark" | "benchmark_main")
        })
    };
    let calls = cmake
        .match_indices("target_link_libraries")
        .filter_map(|(at, _)| arguments(&cmake[at..], "target_link_libraries"));
    let mut programs: Vec<String> = Vec::new();
    for words in calls.filter(|words| links(words)) {
        let Some(name) = words.into_iter().next() else { continue };
        // A name that is computed cannot be told, nor a library that only passes the link on.
        let executable = cmake.match_indices("add_executable").any(|(at, _)| {
            arguments(&cmake[at..], "add_executable").is_some_and(|words| words.first() == Some(&name))
        });
        if executable && !name.contains('$') && !programs.contains(&name) {
            programs.push(name);
        }
    }
    programs
}

/// The words in the parentheses of the first call of `command`.
fn arguments(text: &str, command: &str) -> Option<Vec<String>> {
    let rest = text.split_once(command)?.1.trim_start().strip_prefix('(')?;
    Some(rest.split_once(')')?.0.split_whitespace().map(str::to_owned).collect())
}

/// The first `BENCHMARK(name)` of a source.
fn declared(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let name = line.trim_start().strip_prefix("BENCHMARK(")?.split([')', ',']).next()?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    })
}

/// The makefile's target that runs the tests.
fn made(tree: &Tree<'_>, folder: &str) -> Option<&'static str> {
    let makefile = ["GNUmakefile", "makefile", "Makefile"].iter().find_map(|name| tree.text(folder, name))?;
    ["test", "check"]
        .into_iter()
        .find(|target| makefile.lines().any(|line| line.starts_with(&format!("{target}:"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_that_link_google_benchmark_and_their_first_benchmark_are_found() {
        let cmake = include_str!("../../../tests/data/programs/google_benchmark/CMakeLists.txt");
        let steps = include_str!("../../../tests/data/programs/google_benchmark/steps.cpp");
        let files = [("lib/CMakeLists.txt", cmake), ("lib/steps.cpp", steps)];
        let found = find(&Tree::with(&files), "lib");
        assert_eq!((&*found.harness, found.programs), ("google_benchmark", vec!["steps".to_owned()]));
        assert_eq!((found.target.as_deref(), found.suites), (Some("Work"), vec![Suite::known("ctest")]));
    }

    #[test]
    fn libraries_and_computed_names_are_no_programs() {
        let cmake = "add_library(fixture x.cc)\ntarget_link_libraries(fixture PUBLIC benchmark::benchmark)\n\
            add_executable(${name} y.cc)\ntarget_link_libraries(${name}\n  PRIVATE benchmark::benchmark_main)\n";
        assert!(benchmarked(cmake).is_empty());
    }

    #[test]
    fn a_makefile_leaves_the_program_to_the_person() {
        let files = [("Makefile", "all: x\n\ncheck: all\n\t./check\n")];
        let found = find(&Tree::with(&files), "");
        assert_eq!((&*found.harness, found.build), ("command", vec!["make".to_owned()]));
        assert_eq!(found.suites, [Suite::running("command", "make check")]);
        assert_eq!((found.target, found.notes.len()), (None, 1));
    }
}
