//! What this machine offers: sandboxes, performance counters, tools with their versions.

use crate::model::launch::{LauncherPath, SandboxFacts};

/// Probes bubblewrap (by a real launch of `launcher` in it) and Landlock.
pub async fn probe(launcher: &LauncherPath) -> SandboxFacts {
    let _ = launcher;
    todo!()
}

/// What a tool says about its version: the first line of what `program args` prints, or `None` where it does
/// not run. For our own doctor, never for programs of a candidate.
pub async fn tool_version(program: &str, args: &[&str]) -> Option<String> {
    let _ = (program, args);
    todo!()
}

/// `kernel.perf_event_paranoid`: up to 2 a process may be counted and sampled, up to 1 the kernel too.
pub fn perf_event_paranoid() -> Option<i32> {
    todo!()
}
