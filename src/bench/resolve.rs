//! From what a person calls the target to benchmarks: a name, a loose name, or a function they measure.
//!
//! Reads no file: the texts of benchmark sources come from the caller, and are asked for only when no name fits.

use crate::model::id::BenchmarkId;
use crate::model::registry::nearest;

/// A source file that holds benchmarks.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path, for people.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Nothing fits the target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no benchmark fits {target:?}; searched {searched}{}", Nearest(.nearest))]
pub struct NoBenchmark {
    /// What was asked for.
    pub target: String,
    /// The names most like it, best first, at most three.
    pub nearest: Vec<BenchmarkId>,
    /// What was searched: how many benchmarks, which files.
    pub searched: String,
}

impl NoBenchmark {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self.nearest.first() {
            Some(name) => format!("name a benchmark, as in `--target {}`", shell_words::quote(name.as_str())),
            None => {
                "add a benchmark that calls it, or list one under [[bench.case]] in optiloop.toml".to_owned()
            }
        }
    }
}

/// `; nearest: a, b`, or nothing.
struct Nearest<'a>(&'a [BenchmarkId]);

impl std::fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.0.iter().map(BenchmarkId::as_str).collect();
        if names.is_empty() { Ok(()) } else { write!(f, "; nearest: {}", names.join(", ")) }
    }
}

/// The benchmarks `target` means. The first of these that gives any: the exact name (or `^name$`), the group
/// `name/…`, the name without regard to case, underscores and a `Benchmark` or `bench` before it, the
/// benchmarks whose source mentions the function of this name. What stands before the last `::` or ` > ` (file,
/// program, module) and case parameters after `[` need not be named.
pub fn resolve(
    target: &str,
    benchmarks: &[BenchmarkId],
    sources: impl FnOnce() -> Vec<Source>,
) -> Result<Vec<BenchmarkId>, NoBenchmark> {
    let name = target.trim().trim_start_matches('^').trim_end_matches('$');
    let fitting = |fits: &dyn Fn(&str) -> bool| -> Vec<BenchmarkId> {
        benchmarks.iter().filter(|id| fits(id.as_str())).cloned().collect()
    };
    let in_group =
        |id: &str| id.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let loose = loosened(name);
    for found in [
        fitting(&|id| id == name),
        fitting(&|id| !name.is_empty() && in_group(id)),
        fitting(&|id| own(id) == name),
        fitting(&|id| !name.is_empty() && within(id).any(in_group)),
        fitting(&|id| !loose.is_empty() && loosened(id) == loose),
        fitting(&|id| !name.is_empty() && root(id) == name),
        fitting(&|id| !loose.is_empty() && loosened(own(id)) == loose),
        fitting(&|id| !loose.is_empty() && loosened(root(id)) == loose),
    ] {
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let sources = sources();
    let function = name.rsplit(['.', ':', '/']).next().unwrap_or(name);
    let found = measuring(function, benchmarks, &sources);
    if !squeezed(function).is_empty() && !found.is_empty() {
        return Ok(found);
    }
    let paths: Vec<&str> = sources.iter().map(|source| source.path.as_str()).take(8).collect();
    let files = if paths.is_empty() { String::new() } else { format!(" and {}", paths.join(", ")) };
    let plural = if benchmarks.len() == 1 { "" } else { "s" };
    Err(NoBenchmark {
        target: target.to_owned(),
        nearest: nearest(&bare(name), benchmarks.iter().map(BenchmarkId::as_str), 3)
            .into_iter()
            .map(BenchmarkId::new)
            .collect(),
        searched: format!("{} benchmark{plural}{files}", benchmarks.len()),
    })
}

/// What stands behind each `::` of a name.
fn within(id: &str) -> impl Iterator<Item = &str> {
    id.match_indices("::").map(|(at, between)| &id[at + between.len()..])
}

/// Benchmarks in whose source the function's name stands as a word. A benchmark's source is what stands
/// between its own name and the next benchmark's; a file that names no benchmark belongs to the only
/// benchmark there is, or to the one that is called like it.
fn measuring(function: &str, benchmarks: &[BenchmarkId], sources: &[Source]) -> Vec<BenchmarkId> {
    let mut found = vec![false; benchmarks.len()];
    for source in sources {
        // Words with their owner: the benchmark named last before them.
        let mut owner = None;
        let mut before_any = false;
        for word in source.text.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
            if let Some(index) =
                benchmarks.iter().position(|id| root(id.as_str()).split("::").any(|part| part == word))
            {
                owner = Some(index);
            }
            if !word.is_empty() && squeezed(word) == squeezed(function) {
                match owner {
                    Some(owner) => mark(&mut found, benchmarks, owner),
                    None => before_any = true,
                }
            }
        }
        if owner.is_none() && before_any {
            let stem = source.path.rsplit('/').next().and_then(|file| file.split('.').next()).unwrap_or("");
            let named = benchmarks.iter().position(|id| loosened(root(id.as_str())) == loosened(stem));
            if let Some(owner) = named.or((benchmarks.len() == 1).then_some(0)) {
                mark(&mut found, benchmarks, owner);
            }
        }
    }
    benchmarks.iter().zip(found).filter(|(_, found)| *found).map(|(id, _)| id.clone()).collect()
}

