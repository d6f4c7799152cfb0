//! pprof: profiles of Go and of everything that writes its format.
//!
//! Format: <https://github.com/google/pprof/blob/main/proto/profile.proto>, gzipped or plain, produced by
//! `bench.test -test.cpuprofile=cpu.pprof` and `/debug/pprof/…`. Labels, mapping details and comments are not read.

use std::collections::HashMap;
use std::io::Read as _;
use std::sync::Arc;

use super::Format;
use super::model::{Builder, Frame, FrameId, Function, FunctionId, Profile, SampleType};
use super::wire::{Malformed, Message, Value};
use crate::model::parse::ParseError;

const NAME: &str = "pprof";
/// How a gzip stream begins (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Decompressed bytes that are read at most; a larger profile is an error, not an exhausted machine.
const LARGEST: usize = 512 << 20;
/// Frames that a byte of input may become: a location holds all its inlined frames and is named by one byte.
const FRAMES_PER_BYTE: usize = 4;

/// The `pprof` format.
#[derive(Debug)]
pub struct Pprof;

impl Format for Pprof {
    fn name(&self) -> &'static str {
        NAME
    }

    fn detects(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(&GZIP) || begins_with_fields(Message::new(bytes))
    }

    fn read(&self, bytes: &[u8]) -> Result<Profile, ParseError> {
        let unpacked = if bytes.starts_with(&GZIP) { Some(unpacked(bytes)?) } else { None };
        let message = Message::new(unpacked.as_deref().unwrap_or(bytes));
        let raw = Raw::read(message).map_err(|error| ParseError::byte(NAME, error.offset, error.what))?;
        raw.profile(message.bytes().len())
    }
}

/// Whether the first fields are a profile's, each of the type the schema gives it.
fn begins_with_fields(mut message: Message<'_>) -> bool {
    for seen in 0..4 {
        match message.field() {
            Ok(Some((1..=6 | 11 | 13, Value::Bytes(_)) | (7..=10 | 12..=14, Value::Number(_)))) => {}
            Ok(None) => return seen > 0,
            _ => return false,
        }
    }
    true
}

/// Decompresses at most [`LARGEST`] bytes.
fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, ParseError> {
    let mut out = Vec::new();
    let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX) + 1;
    let read = flate2::read::MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut out);
    if let Err(error) = read {
        return Err(ParseError::byte(NAME, out.len(), format!("gzip stream ends badly here: {error}")));
    }
    if out.len() > LARGEST {
        return Err(ParseError::byte(NAME, LARGEST, format!("more than {LARGEST} bytes when decompressed")));
    }
    Ok(out)
}

/// The message's parts, borrowed, in the order they need to be resolved in rather than the file's.
#[derive(Default)]
struct Raw<'a> {
    sample_types: Vec<(i64, i64)>,
    samples: Vec<Message<'a>>,
    mappings: HashMap<u64, i64>,
    locations: Vec<Location>,
    functions: HashMap<u64, (i64, i64)>,
    strings: Vec<Message<'a>>,
    duration_ns: u64,
    period_type: Option<i64>,
    default_type: i64,
}

struct Location {
    offset: usize,
    id: u64,
    mapping: u64,
    address: u64,
    /// Function and line, innermost inlined first.
    lines: Vec<(u64, i64)>,
}

impl<'a> Raw<'a> {
    fn read(mut message: Message<'a>) -> Result<Self, Malformed> {
        let mut raw = Self::default();
        while let Some((number, value)) = message.field()? {
            match (number, value) {
                (1, Value::Bytes(part)) => {
                    let [kind, unit] = numbers(part, [1, 2])?;
                    raw.sample_types.push((kind, unit));
                }
                (2, Value::Bytes(part)) => raw.samples.push(part),
                (3, Value::Bytes(part)) => {
                    let [id, file] = numbers(part, [1, 5])?;
                    raw.mappings.insert(id.cast_unsigned(), file);
                }
                (4, Value::Bytes(part)) => raw.locations.push(Location::read(part)?),
                (5, Value::Bytes(part)) => {
                    let [id, name, file] = numbers(part, [1, 2, 4])?;
                    raw.functions.insert(id.cast_unsigned(), (name, file));
                }
                (6, Value::Bytes(part)) => raw.strings.push(part),
                (10, value) => raw.duration_ns = value.number(),
                (11, Value::Bytes(part)) => raw.period_type = numbers(part, [1])?.first().copied(),
                (14, value) => raw.default_type = value.signed(),
                _ => {}
            }
        }
        Ok(raw)
    }

