//! What flags say of config and policy, before anything is read.
//!
//! Not here: the words of the command line (`cli/args`), what they are weighed against (`config`). Start at
//! [`Flags::of`].

use std::time::Duration;

use crate::app::error::AppError;
use crate::model::bench::Instrument;
use crate::model::goal::Goal;
use crate::policy::layer::Layer;
use crate::policy::origin::{Origin, Sourced};
use crate::policy::read::{self, Stated};
use crate::policy::resolve::{Overriding, Voice};
use crate::policy::value::Ratio;

/// What flags say; `None` where they are silent.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--target`.
    pub target: Option<String>,
    /// `--goal`.
    pub goal: Option<Goal>,
    /// `--agent`.
    pub agent: Option<String>,
    /// `--preset`.
    pub preset: Option<String>,
    /// Policy values given by flags.
    pub policy: Layer,
    /// `--override-policy`.
    pub overriding: Option<Overriding>,
    /// `--iterations`.
    pub iterations: Option<u32>,
    /// `--time`.
    pub time: Option<Duration>,
    /// `--instrument`.
    pub instrument: Option<Instrument>,
    /// `--metric`.
    pub metric: Option<String>,
    /// `--alpha` and every `--policy KEY=VALUE`, each a voice of its own.
    pub voices: Vec<Voice>,
    /// `--fresh`.
    pub stream: Stream,
}

/// Whether candidates of earlier runs count (decision.md A.7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stream {
    /// They do: a job cannot be run again until it is green.
    #[default]
    CarriedOver,
    /// They do not, which is stamped.
    Fresh,
}

/// Flags that carry a value.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `--target`.
    pub target: Option<String>,
    /// `--preset`.
    pub preset: Option<String>,
    /// `--min-effect`, as a ratio.
    pub min_effect: Option<f64>,
    /// `--instrument`.
    pub instrument: Option<Instrument>,
    /// `--metric`.
    pub metric: Option<String>,
    /// `--alpha`.
    pub alpha: Option<String>,
    /// `--policy`, each as `KEY=VALUE`.
    pub policy: Vec<String>,
}

/// Flags that are set or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// `--require-sandbox`.
    RequireSandbox,
    /// `--no-code-identity`.
    NoCodeIdentity,
    /// `--override-policy`.
    OverridePolicy,
}

impl Flags {
    /// What these flags say.
    pub fn of(given: Given, switches: impl IntoIterator<Item = Switch>) -> Result<Self, AppError> {
        let said = |name: &str| Origin::Flag { name: name.to_owned() };
        let Given { target, preset, min_effect, instrument, metric, alpha, policy } = given;
        let mut flags = Self { target, preset, instrument, metric, ..Self::default() };
        if let Some(level) = alpha {
            flags.voices.push(voice("alpha", &level, said("--alpha"))?);
        }
        for pair in policy {
            let Some((key, value)) = pair.split_once('=') else {
                return Err(AppError::Usage(format!("--policy {pair}: KEY=VALUE is wanted")));
            };
            flags.voices.push(voice(key.trim(), value.trim(), said(&format!("--policy {pair}")))?);
        }
        if let Some(ratio) = min_effect {
            let ratio = Ratio::try_from(ratio).map_err(|error| AppError::Usage(error.to_string()))?;
            flags.policy.min_effect = Some(Sourced::new(ratio, said("--min-effect")));
        }
        for switch in switches {
            match switch {
                Switch::RequireSandbox => {
                    flags.policy.require_sandbox = Some(Sourced::new(true, said("--require-sandbox")));
                }
                Switch::NoCodeIdentity => {
                    flags.policy.code_identity = Some(Sourced::new(false, said("--no-code-identity")));
                }
                Switch::OverridePolicy => flags.overriding = Some(Overriding::Allowed),
            }
        }
        Ok(flags)
    }
}

/// One key of the policy as a flag says it.
fn voice(key: &str, value: &str, origin: Origin) -> Result<Voice, AppError> {
    let Stated { preset, layer } = read::single(key, value, &origin)?;
    Ok(Voice { origin, preset, layer })
}
