//! The Codex program itself: which file it is, its version, its digest.
//!
//! What npm puts on `PATH` is a script that starts the real program, and a signal to it leaves that one
//! running; so the real one is found and started. Start at [`Program::find`].

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::Digest as _;
use tokio_util::sync::CancellationToken;

use crate::agent::conversation::{Conversation, Sign, look_up};
use crate::fs;
use crate::model::id::Digest;
use crate::model::proposal::{AgentFailure, TurnRequest};

/// Longest time the program may take to tell its version.
const VERSION: Duration = Duration::from_secs(30);

/// A program that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program {
    /// The native program, absolute.
    pub path: PathBuf,
    /// What it says its version is.
    pub version: String,
    /// Digest of the file.
    pub digest: Digest,
}

impl Program {
    /// Finds `name`, a path or a name in the turn's `PATH`, and asks it for its version.
    pub(super) async fn find(
        name: &str,
        request: &TurnRequest,
        cancel: &CancellationToken,
    ) -> Result<Self, AgentFailure> {
        let missing = || AgentFailure::NotInstalled { looked_for: name.to_owned() };
        let paths = request.env.get("PATH").map(String::as_str).unwrap_or_default();
        let path = native(&look_up(name, paths).ok_or_else(missing)?);
        let hashed = path.clone();
        let digest = match tokio::task::spawn_blocking(move || digest(&hashed)).await {
            Ok(Ok(digest)) => digest,
            Ok(Err(error)) => {
                return Err(AgentFailure::Broken {
                    message: format!("cannot read {}: {error}", path.display()),
                });
            }
            Err(error) => return Err(AgentFailure::Broken { message: error.to_string() }),
        };
        let request = TurnRequest { wall: VERSION, idle: VERSION, ..request.clone() };
        let argv = vec![path.to_string_lossy().into_owned(), "--version".into()];
        let conversation = Conversation { request: &request, argv, env: request.env.clone(), input: "" };
        let mut version = None;
        let mut line = |text: &str| {
            version.get_or_insert_with(|| text.trim().to_owned());
            Sign::Alive
        };
        let held = conversation.hold(&mut line, cancel).await;
        match (held.ending?, version) {
            (exit, Some(version)) if exit.is_success() => Ok(Self { path, version, digest }),
            (exit, _) => {
                let message = format!("{} --version: {exit}: {}", path.display(), held.stderr);
                Err(AgentFailure::Broken { message })
            }
        }
    }

    /// Name, version and digest, for the record.
    pub(super) fn stamp(&self) -> String {
        format!("{} sha256:{}", self.version, self.digest)
    }
}

/// The native program behind npm's script, or the file itself where there is none.
fn native(found: &Path) -> PathBuf {
    let real = found.canonicalize().unwrap_or_else(|_| found.to_owned());
    if real.extension().is_none_or(|extension| extension != "js") {
        return real;
    }
    let Some(package) = real.parent().and_then(Path::parent) else { return real };
    let platform = format!("codex-{}-{}", os(), architecture());
    // npm puts the platform's package beside or beneath this one, according to its version and layout.
    let packages = [
        package.join("node_modules/@openai").join(&platform),
        package.with_file_name(&platform),
        package.to_owned(),
    ];
    let native = packages
        .iter()
        .filter_map(|package| fs::entries(&package.join("vendor")).ok())
        .flatten()
        .flat_map(|triple| [triple.join("bin/codex"), triple.join("codex/codex")])
        .find(|path| path.is_file());
    native.unwrap_or(real)
}

/// Node's name of this operating system.
fn os() -> &'static str {
    if std::env::consts::OS == "macos" { "darwin" } else { std::env::consts::OS }
}

/// Node's name of this architecture.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// Digest of a file that is too large to be read at once.
fn digest(path: &Path) -> std::io::Result<Digest> {
    let mut file = std::fs::OpenOptions::new().read(true).open(path)?;
    let mut sha = sha2::Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Digest::new(sha.finalize().into())),
            read => sha.update(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests;
