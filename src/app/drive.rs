//! The driver: step, perform, append, apply, again until nothing is due.
//!
//! It decides nothing and touches nothing itself. [`World`] does what is asked, [`Chronicle`] keeps what
//! happened before it counts. Start at [`drive`].

use std::time::Duration;

use crate::engine::record::{Entry, Record};
use crate::engine::run::{OutOfOrder, Run};
use crate::engine::step::Step;

/// What performs steps: the real world, or a simulated one.
pub trait World {
    /// Why a step could not be performed at all; what merely went badly is a record.
    type Error: std::error::Error + 'static;

    /// Does one step and says what happened and how long it took. Steps are idempotent: one that was cut
    /// is simply performed again.
    fn perform(&mut self, step: Step) -> impl Future<Output = Result<Entry, Self::Error>>;

    /// Hints and acceptances that have come in; asked for before each proposal, at the end, and of a run that has
    /// ended: an acceptance opens it again.
    fn messages(&mut self) -> Result<Vec<Record>, Self::Error>;

    /// The messages last told are in the journal and need not be told again.
    fn messages_kept(&mut self) -> Result<(), Self::Error>;
}

/// What keeps records; a failure to do so ends the run.
pub trait Chronicle {
    /// Why it could not be kept.
    type Error: std::error::Error + 'static;

    /// Keeps an entry for good.
    fn append(&mut self, entry: &Entry) -> Result<(), Self::Error>;
}

/// Why driving ended before the run did. Nothing that was recorded is lost: `resume` goes on.
#[derive(Debug, thiserror::Error)]
pub enum DriveError<W: std::error::Error + 'static, C: std::error::Error + 'static> {
    /// A step could not be performed.
    #[error(transparent)]
    World(W),
    /// A record could not be kept.
    #[error("the journal cannot be written")]
    Chronicle(#[source] C),
    /// A record did not answer what was due: a bug.
    #[error(transparent)]
    OutOfOrder(#[from] OutOfOrder),
}

/// Drives a run until nothing is due and nobody has anything to say.
pub async fn drive<W: World, C: Chronicle>(
    run: &mut Run,
    world: &mut W,
    chronicle: &mut C,
) -> Result<(), DriveError<W::Error, C::Error>> {
    loop {
        let step = run.ready().into_iter().next();
        if matches!(step, None | Some(Step::Propose { .. } | Step::Stop(_))) {
            let messages = world.messages().map_err(DriveError::World)?;
            if !messages.is_empty() {
                for record in messages {
                    keep(run, chronicle, &Entry { took: Duration::ZERO, record })?;
                }
                world.messages_kept().map_err(DriveError::World)?;
                continue;
            }
        }
        let Some(step) = step else { return Ok(()) };
        let entry = match &step {
            Step::Judge(question) => match run.judge(*question) {
                Some(record) => Entry { took: Duration::ZERO, record },
                None => return Err(OutOfOrder { record: "nothing", due: format!("{question:?}") }.into()),
            },
            Step::Stop(reason) => {
                Entry { took: Duration::ZERO, record: Record::Stopped { reason: reason.clone() } }
            }
            _ => world.perform(step).await.map_err(DriveError::World)?,
        };
        keep(run, chronicle, &entry)?;
    }
}

/// Journal first, then the state: what counts is on disk.
fn keep<W: std::error::Error, C: Chronicle>(
    run: &mut Run,
    chronicle: &mut C,
    entry: &Entry,
) -> Result<(), DriveError<W, C::Error>> {
    chronicle.append(entry).map_err(DriveError::Chronicle)?;
    Ok(run.apply(entry)?)
}
