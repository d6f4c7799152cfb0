//! The beginning of every run: opens what it needs, locks the header.
//!
//! Not here: config and policy ([`super::config`]), the target (`target`), driving ([`super::drive`]).
//! Start at [`Opened::open`].

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::engine::record::{Entry, Header, Pursuit, Record, StreamState, Target};
use crate::journal::{Journal, Receipt, RunLock};
use crate::model::id::{Digest, Revision, RunId};
use crate::stats::coin::CoinKey;
use crate::vcs::user::UserRepository;

use super::config::{Settings, Stream};
use super::disk;
use super::environment::Environment;
use super::error::AppError;
use super::hands::Hands;
use super::laid_over;
use super::machine;
use super::reporter::{Fanout, Stamped, progress::Progress};
use super::roots::Roots;
use super::site::Site;
use super::templates::Templates;
use super::toolchains;

/// What the fronts share with every use case: where, with what environment, and who listens.
#[derive(Clone)]
pub struct Context {
    /// Where the user stands.
    pub folder: PathBuf,
    /// The store, where it is not the usual one.
    pub store: Option<PathBuf>,
    /// A folder with templates that take the place of ours.
    pub templates: Option<PathBuf>,
    /// Files that get the report of the run that ends.
    pub reports: Vec<PathBuf>,
    /// The environment, read once.
    pub environment: Environment,
    /// Who is told what happens.
    pub reporter: Rc<RefCell<Fanout>>,
    /// Ends everything.
    pub cancel: CancellationToken,
}

/// A repository opened for one run, alone.
pub struct Opened {
    /// The user's repository.
    pub user: UserRepository,
    /// Folders and databases.
    pub site: Site,
    /// Runs commands.
    pub hands: Hands,
    /// The history.
    pub journal: Journal,
    /// Held while the run is driven.
    pub lock: RunLock,
    /// Who is told what takes long before the run begins.
    pub reporter: Rc<RefCell<Fanout>>,
}

impl Opened {
    /// Opens the repository the user stands in; a second run is refused with the name of the first.
    pub async fn open(context: &Context, command: &str) -> Result<Self, AppError> {
        Self::of(context, UserRepository::discover(&context.folder)?, command).await
    }

    /// The same of a repository that was found already.
    pub async fn of(context: &Context, user: UserRepository, command: &str) -> Result<Self, AppError> {
        // One that is broken is found now, and not when a change is to land.
        Templates::open(context.templates.as_deref())?;
        for file in &context.reports {
            super::reporting::format_of(file)?;
        }
        let roots = Roots::of(&user, context.store.as_deref(), &context.environment)?;
        roots.create()?;
        let lock = RunLock::acquire(&roots.lock(), command)?;
        let journal = Journal::open(&roots.journal())?;
        let site = Site::open(roots, &user)?;
        let hands = toolchains::hands(context, &user, &site.roots).await?;
        Ok(Self { user, site, hands, journal, lock, reporter: context.reporter.clone() })
    }

    /// Locks a run: writes its header and returns it.
    pub async fn header(
        &mut self,
        mut settings: Settings,
        original: Revision,
        pursuit: Pursuit,
    ) -> Result<Header, AppError> {
        disk::check(&self.site, original.tree)?;
        let laid_over = laid_over::gather(&self.user, &self.site, &settings.plan.bench.files, original.tree)?;
        self.site.laid_over = laid_over::read(&self.site.artifacts, &laid_over)?;
        let target = self.target(&mut settings, original).await?;
        let run = new_run_id()?;
        let stream = match settings.stream {
            Stream::CarriedOver => self.stream(&target, original, &settings)?,
            Stream::Fresh => StreamState::default(),
        };
        let tools = toolchains::versions(&settings, &self.hands).await;
        let Settings { plan, policy, goal, advice, mut stamps, .. } = settings;
        stamps.extend(laid_over.iter().map(laid_over::stamp));
        let text = serde_json::to_vec(&policy).map_err(crate::journal::JournalError::from)?;
        let locked_policy = Some(self.site.artifacts.put(&text)?);
        Ok(Header {
            format: crate::engine::record::FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            run,
            pursuit,
            original,
            target,
            goal,
            policy,
            locked_policy,
            plan,
            key: CoinKey::new(secret()?),
            stream,
            confinement: self.hands.stamp(),
            machine: machine::look().await,
            tools,
            advice,
            stamps,
            laid_over,
        })
    }

