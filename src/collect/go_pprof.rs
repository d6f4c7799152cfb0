//! Go's own CPU profiler: one more flag on the test binary, a pprof file out.

use std::time::Duration;

use super::Collector;
use super::acts::{Act, Capture, CollectError, Kind, Launch, Tool, Yielded, taken};
use crate::profile::{Format as _, pprof::Pprof};

const NAME: &str = "go_pprof";
const FILE: &str = "cpu.pprof";

/// The `go_pprof` collector; it launches Go test binaries only.
#[derive(Debug)]
pub struct GoPprof;

impl Collector for GoPprof {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kind(&self) -> Kind {
        Kind::Cpu
    }

    fn needs(&self) -> Option<Tool> {
        None
    }

    /// At Go's fixed 100 Hz some 300 samples.
    fn wanted(&self) -> Duration {
        Duration::from_secs(3)
    }

    fn plan(&self, launch: &Launch<'_>) -> Vec<Act> {
        let file = launch.scratch.join(FILE);
        let mut command = launch.command.clone();
        command.argv.push(format!("-test.cpuprofile={}", file.display()));
        vec![Act::Run(command), Act::TakeFile(file)]
    }

    fn read(&self, yielded: &[Yielded]) -> Result<Capture, CollectError> {
        let raw = taken(NAME, yielded, |_, _| None)?;
        let profile = Pprof.read(raw).map_err(|error| CollectError::Unreadable { collector: NAME, error })?;
        Ok(Capture { profile, raw: raw.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::command::{CommandSpec, Exit, Finished, Output};

    #[test]
    fn a_launch_gets_one_more_flag() {
        let command = CommandSpec::new(["./bench.test", "-test.run=^$"]).in_folder("text");
        let acts = GoPprof.plan(&Launch { command: &command, scratch: Path::new("/tmp/x") });
        let run = CommandSpec::new(["./bench.test", "-test.run=^$", "-test.cpuprofile=/tmp/x/cpu.pprof"]);
        assert_eq!(acts, [Act::Run(run.in_folder("text")), Act::TakeFile("/tmp/x/cpu.pprof".into())]);
    }

    #[test]
    fn a_real_recording_is_read() {
        let stdout = Output::whole(include_bytes!("../../tests/data/collect/go_pprof/launch.txt").as_slice());
        let raw = include_bytes!("../../tests/data/collect/go_pprof/cpu.pprof");
        let ran = Finished::ended(Exit::Code(0), stdout, Output::default());
        let capture = GoPprof.read(&[Yielded::Ran(Box::new(ran)), Yielded::Took(raw.to_vec())]).unwrap();
        assert_eq!((capture.profile.total(0), capture.raw.as_slice()), (218, raw.as_slice()));
        let missing = GoPprof.read(&[]).unwrap_err();
        assert_eq!(missing.to_string(), "go_pprof: the recording was not written");
    }
}
