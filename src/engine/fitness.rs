//! Whether a machine is fit to measure on, in plain words: what was seen, what it does to numbers, what helps.
//!
//! Not here: looking (`app/machine`). Start at [`judge`].

use crate::model::machine::Machine;

/// One thing worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How bad it is.
    pub weight: Weight,
    /// What was seen and what it means.
    pub text: String,
}

/// What a remark does to measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing.
    Fine,
    /// More pairs are needed.
    Noisy,
    /// Small changes are out of reach while it lasts.
    Unfit,
}

impl Weight {
    /// The word before the remark.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Noisy => "noisy",
            Self::Unfit => "unfit",
        }
    }
}

/// Share of stolen time above which measurements suffer, and above which they are hopeless.
const STOLEN: [f64; 2] = [0.01, 0.10];
/// Runnable tasks a core, likewise.
const LOADED: [f64; 2] = [0.5, 1.5];
/// Degrees at which processors begin to slow down.
const HOT: f64 = 90.0;

/// Everything that was seen, worst first.
pub fn judge(machine: &Machine) -> Vec<Remark> {
    let mut remarks = vec![cores(machine), governor(machine), turbo(machine), steal(machine), load(machine)];
    remarks.extend([heat(machine), inside(machine)]);
    remarks.extend(granted(machine));
    remarks.sort_by_key(|remark| std::cmp::Reverse(remark.weight));
    remarks
}

/// The machine in a sentence.
pub fn summary(remarks: &[Remark]) -> &'static str {
    match remarks.iter().map(|remark| remark.weight).max() {
        Some(Weight::Unfit) => "This machine is not fit to measure small changes now.",
        Some(Weight::Noisy) => "This machine measures, at the price of more pairs.",
        Some(Weight::Fine) | None => "This machine is fit to measure.",
    }
}

fn remark(weight: Weight, text: impl Into<String>) -> Remark {
    Remark { weight, text: text.into() }
}

/// The weight of a value by two limits.
fn by(value: f64, [noisy, unfit]: [f64; 2]) -> Weight {
    match value {
        value if value > unfit => Weight::Unfit,
        value if value > noisy => Weight::Noisy,
        _ => Weight::Fine,
    }
}

fn cores(machine: &Machine) -> Remark {
    match machine.cores {
        1 => remark(Weight::Noisy, "one core: what else runs waits for the benchmark, and it for that"),
        n => remark(Weight::Fine, format!("{n} cores")),
    }
}

fn governor(machine: &Machine) -> Remark {
    let Machine { governors, .. } = machine;
    let steady = |name: &String| name == "performance";
    match governors.as_slice() {
        [] => remark(Weight::Fine, "governor: the system tells none (usual in a virtual machine)"),
        all if all.iter().all(steady) => {
            remark(Weight::Fine, "governor performance: one frequency throughout")
        }
        all => remark(
            Weight::Noisy,
            format!(
                "governor {}: the frequency follows the load; `cpupower frequency-set -g performance` pins it",
                all.join(", ")
            ),
        ),
    }
}

fn turbo(machine: &Machine) -> Remark {
    match machine.turbo {
        None => remark(Weight::Fine, "turbo: the system does not tell"),
        Some(false) => remark(Weight::Fine, "turbo is off"),
        Some(true) => remark(
            Weight::Noisy,
            "turbo is on: the frequency depends on heat and on the other cores; pairs back to back cancel most of it",
        ),
    }
}

fn steal(machine: &Machine) -> Remark {
    match machine.stolen {
        None => remark(Weight::Fine, "steal: the system does not tell"),
        Some(share) => {
            let weight = by(share, STOLEN);
            let means = match weight {
                Weight::Fine => "nobody takes the cores away",
                _ => "the hypervisor gives the cores to others; CPU time is hurt less than wall time",
            };
            remark(weight, format!("steal {:.1} %: {means}", 100.0 * share))
        }
    }
}

