//! Tests of the perf script reader: real output, and output that was cut and mixed.

use proptest::prelude::*;

use super::*;
use crate::profile::hotspots::{self, Found};
use crate::profile::project::Project;

const INLINED: &str = include_str!("../../../tests/data/profile/perf_script/inlined.txt");
const PLAIN: &str = include_str!("../../../tests/data/profile/perf_script/plain.txt");
const FULL: &str = include_str!("../../../tests/data/profile/perf_script/full-debug.txt");

fn found(text: &str) -> Found {
    hotspots::find(&PerfScript.read(text.as_bytes()).unwrap(), &Project::new(["/sample/rust"], []), 3)
}

/// The share of samples whose block has this text, counted without the reader.
fn share(text: &str, name: &str) -> f64 {
    let blocks: Vec<&str> = text.split("\n\n").filter(|block| !block.trim().is_empty()).collect();
    let with = blocks.iter().filter(|block| block.contains(name)).count();
    f64::from(u32::try_from(with).unwrap()) / f64::from(u32::try_from(blocks.len()).unwrap())
}

fn check(text: &str, files: [Option<&str>; 2]) -> Found {
    let found = found(text);
    let names: Vec<&str> = found.hotspots.iter().map(|hotspot| hotspot.name.as_str()).take(2).collect();
    assert_eq!(names, ["sample::count", "sample::words::normalise"]);
    for (hotspot, file) in found.hotspots.iter().zip(files) {
        assert_eq!(hotspot.file.as_deref(), file);
        assert!(
            (hotspot.bound - share(text, &hotspot.name)).abs() < 0.01,
            "{} {}",
            hotspot.name,
            hotspot.bound
        );
    }
    found
}

#[test]
fn hotspots_are_the_programs_own_functions_with_inlined_calls_resolved() {
    let with_lines = check(INLINED, [Some("src/lib.rs"), Some("src/words.rs")]);
    assert!(with_lines.warnings.is_empty(), "{:?}", with_lines.warnings);
    assert_eq!(with_lines.hotspots[1].lines[0].0, 8, "out = format!(…)");
    check(FULL, [Some("src/lib.rs"), Some("src/words.rs")]);
}

#[test]
fn without_line_tables_symbols_and_modules_tell_whose_code_it_is() {
    let plain = check(PLAIN, [None, None]);
    assert_eq!(plain.warnings.len(), 1, "{:?}", plain.warnings);
    assert!(plain.warnings[0].starts_with("no source lines"));
    assert_eq!(plain.samples, Some(24));
}

#[test]
fn frames_of_the_kernel_belong_to_it() {
    let text = include_str!("../../../tests/data/profile/perf_script/kernel.txt");
    let found = found(text);
    assert_eq!(found.samples, Some(3));
    assert!(found.elsewhere.iter().all(|hotspot| !hotspot.user_code && hotspot.own > 0.0));
}

#[test]
fn the_event_that_was_really_recorded_is_read_back() {
    let text = include_str!("../../../tests/data/profile/perf_script/cycles-asked.txt");
    assert_eq!(found(text).event, "cpu-clock");
}

#[test]
fn a_function_perf_names_twice_is_one_and_keeps_its_own_line() {
    let text = "x 1/1 2.000000: 5 cpu-clock:\n\
        \t 18198 sample::normalise (/p/count)\n  /lib/fmt.rs:659\n\
        \t 18198 format\n  /lib/fmt.rs:12 (inlined)\n\
        \t 18198 normalise\n  /p/src/words.rs:8 (inlined)\n\
        \t 17ccb inner\n  /p/src/lib.rs:30 (inlined)\n\
        \t 17ccb sample::count (/p/count)\n  /p/src/lib.rs:24\n\n";
    let profile = PerfScript.read(text.as_bytes()).unwrap();
    let (stack, values) = profile.samples().next().unwrap();
    let frames: Vec<String> = profile
        .stack(stack)
        .iter()
        .map(|frame| {
            let frame = profile.frame(*frame);
            let function = profile.function(frame.function);
            format!("{} {}:{} {}", function.name, function.file, frame.line, function.module)
        })
        .collect();
    assert_eq!(
        frames,
        [
            "format /lib/fmt.rs:12 /p/count",
            "sample::normalise /p/src/words.rs:8 /p/count",
            "inner /p/src/lib.rs:30 /p/count",
            "sample::count /p/src/lib.rs:24 /p/count"
        ]
    );
    assert_eq!(values, [1, 5]);
}

