//! Linux perf: the processor clock, call stacks by unwinding, text out.
//!
//! The event is the clock and never `cycles`: where there is no hardware counter perf replaces that silently.
//! Inlined calls and source lines are resolved by `addr2line` within perf; where that takes longer than
//! `PATIENCE` (large debug builds), the stacks are printed again without.

use std::time::Duration;

use super::Collector;
use super::acts::{Act, Capture, CollectError, Kind, Launch, Tool, Yielded, taken};
use crate::model::command::{CommandSpec, Exit, Finished};
use crate::profile::{Format as _, perf_script::PerfScript};

const NAME: &str = "perf";
const HINT: &str = "apt install linux-perf (Debian), linux-tools-generic (Ubuntu), perf (Fedora, Arch)";
/// Samples a second: odd, so that it does not beat with timers.
const RATE: &str = "499";
/// Bytes of stack kept a sample; unwinding needs them where code has no frame pointers.
const STACK: &str = "dwarf,8192";
/// Seconds for resolving inlined calls and source lines.
const PATIENCE: u32 = 60;

/// The `perf` collector.
#[derive(Debug)]
pub struct Perf;

impl Collector for Perf {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kind(&self) -> Kind {
        Kind::Cpu
    }

    fn needs(&self) -> Option<Tool> {
        Some(Tool { program: "perf", hint: HINT })
    }

    /// Some 1000 samples, 8 MB of stacks.
    fn wanted(&self) -> Duration {
        Duration::from_secs(2)
    }

    fn plan(&self, launch: &Launch<'_>) -> Vec<Act> {
        let recording = launch.scratch.join("perf.data").display().to_string();
        let text = launch.scratch.join("perf.txt");
        // -N: perf would fill a cache of programs in HOME.
        let record = [
            "perf",
            "record",
            "-N",
            "-e",
            "cpu-clock",
            "-F",
            RATE,
            "--call-graph",
            STACK,
            "-o",
            &recording,
            "--",
        ];
        let argv = record.into_iter().map(str::to_owned).chain(launch.command.argv.iter().cloned());
        let recorded = CommandSpec { argv: argv.collect(), ..launch.command.clone() };
        // Through a file: the output is larger than what is kept of a child's standard output.
        let fields = "-F comm,pid,tid,time,period,event,ip,sym,dso";
        // On a busy machine perf gives up on an `addr2line` that is slow to start, and prints no line at all
        // without a word; the second time it is in memory.
        let script = format!(
            "lines() {{ timeout {PATIENCE} perf script -i \"$1\" {fields},srcline --full-source-path > \"$2\"; }}\n\
             lines \"$1\" \"$2\" && {{ grep -Eq '^ +/.*:[1-9]' \"$2\" || lines \"$1\" \"$2\"; }} \
             || perf script -i \"$1\" {fields} --no-inline > \"$2\""
        );
        let printed = CommandSpec::new(["sh", "-c", &script, "sh", &recording, &text.display().to_string()]);
        vec![Act::Run(recorded), Act::Run(printed), Act::TakeFile(text)]
    }

    fn read(&self, yielded: &[Yielded]) -> Result<Capture, CollectError> {
        let raw = taken(NAME, yielded, hint)?;
        let mut profile =
            PerfScript.read(raw).map_err(|error| CollectError::Unreadable { collector: NAME, error })?;
        let event = profile.origin.event.clone().unwrap_or_default();
        if !event.starts_with("cpu-clock") {
            profile.origin.warnings.push(format!("perf recorded {event} in place of cpu-clock"));
        }
        if let Some(Yielded::Ran(recorded)) = yielded.first() {
            let text = recorded.stderr.text();
            profile.origin.warnings.extend(
                text.lines()
                    .filter(|line| line.contains(" lost "))
                    .take(3)
                    .map(|line| line.trim().to_owned()),
            );
        }
        Ok(Capture { profile, raw: raw.to_vec() })
    }
}

/// What a failed perf needs.
fn hint(finished: &Finished, text: &str) -> Option<String> {
    if matches!(finished.exit, Exit::NotStarted(_) | Exit::Code(127)) {
        return Some(HINT.to_owned());
    }
    text.contains("perf_event_paranoid")
        .then(|| "sysctl kernel.perf_event_paranoid=2, or less, as root".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::command::Output;

    fn ran(exit: Exit, stderr: &str) -> Yielded {
        let (stdout, stderr) = (Output::default(), Output::whole(stderr));
        Yielded::Ran(Box::new(Finished::ended(exit, stdout, stderr)))
    }

    #[test]
    fn a_launch_is_recorded_where_it_runs_and_printed_to_a_file() {
        let command = CommandSpec::new(["./bench", "7"]).in_folder("text").with_env("OPTILOOP_N", "7");
        let acts = Perf.plan(&Launch { command: &command, scratch: Path::new("/tmp/x y") });
        let [Act::Run(record), Act::Run(script), Act::TakeFile(file)] = acts.as_slice() else {
            panic!("{acts:?}")
        };
        assert_eq!(
            record.argv.join(" "),
            "perf record -N -e cpu-clock -F 499 --call-graph dwarf,8192 -o /tmp/x y/perf.data -- ./bench 7"
        );
        assert_eq!((&record.folder, &record.env), (&command.folder, &command.env));
        assert_eq!(script.argv[3..], ["sh", "/tmp/x y/perf.data", "/tmp/x y/perf.txt"]);
        assert_eq!(file, Path::new("/tmp/x y/perf.txt"));
    }

    #[test]
    fn a_recording_that_failed_says_what_would_help() {
        let error = Perf.read(&[ran(Exit::NotStarted("no such program".into()), "")]).unwrap_err();
        assert_eq!(error.hint(), Some(HINT));
        let error = Perf
            .read(&[ran(Exit::Code(255), "Consider adjusting /proc/sys/kernel/perf_event_paranoid")])
            .unwrap_err();
        assert!(error.hint().unwrap().starts_with("sysctl"), "{error}");
        let error =
            Perf.read(&[ran(Exit::Code(0), ""), Yielded::NotTaken("no such file".into())]).unwrap_err();
        assert_eq!(error.to_string(), "perf: the recording was not written: no such file");
    }

    #[test]
    fn a_real_recording_is_read() {
        let stderr = include_str!("../../tests/data/collect/perf/record-stderr.txt");
        let text = include_bytes!("../../tests/data/collect/perf/perf.txt");
        let yielded = [ran(Exit::Code(0), stderr), ran(Exit::Code(0), ""), Yielded::Took(text.to_vec())];
        let capture = Perf.read(&yielded).unwrap();
        assert_eq!((capture.profile.total(0), capture.profile.origin.warnings.len()), (4, 0));
        assert_eq!(capture.profile.origin.event.as_deref(), Some("cpu-clock"));
    }

    #[test]
    fn another_event_than_wanted_and_lost_samples_are_said() {
        let text = b"x 1/1 2.000000: 5 cycles:\n\t 1f main (/bin/x)\n\n".to_vec();
        let recorded = ran(Exit::Code(0), "Processed 9 events and lost 1 chunks!\nCheck IO/CPU overload!\n");
        let capture = Perf.read(&[recorded, ran(Exit::Code(0), ""), Yielded::Took(text)]).unwrap();
        let warnings = capture.profile.origin.warnings.join("\n");
        assert!(warnings.contains("perf recorded cycles in place of cpu-clock"), "{warnings}");
        assert!(warnings.contains("lost 1 chunks"), "{warnings}");
    }
}
