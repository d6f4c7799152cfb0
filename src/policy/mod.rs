//! The rules that judge: layers with origins, strictest wins.
//!
//! Not here: how things are done (`model::plan`), judging (`engine`), reading files (`app/config`). Start at
//! [`Policy`]; [`resolve::resolve`] makes one from what the sources say, [`inspect::inspect`] holds a
//! proposal's change against it.

pub mod agents_md;
pub mod command;
pub mod error;
pub mod facts;
pub mod file;
pub mod glob;
pub mod inspect;
pub mod language;
pub mod layer;
pub mod origin;
pub mod preset;
pub mod quantity;
pub mod read;
pub mod resolve;
mod resolved;
pub mod service;
pub mod table;
pub mod value;

pub use resolved::Policy;

#[cfg(test)]
mod tests;

use error::PolicyError;
use resolve::{Overriding, Voice, resolve};

/// The policy of a preset alone.
pub fn preset(name: &str) -> Result<Policy, PolicyError> {
    let origin = origin::Origin::Flag { name: "--preset".to_owned() };
    let chosen = origin::Sourced::new(name.to_owned(), origin.clone());
    let voice = Voice { origin, preset: Some(chosen), layer: layer::Layer::default() };
    resolve(vec![voice], Overriding::Refused)
}
