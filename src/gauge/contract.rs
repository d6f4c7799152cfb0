//! What every gauge does: wrap a launch, read what came out.

use crate::model::command::CommandSpec;
use crate::model::goal::Quantity;
use crate::model::parse::ParseError;

/// Files a wrapped launch left, by their path below its results folder.
pub type Files = std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>;

/// Where a gauge's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// CPU time of the process tree, from accounting.
    Cpu,
    /// Peak memory, from accounting.
    Peak,
    /// Time of a launch that does one iteration.
    LeastWork,
    /// Files that the wrapped launch leaves.
    Files,
    /// What was built, without a launch.
    Artifact,
}

/// One thing a goal or a guard may be about.
pub trait Gauge: Sync {
    /// Its name in config, equal to its file's name; `-` for `_` is the same.
    fn name(&self) -> &'static str;

    /// What it measures, for goals in units.
    fn quantity(&self) -> Quantity;

    /// Where its value comes from.
    fn source(&self) -> Source;

    /// How it is read and what it does not say, in words; printed wherever it decides.
    fn reason(&self) -> &'static str;

    /// Changes below this, in its own unit, are none (decision.md A.11).
    fn floor(&self) -> f64 {
        0.0
    }

    /// The program it needs and the command that installs it.
    fn needs(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// The launch as it has to be made.
    fn wrap(&self, launch: CommandSpec) -> CommandSpec {
        launch
    }

    /// The value in the files of a wrapped launch ([`Source::Files`]).
    fn read(&self, _: &Files) -> Result<f64, ParseError> {
        Err(ParseError::line(self.name(), 0, "is not read from files", ""))
    }
}

impl std::fmt::Debug for dyn Gauge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
