//! Valgrind's DHAT: every heap block of a launch of native code, counted. What `allocations` and `allocated_bytes` share.
//!
//! Format: the lines `==PID== Total:     1,234 bytes in 56 blocks` of the log (Valgrind's manual, chapter DHAT), written by
//! `valgrind --tool=dhat --log-file=dhat.%p.log PROGRAM`; a process of the tree each.

use super::Files;
use crate::model::command::{CommandSpec, RESULTS};
use crate::model::parse::ParseError;

/// How it is installed.
pub(super) const NEEDS: (&str, &str) = ("valgrind", "apt-get install valgrind");

/// Totals of a launch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Totals {
    pub(super) bytes: f64,
    pub(super) blocks: f64,
}

/// The launch under DHAT. `CPython` is told to leave its own allocator, which would hide its blocks.
pub(super) fn wrap(mut launch: CommandSpec) -> CommandSpec {
    let log = format!("--log-file={RESULTS}/dhat.%p.log");
    let options = ["valgrind", "--tool=dhat", "--trace-children=yes", "--dhat-out-file=/dev/null", &log];
    launch.argv.splice(0..0, options.map(str::to_owned));
    launch.with_env("PYTHONMALLOC", "malloc").with_env("PYTHONHASHSEED", "0")
}

/// Sums the processes.
pub(super) fn read(gauge: &'static str, files: &Files) -> Result<Totals, ParseError> {
    let mut totals = Totals { bytes: 0.0, blocks: 0.0 };
    let mut logs = 0;
    for (path, content) in files {
        let name = path.to_string_lossy();
        if !name.starts_with("dhat.") {
            continue;
        }
        logs += 1;
        for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
            let line = String::from_utf8_lossy(line);
            let Some((_, rest)) = line.split_once("== Total:") else { continue };
            let wrong = |what: &str| ParseError::line(gauge, index + 1, what, &line);
            let words: Vec<&str> = rest.split_whitespace().collect();
            let [bytes, "bytes", "in", blocks, "blocks"] = words.as_slice() else {
                return Err(wrong("expected `Total: N bytes in N blocks`"));
            };
            let number = |word: &str| word.replace(',', "").parse::<u64>().ok();
            let (Some(bytes), Some(blocks)) = (number(bytes), number(blocks)) else {
                return Err(wrong("expected whole numbers"));
            };
            #[expect(clippy::cast_precision_loss, reason = "a relative error of 2⁻⁵³ changes nothing")]
            let (bytes, blocks) = (bytes as f64, blocks as f64);
            totals.bytes += bytes;
            totals.blocks += blocks;
        }
    }
    if totals.blocks > 0.0 {
        return Ok(totals);
    }
    let what = match logs {
        0 => "DHAT left no log: is the program started by the launch itself?",
        _ => "no block was allocated, or the program has an allocator of its own that DHAT does not see",
    };
    Err(ParseError::line(gauge, 0, what, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(logs: &[(&str, &[u8])]) -> Files {
        logs.iter().map(|(name, content)| ((*name).into(), content.to_vec())).collect()
    }

    #[test]
    fn the_logs_of_a_real_launch_are_summed_over_its_processes() {
        let log = include_bytes!("../../tests/data/gauge/allocations/dhat.log");
        let one = read("allocations", &files(&[("dhat.1.log", log)])).unwrap();
        assert_eq!(one, Totals { bytes: 39_596.0, blocks: 1001.0 });
        let two = read("allocations", &files(&[("dhat.1.log", log), ("dhat.2.log", log)])).unwrap();
        assert!((two.blocks - 2.0 * one.blocks).abs() < f64::EPSILON);
    }

    #[test]
    fn what_is_no_log_or_a_cut_one_is_an_error_with_its_line() {
        let error = |logs: &[(&str, &[u8])]| read("allocations", &files(logs)).unwrap_err().to_string();
        assert!(error(&[]).contains("left no log"));
        assert!(
            error(&[("dhat.1.log", b"==7== Total:     0 bytes in 0 blocks\n")])
                .contains("allocator of its own")
        );
        assert!(
            error(&[("dhat.1.log", b"\n==7== Total:     36,5")]).starts_with("allocations: line 2: expected")
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_every_value_is_one(tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80)) {
            let content = [b"==7== Total: ".as_slice(), &tail].concat();
            if let Ok(totals) = read("allocations", &files(&[("dhat.1.log", &content)])) {
                proptest::prop_assert!(totals.bytes.is_finite() && totals.blocks > 0.0);
            }
        }
    }
}
