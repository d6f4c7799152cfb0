//! Tests of the pprof reader: real profiles, another reader as oracle, and bytes that lie.

use proptest::prelude::*;
use prost::Message as _;

use super::*;
use crate::profile::hotspots;
use crate::profile::project::Project;

const CPU: &[u8] = include_bytes!("../../../tests/data/profile/pprof/cpu.pprof");
const HEAP: &[u8] = include_bytes!("../../../tests/data/profile/pprof/heap.pprof");
const PLAIN: &[u8] = include_bytes!("../../../tests/data/profile/pprof/heap-plain.pprof");
const EMPTY: &[u8] = include_bytes!("../../../tests/data/profile/pprof/empty.pprof");

/// The schema, as far as it is read, for the oracle.
mod schema {
    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Profile {
        #[prost(message, repeated, tag = "1")]
        pub(super) sample_type: Vec<ValueType>,
        #[prost(message, repeated, tag = "2")]
        pub(super) sample: Vec<Sample>,
        #[prost(message, repeated, tag = "4")]
        pub(super) location: Vec<Location>,
        #[prost(message, repeated, tag = "5")]
        pub(super) function: Vec<Function>,
        #[prost(string, repeated, tag = "6")]
        pub(super) string_table: Vec<String>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct ValueType {
        #[prost(int64, tag = "1")]
        pub(super) kind: i64,
        #[prost(int64, tag = "2")]
        pub(super) unit: i64,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Sample {
        #[prost(uint64, repeated, tag = "1")]
        pub(super) location_id: Vec<u64>,
        #[prost(int64, repeated, tag = "2")]
        pub(super) value: Vec<i64>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Location {
        #[prost(uint64, tag = "1")]
        pub(super) id: u64,
        #[prost(message, repeated, tag = "4")]
        pub(super) line: Vec<Line>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Line {
        #[prost(uint64, tag = "1")]
        pub(super) function_id: u64,
        #[prost(int64, tag = "2")]
        pub(super) line: i64,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Function {
        #[prost(uint64, tag = "1")]
        pub(super) id: u64,
        #[prost(int64, tag = "2")]
        pub(super) name: i64,
        #[prost(int64, tag = "4")]
        pub(super) filename: i64,
    }
}

/// Every sample as `function:line;… = values`, leaf first, equal stacks added up.
type Lines = std::collections::BTreeMap<String, Vec<i64>>;

fn ours(bytes: &[u8]) -> Lines {
    let profile = Pprof.read(bytes).unwrap();
    let mut lines = Lines::new();
    for (stack, values) in profile.samples() {
        let frames = profile.stack(stack).iter().map(|frame| {
            let frame = profile.frame(*frame);
            let function = profile.function(frame.function);
            format!("{}@{}:{}", function.name, function.file, frame.line)
        });
        add(&mut lines, frames.collect::<Vec<_>>().join(";"), values);
    }
    lines
}

fn oracle(bytes: &[u8]) -> Lines {
    let raw = if bytes[0] == 0x1f { unpacked(bytes).unwrap() } else { bytes.to_vec() };
    let profile = schema::Profile::decode(raw.as_slice()).unwrap();
    let text = |index: i64| profile.string_table[usize::try_from(index).unwrap()].as_str();
    let mut lines = Lines::new();
    for sample in &profile.sample {
        let mut frames = Vec::new();
        for id in &sample.location_id {
            let location = profile.location.iter().find(|location| location.id == *id).unwrap();
            for line in &location.line {
                let function =
                    profile.function.iter().find(|function| function.id == line.function_id).unwrap();
                frames.push(format!("{}@{}:{}", text(function.name), text(function.filename), line.line));
            }
        }
        add(&mut lines, frames.join(";"), &sample.value);
    }
    lines
}

fn add(lines: &mut Lines, stack: String, values: &[i64]) {
    let sums = lines.entry(stack).or_insert_with(|| vec![0; values.len()]);
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

#[test]
fn every_stack_and_value_equals_what_another_reader_reads() {
    for bytes in [CPU, HEAP, PLAIN] {
        let lines = ours(bytes);
        assert!(!lines.is_empty());
        assert_eq!(lines, oracle(bytes));
    }
}

#[test]
fn cumulative_and_own_time_equal_go_tool_pprof() {
    let top = include_str!("../../../tests/data/profile/pprof/cpu-top-cum.txt");
    let found = hotspots::find(
        &Pprof.read(CPU).unwrap(),
        &Project::new(["example.com/sample", "runtime", "strings"], []),
        99,
    );
    let mut compared = 0;
    for line in top.lines() {
        // flat flat% sum% cum cum% name (inline)
        let words: Vec<&str> = line.split_whitespace().collect();
        let (Some(flat), Some(cum), Some(name)) = (words.get(1), words.get(4), words.get(5)) else {
            continue;
        };
        let Some(hotspot) = found.hotspots.iter().find(|hotspot| hotspot.name == **name) else { continue };
        let percent = |text: &str| text.trim_end_matches('%').parse::<f64>().unwrap() / 100.0;
        assert!((hotspot.bound - percent(cum)).abs() < 1e-4, "{line}: {}", hotspot.bound);
        assert!((hotspot.own - percent(flat)).abs() < 1e-4, "{line}: {}", hotspot.own);
        compared += 1;
    }
    assert!(compared >= 14, "{compared}");
}

#[test]
fn the_hotspots_are_the_programs_own_functions() {
    let profile = Pprof.read(CPU).unwrap();
    let found = hotspots::find(&profile, &Project::new(["example.com/sample"], []), 3);
    let names: Vec<&str> = found.hotspots.iter().map(|hotspot| hotspot.name.as_str()).collect();
    assert_eq!(names, ["example.com/sample/text.Count", "example.com/sample/text.normalise"]);
    let normalise = &found.hotspots[1];
    assert_eq!(normalise.file.as_deref(), Some("text/text.go"));
    assert_eq!(normalise.callers[0].0, "example.com/sample/text.Count");
    assert_eq!(normalise.callees[0].0, "runtime.concatstring2");
    assert_eq!(normalise.lines[0].0, 18, "out += strings.ToLower(string(r))");
    assert_eq!((found.event.as_str(), found.samples), ("cpu", Some(218)));
    assert!(found.elsewhere.iter().all(|hotspot| !hotspot.user_code) && !found.elsewhere.is_empty());
}

#[test]
fn a_heap_profile_and_an_empty_one_say_what_they_are() {
    let heap = Pprof.read(HEAP).unwrap();
    let types: Vec<String> =
        heap.sample_types.iter().map(|kind| format!("{}/{}", kind.name, kind.unit)).collect();
    assert_eq!(
        types,
        ["alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes"]
    );
    assert_eq!(types[heap.main_value()], "alloc_space/bytes", "the file marks it");
    let empty = Pprof.read(EMPTY).unwrap();
    assert_eq!(empty.origin.warnings, ["the profile has no samples: nothing was recorded in its window"]);
    assert_eq!(empty.total(0), 0);
}

/// A message field with bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length >= 0x80 {
        out.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    out.push(u8::try_from(length).unwrap());
    out.extend_from_slice(bytes);
    out
}

#[test]
fn references_that_lead_nowhere_are_errors_with_their_offset() {
    let head = [field(1, &[0x08, 0, 0x10, 0]), field(6, b"")].concat();
    for (tail, message) in [
        (
            field(2, &[0x0a, 1, 9, 0x12, 1, 1]),
            "pprof: byte 10: a sample names location 9, which is not there",
        ),
        (field(2, &[]), "pprof: byte 10: a sample has 0 values, the profile 1 sample types"),
        (
            field(4, &[0x08, 1, 0x22, 2, 0x08, 7]),
            "pprof: byte 10: a location names function 7, which is not there",
        ),
        (
            [field(5, &[0x08, 7, 0x10, 5]), field(4, &[0x08, 1, 0x22, 2, 0x08, 7])].concat(),
            "pprof: byte 0: string 5 of a table of 1",
        ),
        (field(2, &[0x0a, 9]), "pprof: byte 12: cut off within a field"),
    ] {
        assert_eq!(Pprof.read(&[head.clone(), tail].concat()).unwrap_err().to_string(), message);
    }
    assert_eq!(
        Pprof.read(&[]).unwrap_err().to_string(),
        "pprof: byte 0: no sample types: not a profile, or an empty one"
    );
}

#[test]
fn inlined_frames_do_not_multiply_without_end() {
    // One location of 1000 inlined frames, named 100 000 times by one byte each.
    let lines: Vec<u8> = (0..1000).flat_map(|_| field(4, &[0x08, 7])).collect();
    let location = [vec![0x08, 1], lines].concat();
    let sample = [field(1, &vec![1; 100_000]), field(2, &[1])].concat();
    let head = [field(1, &[0x08, 0, 0x10, 0]), field(6, b""), field(5, &[0x08, 7])].concat();
    let error = Pprof.read(&[head, field(4, &location), field(2, &sample)].concat()).unwrap_err();
    assert!(error.to_string().ends_with("inlined frames multiply beyond reason"), "{error}");
}

#[test]
fn a_gzip_stream_that_ends_badly_says_after_how_many_bytes() {
    for length in [2, 9, CPU.len() / 2, CPU.len() - 1] {
        let error = Pprof.read(&CPU[..length]).unwrap_err();
        assert!(error.what.starts_with("gzip stream ends badly here"), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Pprof.read(&bytes);
    }

    #[test]
    fn a_real_profile_changed_anywhere_is_read_or_refused(
        changes in prop::collection::vec((0..PLAIN.len(), any::<u8>()), 1..12),
        length in 0..=PLAIN.len(),
    ) {
        let mut bytes = PLAIN[..length].to_vec();
        for (at, byte) in changes {
            if let Some(old) = bytes.get_mut(at) {
                *old = byte;
            }
        }
        if let Ok(profile) = Pprof.read(&bytes) {
            let found = hotspots::find(&profile, &Project::new(["example.com/sample"], []), 3);
            prop_assert!(found.hotspots.iter().all(|hotspot| (0.0..=1.0).contains(&hotspot.bound)));
        }
    }
}
