//! What the command may not do: limits and Landlock.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, NetPort, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
    RulesetError, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

use crate::model::command::Limits;
use crate::model::launch::{Enforcement, Landlock, Network};

/// The rights this program knows; an older kernel enforces those it knows.
const KNOWN: ABI = ABI::V6;

/// A restriction that could not be put in force.
#[derive(Debug, thiserror::Error)]
pub(super) enum RestrictError {
    #[error("landlock refused its rules: {0}")]
    Rules(#[from] RulesetError),
    #[error("landlock is required and this kernel does not enforce it")]
    NotEnforced,
    #[error("limit {resource}: {source}")]
    Limit { resource: &'static str, source: Errno },
    #[error("capabilities cannot be dropped: {0}")]
    Capabilities(Errno),
}

/// Sets limits of this process; the command inherits them.
pub(super) fn limit(limits: &Limits) -> Result<(), RestrictError> {
    set("CORE", Resource::Core, Some(0))?;
    set("FSIZE", Resource::Fsize, limits.file_size)?;
    set("AS", Resource::As, limits.address_space)
}

fn set(name: &'static str, resource: Resource, most: Option<u64>) -> Result<(), RestrictError> {
    let Some(most) = most else { return Ok(()) };
    // Raising a limit is not ours to do.
    let most = getrlimit(resource).maximum.map_or(most, |present| present.min(most));
    let limit = Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(resource, limit).map_err(|source| RestrictError::Limit { resource: name, source })
}

/// Puts the calling thread, and all it starts from now on, under `rules` and takes its capabilities; paths that
/// do not exist are skipped. Where TCP is refused, `ports` are not.
pub(super) fn fence(rules: &Landlock, ports: &[u16]) -> Result<(), RestrictError> {
    let mut ruleset = Ruleset::default().handle_access(AccessFs::from_all(KNOWN))?;
    if rules.network == Network::Loopback {
        ruleset = ruleset.handle_access(AccessNet::from_all(KNOWN))?;
    }
    let mut created = ruleset.scope(Scope::from_all(KNOWN))?.create()?;
    if rules.network == Network::Loopback {
        for port in ports {
            created = created.add_rule(NetPort::new(*port, AccessNet::from_all(KNOWN)))?;
        }
    }
    let status = created
        .add_rules(path_beneath_rules(&rules.read, AccessFs::from_read(KNOWN)))?
        .add_rules(path_beneath_rules(&rules.write, AccessFs::from_all(KNOWN)))?
        .restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced && rules.enforcement == Enforcement::Required {
        return Err(RestrictError::NotEnforced);
    }
    // Landlock has set no_new_privs, so that root does not get them back by starting a program. With
    // CAP_PERFMON it could read the launcher's environment, with CAP_DAC_OVERRIDE every user's files.
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })
        .map_err(RestrictError::Capabilities)
}