#[test]
fn odd_names_are_read_and_odd_lines_are_errors_with_their_number() {
    let header = Header::read("a 1/2 3.4: b 10/11  3832.384141:    2004008 sched:sched_switch: ").unwrap();
    assert_eq!(header, Header { period: Some(2_004_008), event: "sched:sched_switch" });
    let frame = |text: &str| Printed::read(text).map(|frame| (frame.name, frame.module.unwrap_or_default()));
    let pair = |name: &str, module: &str| Some((name.to_owned(), module.to_owned()));
    assert_eq!(
        frame("\t 1f operator()(int) (/lib/x (deleted))"),
        pair("operator()(int)", "/lib/x (deleted)")
    );
    assert_eq!(frame("\t 1f [unknown] ([unknown])"), pair("[unknown]", "[unknown]"));
    assert_eq!(frame("\t 1f <&(u8, u8) as X>::y"), pair("<&(u8, u8) as X>::y", ""));
    assert_eq!(frame("\t zz main (/x)"), None);
    for (text, place) in [
        ("  a:b.c:12 (discriminator 3)", ("a:b.c", 12)),
        ("  /p/x y.rs:7 (inlined)", ("/p/x y.rs", 7)),
        ("  :0", ("", 0)),
        ("  ??:0", ("", 0)),
        ("  x.c:?", ("", 0)),
        ("  [kernel.kallsyms][ffffffff813ae293]", ("", 0)),
        ("  do_syscall_64+0x5b", ("", 0)),
    ] {
        assert_eq!(source_line(text), place);
    }
    for (text, message) in [
        ("hello\n", "perf_script: line 1: expected `comm pid/tid time: event:`: \"hello\""),
        ("x 1/1 2.0: 5 e:\n\t zz main\n", "perf_script: line 2: not a frame: \"\\t zz main\""),
        (
            "x 1/1 2.0: 5 e:\nhello\n",
            "perf_script: line 2: neither a frame, a source line nor a sample: \"hello\"",
        ),
        (
            "# only a comment\n",
            "perf_script: the whole output: no samples: the program ran too short, or perf recorded nothing",
        ),
    ] {
        assert_eq!(PerfScript.read(text.as_bytes()).unwrap_err().to_string(), message);
    }
}

#[test]
fn samples_of_a_second_event_are_left_out_and_named() {
    let text = "x 1/1 2.0: 5 cpu-clock:\n\t 1 a (/x)\n\nx 1/1 2.1: 7 faults:\n\t 1 b (/x)\n\n";
    let profile = PerfScript.read(text.as_bytes()).unwrap();
    assert_eq!(profile.total(0), 1);
    assert!(profile.origin.warnings.contains(&"samples of a second event were left out: faults".to_owned()));
}

proptest! {
    #[test]
    fn output_cut_and_mixed_anywhere_is_read_or_refused(
        cuts in prop::collection::vec(0..PLAIN.len(), 2..8),
        noise in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut bytes = Vec::new();
        for pair in cuts.windows(2) {
            bytes.extend_from_slice(&PLAIN.as_bytes()[pair[0].min(pair[1])..pair[0].max(pair[1])]);
            bytes.extend_from_slice(&noise);
        }
        let _ = PerfScript.detects(&bytes);
        if let Ok(profile) = PerfScript.read(&bytes) {
            prop_assert!(profile.total(0) > 0);
        }
    }
}
