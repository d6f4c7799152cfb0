//! Sandboxes: how a command is wrapped so that it reaches only what it may. A file per sandbox.
//!
//! Pure: a job and a [`Confinement`] go in, a command line and the launcher's request come out. Not here:
//! starting anything or finding out what the machine offers (`process`). Start at [`Sandbox`] and [`choose`].

mod bubblewrap;
mod landlock;
mod none;

use std::path::Path;

use crate::model::launch::{
    Bind, Confinement, ConfinementStamp, Job, LAUNCH_VERB, LauncherPath, SandboxFacts, Wrapped,
};

/// A way to confine children.
pub trait Sandbox: Sync {
    /// The name in config and in stamps.
    fn name(&self) -> &'static str;

    /// Whether this machine can use it.
    fn works(&self, facts: &SandboxFacts) -> bool;

    /// Where a child sees `bind`: command lines and folders of a job are written with this path.
    fn seen<'a>(&self, bind: &'a Bind) -> &'a Path;

    /// The job as it is started, `TMPDIR` set; the job's paths are those [`Sandbox::seen`] told.
    fn wrap(&self, job: Job, confinement: &Confinement, launcher: &LauncherPath) -> Wrapped;

    /// What is in force when `confinement` is asked of it on a machine with these facts.
    fn stamp(&self, facts: &SandboxFacts, confinement: &Confinement) -> ConfinementStamp;
}

/// Every sandbox, strongest first.
pub static SANDBOXES: &[&dyn Sandbox] =
    &[&bubblewrap::Bubblewrap, &landlock::LandlockOnly, &none::Unconfined];

/// The strongest sandbox that works here; the last of [`SANDBOXES`] always does.
pub fn choose(facts: &SandboxFacts) -> &'static dyn Sandbox {
    SANDBOXES.iter().copied().find(|sandbox| sandbox.works(facts)).unwrap_or(&none::Unconfined)
}

/// The launcher's own command line.
fn launcher_argv(launcher: &LauncherPath) -> [String; 2] {
    [launcher.0.to_string_lossy().into_owned(), LAUNCH_VERB.to_owned()]
}

/// The job with `TMPDIR` pointing at the private temporary folder.
fn with_tmp(mut job: Job, confinement: &Confinement) -> Job {
    job.env.insert("TMPDIR".into(), confinement.tmp.to_string_lossy().into_owned());
    job
}

#[cfg(test)]
mod tests;
