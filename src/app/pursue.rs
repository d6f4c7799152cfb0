//! `run`, `resume` and `demo`: the loop with an agent.
//!
//! Not here: driving it ([`super::conduct`]). Start at [`run`].

use std::rc::Rc;
use std::time::Duration;

use crate::engine::record::{Entry, FORMAT, Header, Pursuit, Record};
use crate::engine::run::Run;
use crate::engine::step::Step;
use crate::journal::JournalError;
use crate::model::id::RunId;
use crate::vcs::ANCESTORS;

use super::conduct::{Ended, begin, entries, first_brief, go_on};
use super::config::{self, Flags, Settings};
use super::drive::Chronicle as _;
use super::error::AppError;
use super::start::{Context, Opened, Recorder};

/// Starts a run.
pub async fn run(context: &Context, flags: Flags) -> Result<Ended, AppError> {
    run_with(context, flags, |_| ()).await
}

/// Starts a run whose settings are changed before they are locked (the demo brings its own agent).
pub async fn run_with(
    context: &Context,
    flags: Flags,
    change: impl FnOnce(&mut Settings),
) -> Result<Ended, AppError> {
    let mut opened = Opened::open(context, "run").await?;
    let head = opened.user.head()?;
    opened.site.store.seed(&opened.user, head.commit, ANCESTORS)?;
    let mut settings = config::load(&opened.user, &context.folder, head.commit, &flags)?;
    change(&mut settings);
    super::preflight::check(&settings, &context.environment)?;
    let header = opened.header(settings, head, Pursuit::Loop).await?;
    begin(context, opened, header).await
}

/// Goes on with a run that did not end; the last one if none is named.
pub async fn resume(context: &Context, wanted: Option<RunId>) -> Result<Ended, AppError> {
    let mut opened = Opened::open(context, "resume").await?;
    // Going on from history that was changed would put new evidence on top of it.
    opened.journal.verify_chain()?;
    let runs = opened.journal.runs()?;
    let named = |run: &RunId| wanted.as_ref().is_none_or(|wanted| wanted == run);
    for overview in runs.iter().rev().filter(|overview| named(&overview.run)) {
        let entries = entries(&opened.journal, &overview.run)?;
        let Some(Record::Started(header)) = entries.first().map(|entry| entry.record.clone()) else {
            continue;
        };
        if header.format > FORMAT {
            let path = opened.site.roots.journal();
            let (found, known) = (header.format.cast_signed(), FORMAT.cast_signed());
            return Err(JournalError::Newer { path, found, known }.into());
        }
        let mut run = Run::replay(&entries).map_err(|error| AppError::Records(error.to_string()))?;
        if run.ready().is_empty() && wanted.is_none() {
            continue;
        }
        if let Some(Step::Measure(_)) = run.ready().first() {
            mark_the_cut(context, &mut opened, &header, &mut run)?;
        }
        return go_on(context, opened, *header, run).await;
    }
    let wanted = wanted.map_or_else(|| "to go on with".to_owned(), |run| run.to_string());
    Err(AppError::NoRun { wanted })
}

/// Pairs that were being run when the driver ended are run again; a second cut fails one (decision.md A.3).
pub(super) fn mark_the_cut(
    context: &Context,
    opened: &mut Opened,
    header: &Header,
    run: &mut Run,
) -> Result<(), AppError> {
    let record = Record::Interrupted { by: "the end of its driver".to_owned() };
    let entry = Entry { took: Duration::ZERO, record };
    let mut recorder = Recorder {
        journal: &mut opened.journal,
        run: header.run.clone(),
        reporter: context.reporter.clone(),
        chained: Rc::default(),
    };
    recorder.append(&entry)?;
    run.apply(&entry).map_err(|error| AppError::Bug(error.to_string()))
}

/// Everything before the first token: prepares, calibrates and profiles, and gives the brief that the first
/// proposal would get.
pub async fn dry_run(context: &Context, flags: Flags) -> Result<String, AppError> {
    let mut opened = Opened::open(context, "run --dry-run").await?;
    let head = opened.user.head()?;
    opened.site.store.seed(&opened.user, head.commit, ANCESTORS)?;
    let settings = config::load(&opened.user, &context.folder, head.commit, &flags)?;
    super::preflight::check(&settings, &context.environment)?;
    let header = opened.header(settings, head, Pursuit::Loop).await?;
    first_brief(context, opened, header).await
}
