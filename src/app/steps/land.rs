//! Puts an accepted candidate on the run's branch in the user's repository.

use crate::app::world::{RealWorld, WorldError};
use crate::clock;
use crate::engine::record::Landing;
use crate::model::id::Revision;
use crate::vcs::store::{CommitDraft, Kept};

/// The trailer `Optiloop-Journal` names the journal's last record before the landing by its hash.
pub const HISTORY: &str = "Journal";

/// Commits the candidate's tree on the head and moves the branch. Idempotent: a landing that was cut after
/// the branch moved is found there again.
pub fn perform(
    world: &RealWorld<'_>,
    head: Revision,
    candidate: Revision,
    landing: &Landing,
) -> Result<Revision, WorldError> {
    let store = &world.site.store;
    let run = &world.header.run;
    if let Some(landed) = world.user.landed(run)?
        && store.has(landed)?
        && store.revision(landed)?.tree == candidate.tree
        && store.parents(landed)? == [head.commit]
    {
        return Ok(store.revision(landed)?);
    }
    let author = world.user.author()?;
    let mut landing = landing.clone();
    // Outside of the journal, and of the store: history that is changed up to here no longer gives this hash.
    landing.stamps.extend(world.chained.get().map(|hash| (HISTORY.to_owned(), hash.to_string())));
    let draft = CommitDraft {
        tree: candidate.tree,
        parents: vec![head.commit],
        message: world
            .templates
            .commit_message(&landing)
            .map_err(|error| WorldError::Config(error.to_string()))?,
        author: author.clone(),
        committer: author,
        at: clock::now().as_second(),
    };
    let commit = store.commit(&draft)?;
    store.keep(run, Kept::Head, commit)?;
    world.user.land(store, run, commit)?;
    Ok(Revision { commit, tree: candidate.tree })
}