fn load(machine: &Machine) -> Remark {
    let Some(load) = machine.load else { return remark(Weight::Fine, "load: the system does not tell") };
    let each = load / f64::from(machine.cores.max(1));
    // The last minute remembers what has ended; what is busy now counts as well.
    let weight = by(machine.busy.map_or(each, |busy| each.min(2.0 * busy)), LOADED);
    let means = match weight {
        Weight::Fine => "little else runs",
        Weight::Noisy => "something else runs; wall time waits for it",
        Weight::Unfit => "more runs than there are cores; stop it, or expect wall time to say nothing",
    };
    remark(weight, format!("load {load:.1} on {} cores: {means}", machine.cores.max(1)))
}

fn heat(machine: &Machine) -> Remark {
    let hot = machine.celsius.is_some_and(|celsius| celsius >= HOT);
    match (machine.celsius, machine.throttled) {
        (Some(celsius), _) if hot => remark(
            Weight::Noisy,
            format!("{celsius:.0} °C: cores are slowed down at about this heat; let it cool"),
        ),
        (_, Some(count)) if count > 0 => remark(
            Weight::Noisy,
            format!("cores were slowed down for heat {count} times since boot; long runs drift"),
        ),
        (Some(celsius), _) => remark(Weight::Fine, format!("{celsius:.0} °C")),
        (None, Some(_)) => remark(Weight::Fine, "no core was slowed down for heat"),
        (None, None) => remark(Weight::Fine, "heat: the system does not tell"),
    }
}

fn inside(machine: &Machine) -> Remark {
    match &machine.inside {
        None => remark(Weight::Fine, "no virtual machine"),
        Some(what) => remark(
            Weight::Noisy,
            format!(
                "inside {what}: neighbours and the host's frequency are out of sight; counters may be missing"
            ),
        ),
    }
}

fn granted(machine: &Machine) -> Option<Remark> {
    let granted = machine.granted?;
    let weight = if granted < 1.0 { Weight::Unfit } else { Weight::Noisy };
    Some(remark(
        weight,
        format!(
            "a control group grants {granted:.1} cores: what uses more is stopped for parts of each tenth of a second"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A desktop at rest.
    fn quiet() -> Machine {
        Machine {
            cores: 8,
            governors: vec!["performance".to_owned()],
            turbo: Some(false),
            load: Some(0.1),
            stolen: Some(0.0),
            busy: Some(0.02),
            throttled: Some(0),
            celsius: Some(45.0),
            ..Machine::default()
        }
    }

    #[test]
    fn a_quiet_machine_is_fit() {
        assert_eq!(summary(&judge(&quiet())), "This machine is fit to measure.");
    }

    #[test]
    fn each_trouble_is_named_first_with_what_it_means() {
        for (machine, weight, word) in [
            (Machine { governors: vec!["powersave".to_owned()], ..quiet() }, Weight::Noisy, "cpupower"),
            (Machine { turbo: Some(true), ..quiet() }, Weight::Noisy, "turbo is on"),
            (Machine { stolen: Some(0.3), ..quiet() }, Weight::Unfit, "steal 30.0 %"),
            (Machine { load: Some(20.0), busy: Some(1.0), ..quiet() }, Weight::Unfit, "load 20.0"),
            (Machine { celsius: Some(97.0), ..quiet() }, Weight::Noisy, "97 °C"),
            (Machine { throttled: Some(3), ..quiet() }, Weight::Noisy, "3 times"),
            (Machine { inside: Some("KVM".to_owned()), ..quiet() }, Weight::Noisy, "inside KVM"),
            (Machine { granted: Some(0.5), ..quiet() }, Weight::Unfit, "0.5 cores"),
            (Machine { cores: 1, ..quiet() }, Weight::Noisy, "one core"),
        ] {
            let first = judge(&machine).remove(0);
            assert!(first.weight == weight && first.text.contains(word), "{first:?}");
        }
    }

    #[test]
    fn a_load_that_has_ended_is_not_held_against_the_machine() {
        let machine = Machine { load: Some(16.0), busy: Some(0.01), ..quiet() };
        assert!(judge(&machine).iter().all(|remark| remark.weight == Weight::Fine));
    }

    #[test]
    fn what_the_system_does_not_tell_is_said_and_not_guessed() {
        let said: Vec<String> = judge(&Machine::default()).into_iter().map(|remark| remark.text).collect();
        assert!(said.iter().filter(|text| text.contains("does not tell")).count() >= 4, "{said:?}");
    }
}
