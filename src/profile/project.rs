//! Which frames of a profile are the project's own code, and which of those are worth attacking.

use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::model::Function;

/// Where the project's code is, as its profiles spell it.
#[derive(Debug, Default)]
pub struct Project {
    roots: Vec<String>,
    benches: GlobSet,
}

/// Whose code a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The project's, and a change of it may help.
    Project,
    /// The project's, but it drives the measurement: `main`, benchmarks, tests.
    Driver,
    /// Somebody else's: standard library, runtime, dependencies, the kernel.
    Other,
}

impl Project {
    /// A project whose files begin, in profiles, with one of `roots`: the folder it is built in, the neutral
    /// folder it is launched in, the Go module's path. `benches` are globs of benchmark files relative to the
    /// project root; a broken glob matches nothing (policy has reported it).
    pub fn new<'a>(
        roots: impl IntoIterator<Item = &'a str>,
        benches: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut globs = GlobSetBuilder::new();
        for glob in benches {
            if let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).build() {
                globs.add(glob);
            }
        }
        let roots = roots
            .into_iter()
            .map(|root| root.trim_end_matches('/').to_owned())
            .filter(|root| !root.is_empty());
        Self { roots: roots.collect(), benches: globs.build().unwrap_or_default() }
    }

    /// A file of a profile relative to the project root; `None` where it is not the project's.
    pub fn relative<'a>(&self, file: &'a str) -> Option<&'a str> {
        let below = |root: &String| file.strip_prefix(root.as_str())?.strip_prefix('/');
        let relative = self.roots.iter().filter_map(below).min_by_key(|relative| relative.len())?;
        // A dependency that lies inside: vendored, or in a cache below the root.
        let foreign = |part: &str| {
            matches!(part, "vendor" | "node_modules" | ".cargo" | "target") || part.contains('@')
        };
        (!relative.split('/').rev().skip(1).any(foreign)).then_some(relative)
    }

    /// Whose code a function is; by its file, and where that is not known by its name and module.
    pub fn owner(&self, function: &Function) -> Owner {
        let name = &*function.name;
        if function.file.is_empty() {
            let built_here = self.relative(&function.module).is_some()
                || self.roots.iter().any(|root| function.module.starts_with(&format!("{root}/")));
            return match built_here && !is_runtime(name) {
                true if is_driver(name) => Owner::Driver,
                true => Owner::Project,
                false => Owner::Other,
            };
        }
        match self.relative(&function.file) {
            None => Owner::Other,
            Some(file) if is_driver(name) || self.is_bench(file) => Owner::Driver,
            Some(_) => Owner::Project,
        }
    }

    /// Whether it belongs to a benchmark or a test, which is not the agent's to change.
    pub fn measures(&self, function: &Function) -> bool {
        let name = function.name.rsplit(['.', ':']).next().unwrap_or_default();
        name.starts_with("Benchmark") || self.relative(&function.file).is_some_and(|file| self.is_bench(file))
    }

    fn is_bench(&self, file: &str) -> bool {
        file.ends_with("_test.go")
            || file.split('/').any(|part| matches!(part, "benches" | "tests" | "bench"))
            || self.benches.is_match(Path::new(file))
    }
}

/// Functions that start a program or a measurement.
fn is_driver(name: &str) -> bool {
    let last = name.rsplit([':', '.']).next().unwrap_or(name);
    last == "main" || last.starts_with("Benchmark")
}

/// Names of the languages' own runtimes, for programs without line tables.
fn is_runtime(name: &str) -> bool {
    const CRATES: [&str; 9] = [
        "std::",
        "core::",
        "alloc::",
        "hashbrown::",
        "rustc_demangle::",
        "gimli::",
        "addr2line::",
        "__rustc::",
        "compiler_builtins::",
    ];
    // `<alloc::string::String as core::fmt::Write>::write_str` belongs to alloc.
    let bare =
        name.trim_start_matches(['<', '&', '[', '(']).trim_start_matches("mut ").trim_start_matches("dyn ");
    name.starts_with('_')
        || name.starts_with('[')
        || name.starts_with("0x")
        || CRATES.iter().any(|own| bare.starts_with(own))
        || matches!(
            name,
            "malloc"
                | "free"
                | "realloc"
                | "calloc"
                | "cfree"
                | "memcpy"
                | "memmove"
                | "memset"
                | "rust_eh_personality"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(name: &str, file: &str, module: &str) -> Owner {
        let project =
            Project::new(["/sample/rust", "example.com/sample", "/sample/rust/target"], ["perf/*.rs"]);
        project.owner(&Function { name: name.into(), file: file.into(), module: module.into() })
    }

    #[test]
    fn code_is_the_projects_by_its_file() {
        let cases = [
            ("sample::count", "/sample/rust/src/lib.rs", Owner::Project),
            ("count::main", "/sample/rust/benches/count.rs", Owner::Driver),
            ("helper", "/sample/rust/perf/all.rs", Owner::Driver),
            ("sample::main", "/sample/rust/src/main.rs", Owner::Driver),
            ("core::fmt::write", "/rustc/5980/library/core/src/fmt/mod.rs", Owner::Other),
            ("serde::de", "/home/u/.cargo/registry/src/index/serde-1.0/src/de.rs", Owner::Other),
            ("example.com/sample/text.Count", "example.com/sample/text/text.go", Owner::Project),
            ("example.com/sample/text.BenchmarkCount", "example.com/sample/text/text_test.go", Owner::Driver),
            ("runtime.mallocgc", "runtime/malloc.go", Owner::Other),
            ("x", "example.com/sample/vendor/x/x.go", Owner::Other),
            ("x", "example.com/sample@v1.2.3/x.go", Owner::Other),
            ("x", "example.com/sampler/x.go", Owner::Other),
        ];
        for (name, file, expect) in cases {
            assert_eq!(owner(name, file, ""), expect, "{name} in {file}");
        }
    }

    #[test]
    fn without_line_tables_name_and_module_decide() {
        let program = "/sample/rust/target/release/deps/count-6a8b";
        for (name, module, expect) in [
            ("sample::count", program, Owner::Project),
            ("<sample::Parser as core::iter::Iterator>::next", program, Owner::Project),
            ("count::main", program, Owner::Driver),
            ("<alloc::string::String as core::fmt::Write>::write_str", program, Owner::Other),
            ("__libc_start_main", "/usr/lib/libc.so.6", Owner::Other),
            ("parse", "/usr/lib/libxml2.so", Owner::Other),
            ("malloc", program, Owner::Other),
        ] {
            assert_eq!(owner(name, "", module), expect, "{name} in {module}");
        }
    }
}
