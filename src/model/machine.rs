//! What was seen of the machine that measures: facts, no judgement.
//!
//! `app/machine` reads them, `engine/fitness` says what they mean, two runs are compared by [`Machine::place`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A look at the machine; `None` where the system does not tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Machine {
    /// Model of the processor.
    pub processor: Option<String>,
    /// Cores that can be used.
    pub cores: u32,
    /// Release of the kernel.
    pub kernel: Option<String>,
    /// Frequency governors in use.
    pub governors: Vec<String>,
    /// Whether cores may run above their nominal frequency.
    pub turbo: Option<bool>,
    /// Mean number of runnable tasks over the last minute.
    pub load: Option<f64>,
    /// Share of the time that a hypervisor gave to others while it was looked at.
    pub stolen: Option<f64>,
    /// Share of the time that the cores were busy while it was looked at.
    pub busy: Option<f64>,
    /// How often cores were slowed down for their heat, since boot.
    pub throttled: Option<u64>,
    /// Hottest sensor, in degrees Celsius.
    pub celsius: Option<f64>,
    /// Hypervisor or container, where it runs in one.
    pub inside: Option<String>,
    /// Cores that a control group grants, where it limits them.
    pub granted: Option<f64>,
}

impl Machine {
    /// What must be the same for two measurements to be of one place, by name.
    pub fn place(&self) -> BTreeMap<String, String> {
        let Self { processor, cores, kernel, inside, .. } = self;
        let unknown = || "unknown".to_owned();
        [
            ("processor", format!("{} × {cores}", processor.clone().unwrap_or_else(unknown))),
            ("kernel", kernel.clone().unwrap_or_else(unknown)),
            ("inside", inside.clone().unwrap_or_else(|| "no virtual machine".to_owned())),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}
