//! Instructions of user code, counted by Valgrind's Callgrind.
//!
//! Format: <https://valgrind.org/docs/manual/cl-format.html>, the line `totals: N` (or `summary: N`) of each part, written
//! by `valgrind --tool=callgrind --callgrind-out-file=callgrind.%p.out PROGRAM`; a process of the tree each.

use super::{Files, Gauge, Source};
use crate::model::command::{CommandSpec, RESULTS};
use crate::model::goal::Quantity;
use crate::model::parse::ParseError;

const NAME: &str = "instructions";

/// The `instructions` gauge.
#[derive(Debug)]
pub struct Instructions;

impl Gauge for Instructions {
    fn name(&self) -> &'static str {
        NAME
    }

    fn quantity(&self) -> Quantity {
        Quantity::Count
    }

    fn source(&self) -> Source {
        Source::Files
    }

    fn reason(&self) -> &'static str {
        "user-space instructions of all processes, counted by Valgrind's Callgrind; a gain in instructions is not a gain \
         in time"
    }

    fn needs(&self) -> Option<(&'static str, &'static str)> {
        Some(("valgrind", "apt-get install valgrind"))
    }

    fn wrap(&self, mut launch: CommandSpec) -> CommandSpec {
        let out = format!("--callgrind-out-file={RESULTS}/callgrind.%p.out");
        let log = format!("--log-file={RESULTS}/valgrind.%p.log");
        let options = ["valgrind", "--tool=callgrind", "--trace-children=yes", "--dump-line=no", &out, &log];
        launch.argv.splice(0..0, options.map(str::to_owned));
        // Hashes seeded anew at each start make another count each time (decision.md A.10).
        launch.with_env("PYTHONHASHSEED", "0")
    }

    fn read(&self, files: &Files) -> Result<f64, ParseError> {
        let mut sum = 0;
        for (path, content) in files {
            if path.to_string_lossy().starts_with("callgrind.") {
                sum += total(content)?;
            }
        }
        if sum == 0 {
            let what = "Callgrind left no count: is the program started by the launch itself?";
            return Err(ParseError::line(NAME, 0, what, ""));
        }
        #[expect(clippy::cast_precision_loss, reason = "a relative error of 2⁻⁵³ changes nothing")]
        let sum = sum as f64;
        Ok(sum)
    }
}

/// The count of one process: the last `totals:`, else what its parts summarise.
fn total(content: &[u8]) -> Result<u64, ParseError> {
    let mut summed: Option<u64> = None;
    for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
        let known = [b"totals:".as_slice(), b"summary:"];
        let Some(rest) = known.iter().find_map(|key| line.strip_prefix(*key)) else { continue };
        let rest = String::from_utf8_lossy(rest);
        let first = rest.split_whitespace().next().and_then(|word| word.parse::<u64>().ok());
        let Some(count) = first else {
            let line = String::from_utf8_lossy(line);
            return Err(ParseError::line(NAME, index + 1, "expected a whole number", &line));
        };
        if line.starts_with(b"totals:") {
            return Ok(count);
        }
        summed = Some(summed.unwrap_or(0).saturating_add(count));
    }
    summed.ok_or_else(|| ParseError::line(NAME, 0, "the profile was cut off: it has no total", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &[u8])]) -> Result<f64, String> {
        let files = files.iter().map(|(name, content)| ((*name).into(), content.to_vec())).collect();
        Instructions.read(&files).map_err(|error| error.to_string())
    }

    #[test]
    fn a_real_profile_gives_its_total_and_every_process_adds_its_own() {
        let out = include_bytes!("../../tests/data/gauge/instructions/callgrind.out");
        let one = read(&[("callgrind.7.out", out), ("valgrind.7.log", b"==7== Collected : 1")]).unwrap();
        assert!((one - 2_285_451.0).abs() < f64::EPSILON, "{one}");
        assert_eq!(read(&[("callgrind.7.out", out), ("callgrind.8.out", out)]), Ok(2.0 * one));
    }

    #[test]
    fn a_cut_or_broken_profile_is_an_error_that_says_where() {
        let out = include_bytes!("../../tests/data/gauge/instructions/callgrind.out");
        let cut: Vec<&[u8]> = out.split(|byte| *byte == b'\n').collect();
        let cut: Vec<&[u8]> = (cut.into_iter()).take_while(|line| !line.starts_with(b"summary:")).collect();
        assert!(read(&[("callgrind.7.out", &cut.join(&b'\n'))]).unwrap_err().contains("cut off"));
        assert!(read(&[("callgrind.7.out", b"\ntotals: 12x")]).unwrap_err().contains("line 2"));
        assert!(read(&[]).unwrap_err().contains("left no count"));
    }

    #[test]
    fn the_launch_runs_below_callgrind_with_its_own_arguments() {
        let wrapped = Instructions.wrap(CommandSpec::new(["./program", "7"]));
        assert_eq!(wrapped.argv[..3], ["valgrind", "--tool=callgrind", "--trace-children=yes"]);
        assert_eq!(wrapped.argv[wrapped.argv.len() - 2..], ["./program", "7"]);
        assert!(wrapped.wants_results());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(content in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80)) {
            let content = [b"summary: ".as_slice(), &content].concat();
            let _ = read(&[("callgrind.1.out", &content)]);
        }
    }
}
