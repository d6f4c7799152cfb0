//! `calibrate`: what can be proven here, in how many minutes, and how often our own judge errs here.
//!
//! A run without proposals: launches of the original alone, pairs of it with itself, and as many decisions whose
//! answer is known as were asked for. Not here: what it says ([`super::report::calibrate`]), its traces
//! ([`super::report::trace`]). Start at [`calibrate`].

use std::path::{Path, PathBuf};

use crate::engine::record::{Entry, Pursuit};
use crate::fs;
use crate::journal::Journal;
use crate::vcs::ANCESTORS;

use super::conduct::{Ended, begin};
use super::config::{self, Flags, Scope};
use super::error::AppError;
use super::report::trace;
use super::start::{Context, Opened};

/// Pairs of the original with itself that are run in any case.
const PAIRS: u32 = 20;
/// The same for a trace worth keeping.
const TRACE_PAIRS: u32 = 400;
/// Planted changes that are judged where a saving is named.
const PLANTED: u32 = 10;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// Flags; the goal among them.
    pub flags: Flags,
    /// No-ops that are judged.
    pub null: u32,
    /// The saving of the changes that are planted.
    pub planted: Option<f64>,
    /// Pairs of the original with itself.
    pub pairs: Option<u32>,
    /// Where the trace goes.
    pub trace: Option<PathBuf>,
}

/// Calibrates; where a trace was wanted, the files that were written.
pub async fn calibrate(context: &Context, request: Request) -> Result<(Ended, Vec<PathBuf>), AppError> {
    let Request { flags, null, planted, pairs, trace } = request;
    let mut opened = Opened::open(context, "calibrate").await?;
    let head = opened.user.head()?;
    opened.site.store.seed(&opened.user, head.commit, ANCESTORS)?;
    let mut settings = config::load(&opened.user, &context.folder, head.commit, &flags)?;
    settings.plan.agent = None;
    // Nothing of the project is changed: its tests say nothing here.
    settings.plan.suites.clear();
    settings.plan.collector = None;
    settings.guards.clear();
    if settings.target.is_none() {
        settings.scope = Scope::Every(Vec::new());
    }
    super::preflight::check(&settings, &context.environment)?;
    let usual = if trace.is_some() { TRACE_PAIRS } else { PAIRS };
    let pursuit = Pursuit::Calibrate {
        shams: null,
        planted: planted.map_or(0, |_| PLANTED),
        per_mille: planted.map_or(0, per_mille),
        pairs: pairs.unwrap_or(usual),
    };
    let journal = opened.site.roots.journal();
    let header = opened.header(settings, head, pursuit).await?;
    let ended = begin(context, opened, header).await?;
    let written = match trace {
        Some(path) => save(&Journal::open(&journal)?, &ended, &context.folder.join(path))?,
        None => Vec::new(),
    };
    Ok((ended, written))
}

/// A share in thousandths.
fn per_mille(ratio: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1")]
    let rounded = (1000.0 * ratio).round() as u32;
    rounded.clamp(1, 999)
}

/// Writes `pairs_NAME.csv` and `series_NAME.csv` of each benchmark beside the file that is named.
fn save(journal: &Journal, ended: &Ended, path: &Path) -> Result<Vec<PathBuf>, AppError> {
    let rows = journal.records(&ended.header.run)?;
    let mut stamped = Vec::new();
    for row in &rows {
        let entry: Entry = row.read()?;
        stamped.push((row.at.as_millisecond(), entry));
    }
    let mut written = Vec::new();
    for (benchmark, texts) in trace::of(&stamped) {
        let single = ended.header.target.benchmarks.len() == 1;
        for (kind, text) in [("pairs", &texts.pairs), ("series", &texts.series)] {
            let file = named(path, kind, (!single).then_some(benchmark.as_str()));
            fs::replace(&file, text.as_bytes())?;
            written.push(file);
        }
    }
    Ok(written)
}

/// `cpu.csv` becomes `pairs_cpu.csv`, and `pairs_cpu_parse.csv` where there are several benchmarks.
fn named(path: &Path, kind: &str, benchmark: Option<&str>) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let plain = |name: &str| name.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let benchmark = benchmark.map_or_else(String::new, |name| format!("_{}", plain(name)));
    path.with_file_name(format!("{kind}_{stem}{benchmark}.csv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_two_files_a_benchmark_beside_the_named_one() {
        assert_eq!(named(Path::new("/a/go.csv"), "pairs", None), Path::new("/a/pairs_go.csv"));
        assert_eq!(named(Path::new("go"), "series", Some("Parse/big")), Path::new("series_go_Parse-big.csv"));
    }

    #[test]
    fn a_share_is_kept_in_thousandths() {
        assert_eq!([0.1, 0.065, 0.0001].map(per_mille), [100, 65, 1]);
    }
}
