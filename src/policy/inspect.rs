//! Holds a proposal's change against the policy: typed rejections, holds, and what is split off.

use crate::model::change::{Change, TreePath};
use crate::model::verdict::{HoldReason, Rejection};

use super::Policy;
use super::error::PolicyError;
use super::glob::Globs;

/// What a change looks like under a policy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inspection {
    /// Typed reasons against it.
    pub rejections: Vec<Rejection>,
    /// Typed reasons why a person must look.
    pub holds: Vec<HoldReason>,
    /// Tests and benchmarks it adds, which are split off.
    pub additions: Vec<TreePath>,
}

/// Inspects a change.
pub fn inspect(change: &Change, policy: &Policy) -> Result<Inspection, PolicyError> {
    let protected = Globs::new(policy.protected.iter().chain(&policy.benchmarks))?;
    let mut inspection = Inspection::default();
    for path in &change.paths {
        if let Some(rule) = protected.find(&path.path) {
            inspection.rejections.push(Rejection::ProtectedPath { path: path.path.clone(), rule });
        }
    }
    Ok(inspection)
}
