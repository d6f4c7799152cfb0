//! Drives a run in the real world: from its beginning or from where it is to its end, or up to its first proposal.
//!
//! What `judge`, `run`, `resume` and `demo` have in common. Not here: what is pursued ([`super::judge`],
//! [`super::pursue`]), the loop itself ([`super::drive`]). Start at [`begin`] and [`go_on`].

use std::rc::Rc;
use std::time::Duration;

use crate::engine::record::{Entry, Header, Record};
use crate::engine::run::Run;
use crate::engine::step::Step;
use crate::journal::Journal;
use crate::model::id::RunId;
use crate::model::launch::ConfinementStamp;
use crate::vcs::user::UserRepository;

use super::drive::{Chronicle as _, World as _, drive};
use super::error::AppError;
use super::hands::Hands;
use super::laid_over;
use super::report::outcome::Outcome;
use super::report::price;
use super::reporter::progress::Progress;
use super::site::Site;
use super::start::{Context, Opened, Recorder, progress};
use super::templates::Templates;
use super::world::RealWorld;

/// A finished run and what it came to.
pub struct Ended {
    /// The header.
    pub header: Header,
    /// The outcome.
    pub outcome: Outcome,
    /// Its records.
    pub entries: Vec<Entry>,
    /// When the first of them was written.
    pub began: Option<jiff::Timestamp>,
}

impl Ended {
    /// A run as the journal has it.
    pub fn read(journal: &Journal, run: &RunId) -> Result<Self, AppError> {
        let rows = journal.records(run)?;
        let began = rows.first().map(|row| row.at);
        let entries: Vec<Entry> = rows.iter().map(crate::journal::Entry::read).collect::<Result<_, _>>()?;
        let header = super::history::header(&entries)?;
        Ok(Self { header, outcome: Outcome::of(&entries), entries, began })
    }
}

/// Drives a new run to its end.
pub async fn begin(context: &Context, mut opened: Opened, header: Header) -> Result<Ended, AppError> {
    if header.policy.require_sandbox.value && header.confinement.confined != "yes" {
        return Err(AppError::NoSandbox(header.confinement.gaps.join("; ")));
    }
    let started = Entry { took: Duration::ZERO, record: Record::Started(Box::new(header.clone())) };
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
    Ended::read(&journal, &header.run)
}

/// A run goes on confined as its header, and with it every commit, says.
fn still_confined(header: &Header, now: &ConfinementStamp) -> Result<(), AppError> {
    let began = &header.confinement;
    if now.confined == began.confined {
        return Ok(());
    }
    Err(AppError::Environment {
        what: format!(
            "the run began confined: {} ({}), here it would go on confined: {} ({})",
            began.confined, began.mechanism, now.confined, now.mechanism
        ),
        hint: "resume it where it began, or begin a new run; `optiloop doctor` says what is missing"
            .to_owned(),
    })
}

/// The world of a run.
fn world<'a>(
    context: &Context,
    (user, mut site, hands): (UserRepository, Site, Hands),
    header: Header,
    tell: &'a mut dyn FnMut(Progress),
) -> Result<RealWorld<'a>, AppError> {
    still_confined(&header, &hands.stamp())?;
    site.laid_over = laid_over::read(&site.artifacts, &header.laid_over)?;
    let hands = hands.with_env(&header.plan.env);
    Ok(RealWorld {
        templates: Templates::open(context.templates.as_deref())?,
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
pub fn entries(journal: &Journal, run: &RunId) -> Result<Vec<Entry>, AppError> {
    let rows = journal.records(run)?;
    rows.iter().map(|row| row.read::<Entry>().map_err(AppError::from)).collect()
}

/// Drives a run up to its first proposal, in memory; the price, and the brief as it would be sent.
pub async fn first_brief(context: &Context, opened: Opened, header: Header) -> Result<String, AppError> {
    let mut tell = progress(&context.reporter);
    let mut run = Run::new(header.clone());
    let Opened { user, site, hands, lock: _lock, .. } = opened;
    let mut world = world(context, (user, site, hands), header, &mut tell)?;
    while let Some(step) = run.ready().into_iter().next() {
        match step {
            Step::Propose { brief, .. } => {
                let brief = world.templates.brief(&brief);
                let brief = brief.map_err(|error| AppError::Config(error.to_string()))?;
                return Ok(format!("{}\n\n{brief}", price::of(&world.header, &world.so_far)));
            }
            Step::Stop(reason) => return Ok(format!("it would stop at once: {reason}")),
            step => {
                let entry = world.perform(step).await?;
                run.apply(&entry).map_err(|error| AppError::Bug(error.to_string()))?;
            }
        }
    }
    Ok("nothing to do".to_owned())
}