/// Marks a benchmark and the others of its group.
fn mark(found: &mut [bool], benchmarks: &[BenchmarkId], owner: usize) {
    for (found, id) in found.iter_mut().zip(benchmarks) {
        *found |= root(id.as_str()) == root(benchmarks[owner].as_str());
    }
}

/// Between a file, program or module and what is in it.
const WITHIN: &[&str] = &["::", " > "];

/// The name without the file, program or module it is in.
fn own(id: &str) -> &str {
    // A parameter may hold anything.
    let named = id.split('[').next().unwrap_or(id);
    let begins = WITHIN.iter().filter_map(|between| Some(named.rfind(between)? + between.len())).max();
    &id[begins.unwrap_or(0)..]
}

/// The own name up to the first slash or parameter.
fn root(id: &str) -> &str {
    own(id).split(['/', '[']).next().unwrap_or("")
}

/// Lower case without underscores and dashes.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// [`squeezed`], without `benchmark` or `bench` before or after.
fn loosened(text: &str) -> String {
    let squeezed = squeezed(text);
    let short = ["benchmark", "bench"]
        .iter()
        .find_map(|word| squeezed.strip_prefix(word).or_else(|| squeezed.strip_suffix(word)));
    short.filter(|short| !short.is_empty()).unwrap_or(&squeezed).to_owned()
}

/// A target as it would be called as a benchmark, for the search of near names.
fn bare(name: &str) -> String {
    name.rsplit(['.', ':']).next().unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GO: &str = "package text\nfunc BenchmarkCount(b *testing.B) { Count(input) }\n\
        func BenchmarkDepth(b *testing.B) { b.Run(\"x\", func() { Depth(3); normalise(s) }) }\n";

    fn check(target: &str, names: &[&str]) -> Result<Vec<String>, NoBenchmark> {
        let ids: Vec<BenchmarkId> = names.iter().map(|name| BenchmarkId::new(*name)).collect();
        let sources = || vec![Source { path: "text/text_test.go".to_owned(), text: GO.to_owned() }];
        resolve(target, &ids, sources).map(|found| found.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_target_is_a_name_a_loose_name_a_group_or_a_function() {
        let names = ["BenchmarkCount", "BenchmarkCountAll", "BenchmarkDepth/n=1", "BenchmarkDepth/n=2"];
        for (target, expect) in [
            ("BenchmarkCount", &names[..1]),
            ("^BenchmarkCount$", &names[..1]),
            ("count", &names[..1]),
            ("count_all", &names[1..2]),
            ("BenchmarkDepth", &names[2..]),
            ("depth", &names[2..]),
            ("BenchmarkDepth/n=2", &names[3..]),
            ("text.normalise", &names[2..]),
            ("Normalise", &names[2..]),
        ] {
            assert_eq!(check(target, &names).unwrap(), expect, "{target}");
        }
        assert_eq!(check("parse_document", &["parse_document_bench"]).unwrap(), ["parse_document_bench"]);
        assert_eq!(check("normalise", &["whatever"]).unwrap(), ["whatever"], "the only benchmark there is");
    }

    #[test]
    fn a_file_or_module_before_the_name_and_a_parameter_behind_need_not_be_named() {
        let names = [
            "tests/test_a.py::test_count[a/b::c]",
            "tests/test_a.py::TestX::test_words",
            "a.bench.ts > s > depth",
        ];
        for (target, expect) in [
            (names[0], &names[..1]),
            ("test_count", &names[..1]),
            ("test_count[a/b::c]", &names[..1]),
            ("test_words", &names[1..2]),
            ("TestWords", &names[1..2]),
            ("depth", &names[2..]),
        ] {
            assert_eq!(check(target, &names).unwrap(), expect, "{target}");
        }
    }

    #[test]
    fn a_target_nothing_fits_names_the_nearest_and_what_was_searched() {
        let error = check("conut", &["BenchmarkCount", "BenchmarkDepth"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no benchmark fits \"conut\"; searched 2 benchmarks and text/text_test.go; \
             nearest: BenchmarkCount, BenchmarkDepth"
        );
        assert!(check("", &["BenchmarkCount"]).is_err());
        assert!(check("^$", &["BenchmarkCount"]).is_err());
        assert!(check("x", &[]).unwrap_err().hint().contains("[[bench.case]]"));
    }
}
