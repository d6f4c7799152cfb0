//! The real world: dispatches each step to the file that does it.
//!
//! Not here: the steps themselves (`steps/`, one file each). Start at [`RealWorld`].

use crate::clock::Stopwatch;
use crate::engine::record::{Entry, Header, Record};
use crate::engine::step::Step;
use crate::fs::PathError;
use crate::journal::JournalError;
use crate::process::error::ProcessError;
use crate::vcs::error::VcsError;
use crate::vcs::user::UserRepository;

use super::drive::World;
use super::hands::Hands;
use super::inbox;
use super::report::outcome::Outcome;
use super::report::price;
use super::reporter::progress::Progress;
use super::site::Site;
use super::steps;
use super::templates::Templates;

/// Why a step could not be performed at all.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The run was interrupted; `resume` goes on.
    #[error("interrupted")]
    Interrupted,
    /// The repository or the store.
    #[error(transparent)]
    Vcs(#[from] VcsError),
    /// The journal's artifacts.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A child could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A file.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Config that turned out not to work.
    #[error("{0}")]
    Config(String),
}

/// The world a run takes place in.
pub struct RealWorld<'a> {
    /// Texts for agents and commits.
    pub templates: Templates,
    /// What the run is locked to.
    pub header: Header,
    /// Folders and databases.
    pub site: Site,
    /// Runs commands.
    pub hands: Hands,
    /// The user's repository, for landing.
    pub user: UserRepository,
    /// Reaches the agent.
    pub agent: Option<crate::agent::Agent>,
    /// Environment the agent gets, by allow-list.
    pub agent_env: std::collections::BTreeMap<String, String>,
    /// How deep optiloop is nested in agents.
    pub depth: u32,
    /// What is going on.
    pub progress: &'a mut dyn FnMut(Progress),
    /// What the run came to so far.
    pub so_far: Outcome,
    /// When the last pair ended, for the discards after a pause.
    pub last_pair: Option<Stopwatch>,
    /// When the last pair of a test ended, for the wait before its confirmation.
    pub last_test_pair: Option<Stopwatch>,
    /// The machine-wide lock file.
    pub lock: std::path::PathBuf,
    /// Hash of the journal's last record: a commit that lands carries it.
    pub chained: std::rc::Rc<std::cell::Cell<Option<crate::model::id::Digest>>>,
}

impl World for RealWorld<'_> {
    type Error = WorldError;

    async fn perform(&mut self, step: Step) -> Result<Entry, WorldError> {
        let watch = Stopwatch::start();
        if matches!(step, Step::Propose { .. }) && self.so_far.turns == 0 {
            (self.progress)(Progress::Price { text: price::of(&self.header, &self.so_far) });
        }
        (self.progress)(Progress::step(&step));
        let record = match step {
            Step::Prepare { original } => Record::Prepared(steps::prepare::perform(self, original).await?),
            Step::Calibrate { subject, benchmarks, alpha } => {
                Record::Calibrated(steps::calibrate::perform(self, subject, &benchmarks, alpha).await?)
            }
            Step::Profile { subject, iteration, benchmark, iterations, launch, before } => {
                let wanted = steps::profile::Wanted { subject, benchmark, iterations, launch, before };
                let outcome = steps::profile::perform(self, &wanted).await?;
                Record::Profiled(crate::engine::record::Profiled { iteration, outcome })
            }
            Step::Propose { iteration, base, brief } => {
                Record::Proposed(steps::propose::perform(self, iteration, base, &brief).await?)
            }
            Step::Inspect { iteration, base, source } => {
                Record::Inspected(steps::inspect::perform(self, iteration, base, source)?)
            }
            Step::Build { iteration, base, candidate, round, whole } => {
                let sides = steps::build::Sides { base, candidate, whole };
                let outcome = steps::build::perform(self, sides, round).await?;
                Record::Built(crate::engine::record::Built { iteration, round, outcome })
            }
            Step::Test { iteration, tree, scope, changed, baselines } => {
                let run = steps::test::Wanted { iteration, tree, scope, changed, baselines };
                Record::Tested(steps::test::perform(self, &run).await?)
            }
            Step::Measure(measure) => Record::Measured(steps::measure::perform(self, &measure).await?),
            Step::Land { iteration, head, candidate, landing } => {
                let head = steps::land::perform(self, head, candidate, &landing)?;
                Record::Landed(crate::engine::record::Landed { iteration, head })
            }
            Step::SetAside { iteration, candidate, .. } => {
                Record::SetAside(steps::set_aside::perform(self, iteration, candidate)?)
            }
            // The driver answers these itself.
            Step::Judge(_) | Step::Stop(_) => {
                return Err(WorldError::Config("a pure step was asked of the world".to_owned()));
            }
        };
        let entry = Entry { took: watch.elapsed(), record };
        self.so_far.take(&entry);
        Ok(entry)
    }

    fn messages(&mut self) -> Result<Vec<Record>, WorldError> {
        inbox::read(&self.site.roots, &self.header.run)
    }

    fn messages_kept(&mut self) -> Result<(), WorldError> {
        inbox::clear(&self.site.roots, &self.header.run)
    }
}
