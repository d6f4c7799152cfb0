//! What one source says: every leaf optional, each with its origin.
//!
//! A leaf is added here, in [`Layer::merge`], in `resolved` (the policy, and its lines for people) and in `read`;
//! the compiler names the places.

use super::origin::Sourced;
use super::value::{Alpha, Gate, Guards, Order, ProfileKind, Ratio, Seconds, larger, smaller, unordered};

/// A leaf that may be said or not.
pub type Said<T> = Option<Sourced<T>>;

/// The values one source states; start of everything that is resolved.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "each leaf is documented once, at `Policy`")]
pub struct Layer {
    pub min_effect: Said<Ratio>,
    pub alpha: Said<Alpha>,
    pub false_discovery: Said<Ratio>,
    pub confirm: Said<bool>,
    pub confirm_delay: Said<Seconds>,
    pub guard_margin: Said<Ratio>,
    pub guards: Said<Guards>,
    pub full_suite: Said<bool>,
    pub measure_first: Said<bool>,
    pub profile_latency: Said<ProfileKind>,
    pub profile_memory: Said<ProfileKind>,
    pub profile_contention: Said<ProfileKind>,
    pub one_commit: Said<bool>,
    pub tests_edited: Said<Gate>,
    pub dependencies: Said<Gate>,
    pub build_flags: Said<Gate>,
    pub parallelism: Said<Gate>,
    pub max_files: Said<u64>,
    pub max_lines: Said<u64>,
    pub max_bytes: Said<u64>,
    pub require_sandbox: Said<bool>,
    pub code_identity: Said<bool>,
    pub protected: Vec<Sourced<String>>,
    pub benchmarks: Vec<Sourced<String>>,
}

/// How a leaf said by two layers becomes one; see `resolve` for the three ways.
pub trait Merge {
    /// Why two values cannot become one.
    type Error;

    /// The leaf both make. `order` says which value is the stricter.
    fn leaf<T: Clone + PartialEq + std::fmt::Display>(
        &mut self,
        key: &'static str,
        order: Order<T>,
        sides: (Said<T>, Said<T>),
    ) -> Result<Said<T>, Self::Error>;
}

impl Layer {
    /// Both layers, leaf by leaf, as `merge` decides; lists are united.
    pub fn merge<M: Merge>(self, other: Self, merge: &mut M) -> Result<Self, M::Error> {
        // Exhaustive on purpose: a new leaf does not build until it is merged.
        let Self {
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
        } = self;
        Ok(Self {
            min_effect: merge.leaf("min-effect", larger, (min_effect, other.min_effect))?,
            alpha: merge.leaf("alpha", larger, (alpha, other.alpha))?,
            false_discovery: merge.leaf(
                "false-discovery",
                smaller,
                (false_discovery, other.false_discovery),
            )?,
            confirm: merge.leaf("confirm", larger, (confirm, other.confirm))?,
            confirm_delay: merge.leaf("confirm-delay", larger, (confirm_delay, other.confirm_delay))?,
            guard_margin: merge.leaf("guard-margin", smaller, (guard_margin, other.guard_margin))?,
            guards: merge.leaf("guards", larger, (guards, other.guards))?,
            full_suite: merge.leaf("full-suite", larger, (full_suite, other.full_suite))?,
            measure_first: merge.leaf("measure-first", larger, (measure_first, other.measure_first))?,
            profile_latency: merge.leaf(
                "profile-for.latency",
                unordered,
                (profile_latency, other.profile_latency),
            )?,
            profile_memory: merge.leaf(
                "profile-for.memory",
                unordered,
                (profile_memory, other.profile_memory),
            )?,
            profile_contention: merge.leaf(
                "profile-for.contention",
                unordered,
                (profile_contention, other.profile_contention),
            )?,
            one_commit: merge.leaf("one-commit", larger, (one_commit, other.one_commit))?,
            tests_edited: merge.leaf("tests-edited", larger, (tests_edited, other.tests_edited))?,
            dependencies: merge.leaf("dependencies", larger, (dependencies, other.dependencies))?,
            build_flags: merge.leaf("build-flags", larger, (build_flags, other.build_flags))?,
            parallelism: merge.leaf("parallelism", larger, (parallelism, other.parallelism))?,
            max_files: merge.leaf("max-files", smaller, (max_files, other.max_files))?,
            max_lines: merge.leaf("max-lines", smaller, (max_lines, other.max_lines))?,
            max_bytes: merge.leaf("max-bytes", smaller, (max_bytes, other.max_bytes))?,
            require_sandbox: merge.leaf(
                "require-sandbox",
                larger,
                (require_sandbox, other.require_sandbox),
            )?,
            code_identity: merge.leaf("code-identity", larger, (code_identity, other.code_identity))?,
            protected: union(protected, other.protected),
            benchmarks: union(benchmarks, other.benchmarks),
        })
    }

    /// This layer where it speaks, the other where it is silent.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let Ok(layer) = self.merge(below, &mut Over);
        layer
    }
}

/// The first who speaks wins: within one source, or along flags > environment > file.
struct Over;

impl Merge for Over {
    type Error = std::convert::Infallible;

    fn leaf<T: Clone + PartialEq + std::fmt::Display>(
        &mut self,
        _: &'static str,
        _: Order<T>,
        (above, below): (Said<T>, Said<T>),
    ) -> Result<Said<T>, Self::Error> {
        Ok(above.or(below))
    }
}

/// Both lists, each glob once, with the origin of the first who said it.
fn union(mut one: Vec<Sourced<String>>, other: Vec<Sourced<String>>) -> Vec<Sourced<String>> {
    for said in other {
        if !one.iter().any(|known| known.value == said.value) {
            one.push(said);
        }
    }
    one
}
