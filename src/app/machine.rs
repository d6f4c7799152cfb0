//! Looks at the machine that measures: `/proc`, `/sys`, the control group.
//!
//! Not here: what it means (`engine/fitness`). Start at [`look`]; [`of_texts`] reads what the files say.

use std::path::Path;
use std::time::Duration;

use crate::fs;
use crate::model::machine::Machine;

/// How long it is looked at, for what can only be seen over time.
const LOOK: Duration = Duration::from_secs(1);

/// Looks for about a second.
pub async fn look() -> Machine {
    let before = read("/proc/stat");
    tokio::time::sleep(LOOK).await;
    let after = read("/proc/stat");
    let cpu = Path::new("/sys/devices/system/cpu");
    let texts = Texts {
        cpuinfo: read("/proc/cpuinfo"),
        kernel: read("/proc/sys/kernel/osrelease"),
        loadavg: read("/proc/loadavg"),
        stat: (before, after),
        governors: of_cores(cpu, "cpufreq/scaling_governor"),
        no_turbo: read_at(&cpu.join("intel_pstate/no_turbo")),
        boost: read_at(&cpu.join("cpufreq/boost")),
        throttled: of_cores(cpu, "thermal_throttle/core_throttle_count"),
        sensors: below(Path::new("/sys/class/thermal"), "temp"),
        product: read("/sys/class/dmi/id/product_name"),
        vendor: read("/sys/class/dmi/id/sys_vendor"),
        container: ["/.dockerenv", "/run/.containerenv"].iter().any(|path| Path::new(path).exists()),
        cpu_max: read("/sys/fs/cgroup/cpu.max"),
    };
    of_texts(&texts)
}

/// What the files say; empty where one is not there.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// `/proc/cpuinfo`.
    pub cpuinfo: String,
    /// `/proc/sys/kernel/osrelease`.
    pub kernel: String,
    /// `/proc/loadavg`.
    pub loadavg: String,
    /// `/proc/stat`, before and after the look.
    pub stat: (String, String),
    /// `cpufreq/scaling_governor` of each core.
    pub governors: Vec<String>,
    /// `intel_pstate/no_turbo`.
    pub no_turbo: String,
    /// `cpufreq/boost`.
    pub boost: String,
    /// `thermal_throttle/core_throttle_count` of each core.
    pub throttled: Vec<String>,
    /// `temp` of each thermal zone, in thousandths of a degree.
    pub sensors: Vec<String>,
    /// The product's name in the firmware.
    pub product: String,
    /// Its maker.
    pub vendor: String,
    /// Whether a container's mark is there.
    pub container: bool,
    /// `cpu.max` of the control group.
    pub cpu_max: String,
}

/// Facts from texts.
pub fn of_texts(texts: &Texts) -> Machine {
    let field = |name: &str| {
        texts.cpuinfo.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            (key.trim() == name).then(|| value.trim().to_owned())
        })
    };
    let cores = texts.cpuinfo.lines().filter(|line| line.starts_with("processor")).count();
    let mut governors: Vec<String> = texts.governors.iter().map(|name| name.trim().to_owned()).collect();
    governors.sort();
    governors.dedup();
    let shares = shares(&texts.stat.0, &texts.stat.1);
    let throttled: Vec<u64> = texts.throttled.iter().filter_map(|text| text.trim().parse().ok()).collect();
    let sensors = texts.sensors.iter().filter_map(|text| text.trim().parse::<f64>().ok());
    Machine {
        processor: field("model name").or_else(|| field("CPU part")),
        cores: u32::try_from(cores).unwrap_or(0),
        kernel: Some(texts.kernel.trim().to_owned()).filter(|text| !text.is_empty()),
        governors,
        turbo: match (texts.no_turbo.trim(), texts.boost.trim()) {
            ("0", _) | ("", "1") => Some(true),
            ("1", _) | ("", "0") => Some(false),
            _ => None,
        },
        load: texts.loadavg.split_whitespace().next().and_then(|text| text.parse().ok()),
        stolen: shares.map(|(stolen, _)| stolen),
        busy: shares.map(|(_, busy)| busy),
        throttled: (!throttled.is_empty()).then(|| throttled.iter().sum()),
        celsius: sensors.map(|milli| milli / 1000.0).reduce(f64::max),
        inside: inside(texts, field("flags").as_deref()),
        granted: granted(&texts.cpu_max),
    }
}

