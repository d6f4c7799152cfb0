//! The format of `optiloop.toml`: every table and key, with units understood and nonsense refused.
//!
//! Pure: text in, what it says out. Where the file lies and what fills its gaps is `app/config`'s. Start at
//! [`ConfigFile::read`].

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::command;
use super::error::ReadError;
use super::origin::Origin;
use super::read::{self, Stated};
use super::service;
use super::table::{Item, Table};
use crate::model::bench::{Instrument, WorkControl};
use crate::model::command::CommandSpec;
use crate::model::goal::Goal;
use crate::model::id::BenchmarkId;
use crate::model::plan::BenchCase;
use crate::model::service::ServicePlan;

/// What the file says; `None` and empty where it is silent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConfigFile {
    /// Project root inside the repository.
    pub root: Option<PathBuf>,
    /// Language, where detection should not decide.
    pub language: Option<String>,
    /// Prepares a workspace, with network.
    pub setup: Option<CommandSpec>,
    /// Variables it gets.
    pub setup_env: Vec<String>,
    /// Files of the user's HOME it may read, relative to that.
    pub setup_files: Vec<PathBuf>,
    /// The collector.
    pub collector: Option<String>,
    /// Variables for build, test and launch.
    pub env: BTreeMap<String, String>,
    /// What is optimised by default.
    pub target: Option<String>,
    /// How much is wanted by default.
    pub goal: Option<Goal>,
    /// What the goal is about, where that is not time.
    pub metric: Option<String>,
    /// Secondary benchmarks and resources.
    pub guards: Vec<BenchmarkId>,
    /// `[bench]`.
    pub bench: Bench,
    /// `[[service]]`.
    pub services: Vec<ServicePlan>,
    /// `[[suite]]`.
    pub suites: Vec<SuiteEntry>,
    /// `[agent]`.
    pub agent: Option<AgentEntry>,
    /// `[budget]`.
    pub budget: BudgetEntry,
    /// `[policy]`.
    pub policy: Stated,
}

/// `[bench]`.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "each key is documented at `model::plan::BenchPlan`")]
pub struct Bench {
    pub harness: Option<String>,
    pub package: Option<PathBuf>,
    pub programs: Vec<String>,
    pub build: Vec<CommandSpec>,
    pub artifacts: Vec<PathBuf>,
    pub files: Vec<String>,
    pub metric: Option<String>,
    pub work: Option<WorkControl>,
    pub iterations: Option<u64>,
    pub instrument: Option<Instrument>,
    pub timeout: Option<Duration>,
    pub cases: Vec<BenchCase>,
}

/// One `[[suite]]`.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each key is documented at `model::plan::SuitePlan`")]
pub struct SuiteEntry {
    pub kind: String,
    pub command: Option<CommandSpec>,
    pub timeout: Option<Duration>,
}

/// `[agent]`.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "each key is documented at `model::plan::AgentPlan`")]
pub struct AgentEntry {
    pub transport: Option<String>,
    pub command: Vec<String>,
    pub proposals: Option<PathBuf>,
    pub model: Option<String>,
    pub env: Vec<String>,
    pub wall: Option<Duration>,
    pub idle: Option<Duration>,
    pub settings: Vec<String>,
}

/// `[budget]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each key is documented at `model::plan::Budget`")]
pub struct BudgetEntry {
    pub iterations: Option<u32>,
    pub time: Option<Duration>,
    pub tokens: Option<u64>,
    pub patience: Option<u32>,
    pub shams: Option<u32>,
}

impl ConfigFile {
    /// Reads the text of the file at `path`; `origin` is how its policy values are to be named.
    pub fn read(path: &str, text: &str, origin: &Origin) -> Result<Self, ReadError> {
        let mut table = Table::parse(path, text)?;
        let mut file = Self {
            root: table.take("root").map(|item| item.text()).transpose()?.map(PathBuf::from),
            language: table.take("language").map(|item| item.text()).transpose()?,
            setup: table.take("setup").map(command::one).transpose()?,
            setup_env: texts(table.take("setup-env"))?,
            setup_files: table.take("setup-files").map(in_home).transpose()?.unwrap_or_default(),
            collector: table.take("collector").map(|item| item.text()).transpose()?,
            ..Self::default()
        };
        if let Some(item) = table.take("env") {
            for (key, value) in item.table()?.take_all() {
                file.env.insert(key, value.text()?);
            }
        }
        if let Some(item) = table.take("target") {
            let mut target = item.table()?;
            file.target = target.take("name").map(|item| item.text()).transpose()?;
            file.goal = target.take("goal").map(|item| goal(&item)).transpose()?;
            file.metric = target.take("metric").map(|item| item.text()).transpose()?;
            file.guards = texts(target.take("guards"))?.into_iter().map(BenchmarkId::new).collect();
            target.finish()?;
        }
        if let Some(item) = table.take("bench") {
            file.bench = bench(item.table()?)?;
        }
        let services = table.take("service").map(Item::items).transpose()?;
        file.services = service::services(services.unwrap_or_default())?;
        for item in table.take("suite").map(Item::items).transpose()?.unwrap_or_default() {
            file.suites.push(suite(item.table()?)?);
        }
        file.agent = table.take("agent").map(|item| agent(item.table()?)).transpose()?;
        if let Some(item) = table.take("budget") {
            file.budget = budget(item.table()?)?;
        }
        if let Some(item) = table.take("policy") {
            file.policy = read::policy(item.table()?, origin)?;
        }
        table.finish()?;
        Ok(file)
    }
}