    /// A text of the string table.
    fn text(&self, index: i64) -> Result<std::borrow::Cow<'a, str>, ParseError> {
        let text = usize::try_from(index).ok().and_then(|index| self.strings.get(index));
        let text = text.ok_or_else(|| {
            let what = format!("string {index} of a table of {}", self.strings.len());
            ParseError::byte(NAME, 0, what)
        })?;
        Ok(String::from_utf8_lossy(text.bytes()))
    }

    fn profile(self, size: usize) -> Result<Profile, ParseError> {
        if self.sample_types.is_empty() {
            return Err(ParseError::byte(NAME, 0, "no sample types: not a profile, or an empty one"));
        }
        let mut sample_types = Vec::new();
        for (kind, unit) in &self.sample_types {
            sample_types.push(SampleType {
                name: self.text(*kind)?.into_owned(),
                unit: self.text(*unit)?.into_owned(),
            });
        }
        let mut builder = Builder::new(sample_types);
        let frames = self.frames(&mut builder)?;
        self.add_samples(&mut builder, &frames, size)?;
        if let Some(default) =
            self.sample_types.iter().position(|(kind, _)| *kind == self.default_type && *kind != 0)
        {
            builder.main_value(default);
        }
        let event = match self.period_type {
            Some(kind) => Some(self.text(kind)?.into_owned()).filter(|event| !event.is_empty()),
            None => None,
        };
        let origin = builder.origin();
        origin.event = event;
        origin.duration_ns = (self.duration_ns > 0).then_some(self.duration_ns);
        if self.samples.is_empty() {
            origin.warnings.push("the profile has no samples: nothing was recorded in its window".to_owned());
        }
        Ok(builder.finish())
    }

    /// The frames of every location, by its id.
    fn frames(&self, builder: &mut Builder) -> Result<HashMap<u64, Vec<FrameId>>, ParseError> {
        let empty: Arc<str> = builder.text("");
        let mut functions: HashMap<(u64, u64), FunctionId> = HashMap::new();
        let mut frames = HashMap::with_capacity(self.locations.len());
        for location in &self.locations {
            let module = match self.mappings.get(&location.mapping) {
                Some(file) => builder.text(&self.text(*file)?),
                None => Arc::clone(&empty),
            };
            let mut of_location = Vec::with_capacity(location.lines.len().max(1));
            for (id, line) in &location.lines {
                let known = functions.get(&(*id, location.mapping)).copied();
                let function = match known {
                    Some(known) => known,
                    None => self.function(builder, location, *id, &module)?,
                };
                functions.insert((*id, location.mapping), function);
                of_location.push(builder.frame(Frame { function, line: u32::try_from(*line).unwrap_or(0) }));
            }
            if of_location.is_empty() {
                let name = builder.text(&format!("{:#x}", location.address));
                let function = builder.function(Function { name, file: Arc::clone(&empty), module });
                of_location.push(builder.frame(Frame { function, line: 0 }));
            }
            frames.insert(location.id, of_location);
        }
        Ok(frames)
    }

    fn function(
        &self,
        builder: &mut Builder,
        location: &Location,
        id: u64,
        module: &Arc<str>,
    ) -> Result<FunctionId, ParseError> {
        let (name, file) = self.functions.get(&id).ok_or_else(|| {
            let what = format!("a location names function {id}, which is not there");
            ParseError::byte(NAME, location.offset, what)
        })?;
        let name = builder.text(&self.text(*name)?);
        let file = builder.text(&self.text(*file)?);
        Ok(builder.function(Function { name, file, module: Arc::clone(module) }))
    }

    fn add_samples(
        &self,
        builder: &mut Builder,
        frames: &HashMap<u64, Vec<FrameId>>,
        size: usize,
    ) -> Result<(), ParseError> {
        let mut budget = size.saturating_mul(FRAMES_PER_BYTE).saturating_add(4096);
        let mut stack = Vec::new();
        let mut values = Vec::new();
        for sample in &self.samples {
            let wrong = |error: Malformed| ParseError::byte(NAME, error.offset, error.what);
            let at = |what: String| ParseError::byte(NAME, sample.offset(), what);
            stack.clear();
            values.clear();
            let mut message = *sample;
            while let Some((number, value)) = message.field().map_err(wrong)? {
                match number {
                    1 => each_number(value, |id| {
                        let of_location = frames
                            .get(&id)
                            .ok_or_else(|| at(format!("a sample names location {id}, which is not there")))?;
                        budget = budget
                            .checked_sub(of_location.len())
                            .ok_or_else(|| at("inlined frames multiply beyond reason".to_owned()))?;
                        stack.extend_from_slice(of_location);
                        Ok(())
                    })?,
                    2 => each_number(value, |value| {
                        values.push(value.cast_signed());
                        Ok(())
                    })?,
                    _ => {}
                }
            }
            if values.len() != self.sample_types.len() {
                return Err(at(format!(
                    "a sample has {} values, the profile {} sample types",
                    values.len(),
                    self.sample_types.len()
                )));
            }
            builder.sample(&stack, &values);
        }
        Ok(())
    }
}

impl Location {
    fn read(part: Message<'_>) -> Result<Self, Malformed> {
        let mut location = Self { offset: part.offset(), id: 0, mapping: 0, address: 0, lines: Vec::new() };
        let mut message = part;
        while let Some((number, value)) = message.field()? {
            match (number, value) {
                (1, value) => location.id = value.number(),
                (2, value) => location.mapping = value.number(),
                (3, value) => location.address = value.number(),
                (4, Value::Bytes(line)) => {
                    let [function, line] = numbers(line, [1, 2])?;
                    location.lines.push((function.cast_unsigned(), line));
                }
                _ => {}
            }
        }
        Ok(location)
    }
}

/// The numbers of these fields, 0 where one is not there.
fn numbers<const N: usize>(mut message: Message<'_>, fields: [u64; N]) -> Result<[i64; N], Malformed> {
    let mut found = [0; N];
    while let Some((number, value)) = message.field()? {
        if let Some(index) = fields.iter().position(|field| *field == number) {
            found[index] = value.signed();
        }
    }
    Ok(found)
}

/// Calls `take` for each number of a repeated field, packed or not.
fn each_number(
    value: Value<'_>,
    mut take: impl FnMut(u64) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    match value {
        Value::Number(number) => take(number),
        Value::Bytes(mut packed) => {
            while let Some(number) =
                packed.packed().map_err(|error| ParseError::byte(NAME, error.offset, error.what))?
            {
                take(number)?;
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
