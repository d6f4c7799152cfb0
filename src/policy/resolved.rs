//! The policy a run is judged by: every value with its origin, journalled whole.

use serde::{Deserialize, Serialize};

use super::error::{PolicyError, Problem, ReadError};
use super::layer::{Layer, Said};
use super::origin::{Place, Sourced};
use super::resolve::Override;
use super::value::{Alpha, Gate, Guards, ProfileKind, Ratio, Seconds};

/// The resolved policy; the key of each leaf in files is its name with dashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// X: the least reduction of cost that is an improvement (decision.md A.1). Larger is stricter.
    pub min_effect: Sourced<Ratio>,
    /// How the level of each comparison is set (A.7).
    pub alpha: Sourced<Alpha>,
    /// q: the share of landed changes below X that e-LOND allows. Smaller is stricter.
    pub false_discovery: Sourced<Ratio>,
    /// Whether an improvement is confirmed on a fresh build before it lands (A.6).
    pub confirm: Sourced<bool>,
    /// Least time between the last pair of the test and the confirmation. Longer is stricter.
    pub confirm_delay: Sourced<Seconds>,
    /// D: how much worse a guard may be shown to stay within (A.8). Smaller is stricter.
    pub guard_margin: Sourced<Ratio>,
    /// What landing demands of guards.
    pub guards: Sourced<Guards>,
    /// Whether the full suite must pass on the very tree that lands.
    pub full_suite: Sourced<bool>,
    /// Whether a profile is taken before the first proposal.
    pub measure_first: Sourced<bool>,
    /// The profile for latency work.
    pub profile_latency: Sourced<ProfileKind>,
    /// The profile for memory work.
    pub profile_memory: Sourced<ProfileKind>,
    /// The profile for contention work.
    pub profile_contention: Sourced<ProfileKind>,
    /// Whether each landed change is one commit that can be reverted alone.
    pub one_commit: Sourced<bool>,
    /// Proposals that edit or delete existing tests: hold or block.
    pub tests_edited: Sourced<Gate>,
    /// Proposals that change dependencies.
    pub dependencies: Sourced<Gate>,
    /// Proposals that change how the code is built.
    pub build_flags: Sourced<Gate>,
    /// Proposals that buy wall time with more CPU time (A.9).
    pub parallelism: Sourced<Gate>,
    /// Most files a proposal may change.
    pub max_files: Sourced<u64>,
    /// Most lines a proposal may add and remove, together.
    pub max_lines: Sourced<u64>,
    /// Most bytes of those lines.
    pub max_bytes: Sourced<u64>,
    /// Whether a run must be confined.
    pub require_sandbox: Sourced<bool>,
    /// Whether equal machine code is no change (A.13); off only for A/A trials.
    pub code_identity: Sourced<bool>,
    /// Globs of files no proposal may add, edit or delete.
    pub protected: Vec<Sourced<String>>,
    /// Globs of benchmark files: existing ones are protected, added ones are split off.
    pub benchmarks: Vec<Sourced<String>>,
    /// Committed demands that were loosened by `--override-policy`, for the stamp.
    pub overrides: Vec<Override>,
}

impl Policy {
    /// A layer in which every leaf is said; one that is not is the built-in preset's fault and named.
    pub(super) fn from_layer(layer: Layer, overrides: Vec<Override>) -> Result<Self, PolicyError> {
        let Layer {
            min_effect,
            alpha,
            false_discovery,
            confirm,
            confirm_delay,
            guard_margin,
            guards,
            full_suite,
            measure_first,
            profile_latency,
            profile_memory,
            profile_contention,
            one_commit,
            tests_edited,
            dependencies,
            build_flags,
            parallelism,
            max_files,
            max_lines,
            max_bytes,
            require_sandbox,
            code_identity,
            protected,
            benchmarks,
        } = layer;
        Ok(Self {
            min_effect: said("min-effect", min_effect)?,
            alpha: said("alpha", alpha)?,
            false_discovery: said("false-discovery", false_discovery)?,
            confirm: said("confirm", confirm)?,
            confirm_delay: said("confirm-delay", confirm_delay)?,
            guard_margin: said("guard-margin", guard_margin)?,
            guards: said("guards", guards)?,
            full_suite: said("full-suite", full_suite)?,
            measure_first: said("measure-first", measure_first)?,
            profile_latency: said("profile-for.latency", profile_latency)?,
            profile_memory: said("profile-for.memory", profile_memory)?,
            profile_contention: said("profile-for.contention", profile_contention)?,
            one_commit: said("one-commit", one_commit)?,
            tests_edited: said("tests-edited", tests_edited)?,
            dependencies: said("dependencies", dependencies)?,
            build_flags: said("build-flags", build_flags)?,
            parallelism: said("parallelism", parallelism)?,
            max_files: said("max-files", max_files)?,
            max_lines: said("max-lines", max_lines)?,
            max_bytes: said("max-bytes", max_bytes)?,
            require_sandbox: said("require-sandbox", require_sandbox)?,
            code_identity: said("code-identity", code_identity)?,
            protected,
            benchmarks,
            overrides,
        })
    }
}

fn said<T>(key: &str, value: Said<T>) -> Result<Sourced<T>, PolicyError> {
    value.ok_or_else(|| {
        PolicyError::Read(ReadError {
            place: Place { path: "policies/default.toml".to_owned(), line: 1 },
            problem: Problem::Missing { key: key.to_owned() },
        })
    })
}

impl Policy {
    /// Every value as key, text and origin, in the order of the fields; lists give a line an element.
    pub fn lines(&self) -> Vec<(&'static str, String, String)> {
        macro_rules! leaves {
            ($($key:literal $field:ident),* $(,)?) => {{
                // Exhaustive on purpose: a new leaf does not build until it is told.
                let Self { $($field,)* protected: _, benchmarks: _, overrides: _ } = self;
                vec![$(($key, $field.value.to_string(), $field.origin.to_string())),*]
            }};
        }
        let mut lines = leaves!(
            "min-effect" min_effect, "alpha" alpha, "false-discovery" false_discovery, "confirm" confirm,
            "confirm-delay" confirm_delay, "guard-margin" guard_margin, "guards" guards,
            "full-suite" full_suite, "measure-first" measure_first, "profile-for.latency" profile_latency,
            "profile-for.memory" profile_memory, "profile-for.contention" profile_contention,
            "one-commit" one_commit, "tests-edited" tests_edited, "dependencies" dependencies,
            "build-flags" build_flags, "parallelism" parallelism, "max-files" max_files,
            "max-lines" max_lines, "max-bytes" max_bytes, "require-sandbox" require_sandbox,
            "code-identity" code_identity,
        );
        let globs = |key, globs: &[Sourced<String>]| -> Vec<(&'static str, String, String)> {
            globs.iter().map(|glob| (key, glob.value.clone(), glob.origin.to_string())).collect()
        };
        lines.extend(globs("protected", &self.protected));
        lines.extend(globs("benchmarks", &self.benchmarks));
        lines
    }
}
