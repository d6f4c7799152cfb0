//! `demo`: the very same engine as `run`, on a small project of its own, with recorded proposals.
//!
//! Needs Rust and git alone. Start at [`demo`].

use std::path::{Path, PathBuf};

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;

use crate::fs;
use crate::model::command::CommandSpec;

use super::conduct::Ended;
use super::config::Flags;
use super::environment::Environment;
use super::error::AppError;
use super::pursue::run_with;
use super::start::Context;

/// Files of the sample project: path and content.
const PROJECT: &[(&str, &str)] = &[
    (".gitignore", include_str!("../../demo/project/.gitignore")),
    ("AGENTS.md", include_str!("../../demo/project/AGENTS.md")),
    ("Cargo.lock", include_str!("../../demo/project/Cargo.lock")),
    ("Cargo.toml", include_str!("../../demo/project/Cargo.toml.in")),
    ("README.md", include_str!("../../demo/project/README.md")),
    ("benches/parse_document.rs", include_str!("../../demo/project/benches/parse_document.rs")),
    ("optiloop.toml", include_str!("../../demo/project/optiloop.toml")),
    ("rustfmt.toml", include_str!("../../demo/project/rustfmt.toml")),
    ("src/blocks.rs", include_str!("../../demo/project/src/blocks.rs")),
    ("src/document.rs", include_str!("../../demo/project/src/document.rs")),
    ("src/escapes.rs", include_str!("../../demo/project/src/escapes.rs")),
    ("src/inline.rs", include_str!("../../demo/project/src/inline.rs")),
    ("src/lib.rs", include_str!("../../demo/project/src/lib.rs")),
    ("src/references.rs", include_str!("../../demo/project/src/references.rs")),
    ("src/tokens.rs", include_str!("../../demo/project/src/tokens.rs")),
    ("tests/documents.rs", include_str!("../../demo/project/tests/documents.rs")),
];

/// A recorded proposal: its patch and its report.
type Proposal = (&'static str, &'static str);

/// The five.
const PROPOSALS: &[Proposal] = &[
    (
        include_str!("../../demo/proposals/01-labels-by-map.patch"),
        include_str!("../../demo/proposals/01-labels-by-map.toml"),
    ),
    (
        include_str!("../../demo/proposals/02-borrowed-tokens.patch"),
        include_str!("../../demo/proposals/02-borrowed-tokens.toml"),
    ),
    (
        include_str!("../../demo/proposals/03-one-line-writer.patch"),
        include_str!("../../demo/proposals/03-one-line-writer.toml"),
    ),
    (
        include_str!("../../demo/proposals/04-plain-text-shortcut.patch"),
        include_str!("../../demo/proposals/04-plain-text-shortcut.toml"),
    ),
    (
        include_str!("../../demo/proposals/05-shorter-page.patch"),
        include_str!("../../demo/proposals/05-shorter-page.toml"),
    ),
];

/// What the demo is asked.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Where the project is made; a temporary folder if nowhere.
    pub folder: Option<PathBuf>,
    /// Seed of the order of proposals.
    pub shuffle: Option<u64>,
}

/// A finished demo.
pub struct Shown {
    /// The run.
    pub ended: Ended,
    /// Where the project lies.
    pub folder: PathBuf,
}

/// Makes the project, and lets the recorded agent propose.
pub async fn demo(context: &Context, request: &Request) -> Result<Shown, AppError> {
    let folder = if let Some(folder) = &request.folder {
        folder.clone()
    } else {
        let made = tempfile::Builder::new().prefix("optiloop-demo-").tempdir();
        let made = made.map_err(|error| AppError::Usage(format!("no temporary folder: {error}")))?;
        made.keep()
    };
    let (project, proposals) = (folder.join("wikitree"), folder.join("proposals"));
    if project.exists() {
        return Err(AppError::Usage(format!("{} is there already; name another folder", project.display())));
    }
    write_project(&project)?;
    write_proposals(&proposals, request.shuffle)?;
    commit(&context.environment, &project).await?;
    let context = Context { folder: project.clone(), store: Some(folder.join("store")), ..context.clone() };
    let flags = Flags {
        target: Some("parse_document".to_owned()),
        preset: Some("quick".to_owned()),
        ..Flags::default()
    };
    let ended = run_with(&context, flags, |settings| {
        if let Some(agent) = &mut settings.plan.agent {
            "replay".clone_into(&mut agent.transport);
            agent.proposals = Some(proposals);
        }
    })
    .await?;
    Ok(Shown { ended, folder: project })
}

fn write_project(folder: &Path) -> Result<(), AppError> {
    for (path, content) in PROJECT {
        write(&folder.join(path), content)?;
    }
    Ok(())
}

/// Numbered in the order in which they are proposed.
fn write_proposals(folder: &Path, shuffle: Option<u64>) -> Result<(), AppError> {
    let mut order: Vec<&Proposal> = PROPOSALS.iter().collect();
    if let Some(seed) = shuffle {
        order.shuffle(&mut rand_chacha::ChaCha8Rng::seed_from_u64(seed));
    }
    for (at, (patch, report)) in order.into_iter().enumerate() {
        write(&folder.join(format!("{:02}-proposal.patch", at + 1)), patch)?;
        write(&folder.join(format!("{:02}-proposal.toml", at + 1)), report)?;
    }
    Ok(())
}

fn write(path: &Path, content: &str) -> Result<(), AppError> {
    fs::create_folder(path.parent().unwrap_or(Path::new("/")))?;
    Ok(fs::replace(path, content.as_bytes())?)
}

/// A repository with one commit, made with the user's git, under no configuration but its own.
async fn commit(environment: &Environment, folder: &Path) -> Result<(), AppError> {
    let person = ["-c", "user.name=demo", "-c", "user.email=demo@localhost", "-c", "commit.gpgsign=false"];
    let commands: [Vec<&str>; 3] = [
        vec!["git", "init", "-q", "-b", "main"],
        vec!["git", "add", "-A"],
        [&["git"][..], &person, &["commit", "-q", "-m", "wikitree, a small parser"]].concat(),
    ];
    for argv in commands {
        super::toolchains::trusted(environment, &CommandSpec::new(argv), folder).await?;
    }
    // Landed commits need a person; an empty HOME has none.
    for (key, value) in [("user.name", "demo"), ("user.email", "demo@localhost")] {
        super::toolchains::trusted(environment, &CommandSpec::new(["git", "config", key, value]), folder)
            .await?;
    }
    Ok(())
}