    /// Where a run with these settings would be measured now.
    pub async fn place(&self, settings: &Settings) -> BTreeMap<String, String> {
        let mut place = machine::look().await.place();
        place.extend(toolchains::versions(settings, &self.hands).await);
        place.insert("confined".to_owned(), self.hands.stamp().confined);
        place
    }

    /// Candidates of earlier runs on the same target and original: a job cannot rerun until green.
    fn stream(
        &self,
        target: &Target,
        original: Revision,
        settings: &Settings,
    ) -> Result<StreamState, AppError> {
        let mut state = StreamState::default();
        for overview in self.journal.runs()? {
            let started = self.journal.records_of_kinds(&overview.run, &["started"])?;
            let Some(first) = started.first() else { continue };
            let entry: Entry = first.read()?;
            let Record::Started(header) = entry.record else { continue };
            let same = header.original.tree == original.tree
                && header.target.benchmarks == target.benchmarks
                && header.plan.bench.metric == settings.plan.bench.metric;
            if !same || header.pursuit != Pursuit::Loop {
                continue;
            }
            for row in self.journal.records_of_kinds(&overview.run, &["measured", "landed"])? {
                let entry: Entry = row.read()?;
                match entry.record {
                    Record::Measured(measured)
                        if measured.opens_a_candidate() && !measured.comparison.iteration.is_control() =>
                    {
                        state.tried += 1;
                    }
                    Record::Landed(_) => state.landed += 1,
                    _ => {}
                }
            }
        }
        Ok(state)
    }
}

/// The second it begins and a random tail: sorts by time, fits a branch name.
fn new_run_id() -> Result<RunId, AppError> {
    let at = clock::now().strftime("%Y%m%d-%H%M%S").to_string();
    let [one, other]: [u8; 2] = secret()?;
    Ok(RunId::new(format!("{at}-{one:02x}{other:02x}")))
}

/// Bytes from the operating system.
fn secret<const N: usize>() -> Result<[u8; N], AppError> {
    use rand::TryRng as _;
    let mut bytes = [0; N];
    let drawn = rand::rngs::SysRng.try_fill_bytes(&mut bytes);
    drawn
        .map_err(|error| AppError::Config(format!("the operating system gives no random bytes: {error}")))?;
    Ok(bytes)
}

/// Keeps entries: the journal first, then whoever listens.
pub struct Recorder<'a> {
    /// The history.
    pub journal: &'a mut Journal,
    /// The run.
    pub run: RunId,
    /// Who is told.
    pub reporter: Rc<RefCell<Fanout>>,
    /// Where the hash of the last record is left, for the commit that lands next.
    pub chained: Rc<Cell<Option<Digest>>>,
}

impl super::drive::Chronicle for Recorder<'_> {
    type Error = crate::journal::JournalError;

    fn append(&mut self, entry: &Entry) -> Result<(), Self::Error> {
        let body = serde_json::to_string(entry).map_err(crate::journal::JournalError::from)?;
        let Receipt { seq, at, hash } = self.journal.append(&self.run, entry.record.kind(), &body)?;
        self.chained.set(Some(hash));
        self.reporter.borrow_mut().entry(&Stamped { seq, at, run: &self.run, entry });
        Ok(())
    }
}

/// Tells the reporter what is going on.
pub fn progress(reporter: &Rc<RefCell<Fanout>>) -> impl FnMut(Progress) + 'static {
    let reporter = Rc::clone(reporter);
    move |progress| reporter.borrow_mut().progress(&progress)
}
