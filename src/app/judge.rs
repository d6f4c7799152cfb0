//! `judge`: one proposal, the whole gate, no agent.

use std::path::Path;
use std::rc::Rc;

use crate::engine::record::{Entry, Header, JudgeLanding, Pursuit, Record};
use crate::engine::run::Run;
use crate::engine::step::Source;
use crate::fs;
use crate::model::id::Revision;
use crate::model::plan::Plan;
use crate::policy::origin::{Origin, Sourced};
use crate::policy::value::Alpha;
use crate::vcs::ANCESTORS;
use crate::vcs::user::UserRepository;

use super::config::{self, Flags};
use super::drive::{Chronicle as _, drive};
use super::error::AppError;
use super::hands::Hands;
use super::laid_over;
use super::report::outcome::Outcome;
use super::report::price;
use super::reporter::progress::Progress;
use super::site::Site;
use super::start::{Context, Opened, Recorder, progress};
use super::world::RealWorld;

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

/// A finished run and what it came to.
pub struct Ended {
    /// The header.
    pub header: Header,
    /// The outcome.
    pub outcome: Outcome,
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
    run(context, opened, header).await
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

/// Drives a new run to its end.
pub async fn run(context: &Context, mut opened: Opened, header: Header) -> Result<Ended, AppError> {
    if header.policy.require_sandbox.value && header.confinement.confined != "yes" {
        return Err(AppError::NoSandbox(header.confinement.gaps.join("; ")));
    }
    let started =
        Entry { took: std::time::Duration::ZERO, record: Record::Started(Box::new(header.clone())) };
    let mut recorder = Recorder {
        journal: &mut opened.journal,
        run: header.run.clone(),
        reporter: context.reporter.clone(),
        chained: Rc::default(),
    };
    recorder.append(&started)?;
    for stamp in &header.stamps {
        let warning = Progress::Warning { message: stamp.clone() };
        context.reporter.borrow_mut().progress(&warning);
    }
    let state = Run::new(header.clone());
    go_on(context, opened, header, state).await
}

/// Drives a run from where it is to its end.
pub async fn go_on(
    context: &Context,
    opened: Opened,
    header: Header,
    mut run: Run,
) -> Result<Ended, AppError> {
    let Opened { user, site, hands, mut journal, lock, .. } = opened;
    let mut tell = progress(&context.reporter);
    let mut world = world(context, (user, site, hands), header.clone(), &mut tell)?;
    world.so_far = Outcome::of(&entries(&journal, &header.run)?);
    let chained = Rc::clone(&world.chained);
    chained.set(Some(journal.head_hash()?));
    let mut recorder = Recorder {
        journal: &mut journal,
        run: header.run.clone(),
        reporter: context.reporter.clone(),
        chained,
    };
    let driven = drive(&mut run, &mut world, &mut recorder).await;
    drop(world);
    drop(lock);
    driven?;
    let entries = entries(&journal, &header.run)?;
    Ok(Ended { header, outcome: Outcome::of(&entries) })
}

/// The world of a run.
fn world<'a>(
    context: &Context,
    (user, mut site, hands): (UserRepository, Site, Hands),
    header: Header,
    tell: &'a mut dyn FnMut(Progress),
) -> Result<RealWorld<'a>, AppError> {
    site.laid_over = laid_over::read(&site.artifacts, &header.laid_over)?;
    let hands = hands.with_env(&header.plan.env);
    Ok(RealWorld {
        agent: header.plan.agent.as_ref().map(crate::agent::Agent::open).transpose()?,
        agent_env: super::toolchains::agent_environment(&context.environment, &header),
        depth: super::toolchains::depth(&context.environment),
        lock: super::toolchains::measurement_lock(&context.environment),
        progress: tell,
        so_far: Outcome::default(),
        last_pair: None,
        last_test_pair: None,
        chained: Rc::default(),
        header,
        site,
        hands,
        user,
    })
}

/// All entries of a run.
pub fn entries(
    journal: &crate::journal::Journal,
    run: &crate::model::id::RunId,
) -> Result<Vec<Entry>, AppError> {
    let rows = journal.records(run)?;
    rows.iter().map(|row| row.read::<Entry>().map_err(AppError::from)).collect()
}

/// Reads a patch from a file; `-` is handled by the front, which knows standard input.
pub fn patch_file(path: &Path) -> Result<Subject, AppError> {
    Ok(Subject::Patch(fs::read(path)?))
}

/// Drives a run up to its first proposal, in memory; the price, and the brief as it would be sent.
pub async fn first_brief(context: &Context, opened: Opened, header: Header) -> Result<String, AppError> {
    use super::drive::World as _;
    use crate::engine::step::Step;
    let mut tell = progress(&context.reporter);
    let mut run = Run::new(header.clone());
    let Opened { user, site, hands, lock: _lock, .. } = opened;
    let mut world = world(context, (user, site, hands), header, &mut tell)?;
    while let Some(step) = run.ready().into_iter().next() {
        match step {
            Step::Propose { brief, .. } => {
                let brief = super::templates::brief(&brief);
                let brief = brief.map_err(|error| AppError::Config(error.to_string()))?;
                return Ok(format!("{}\n\n{brief}", price::of(&world.header, &world.so_far)));
            }
            Step::Stop(reason) => return Ok(format!("it would stop at once: {reason}")),
            step => {
                let entry = world.perform(step).await?;
                run.apply(&entry).map_err(|error| AppError::Records(error.to_string()))?;
            }
        }
    }
    Ok("nothing to do".to_owned())
}
