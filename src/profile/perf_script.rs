//! What `perf script` prints: a block a sample, a line a frame, the source line under it.
//!
//! Format: <https://man7.org/linux/man-pages/man1/perf-script.1.html>, produced by `perf script
//! -F comm,pid,tid,time,period,event,ip,sym,dso,srcline --full-source-path` (perf 6.1), with or without
//! `--no-inline` and `srcline`. The event stands in every block: perf may have taken another one than it was
//! told to, and says so nowhere else.

use std::collections::BTreeSet;

use super::Format;
use super::model::{Builder, Frame, FrameId, Function, Profile, SampleType};
use crate::model::parse::ParseError;

const NAME: &str = "perf_script";
/// Frames of one sample that are kept; perf itself stops at 127 without, and far below with, inlined frames.
const DEEPEST: usize = 4096;

/// The `perf_script` format.
#[derive(Debug)]
pub struct PerfScript;

impl Format for PerfScript {
    fn name(&self) -> &'static str {
        NAME
    }

    fn detects(&self, bytes: &[u8]) -> bool {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
        head.lines().filter(|line| !is_skipped(line)).take(1).any(|line| Header::read(line).is_some())
    }

    fn read(&self, bytes: &[u8]) -> Result<Profile, ParseError> {
        let mut reader = Reader::default();
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            reader.take(index + 1, &String::from_utf8_lossy(line))?;
        }
        reader.profile()
    }
}

/// Empty lines and perf's own comments.
fn is_skipped(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

/// `comm pid/tid time: [period] event:`; a comm may hold anything.
#[derive(Debug, PartialEq)]
struct Header<'a> {
    period: Option<i64>,
    event: &'a str,
}

impl<'a> Header<'a> {
    fn read(line: &'a str) -> Option<Self> {
        if line.starts_with('\t') {
            return None;
        }
        let mut rest = line.trim_end().strip_suffix(':')?;
        let mut found = None;
        // The last `pid/tid` followed by a time: what comes before it is the comm.
        while let Some((word, tail)) = next_word(rest) {
            rest = tail;
            let is_ids = word.split_once('/').is_some_and(|(pid, tid)| is_digits(pid) && is_digits(tid));
            let Some((time, tail)) = next_word(tail) else { break };
            let time = time.strip_suffix(':').and_then(|time| time.split_once('.'));
            if is_ids && time.is_some_and(|(seconds, fraction)| is_digits(seconds) && is_digits(fraction)) {
                found = Some(tail);
            }
        }
        let (first, tail) = next_word(found?)?;
        Some(match next_word(tail) {
            Some((event, _)) if is_digits(first) => Self { period: first.parse().ok(), event },
            _ => Self { period: None, event: first },
        })
    }
}

fn next_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A frame as printed.
#[derive(Debug, Clone, PartialEq)]
struct Printed {
    address: u64,
    name: String,
    /// `None` for an inlined call, which stands at the address of the function it was inlined into.
    module: Option<String>,
    file: String,
    line: u32,
}

impl Printed {
    fn read(text: &str) -> Option<Self> {
        let (address, rest) = next_word(text)?;
        let address = u64::from_str_radix(address, 16).ok()?;
        let rest = rest.trim();
        let module_at = [" (/", " (["].iter().filter_map(|open| rest.rfind(open)).max();
        let (name, module) = match (module_at, rest.strip_suffix(')')) {
            (Some(at), Some(inner)) => (&rest[..at], Some(inner[at + 2..].to_owned())),
            _ if rest.starts_with('(') => ("[unknown]", Some(rest.trim_matches(['(', ')']).to_owned())),
            _ => (rest.strip_suffix(" (inlined)").unwrap_or(rest), None),
        };
        Some(Self { address, name: name.to_owned(), module, file: String::new(), line: 0 })
    }
}

/// `file:line`, with what perf appends to it left out. Where it knows none it prints `??:0`, `:0`,
/// `module[address]` or `symbol+0xoffset`: no file, line 0.
fn source_line(text: &str) -> (&str, u32) {
    let text = text.trim().strip_suffix(" (inlined)").unwrap_or(text.trim());
    let text = text.rfind(" (discriminator").map_or(text, |at| &text[..at]);
    match text.rsplit_once(':').map(|(file, line)| (file, line.parse())) {
        Some((file, Ok(line))) if file != "??" => (file, line),
        _ => ("", 0),
    }
}

#[derive(Default)]
struct Reader {
    builder: Option<Builder>,
    event: Option<String>,
    other_events: BTreeSet<String>,
    period: i64,
    has_lines: bool,
    cut: u64,
    samples: u64,
    /// The block that is being read; `None` between blocks.
    block: Option<Vec<Printed>>,
}

