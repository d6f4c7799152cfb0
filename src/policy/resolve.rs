//! From what the sources say to the policy of a run: strictest wins, and who loosens is told.
//!
//! Committed files make the floor: the strictest of them counts. Everything else is a wish: flags over
//! environment over files that are not committed (of those the strictest). A wish stricter than the floor
//! counts; a looser one is an error unless it is overridden, which is listed for the stamp. The built-in
//! preset fills what nobody says. Start at [`resolve`].

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::error::PolicyError;
use super::glob::Globs;
use super::layer::{Layer, Merge, Said};
use super::origin::{Origin, Rank, Sourced};
use super::preset;
use super::resolved::Policy;
use super::value::Order;

/// Whether `--override-policy` was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overriding {
    /// Loosening below a committed source is an error.
    Refused,
    /// It is allowed and listed.
    Allowed,
}

/// What one source says. `origin` says how it ranks; leaves carry their own lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    /// Who speaks.
    pub origin: Origin,
    /// The preset it chooses, at its own line; its values stand beneath the layer's.
    pub preset: Option<Sourced<String>>,
    /// What it says itself.
    pub layer: Layer,
}

impl Voice {
    /// A source that chooses no preset.
    pub fn new(origin: Origin, layer: Layer) -> Self {
        Self { origin, preset: None, layer }
    }
}

/// A committed demand that was loosened because the user said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The key.
    pub key: String,
    /// The value that holds.
    pub to: Sourced<String>,
    /// The value it replaced.
    pub from: Sourced<String>,
}

/// Combines all sources, in any order.
pub fn resolve(voices: Vec<Voice>, overriding: Overriding) -> Result<Policy, PolicyError> {
    let mut ranked: [(Rank, Layer); 5] = [Rank::BuiltIn, Rank::File, Rank::Env, Rank::Flag, Rank::Committed]
        .map(|rank| (rank, Layer::default()));
    for Voice { origin, preset, layer } in voices {
        contradicts_itself(&layer)?;
        let layer = match preset {
            Some(chosen) => layer.over(preset::named(&chosen.value, chosen.origin)?),
            None => layer,
        };
        let rank = origin.rank();
        for (of, below) in &mut ranked {
            if *of == rank {
                *below = std::mem::take(below).merge(layer, &mut Strictest)?;
                break;
            }
        }
    }
    let [(_, gaps), (_, files), (_, env), (_, flags), (_, floor)] = ranked;
    let wish = flags.over(env).over(files);
    let mut settle = Settle { overriding, overrides: Vec::new() };
    let settled = wish.merge(floor, &mut settle)?;
    let built_in = preset::built_in()?;
    let policy = Policy::from_layer(settled.over(gaps).over(built_in), settle.overrides)?;
    Globs::new(policy.protected.iter().chain(&policy.benchmarks))?;
    Ok(policy)
}

/// A delay for a confirmation that is switched off, said by one source, has no meaning.
fn contradicts_itself(layer: &Layer) -> Result<(), PolicyError> {
    match (&layer.confirm, &layer.confirm_delay) {
        (Some(off), Some(delay)) if !off.value && delay.value.0 > 0 => Err(PolicyError::Contradiction {
            one_says: "confirm = false".to_owned(),
            one: Box::new(off.origin.clone()),
            other_says: format!("confirm-delay = {}", delay.value),
            other: Box::new(delay.origin.clone()),
        }),
        _ => Ok(()),
    }
}

fn contradiction<T: std::fmt::Display>(key: &str, one: Sourced<T>, other: Sourced<T>) -> PolicyError {
    PolicyError::Contradiction {
        one_says: format!("{key} = {}", one.value),
        one: Box::new(one.origin),
        other_says: format!("{key} = {}", other.value),
        other: Box::new(other.origin),
    }
}

/// Among equals the strictest counts, the first of equally strict ones.
struct Strictest;

impl Merge for Strictest {
    type Error = PolicyError;

    fn leaf<T: Clone + PartialEq + std::fmt::Display>(
        &mut self,
        key: &'static str,
        order: Order<T>,
        sides: (Said<T>, Said<T>),
    ) -> Result<Said<T>, PolicyError> {
        match sides {
            (Some(one), Some(other)) => match order(&one.value, &other.value) {
                Some(Ordering::Less) => Ok(Some(other)),
                Some(Ordering::Equal | Ordering::Greater) => Ok(Some(one)),
                None => Err(contradiction(key, one, other)),
            },
            (one, other) => Ok(one.or(other)),
        }
    }
}

/// The wish (first side) against the floor (second).
struct Settle {
    overriding: Overriding,
    overrides: Vec<Override>,
}

impl Merge for Settle {
    type Error = PolicyError;

    fn leaf<T: Clone + PartialEq + std::fmt::Display>(
        &mut self,
        key: &'static str,
        order: Order<T>,
        sides: (Said<T>, Said<T>),
    ) -> Result<Said<T>, PolicyError> {
        let (wish, floor) = match sides {
            (Some(wish), Some(floor)) => (wish, floor),
            (wish, floor) => return Ok(wish.or(floor)),
        };
        match (order(&wish.value, &floor.value), self.overriding) {
            (Some(Ordering::Greater), _) => Ok(Some(wish)),
            (Some(Ordering::Equal), _) => Ok(Some(floor)),
            (Some(Ordering::Less) | None, Overriding::Allowed) => {
                self.overrides.push(Override {
                    key: key.to_owned(),
                    to: Sourced::new(wish.value.to_string(), wish.origin.clone()),
                    from: Sourced::new(floor.value.to_string(), floor.origin),
                });
                Ok(Some(wish))
            }
            (Some(Ordering::Less), Overriding::Refused) => Err(PolicyError::Loosens {
                key,
                wanted: wish.value.to_string(),
                origin: Box::new(wish.origin),
                demanded: floor.value.to_string(),
                floor: Box::new(floor.origin),
            }),
            (None, Overriding::Refused) => Err(contradiction(key, wish, floor)),
        }
    }
}