/// Stolen and busy shares of the time between two readings of `/proc/stat`.
fn shares(before: &str, after: &str) -> Option<(f64, f64)> {
    let ticks = |text: &str| -> Option<Vec<f64>> {
        let line = text.lines().find(|line| line.starts_with("cpu "))?;
        line.split_whitespace().skip(1).take(8).map(|word| word.parse().ok()).collect()
    };
    let (before, after) = (ticks(before)?, ticks(after)?);
    let spent: Vec<f64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    let all: f64 = spent.iter().sum();
    let [.., idle, waiting, _, _, stolen] = spent.as_slice() else { return None };
    (all > 0.0).then(|| (stolen / all, (all - idle - waiting) / all))
}

fn inside(texts: &Texts, flags: Option<&str>) -> Option<String> {
    let virtual_machine =
        flags.is_some_and(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor"));
    let firmware = format!("{} {}", texts.vendor.trim(), texts.product.trim());
    match (virtual_machine, firmware.trim(), texts.container) {
        (true, "", _) => Some("a virtual machine".to_owned()),
        (true, name, _) => Some(format!("a virtual machine ({name})")),
        (false, _, true) => Some("a container".to_owned()),
        (false, _, false) => None,
    }
}

/// `100000 100000` grants one core, `max 100000` all of them.
fn granted(cpu_max: &str) -> Option<f64> {
    let mut words = cpu_max.split_whitespace();
    let (quota, period): (f64, f64) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    (period > 0.0).then(|| quota / period)
}

fn read(path: &str) -> String {
    read_at(Path::new(path))
}

fn read_at(path: &Path) -> String {
    fs::read_text_if_present(path).ok().flatten().unwrap_or_default()
}

/// A file of each core.
fn of_cores(cpu: &Path, name: &str) -> Vec<String> {
    below(cpu, name)
}

/// A file of each folder in `folder` that has it.
fn below(folder: &Path, name: &str) -> Vec<String> {
    let folders = fs::entries(folder).unwrap_or_default();
    let texts = folders.iter().map(|folder| read_at(&folder.join(name)));
    texts.filter(|text| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_files_say_becomes_facts() {
        let texts = Texts {
            cpuinfo: "processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: fpu hypervisor\n\nprocessor\t: 1\nmodel name\t: \
                      Some CPU\n"
                .to_owned(),
            kernel: "6.8.0-45-generic\n".to_owned(),
            loadavg: "1.50 0.70 0.30 2/345 6789\n".to_owned(),
            stat: ("cpu  100 0 100 800 0 0 0 0 0 0\n".to_owned(), "cpu  150 0 120 900 0 0 0 30 0 0\n".to_owned()),
            governors: vec!["powersave\n".to_owned(), "powersave\n".to_owned()],
            no_turbo: "0\n".to_owned(),
            throttled: vec!["2\n".to_owned(), "1\n".to_owned()],
            sensors: vec!["41000\n".to_owned(), "63500\n".to_owned()],
            vendor: "QEMU\n".to_owned(),
            cpu_max: "150000 100000\n".to_owned(),
            ..Texts::default()
        };
        let machine = of_texts(&texts);
        assert_eq!((machine.cores, machine.processor.as_deref()), (2, Some("Some CPU")));
        assert_eq!((machine.load, machine.turbo, machine.throttled), (Some(1.5), Some(true), Some(3)));
        assert_eq!((machine.stolen, machine.busy), (Some(0.15), Some(0.5)));
        assert_eq!((machine.celsius, machine.granted), (Some(63.5), Some(1.5)));
        assert_eq!(machine.inside.as_deref(), Some("a virtual machine (QEMU)"));
        assert_eq!(machine.governors, ["powersave"]);
    }

    #[test]
    fn files_that_are_not_there_tell_nothing() {
        assert_eq!(of_texts(&Texts::default()), Machine::default());
    }
}