impl Reader {
    fn take(&mut self, number: usize, line: &str) -> Result<(), ParseError> {
        if line.trim().is_empty() {
            self.end_block();
        } else if line.starts_with('#') && self.block.is_none() {
            // Header comments.
        } else if let Some(frames) = &mut self.block {
            if line.starts_with('\t') || line.starts_with("    ") {
                let frame =
                    Printed::read(line).ok_or_else(|| ParseError::line(NAME, number, "not a frame", line))?;
                if frames.len() < DEEPEST { frames.push(frame) } else { self.cut += 1 }
            } else if let (true, Some(frame)) = (line.starts_with("  "), frames.last_mut()) {
                let (file, line) = source_line(line);
                self.has_lines |= line > 0;
                file.clone_into(&mut frame.file);
                frame.line = line;
            } else if let Some(header) = Header::read(line) {
                self.end_block();
                self.begin_block(&header);
            } else {
                return Err(ParseError::line(
                    NAME,
                    number,
                    "neither a frame, a source line nor a sample",
                    line,
                ));
            }
        } else {
            let header = Header::read(line).ok_or_else(|| {
                ParseError::line(NAME, number, "expected `comm pid/tid time: event:`", line)
            })?;
            self.begin_block(&header);
        }
        Ok(())
    }

    fn begin_block(&mut self, header: &Header<'_>) {
        let event = header.event.trim_end_matches(':');
        match &self.event {
            None => {
                self.event = Some(event.to_owned());
                self.builder = Some(Builder::new(sample_types(event, header.period.is_some())));
            }
            Some(known) if known == event => {}
            // Samples of two events do not add up.
            Some(_) => {
                if self.other_events.len() < 8 {
                    self.other_events.insert(event.to_owned());
                }
                self.period = -1;
                self.block = Some(Vec::new());
                return;
            }
        }
        self.period = header.period.unwrap_or(0).max(0);
        self.block = Some(Vec::new());
    }

    fn end_block(&mut self) {
        let (Some(block), Some(builder)) = (self.block.take(), &mut self.builder) else { return };
        if self.period < 0 {
            return;
        }
        let frames: Vec<FrameId> = straightened(block).iter().map(|frame| interned(builder, frame)).collect();
        builder.sample(&frames, &[1, self.period]);
        self.samples += 1;
    }

    fn profile(mut self) -> Result<Profile, ParseError> {
        self.end_block();
        let Some(mut builder) = self.builder else {
            return Err(ParseError::line(
                NAME,
                0,
                "no samples: the program ran too short, or perf recorded nothing",
                "",
            ));
        };
        let origin = builder.origin();
        origin.event = self.event;
        if !self.has_lines {
            origin.warnings.push(
                "no source lines: the program has no line tables, or resolving them took too long".to_owned(),
            );
        }
        for event in self.other_events {
            origin.warnings.push(format!("samples of a second event were left out: {event}"));
        }
        if self.cut > 0 {
            origin.warnings.push(format!("{} frames beyond a depth of {DEEPEST} were cut", self.cut));
        }
        Ok(builder.finish())
    }
}

/// Every sample counts one; a clock's period is nanoseconds, another event's its own count.
fn sample_types(event: &str, has_period: bool) -> Vec<SampleType> {
    let mut types = vec![SampleType { name: "samples".to_owned(), unit: "count".to_owned() }];
    if has_period {
        let is_clock = event.starts_with("cpu-clock") || event.starts_with("task-clock");
        let (name, unit) = if is_clock { ("cpu", "nanoseconds") } else { (event, "events") };
        types.push(SampleType { name: name.to_owned(), unit: unit.to_owned() });
    }
    types
}

/// Puts inlined calls in order. perf prints the calls inlined at an address innermost first and the function
/// that is really there last, with its module. Where it cannot match the two spellings of that function's
/// name it prints it first, at the innermost call's line, and once more last, by its short name: the name then
/// belongs to the last one, and the innermost call's name is not known.
fn straightened(block: Vec<Printed>) -> Vec<Printed> {
    let mut out: Vec<Printed> = Vec::with_capacity(block.len());
    let mut frames = block.into_iter().peekable();
    while let Some(first) = frames.next() {
        if first.module.is_none() {
            out.push(first);
            continue;
        }
        let mut inlined = Vec::new();
        let is_first_at_address =
            out.last().is_none_or(|before| before.module.is_some() || before.address != first.address);
        while is_first_at_address
            && let Some(next) = frames.next_if(|next| next.module.is_none() && next.address == first.address)
        {
            inlined.push(next);
        }
        match inlined.pop() {
            None => out.push(first),
            Some(last) => {
                out.append(&mut inlined);
                out.push(Printed { file: last.file, line: last.line, ..first });
            }
        }
    }
    // Inlined calls belong to the module of the function they are in.
    let mut module = None;
    for frame in out.iter_mut().rev() {
        match &frame.module {
            Some(own) => module = Some(own.clone()),
            None => frame.module.clone_from(&module),
        }
    }
    out
}

fn interned(builder: &mut Builder, frame: &Printed) -> FrameId {
    let name = builder.text(&frame.name);
    let file = builder.text(&frame.file);
    let module = builder.text(frame.module.as_deref().unwrap_or(""));
    let function = builder.function(Function { name, file, module });
    builder.frame(Frame { function, line: frame.line })
}

#[cfg(test)]
mod tests;
