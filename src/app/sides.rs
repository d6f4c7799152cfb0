//! The two sides of a comparison: revisions, folders, or commands, as commits of the store.
//!
//! Whatever is given becomes two trees that are built and launched like any other. Not here: comparing them
//! ([`super::compare`]). Start at [`ready`].

use std::path::{Path, PathBuf};

use crate::confine;
use crate::model::bench::WorkControl;
use crate::model::change::{EntryKind, TreePath};
use crate::model::command::CommandSpec;
use crate::model::id::{BenchmarkId, Revision, TreeId};
use crate::model::launch::SandboxFacts;
use crate::model::plan::{BenchCase, BenchPlan};
use crate::vcs::store::CommitDraft;
use crate::vcs::user::{Person, UserRepository};
use crate::vcs::{ANCESTORS, NewFile};

use super::config::{self, Flags, From, Settings};
use super::error::AppError;
use super::roots::Roots;
use super::start::{Context, Opened};

/// What a person names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Two revisions or folders, each as it was written.
    Two(String, String),
    /// HEAD against where it left this base.
    Gate(String),
    /// Two commands, each word by word, run where the user stands.
    Commands(Vec<String>, Vec<String>),
}

/// Two sides that can be built, and how.
pub struct Ready {
    /// What is compared with.
    pub base: Revision,
    /// What is compared.
    pub candidate: Revision,
    /// Config and policy.
    pub settings: Settings,
}

/// The file that holds a command.
const SCRIPT: &str = "run";

/// Opens the repository the user stands in; for commands and folders outside of any, one of our own.
pub async fn open(context: &Context, given: &Given, verb: &str) -> Result<Opened, AppError> {
    let needs_none = match given {
        Given::Gate(_) => false,
        Given::Commands(..) => true,
        Given::Two(base, candidate) => [base, candidate].iter().all(|side| folder(context, side).is_some()),
    };
    if !needs_none || UserRepository::discover(&context.folder).is_ok() {
        return Opened::open(context, verb).await;
    }
    let own = Roots::elsewhere(context.store.as_deref(), &context.environment)?;
    let user = crate::vcs::scratch::open(&own)?;
    Opened::of(context, user, verb).await
}

/// Makes both sides and reads how they are built.
pub fn ready(
    context: &Context,
    opened: &mut Opened,
    given: &Given,
    flags: &Flags,
) -> Result<Ready, AppError> {
    match given {
        Given::Gate(base) => gate(context, opened, base, flags),
        Given::Commands(one, other) => commands(context, opened, [one, other], flags),
        Given::Two(one, other) => {
            let (base, candidate) = (side(context, opened, one)?, side(context, opened, other)?);
            // Outside of any repository the base's own config counts.
            let settings = if let (Some(folder), None) = (folder(context, one), opened.user.root()) {
                let other = UserRepository::discover(&folder)?;
                let head = other.head()?.commit;
                config::load(&other, &folder, head, flags)?
            } else {
                let head = opened.user.head()?.commit;
                config::load(&opened.user, &context.folder, head, flags)?
            };
            Ok(Ready { base, candidate, settings })
        }
    }
}

/// A side that is a folder, and not a revision of the repository.
fn folder(context: &Context, side: &str) -> Option<PathBuf> {
    let path = context.folder.join(side);
    (path.is_dir()
        && (side.contains('/')
            || side.starts_with('.')
            || UserRepository::discover(&context.folder).ok()?.resolve(side).is_err()))
    .then_some(path)
}

/// One side as a commit of the store.
fn side(context: &Context, opened: &Opened, side: &str) -> Result<Revision, AppError> {
    let store = &opened.site.store;
    let Some(folder) = folder(context, side) else {
        let revision = opened.user.resolve(side)?;
        store.import(&opened.user, revision.commit)?;
        return Ok(revision);
    };
    let other = UserRepository::discover(&folder)?;
    if other.root().and_then(|root| root.canonicalize().ok()) != folder.canonicalize().ok() {
        return Err(AppError::Usage(format!(
            "{side} is a folder inside a work tree; name the top of a work tree, or a revision"
        )));
    }
    let head = other.head()?;
    store.seed(&other, head.commit, ANCESTORS)?;
    let taken = other.work_tree_change(store)?;
    committed(opened, taken.tree)
}

/// A tree of the store as a commit, the same each time.
fn committed(opened: &Opened, tree: TreeId) -> Result<Revision, AppError> {
    let person = || Person { name: "optiloop".to_owned(), email: "optiloop@localhost".to_owned() };
    let (author, committer) = (person(), person());
    let draft =
        CommitDraft { tree, parents: Vec::new(), message: "a side\n".to_owned(), author, committer, at: 0 };
    let commit = opened.site.store.commit(&draft)?;
    Ok(Revision { commit, tree })
}

