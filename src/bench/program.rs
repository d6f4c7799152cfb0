//! Names of benchmarks where a plan has several programs: `program::benchmark`.
//!
//! With one program (or none named) a benchmark's name is the program's own word for it. Start at [`split`].

use crate::model::id::BenchmarkId;
use crate::model::plan::BenchPlan;

/// Between the program and its own name of the benchmark.
const BETWEEN: &str = "::";

/// A benchmark as the plan names it.
pub fn join(plan: &BenchPlan, program: &str, own: &str) -> BenchmarkId {
    match plan.programs.len() {
        0 | 1 => BenchmarkId::new(own),
        _ => BenchmarkId::new(format!("{program}{BETWEEN}{own}")),
    }
}

/// The program of a benchmark and the program's own name for it; `None` where the plan has no such program.
pub fn split<'a>(plan: &'a BenchPlan, case: &'a BenchmarkId) -> Option<(&'a str, &'a str)> {
    if let [only] = plan.programs.as_slice() {
        return Some((only, case.as_str()));
    }
    // The longest that fits: one program's name may begin another's.
    (plan.programs.iter())
        .filter_map(|program| {
            Some((program.as_str(), case.as_str().strip_prefix(program.as_str())?.strip_prefix(BETWEEN)?))
        })
        .max_by_key(|(program, _)| program.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_programs_are_told_apart_by_a_name_before_the_benchmarks() {
        let plan = |programs: &[&str]| BenchPlan {
            programs: programs.iter().map(ToString::to_string).collect(),
            ..BenchPlan::default()
        };
        let (one, two) = (plan(&["parse"]), plan(&["a", "a::b"]));
        assert_eq!(join(&one, "parse", "x/y").as_str(), "x/y");
        assert_eq!(split(&one, &BenchmarkId::new("a::b")), Some(("parse", "a::b")));
        for program in ["a", "a::b"] {
            let case = join(&two, program, "x::y");
            assert_eq!(split(&two, &case), Some((program, "x::y")));
        }
        assert_eq!(split(&two, &BenchmarkId::new("c::x")), None);
        assert_eq!(split(&plan(&[]), &BenchmarkId::new("x")), None);
    }
}