fn bench(mut table: Table<'_>) -> Result<Bench, ReadError> {
    let mut bench = Bench {
        harness: table.take("harness").map(|item| item.text()).transpose()?,
        package: table.take("package").map(|item| item.text()).transpose()?.map(PathBuf::from),
        programs: texts(table.take("programs"))?,
        artifacts: texts(table.take("artifacts"))?.into_iter().map(PathBuf::from).collect(),
        files: texts(table.take("files"))?,
        metric: table.take("metric").map(|item| item.text()).transpose()?,
        work: table.take("work").map(|item| work(&item)).transpose()?,
        iterations: table.take("iterations").map(|item| item.count()).transpose()?,
        instrument: table.take("instrument").map(|item| instrument(&item)).transpose()?,
        timeout: duration(table.take("timeout"))?,
        ..Bench::default()
    };
    if let Some(item) = table.take("build") {
        bench.build = command::several(item)?;
    }
    for item in table.take("case").map(Item::items).transpose()?.unwrap_or_default() {
        let mut case = item.table()?;
        let name = BenchmarkId::new(case.need("name")?.text()?);
        let run = command::one(case.need("run")?)?;
        case.finish()?;
        bench.cases.push(BenchCase { name, run });
    }
    table.finish()?;
    Ok(bench)
}

fn suite(mut table: Table<'_>) -> Result<SuiteEntry, ReadError> {
    let entry = SuiteEntry {
        kind: table.need("kind")?.text()?,
        command: table.take("command").map(command::one).transpose()?,
        timeout: duration(table.take("timeout"))?,
    };
    table.finish()?;
    Ok(entry)
}

fn agent(mut table: Table<'_>) -> Result<AgentEntry, ReadError> {
    let entry = AgentEntry {
        transport: table.take("transport").map(|item| item.text()).transpose()?,
        command: table
            .take("command")
            .map(command::one)
            .transpose()?
            .map(|spec| spec.argv)
            .unwrap_or_default(),
        proposals: table.take("proposals").map(|item| item.text()).transpose()?.map(PathBuf::from),
        model: table.take("model").map(|item| item.text()).transpose()?,
        env: texts(table.take("env"))?,
        wall: duration(table.take("wall"))?,
        idle: duration(table.take("idle"))?,
        settings: texts(table.take("settings"))?,
    };
    table.finish()?;
    Ok(entry)
}

fn budget(mut table: Table<'_>) -> Result<BudgetEntry, ReadError> {
    let small = |item: Item<'_>| -> Result<u32, ReadError> {
        u32::try_from(item.count()?).map_err(|_| item.refuse("a smaller number is wanted"))
    };
    let entry = BudgetEntry {
        iterations: table.take("iterations").map(small).transpose()?,
        time: duration(table.take("time"))?,
        tokens: table.take("tokens").map(|item| item.count()).transpose()?,
        patience: table.take("patience").map(small).transpose()?,
        shams: table.take("shams").map(small).transpose()?,
    };
    table.finish()?;
    Ok(entry)
}

/// Paths below HOME, as `~/.npmrc`.
fn in_home(item: Item<'_>) -> Result<Vec<PathBuf>, ReadError> {
    let wanted = item.refuse("files in your home are wanted, as [\"~/.npmrc\"]");
    let inside = |text: &str| {
        let path = PathBuf::from(text.strip_prefix("~/")?);
        let plain = |part| matches!(part, std::path::Component::Normal(_));
        (path.components().count() > 0 && path.components().all(plain)).then_some(path)
    };
    let paths = item.texts()?.iter().map(|(_, text)| inside(text)).collect::<Option<Vec<_>>>();
    paths.ok_or(wanted)
}

fn texts(item: Option<Item<'_>>) -> Result<Vec<String>, ReadError> {
    Ok(item.map(Item::texts).transpose()?.unwrap_or_default().into_iter().map(|(_, text)| text).collect())
}

fn duration(item: Option<Item<'_>>) -> Result<Option<Duration>, ReadError> {
    item.map(|item| read::limit(&item)).transpose()
}

fn goal(item: &Item<'_>) -> Result<Goal, ReadError> {
    item.text()?.parse().map_err(|error: crate::model::goal::BadGoal| item.refuse(error.to_string()))
}

fn instrument(item: &Item<'_>) -> Result<Instrument, ReadError> {
    let wanted = "one of \"auto\", \"cpu\", \"wall\", \"wall-minus-run-delay\" is wanted";
    Instrument::named(&item.text()?).ok_or_else(|| item.refuse(wanted))
}

fn work(item: &Item<'_>) -> Result<WorkControl, ReadError> {
    match item.text()?.as_str() {
        "fixed" => Ok(WorkControl::Fixed),
        "once" => Ok(WorkControl::Once),
        "adaptive" => Ok(WorkControl::Adaptive),
        _ => Err(item.refuse("one of \"fixed\", \"once\", \"adaptive\" is wanted")),
    }
}

#[cfg(test)]
mod tests;
