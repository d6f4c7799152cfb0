//! `compare` and `gate`: two sides, every benchmark, no agent and nothing landed.
//!
//! `gate` is the same question asked by CI: HEAD against where it left a base, config and policy from the base, so
//! that a change does not judge itself. Not here: what the sides are made of ([`super::sides`]), what earlier
//! comparisons mean ([`super::earlier`]). Start at [`compare`].

use std::time::Duration;

use crate::engine::record::{Entry, Header, Pursuit, Record};
use crate::engine::run::Run;
use crate::engine::step::Step;
use crate::model::id::{Revision, RunId};
use crate::policy::origin::{Origin, Sourced};
use crate::policy::value::Alpha;
use crate::stats::family::Asked;

use super::conduct::{Ended, begin, entries, go_on};
use super::config::{Flags, Scope};
use super::drive::Chronicle as _;
use super::earlier::{self, Earlier};
use super::error::AppError;
use super::history::header;
use super::pursue::mark_the_cut;
use super::reporter::progress::Progress;
use super::sides::{self, Given, Ready};
use super::start::{Context, Opened, Recorder};

/// What is compared, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// The two sides.
    pub given: Given,
    /// Flags.
    pub flags: Flags,
    /// Benchmarks or functions; all where none is named.
    pub targets: Vec<String>,
    /// How long it may take.
    pub time: Option<Duration>,
    /// Whether evidence of another machine may be gone on with.
    pub across: Across,
}

/// Whether evidence measured in another place counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// Only of this machine, kernel and tools.
    Refused,
    /// Of any: a person says that they are alike.
    Allowed,
}

/// What came of it.
pub enum Compared {
    /// A finding for every benchmark; of an earlier run where that is said.
    Ended(Box<Ended>),
    /// Both sides are the same tree.
    Same(Revision),
}

/// Compares.
pub async fn compare(context: &Context, request: Request) -> Result<Compared, AppError> {
    let Request { given, flags, targets, time, across } = request;
    let asked = match given {
        Given::Gate(_) => Asked::Regressions,
        Given::Two(..) | Given::Commands(..) => Asked::Both,
    };
    let mut opened = sides::open(context, &given, verb(asked)).await?;
    let Ready { base, candidate, mut settings } = sides::ready(context, &mut opened, &given, &flags)?;
    if base.tree == candidate.tree {
        return Ok(Compared::Same(base));
    }
    settings.goal = None;
    settings.guards.clear();
    settings.scope = Scope::Every(targets);
    let plan = &mut settings.plan;
    (plan.agent, plan.collector) = (None, None);
    plan.suites.clear();
    plan.budget.time = time.unwrap_or(plan.budget.time);
    settings.policy.alpha = Sourced::new(Alpha::Fixed, Origin::Flag { name: verb(asked).to_owned() });
    super::preflight::check(&settings, &context.environment)?;
    let place = opened.place(&settings).await;
    let wanted = earlier::Asked {
        sides: (base, candidate),
        bench: &settings.plan.bench,
        target: &settings.scope.name(),
        place: &place,
    };
    let tell = |message: String| context.reporter.borrow_mut().progress(&Progress::Warning { message });
    // A command is no tree: what it runs may have changed since.
    let known = match given {
        Given::Commands(..) => Earlier::Nothing,
        Given::Two(..) | Given::Gate(_) => earlier::find(&opened.journal, wanted)?,
    };
    match known {
        Earlier::Nothing => {}
        Earlier::Decided(run) => {
            tell(format!(
                "this pair of trees was decided by run {run}: its evidence is the answer, nothing is drawn anew"
            ));
            return Ok(Compared::Ended(Box::new(ended(&opened, &run)?)));
        }
        Earlier::GoesOn(run) => {
            tell(format!("run {run} compared this pair of trees before: its evidence goes on"));
            return again(context, opened, (&run, settings.plan.budget.time)).await;
        }
        Earlier::Elsewhere(run, _) if across == Across::Allowed => {
            tell(format!("the evidence of run {run}, measured elsewhere, goes on here (--across)"));
            return again(context, opened, (&run, settings.plan.budget.time)).await;
        }
        Earlier::Elsewhere(run, differences) => {
            return Err(AppError::Environment {
                what: format!(
                    "run {run} compared this pair of trees elsewhere, without a decision: {}",
                    differences.join("; ")
                ),
                hint: "go on with it where it began, or with `--across` here: the pair is not drawn anew"
                    .to_owned(),
            });
        }
    }
    let header = opened.header(settings, base, Pursuit::Compare { candidate, asked }).await?;
    Ok(Compared::Ended(Box::new(begin(context, opened, header).await?)))
}

fn verb(asked: Asked) -> &'static str {
    match asked {
        Asked::Regressions => "gate",
        Asked::Both => "compare",
    }
}

/// An earlier run as it ended.
fn ended(opened: &Opened, run: &RunId) -> Result<Ended, AppError> {
    Ended::read(&opened.journal, run)
}

/// Goes on with an earlier run: with more time where its own was up.
async fn again(
    context: &Context,
    mut opened: Opened,
    (run, time): (&RunId, Duration),
) -> Result<Compared, AppError> {
    opened.journal.verify_chain()?;
    let entries = entries(&opened.journal, run)?;
    let header: Header = header(&entries)?;
    let mut state = Run::replay(&entries).map_err(|error| AppError::Records(error.to_string()))?;
    if state.ready().is_empty() {
        let entry = Entry { took: Duration::ZERO, record: Record::Extended { time } };
        let mut recorder = Recorder {
            journal: &mut opened.journal,
            run: run.clone(),
            reporter: context.reporter.clone(),
            chained: std::rc::Rc::default(),
        };
        recorder.append(&entry)?;
        state.apply(&entry).map_err(|error| AppError::Bug(error.to_string()))?;
    } else if let Some(Step::Measure(_)) = state.ready().first() {
        mark_the_cut(context, &mut opened, &header, &mut state)?;
    }
    Ok(Compared::Ended(Box::new(go_on(context, opened, header, state).await?)))
}
