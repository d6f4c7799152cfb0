//! Keeps a rejected or held proposal under its ref in the store.

use crate::app::world::{RealWorld, WorldError};
use crate::engine::record::SetAside;
use crate::model::id::{Iteration, Revision};
use crate::vcs::store::Kept;

/// Idempotent: the ref is set to the same commit again.
pub fn perform(
    world: &RealWorld<'_>,
    iteration: Iteration,
    candidate: Option<Revision>,
) -> Result<SetAside, WorldError> {
    let commit = candidate.map(|revision| revision.commit);
    if let Some(commit) = commit {
        world.site.store.keep(&world.header.run, Kept::Proposal(iteration), commit)?;
    }
    Ok(SetAside { iteration, commit })
}
