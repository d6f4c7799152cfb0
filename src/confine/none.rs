//! No confinement: the launcher accounts and cleans up, and nothing is hidden or refused.

use std::path::Path;

use super::{Sandbox, launcher_argv, with_tmp};
use crate::model::launch::{
    Bind, Confinement, ConfinementStamp, Job, LauncherPath, Request, SandboxFacts, Wrapped,
};

/// Runs commands as the user who runs optiloop.
pub(super) struct Unconfined;

impl Sandbox for Unconfined {
    fn name(&self) -> &'static str {
        "none"
    }

    fn works(&self, _facts: &SandboxFacts) -> bool {
        true
    }

    fn seen<'a>(&self, bind: &'a Bind) -> &'a Path {
        &bind.from
    }

    fn wrap(&self, job: Job, confinement: &Confinement, launcher: &LauncherPath) -> Wrapped {
        let request = Request { job: with_tmp(job, confinement), landlock: None };
        Wrapped { argv: launcher_argv(launcher).into(), request }
    }

    fn stamp(&self, _facts: &SandboxFacts, _confinement: &Confinement) -> ConfinementStamp {
        ConfinementStamp {
            mechanism: "none".into(),
            confined: "no".into(),
            gaps: vec!["files, network and other processes are open to what was run".into()],
        }
    }
}
