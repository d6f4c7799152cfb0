//! Benchmark files of the user's work tree: read at a run's start, kept by content, laid over both sides.
//!
//! Not here: protecting them (`config` makes their globs policy), laying them (`Site::overlaid`). Start at
//! [`gather`].

use std::path::Path;

use crate::engine::record::LaidOver;
use crate::fs;
use crate::journal::Artifacts;
use crate::model::change::{EntryKind, TreePath};
use crate::model::id::TreeId;
use crate::model::plan::BenchPlan;
use crate::policy::glob::Globs;
use crate::policy::origin::{Origin, Sourced};
use crate::vcs::user::UserRepository;
use crate::vcs::{FileState, NewFile};

use super::config;
use super::error::AppError;
use super::site::Site;
use super::world::WorldError;

/// Most files that are named as forgotten.
const NAMED: usize = 3;
/// Largest file that is searched for a benchmark, in bytes.
const SEARCHED: u64 = 1 << 20;

/// The files that `[bench] files` names and `original` has not as the work tree has them; their bytes become
/// artifacts. A file that is named outright may be ignored by git; one that is nowhere is an error.
pub fn gather(
    user: &UserRepository,
    site: &Site,
    files: &[String],
    original: TreeId,
) -> Result<Vec<LaidOver>, AppError> {
    let Some(top) = user.root().filter(|_| !files.is_empty()) else { return Ok(Vec::new()) };
    let globs: Vec<Sourced<String>> = files.iter().map(|glob| said(glob)).collect();
    let globs = Globs::new(&globs)?;
    let mut paths: Vec<TreePath> =
        user.present(|path| globs.matches(path))?.into_iter().map(|(path, _)| path).collect();
    for named in files.iter().map(|glob| glob.trim_start_matches("./")) {
        let path = TreePath::new(named);
        if named.contains(['*', '?', '[']) || paths.iter().any(|known| below(known, named)) {
            continue;
        }
        if top.join(named).is_file() {
            paths.push(path);
        } else if !site.store.paths(original)?.iter().any(|known| below(known, named)) {
            return Err(AppError::Config(format!(
                "[bench] files names {named:?}, which is neither in {} nor in the original",
                top.display()
            )));
        }
    }
    let mut laid_over = Vec::new();
    for path in paths {
        let full = top.join(path.lossy().as_ref());
        let content = fs::read(&full)?;
        if site.store.read_blob(original, &path)?.as_ref() == Some(&content) {
            continue;
        }
        let kind = if is_executable(&full) { EntryKind::Executable } else { EntryKind::File };
        laid_over.push(LaidOver { path, kind, content: site.artifacts.put(&content)? });
    }
    Ok(laid_over)
}

/// Globs of what a run reads from the user's work tree: config, the rules in prose, benchmark files.
pub fn own(plan: &BenchPlan) -> Result<Globs, AppError> {
    let read = [config::FILE, config::AGENTS].into_iter().chain(plan.files.iter().map(String::as_str));
    Ok(Globs::new(&read.map(said).collect::<Vec<_>>())?)
}

/// The files with their bytes.
pub fn read(artifacts: &Artifacts, laid_over: &[LaidOver]) -> Result<Vec<NewFile>, WorldError> {
    let file = |one: &LaidOver| {
        Ok(NewFile { path: one.path.clone(), kind: one.kind, content: artifacts.get(one.content)? })
    };
    laid_over.iter().map(file).collect()
}

/// What is stamped of them.
pub fn stamp(laid_over: &LaidOver) -> String {
    let LaidOver { path, content, .. } = laid_over;
    format!("{path} ({}) of the work tree is laid over both sides", content.short())
}

/// What helps where a benchmark is missing because git does not have its file: the line to add. `None` where
/// no untracked file looks like one.
pub fn forgotten(user: &UserRepository, plan: &BenchPlan, target: &str) -> Option<String> {
    let top = user.root()?;
    let words = words(plan, target);
    let untracked = user.present(|_| true).ok()?.into_iter();
    let untracked = untracked.filter(|(_, state)| *state == FileState::Untracked).map(|(path, _)| path);
    let found: Vec<String> = untracked
        .filter(|path| looks_like_one(top, path, &words))
        .map(|path| format!("{:?}", path.lossy()))
        .take(NAMED)
        .collect();
    (!found.is_empty()).then(|| {
        let list = found.join(", ");
        format!("git does not have {list}: add `files = [{list}]` under [bench] in optiloop.toml")
    })
}

/// Names a benchmark's file may have or define: the target, and the last parts of the words of its commands.
fn words(plan: &BenchPlan, target: &str) -> Vec<String> {
    let commands = plan.build.iter().chain(plan.cases.iter().map(|case| &case.run));
    let mut words: Vec<String> = commands
        .flat_map(|spec| spec.argv.iter())
        .filter(|word| !word.starts_with('-'))
        .filter_map(|word| Some(Path::new(word).file_stem()?.to_string_lossy().into_owned()))
        .collect();
    words.push(target.trim_start_matches('^').trim_end_matches('$').to_owned());
    words.retain(|word| word.len() > 2);
    words
}

fn looks_like_one(top: &Path, path: &TreePath, words: &[String]) -> bool {
    let name = path.lossy().into_owned();
    let stem = Path::new(&name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if words.contains(&stem) {
        return true;
    }
    let full = top.join(&name);
    let small = full.metadata().is_ok_and(|meta| meta.len() <= SEARCHED);
    let text = if small && name.ends_with("_test.go") { fs::read(&full).ok() } else { None };
    let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
    words.iter().any(|word| text.contains(&format!("func {word}(")))
}

/// Whether `path` is `named` or lies in it, at any depth where `named` has no slash of its own.
fn below(path: &TreePath, named: &str) -> bool {
    Globs::new([&said(named)]).is_ok_and(|globs| globs.matches(path))
}

fn said(glob: &str) -> Sourced<String> {
    Sourced::new(glob.to_owned(), Origin::Flag { name: "[bench] files".to_owned() })
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|meta| meta.permissions().mode() & 0o100 != 0)
}
