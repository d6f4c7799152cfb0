//! `judge`: one proposal, the whole gate, no agent.
//!
//! Not here: driving the run it makes of that ([`super::conduct`]). Start at [`judge`].

use std::path::Path;

use crate::engine::record::{JudgeLanding, Pursuit};
use crate::engine::step::Source;
use crate::fs;
use crate::model::id::Revision;
use crate::model::plan::Plan;
use crate::policy::origin::{Origin, Sourced};
use crate::policy::value::Alpha;
use crate::vcs::ANCESTORS;

use super::conduct::{Ended, begin};
use super::config::{self, Flags};
use super::error::AppError;
use super::laid_over;
use super::start::{Context, Opened};

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The user's work tree on HEAD.
    WorkTree,
    /// A patch on HEAD.
    Patch(Vec<u8>),
    /// A commit on its parent, or `A..B` as one change.
    Revisions(String),
}

/// What `judge` is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is judged.
    pub subject: Subject,
    /// Flags.
    pub flags: Flags,
    /// Whether it lands when accepted.
    pub lands: Lands,
    /// Whether the confirmation is run.
    pub confirm: Confirm,
}

/// What follows an accepted verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lands {
    /// It is put on a branch.
    WhenAccepted,
    /// Nothing: only the verdict is wanted.
    Never,
}

/// Whether an improvement is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// As policy says.
    AsPolicy,
    /// It stops at the finding, and says so.
    No,
}

/// Judges.
pub async fn judge(context: &Context, request: Request) -> Result<Ended, AppError> {
    let mut opened = Opened::open(context, "judge").await?;
    let head = opened.user.head()?;
    let mut settings = config::load(&opened.user, &context.folder, head.commit, &request.flags)?;
    let (base, source) = subject(&opened, head, (request.subject, &settings.plan))?;
    settings.goal = None;
    settings.plan.agent = None;
    let flag = |name: &str| Origin::Flag { name: name.to_owned() };
    // One patch is no stream, unless the user says otherwise.
    if !matches!(settings.policy.alpha.origin, Origin::Flag { .. }) {
        settings.policy.alpha = Sourced::new(Alpha::Fixed, flag("judge"));
    }
    if request.confirm == Confirm::No {
        settings.policy.confirm = Sourced::new(false, flag("--no-confirm"));
    }
    let landing = match request.lands {
        Lands::WhenAccepted => JudgeLanding::Lands,
        Lands::Never => JudgeLanding::VerdictOnly,
    };
    let pursuit = Pursuit::Judge { source, landing };
    super::preflight::check(&settings, &context.environment)?;
    let header = opened.header(settings, base, pursuit).await?;
    begin(context, opened, header).await
}

/// The base and where the proposal comes from, everything in the store.
fn subject(
    opened: &Opened,
    head: Revision,
    (subject, plan): (Subject, &Plan),
) -> Result<(Revision, Source), AppError> {
    let store = &opened.site.store;
    Ok(match subject {
        Subject::WorkTree => {
            store.seed(&opened.user, head.commit, ANCESTORS)?;
            let taken = opened.user.work_tree_change(store)?;
            // What is read from the work tree as config or laid over from it is the user's, not the proposal's.
            let own = laid_over::own(&plan.bench)?;
            let tree = store.compose(taken.tree, head.tree, |path| own.matches(path))?;
            (head, Source::Given { tree })
        }
        Subject::Patch(bytes) => {
            if crate::patch::parse::parse(&bytes).is_ok_and(|files| files.is_empty()) {
                return Err(AppError::Usage(format!(
                    "the patch ({} bytes) changes no file; a unified diff is wanted, as `git diff` writes it",
                    bytes.len()
                )));
            }
            store.seed(&opened.user, head.commit, ANCESTORS)?;
            (head, Source::Patch { artifact: opened.site.artifacts.put(&bytes)? })
        }
        Subject::Revisions(spec) => {
            let (base, candidate) = if spec.contains("..") {
                let span = opened.user.resolve_span(&spec)?;
                let (from, to) = (span.base.commit, span.candidate.commit);
                if from != to && opened.user.is_behind(to, from)? {
                    return Err(AppError::Usage(format!(
                        "{spec} goes backwards: {} is behind {}; name the older one first, or hand the way back over as \
                         a patch: `git diff {} {} | optiloop judge -`",
                        to.short(),
                        from.short(),
                        from.short(),
                        to.short()
                    )));
                }
                (span.base, span.candidate)
            } else {
                let candidate = opened.user.resolve(&spec)?;
                let parent = opened.user.parents(candidate.commit)?.first().copied();
                let Some(parent) = parent else {
                    return Err(AppError::Usage(format!(
                        "{spec} has no parent to be judged against; name a range A..B"
                    )));
                };
                (opened.user.resolve(&parent.to_string())?, candidate)
            };
            store.seed(&opened.user, base.commit, ANCESTORS)?;
            store.import(&opened.user, candidate.commit)?;
            (base, Source::Given { tree: candidate.tree })
        }
    })
}

/// Reads a patch from a file; `-` is handled by the front, which knows standard input.
pub fn patch_file(path: &Path) -> Result<Subject, AppError> {
    Ok(Subject::Patch(fs::read(path)?))
}
