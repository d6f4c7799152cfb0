//! What policy may allow, hold or block: dependencies, build flags, edits of tests.

use crate::model::change::{PathChange, TreePath};
use crate::model::verdict::{HoldReason, Rejection};
use crate::policy::Policy;
use crate::policy::value::Gate;

use super::size::differing_lines;
use super::{Inspection, Rules, manifests};

/// What was found, with the path and the line or key that changed.
#[derive(Debug, Default)]
pub(super) struct Gated {
    pub(super) dependencies: Vec<(TreePath, String)>,
    pub(super) build_flags: Vec<(TreePath, String)>,
    pub(super) executed: Vec<(TreePath, String)>,
}

impl Rules<'_> {
    /// Sorts what a changed file does to dependencies and build.
    pub(super) fn gate(&self, changed: &PathChange, gated: &mut Gated) {
        let path = &changed.path;
        if self.locks.matches(path) {
            gated.dependencies.push((path.clone(), "the whole file".to_owned()));
            return;
        }
        if let Some((_, manifest)) = self.manifests.iter().find(|(globs, _)| globs.matches(path)) {
            manifests::compare(changed, manifest, gated);
            return;
        }
        if self.build_files.matches(path) {
            gated.build_flags.push((path.clone(), "the whole file".to_owned()));
            return;
        }
        let mut directives = self.directives.iter().filter(|(globs, _)| globs.matches(path)).peekable();
        if directives.peek().is_none() {
            return;
        }
        let rules: Vec<_> = directives.map(|(_, directive)| directive).collect();
        for (_, line) in differing_lines(changed) {
            let text = String::from_utf8_lossy(line);
            if rules.iter().any(|directive| directive.is(&text)) {
                gated.build_flags.push((path.clone(), text.trim().chars().take(120).collect()));
                return;
            }
        }
    }
}

/// Turns what was found into rejections and holds, as the policy says.
pub(super) fn apply(gated: Gated, policy: &Policy, inspection: &mut Inspection) {
    let Inspection { rejections, holds, edited_tests, .. } = inspection;
    match policy.dependencies.value {
        Gate::Allow => {}
        Gate::Hold => {
            holds.extend(told(&gated.dependencies).map(|detail| HoldReason::Dependencies { detail }));
        }
        Gate::Block => rejections.extend(
            gated.dependencies.into_iter().map(|(path, what)| Rejection::Dependencies { path, what }),
        ),
    }
    match policy.build_flags.value {
        Gate::Allow => {}
        Gate::Hold => holds.extend(told(&gated.build_flags).map(|detail| HoldReason::BuildFlags { detail })),
        Gate::Block => rejections
            .extend(gated.build_flags.into_iter().map(|(path, what)| Rejection::BuildFlags { path, what })),
    }
    let Some(first) = edited_tests.first() else { return };
    match policy.tests_edited.value {
        Gate::Allow => {}
        Gate::Hold => {
            holds
                .push(HoldReason::TestsEdited { detail: list(edited_tests.iter().map(ToString::to_string)) });
        }
        Gate::Block => rejections.push(Rejection::TestsEdited { path: first.clone() }),
    }
}

fn told(found: &[(TreePath, String)]) -> Option<String> {
    (!found.is_empty()).then(|| list(found.iter().map(|(path, what)| format!("{path}: {what}"))))
}

/// At most ten of them, and how many more.
fn list(items: impl ExactSizeIterator<Item = String>) -> String {
    let count = items.len();
    let mut text = items.take(10).collect::<Vec<_>>().join(", ");
    if count > 10 {
        text.push_str(&format!(" and {} more", count - 10));
    }
    text
}