/// HEAD against its merge base with `base`; config and policy of that base.
fn gate(context: &Context, opened: &mut Opened, base: &str, flags: &Flags) -> Result<Ready, AppError> {
    let user = &opened.user;
    let candidate = user.head()?;
    let mut notes = Vec::new();
    let tip = tip(user, base, candidate)?;
    let base_revision = match user.merge_base(tip.commit, candidate.commit)? {
        Some(commit) if user.resolve(&commit.to_string()).is_ok() => user.resolve(&commit.to_string())?,
        _ => {
            notes.push(format!(
                "where HEAD left {base} is not in this (shallow) clone: compared with the tip of {base}"
            ));
            tip
        }
    };
    opened.site.store.seed(user, base_revision.commit, ANCESTORS)?;
    opened.site.store.import(user, candidate.commit)?;
    let mut settings = config::load_from(From::Commit(base_revision.commit), user, &context.folder, flags)?;
    settings.stamps.extend(notes);
    // What the work tree holds is the change's own: nothing of it is laid over.
    opened.user = opened.user.without_work_tree();
    Ok(Ready { base: base_revision, candidate, settings })
}

/// The base by the name it has in this clone. A merge commit of CI has it as its first parent.
fn tip(user: &UserRepository, base: &str, head: Revision) -> Result<Revision, AppError> {
    let remote = format!("origin/{base}");
    let error = match user.resolve(base).or_else(|_| user.resolve(&remote)) {
        Ok(revision) => return Ok(revision),
        Err(error) => error,
    };
    let parents = user.parents(head.commit)?;
    if let [first, _, ..] = parents.as_slice()
        && let Ok(revision) = user.resolve(&first.to_string())
    {
        return Ok(revision);
    }
    Err(AppError::Environment {
        what: format!("{base} is not in this clone: {error}"),
        hint: format!(
            "fetch it first: `git fetch --depth=1 origin {base}:refs/remotes/origin/{base}`, or check out with the whole \
             history (`fetch-depth: 0`)"
        ),
    })
}

/// Two commands as two trees of one script each, run where the user stands, as the user.
fn commands(
    context: &Context,
    opened: &mut Opened,
    commands: [&Vec<String>; 2],
    flags: &Flags,
) -> Result<Ready, AppError> {
    if commands.iter().any(|command| command.is_empty()) {
        return Err(AppError::Usage("two commands are wanted: `optiloop compare -- A … -- B …`".to_owned()));
    }
    let head = opened.user.head()?;
    opened.site.store.seed(&opened.user, head.commit, ANCESTORS)?;
    let all = opened.site.store.paths(head.tree)?;
    let empty = opened.site.store.without(head.tree, &all)?;
    let mut revisions = Vec::new();
    for command in commands {
        let file = NewFile {
            path: TreePath::new(SCRIPT),
            kind: EntryKind::Executable,
            content: script(&context.folder, command).into_bytes(),
        };
        let tree = opened.site.store.lay_over(empty, &[file])?;
        revisions.push(committed(opened, tree)?);
    }
    let mut settings = config::load(&opened.user, &context.folder, head.commit, flags)?;
    let mut run = CommandSpec::new([format!("./{SCRIPT}")]);
    run.env.extend(context.environment.get("HOME").map(|home| ("HOME".to_owned(), home.to_owned())));
    let case = BenchCase { name: BenchmarkId::new("command"), run };
    settings.plan.root = PathBuf::new();
    settings.plan.setup = None;
    settings.plan.services.clear();
    settings.plan.bench = BenchPlan {
        harness: "command".to_owned(),
        artifacts: vec![PathBuf::from(SCRIPT)],
        cases: vec![case],
        work: Some(WorkControl::Once),
        instrument: settings.plan.bench.instrument,
        timeout: settings.plan.bench.timeout,
        ..BenchPlan::default()
    };
    settings.stamps.push("commands run where you stand and as you, not confined".to_owned());
    // They are the user's own, and need what the user has.
    opened.hands.sandbox = confine::choose(&SandboxFacts::default());
    opened.hands.env.clone_from(&context.environment.variables);
    opened.hands.masked.clear();
    match revisions.as_slice() {
        [base, candidate] => Ok(Ready { base: *base, candidate: *candidate, settings }),
        _ => Err(AppError::Bug("two commands made no two sides".to_owned())),
    }
}

/// A command as a script that runs it in the user's folder.
fn script(folder: &Path, command: &[String]) -> String {
    let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
    format!("#!/bin/sh\ncd {} && exec {}\n", quoted(&folder.to_string_lossy()), words.join(" "))
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_comes_out_of_its_script_word_by_word() {
        let command = ["echo", "it's", "$HOME", "a b"].map(str::to_owned);
        assert_eq!(
            script(Path::new("/some where"), &command),
            "#!/bin/sh\ncd '/some where' && exec 'echo' 'it'\\''s' '$HOME' 'a b'\n"
        );
    }
}
