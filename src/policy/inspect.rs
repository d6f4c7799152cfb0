//! Holds a proposal's change against the policy: typed rejections, holds, and what is split off.
//!
//! Design step 5. Everything is looked at and everything found is told, most telling first, at most
//! [`MOST`] of each; nothing here trusts a word of the agent. Not here: taking the tree (`vcs`), building
//! without what is split off (`app`). Start at [`inspect`].

mod gates;
mod manifests;
mod paths;
mod size;
mod tests_touched;

#[cfg(test)]
mod tests;

use crate::model::change::{Change, TreePath};
use crate::model::verdict::{HoldReason, Rejection};

use super::Policy;
use super::error::PolicyError;
use super::facts::Facts;
use super::glob::Globs;
use gates::Gated;
use tests_touched::Touch;

/// Most rejections that are listed: a change of ten thousand paths is told by its first.
pub const MOST: usize = 20;

/// What a change looks like under a policy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inspection {
    /// Typed reasons against it, the most telling first.
    pub rejections: Vec<Rejection>,
    /// Typed reasons why a person must look.
    pub holds: Vec<HoldReason>,
    /// Tests and benchmarks it adds, which are split off.
    pub additions: Vec<TreePath>,
    /// Tests it edits or deletes; files with a touched `mod tests` among them.
    pub edited_tests: Vec<TreePath>,
}

/// Inspects a change.
pub fn inspect(change: &Change, policy: &Policy) -> Result<Inspection, PolicyError> {
    let facts = Facts::all()?;
    let rules = Rules::new(&facts, policy)?;
    let nested = change.nested.iter().map(|path| Rejection::NestedRepository { path: path.clone() });
    let in_submodules = change.in_submodules.iter().map(|path| Rejection::InSubmodule { path: path.clone() });
    let mut rejections: Vec<Rejection> = nested.chain(in_submodules).collect();
    let mut gated = Gated::default();
    let mut additions = Vec::new();
    let mut edited_tests = Vec::new();
    let mut landing = Vec::new();
    for changed in &change.paths {
        let path = &changed.path;
        if let Some(reason) = paths::refuse(changed) {
            rejections.push(reason);
            continue;
        }
        if let Some(rule) = rules.protected.find(path) {
            rejections.push(Rejection::ProtectedPath { path: path.clone(), rule });
            continue;
        }
        if let Some(why) = rules.auto_executed(path) {
            rejections.push(Rejection::AutoExecuted { path: path.clone(), why });
            continue;
        }
        let benchmark = rules.benchmarks.find(path);
        let test = rules.tests.matches(path);
        if changed.before.is_none() && (benchmark.is_some() || test) {
            additions.push(path.clone());
            continue;
        }
        if let Some(rule) = benchmark {
            rejections.push(Rejection::ProtectedPath { path: path.clone(), rule });
            continue;
        }
        landing.push(changed);
        // What is too large is not read any further: reading it is what the limit is for.
        if let Some(reason) = size::refuse_file(changed, policy) {
            rejections.push(reason);
            continue;
        }
        match tests_touched::touch(changed, &rules) {
            Touch::Benchmark { name } => {
                rejections
                    .push(Rejection::ProtectedPath { path: path.clone(), rule: format!("benchmark {name}") });
            }
            Touch::Test => edited_tests.push(path.clone()),
            Touch::Neither if test => edited_tests.push(path.clone()),
            Touch::Neither => {}
        }
        rules.gate(changed, &mut gated);
    }
    rejections.extend(gated.executed.drain(..).map(|(path, what)| Rejection::AutoExecuted {
        path,
        why: format!("`{what}` is run by tools of themselves"),
    }));
    // One file that is too large makes the sum too large as well: said once is enough.
    if !rejections.iter().any(|reason| matches!(reason, Rejection::TooLarge { .. })) {
        rejections.extend(size::refuse_change(&landing, policy));
    }
    let mut inspection = Inspection { rejections, holds: Vec::new(), additions, edited_tests };
    gates::apply(gated, policy, &mut inspection);
    if landing.is_empty() && inspection.rejections.is_empty() {
        inspection.rejections.push(Rejection::NothingChanged);
    }
    inspection.rejections.sort_by_key(telling);
    inspection.rejections.truncate(MOST);
    Ok(inspection)
}

/// Most telling first: what can only be meant ill, then what changes the examination, then the rest.
fn telling(rejection: &Rejection) -> u8 {
    match rejection {
        Rejection::BadPath { .. }
        | Rejection::LinkOut { .. }
        | Rejection::Gitlink { .. }
        | Rejection::InSubmodule { .. }
        | Rejection::NestedRepository { .. }
        | Rejection::FilteredPath { .. } => 0,
        Rejection::ProtectedPath { .. } => 1,
        Rejection::AutoExecuted { .. } => 2,
        Rejection::BuildFlags { .. } | Rejection::Dependencies { .. } => 3,
        Rejection::TestsEdited { .. } => 4,
        _ => 5,
    }
}

/// The globs of policy and facts, compiled once a change.
struct Rules<'a> {
    protected: Globs,
    benchmarks: Globs,
    tests: Globs,
    executed: Vec<(Globs, &'a str)>,
    build_files: Globs,
    locks: Globs,
    manifests: Vec<(Globs, &'a super::facts::Manifest)>,
    directives: Vec<(Globs, &'a super::facts::Directive)>,
    benchmark_functions: Vec<(Globs, &'a str)>,
}

impl<'a> Rules<'a> {
    fn new(facts: &'a Facts, policy: &Policy) -> Result<Self, PolicyError> {
        let executed = facts.auto_executed.iter();
        let manifests = facts.manifests.iter();
        let directives = facts.directives.iter();
        let functions = facts.benchmark_functions.iter();
        Ok(Self {
            protected: Globs::new(&policy.protected)?,
            benchmarks: Globs::new(&policy.benchmarks)?,
            tests: Globs::new(&facts.tests)?,
            executed: executed
                .map(|(glob, why)| Ok((Globs::new([glob])?, why.as_str())))
                .collect::<Result<_, PolicyError>>()?,
            build_files: Globs::new(&facts.build_files)?,
            locks: Globs::new(&facts.locks)?,
            manifests: manifests
                .map(|manifest| Ok((Globs::new([&manifest.glob])?, manifest)))
                .collect::<Result<_, PolicyError>>()?,
            directives: directives
                .map(|directive| Ok((Globs::new(&directive.globs)?, directive)))
                .collect::<Result<_, PolicyError>>()?,
            benchmark_functions: functions
                .map(|function| Ok((Globs::new(&function.globs)?, function.opens.as_str())))
                .collect::<Result<_, PolicyError>>()?,
        })
    }

    fn auto_executed(&self, path: &TreePath) -> Option<String> {
        let rule = self.executed.iter().find(|(globs, _)| globs.matches(path));
        rule.map(|(_, why)| (*why).to_owned())
    }
}
