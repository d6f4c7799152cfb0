//! Takes a proposal's tree and looks at what it changed. The agent's word counts for nothing here.

use crate::app::world::{RealWorld, WorldError};
use crate::engine::record::{ChangeSize, Inspected};
use crate::engine::step::Source;
use crate::model::change::Change;
use crate::model::id::{Iteration, Revision, TreeId};
use crate::model::verdict::Rejection;
use crate::policy::inspect::{Inspection, inspect};
use crate::vcs::store::{CommitDraft, Kept};
use crate::vcs::user::Person;
use crate::vcs::workspace::Taken;
use crate::vcs::{Applied, Carried, Merged};

/// Largest file whose content is looked at, in bytes.
const CONTENT_LIMIT: u64 = 8 << 20;
/// Bytes of a diff that are kept.
const DIFF_LIMIT: usize = 4 << 20;

/// Takes the tree, inspects it, and makes a commit of it.
pub fn perform(
    world: &mut RealWorld<'_>,
    iteration: Iteration,
    base: Revision,
    source: Source,
) -> Result<Inspected, WorldError> {
    if let Source::Control { .. } = source {
        return Ok(Inspected {
            candidate: Some(base),
            rejections: Vec::new(),
            ..refused(iteration, source, Rejection::NothingChanged)
        });
    }
    let taken = match take(world, base, &source)? {
        Ok(taken) => taken,
        Err(reason) => return Ok(refused(iteration, source, reason)),
    };
    let store = &world.site.store;
    let mut change = store.changes(base.tree, taken.tree, CONTENT_LIMIT)?;
    change.nested = taken.nested;
    change.ignored = taken.ignored;
    change.oversized = taken.oversized;
    change.in_submodules = taken.in_submodules;
    let policy = &world.header.policy;
    let inspection = inspect(&change, policy).map_err(|error| WorldError::Config(error.to_string()))?;
    let Inspection { rejections, holds, additions, .. } = inspection;
    // Tests and benchmarks that were added are split off: they are listed, and do not land by themselves; but for
    // those that a person takes because it does not build without them.
    let taken_whole = matches!(source, Source::Held { whole: Some(_), .. });
    let tree = if taken_whole { taken.tree } else { store.without(taken.tree, &additions)? };
    let paths = change.paths.iter().map(|changed| changed.path.clone());
    let changed = paths.filter(|path| !additions.contains(path)).collect();
    let size = size(&change);
    let mut inspected = Inspected {
        iteration,
        source,
        candidate: None,
        diff: None,
        size,
        rejections,
        holds,
        additions: additions.iter().map(ToString::to_string).collect(),
        changed,
        whole: (tree != taken.tree).then_some(taken.tree),
    };
    if tree == base.tree {
        if inspected.rejections.is_empty() {
            inspected.rejections.push(Rejection::NothingChanged);
        }
        return Ok(inspected);
    }
    let diff = store.diff_text(base.tree, tree, DIFF_LIMIT)?;
    inspected.diff = Some(world.site.artifacts.put(diff.text.as_bytes())?);
    inspected.candidate = Some(commit(world, iteration, base, tree)?);
    Ok(inspected)
}

/// The tree of the source, or a typed reason why there is none.
fn take(
    world: &RealWorld<'_>,
    base: Revision,
    source: &Source,
) -> Result<Result<Taken, Rejection>, WorldError> {
    let store = &world.site.store;
    Ok(match source {
        Source::Agent => Ok(world.site.agent.take(base.tree)?),
        Source::Given { tree } => Ok(Taken::whole(*tree)),
        Source::Control { .. } => Ok(Taken::whole(base.tree)),
        Source::Patch { artifact } => {
            match store.apply_patch(base.tree, &world.site.artifacts.get(*artifact)?)? {
                Applied::Tree(tree) => Ok(Taken::whole(tree)),
                Applied::Not(why) => Err(Rejection::DoesNotApply { detail: why.to_string() }),
            }
        }
        Source::Held { base: from, candidate, whole, .. } => {
            let from = store.revision(*from)?.tree;
            let candidate = match whole {
                Some(tree) => *tree,
                None => store.revision(*candidate)?.tree,
            };
            match store.merge(Carried { base: from, candidate, head: base.tree })? {
                Merged::Tree(tree) => Ok(Taken::whole(tree)),
                Merged::Conflict(paths) => {
                    let names: Vec<String> = paths.iter().map(ToString::to_string).collect();
                    let detail = format!("the head has changed {} as well", names.join(", "));
                    Err(Rejection::DoesNotApply { detail })
                }
            }
        }
    })
}

fn refused(iteration: Iteration, source: Source, reason: Rejection) -> Inspected {
    Inspected {
        iteration,
        source,
        candidate: None,
        diff: None,
        size: ChangeSize::default(),
        rejections: vec![reason],
        holds: Vec::new(),
        additions: Vec::new(),
        changed: Vec::new(),
        whole: None,
    }
}

/// The candidate as a commit on its base, the same each time it is made.
fn commit(
    world: &RealWorld<'_>,
    iteration: Iteration,
    base: Revision,
    tree: TreeId,
) -> Result<Revision, WorldError> {
    let store = &world.site.store;
    let person = Person { name: "optiloop".to_owned(), email: "optiloop@localhost".to_owned() };
    let draft = CommitDraft {
        tree,
        parents: vec![base.commit],
        message: format!("Proposal {iteration} of run {}\n", world.header.run),
        author: person.clone(),
        committer: person,
        // A fixed time keeps the commit's name the same when the step is done again.
        at: 0,
    };
    let commit = store.commit(&draft)?;
    store.keep(&world.header.run, Kept::Proposal(iteration), commit)?;
    Ok(Revision { commit, tree })
}

fn size(change: &Change) -> ChangeSize {
    let mut size =
        ChangeSize { files: u32::try_from(change.paths.len()).unwrap_or(u32::MAX), ..ChangeSize::default() };
    for path in &change.paths {
        let text = |side: &Option<crate::model::change::Side>| {
            side.as_ref().and_then(|side| side.content.clone()).unwrap_or_default()
        };
        let count = crate::patch::compare::count(&text(&path.before), &text(&path.after));
        size.added += u32::try_from(count.added).unwrap_or(u32::MAX);
        size.removed += u32::try_from(count.removed).unwrap_or(u32::MAX);
    }
    size
}
