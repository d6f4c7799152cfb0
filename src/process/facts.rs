//! What this machine offers: sandboxes, tools with their versions.
//!
//! Facts only; `confine::choose` and `doctor` judge them. Start at [`probe`].

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use landlock::{ABI, Access as _, AccessFs, LandlockStatus, Ruleset, RulesetAttr as _};
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use super::run::run;
use crate::model::command::{Exit, Limits};
use crate::model::launch::{Job, LAUNCH_VERB, LauncherPath, Request, Sampling, SandboxFacts, Wrapped};

/// How long a probe may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The namespaces our sandbox uses, without its mounts.
const BUBBLEWRAP: &[&str] = &[
    "bwrap",
    "--as-pid-1",
    "--unshare-user",
    "--cap-drop",
    "ALL",
    "--disable-userns",
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
    "--",
];

/// Probes bubblewrap, by a real launch of `launcher` in it, and Landlock.
pub async fn probe(launcher: &LauncherPath) -> SandboxFacts {
    let said = tool_version("bwrap", &["--version"]).await;
    let bubblewrap = said.map(|said| said.trim_start_matches("bubblewrap ").to_owned());
    let bubblewrap_refused = if bubblewrap.is_some() { refused_by_bubblewrap(launcher).await } else { None };
    SandboxFacts { bubblewrap, bubblewrap_refused, landlock_abi: landlock_abi() }
}

/// All that a tool prints, or `None` where it does not run; as [`tool_version`].
pub async fn tool_output(program: &str, args: &[&str]) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "a tool of the user is asked for what it has")]
    let mut command = Command::new(program);
    let asked = command.args(args).stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(PATIENCE, asked).await.ok()?.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a tool says about its version: the first line of what it prints, or `None` where it does not run. For
/// tools the user installed, never for programs of a candidate: nothing is confined here.
pub async fn tool_version(program: &str, args: &[&str]) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "a tool of the user is asked for its version")]
    let mut command = Command::new(program);
    let asked = command.args(args).stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(PATIENCE, asked).await.ok()?.ok()?;
    // Some print it to standard error, some (mvn) reset colours also where there are none.
    let first = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes)
            .replace("\u{1b}[0m", "")
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .map(str::to_owned)
    };
    output.status.success().then(|| first(&output.stdout).or_else(|| first(&output.stderr)))?
}

/// A launch of a command that does not exist: that it is reported shows that the sandbox let the launcher work.
async fn refused_by_bubblewrap(launcher: &LauncherPath) -> Option<String> {
    let job = Job {
        argv: vec!["/dev/null/nothing".into()],
        folder: "/".into(),
        env: BTreeMap::new(),
        limits: Limits { wall: PATIENCE, ..Limits::default() },
        sampling: Sampling::Off,
        services: Vec::new(),
    };
    let mut argv: Vec<String> = BUBBLEWRAP.iter().map(ToString::to_string).collect();
    argv.extend([launcher.0.to_string_lossy().into_owned(), LAUNCH_VERB.to_owned()]);
    let wrapped = Wrapped { argv, request: Request { job, landlock: None } };
    match run(wrapped, &CancellationToken::new()).await {
        Ok(finished) => match finished.exit {
            Exit::NotStarted(_) => None,
            other => Some(other.to_string()),
        },
        Err(error) => Some(error.to_string()),
    }
}

/// The kernel's Landlock ABI as far as we know it. Asked by restricting a thread that ends at once: the
/// system call for it is not to be had without unsafe code.
fn landlock_abi() -> Option<u32> {
    let restrict = || {
        let ruleset = Ruleset::default().handle_access(AccessFs::from_all(ABI::V1)).ok()?.create().ok()?;
        match ruleset.restrict_self().ok()?.landlock {
            LandlockStatus::Available { effective_abi, kernel_abi } => {
                Some(kernel_abi.unwrap_or(effective_abi as i32).unsigned_abs())
            }
            LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => None,
        }
    };
    std::thread::spawn(restrict).join().ok()?
}
