//! The environment, read once at the edge and passed on as data. The only place that reads it.
#![expect(clippy::disallowed_methods, reason = "this is the sanctioned place for the environment")]

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where the state of all repositories lies, below which each has its own.
pub const XDG_STATE_HOME: &str = "XDG_STATE_HOME";
/// Another machine-wide lock file than the usual one.
pub const OPTILOOP_LOCK: &str = "OPTILOOP_LOCK";
/// How many optiloops drive agents above this one.
pub const OPTILOOP_DEPTH: &str = "OPTILOOP_DEPTH";
/// Set to anything: no colour.
pub const NO_COLOR: &str = "NO_COLOR";

/// A snapshot.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// The variables that are valid UTF-8.
    pub variables: BTreeMap<String, String>,
    /// Our own binary.
    pub program: PathBuf,
}

impl Environment {
    /// Reads it.
    pub fn read() -> std::io::Result<Self> {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(Self { variables, program: std::env::current_exe()? })
    }

    /// The folder the user stands in.
    pub fn current_folder() -> std::io::Result<PathBuf> {
        std::env::current_dir()
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The user's home.
    pub fn home(&self) -> Option<PathBuf> {
        self.get("HOME").map(PathBuf::from)
    }
}
